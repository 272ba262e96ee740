"""Facets as a reader sees them: their values in order, the most telling alone.

Law: what is chosen is always listed, also where nothing has it any more, or it could not be taken back.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date

from app.domain.query import NONE, STORY_SIZES, Facet, FacetValue, FacetView
from app.errors import ParameterError

MOST_VALUES = 50

_SIZES = {name: nth for nth, (_, name) in enumerate(STORY_SIZES)}

_ALLOWED = {
    Facet.YEAR: "YYYY, as in 2025, or none",
    Facet.MONTH: "YYYY-MM, as in 2025-10, or none",
    Facet.DAY: "YYYY-MM-DD, as in 2025-10-21, or none",
    Facet.DUPLICATE: "yes or no",
    Facet.STORY_SIZE: f"{', '.join([*_SIZES][:-1])} or {[*_SIZES][-1]}",
}

Chosen = Mapping[Facet, frozenset[str]]


def check_chosen(chosen: Chosen) -> None:
    """Raise ``ParameterError`` where no article can ever have a value that is chosen: nothing would be found, for a
    slip. Which sources, sections and languages there are is not known here."""
    for facet, values in chosen.items():
        for value in sorted(values):
            if not _can_be(facet, value):
                raise ParameterError(
                    facet, f"{facet}: {value[:40]!r} is none of its values. Write {_ALLOWED[facet]}."
                )


def _can_be(facet: Facet, value: str) -> bool:
    match facet:
        case Facet.YEAR:
            return value == NONE or _is_day(f"{value}-01-01")
        case Facet.MONTH:
            return value == NONE or _is_day(f"{value}-01")
        case Facet.DAY:
            return value == NONE or _is_day(value)
        case Facet.DUPLICATE:
            return value in ("yes", "no")
        case Facet.STORY_SIZE:
            return value in _SIZES
        case _:
            return True


def _is_day(text: str) -> bool:
    """Return whether a text is a day, written as YYYY-MM-DD: Python reads other forms, too."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def viewed(counts: Mapping[Facet, Mapping[str, int]], chosen: Chosen) -> tuple[FacetView, ...]:
    """Return facets in their own order; of each the most frequent values, and all that are chosen."""
    return tuple(_view(facet, counts[facet], chosen.get(facet, ())) for facet in Facet if facet in counts)


def _view(facet: Facet, counts: Mapping[str, int], chosen: Collection[str]) -> FacetView:
    frequent = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_VALUES]
    listed = _in_order(facet, {*frequent, *chosen}, counts)
    values = (FacetValue(value=each, count=counts.get(each, 0), chosen=each in chosen) for each in listed)
    return FacetView(facet=facet, values=tuple(values), more=len(counts.keys() - {*listed}))


def _in_order(facet: Facet, values: Collection[str], counts: Mapping[str, int]) -> list[str]:
    """Return values as they are listed: days from the newest, sizes from the smallest, all else from the most frequent;
    what stands for no value is last."""
    match facet:
        case Facet.YEAR | Facet.MONTH | Facet.DAY:
            ordered = sorted(values, reverse=True)
        case Facet.STORY_SIZE:
            ordered = sorted(values, key=lambda value: _SIZES.get(value, len(_SIZES)))
        case _:
            ordered = sorted(values, key=lambda value: (-counts.get(value, 0), value))
    return sorted(ordered, key=lambda value: value == NONE)
