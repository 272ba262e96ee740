"""Facets as a reader sees them: their values in order, the most telling alone.

Law: what is chosen is always listed, also where nothing has it any more, or it could not be taken back.
"""

from collections.abc import Collection, Mapping

from app.domain.query import NONE, STORY_SIZES, Facet, FacetValue, FacetView

MOST_VALUES = 50

_SIZES = {name: nth for nth, (_, name) in enumerate(STORY_SIZES)}

Chosen = Mapping[Facet, frozenset[str]]


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
