"""What the articles of an answer have in common: how many there are of each source, language, day and so on.

Law: counts are exact, and in the unit that the answer is folded by: a story that two sources tell counts once for each.
What is chosen of a facet narrows every other facet and not itself, so that more of it can be chosen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from app.domain.query import NONE, STORY_SIZES, Facet, Question
from app.engines.labels import Labels, Ledger
from app.engines.numbering import Numbers, numbered, pairs_by
from app.engines.ranking import groups_of
from app.engines.rows import Mask, Rows

_DAYS = {Facet.YEAR: 4, Facet.MONTH: 7, Facet.DAY: 10}  # letters of YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of a facet: ``places`` of articles and, beside each, the number of a value; ``names`` are those of
    the values. An article can stand there several times, with different values."""

    places: Numbers
    numbers: Numbers
    names: tuple[str, ...]

    def having(self, chosen: Iterable[str], articles: int) -> Mask:
        """Return which of so many articles have one of the chosen values."""
        wanted = [number for number, name in enumerate(self.names) if name in set(chosen)]
        held = np.zeros(articles, np.bool_)
        held[self.places[np.isin(self.numbers, wanted)]] = True
        return held

    def counts(self, groups: Numbers, within: Mask) -> dict[str, int]:
        """Return how many groups (numbered from 0) of articles have each value, of the articles ``within`` alone."""
        inside = within[self.places]
        most = int(groups.max(initial=-1)) + 1
        counts = pairs_by(self.numbers[inside], groups[self.places[inside]], len(self.names), most)
        return {name: int(count) for name, count in zip(self.names, counts, strict=True) if count}


def narrowed(
    rows: Rows, question: Question, labels: Labels, sizes: Callable[[Numbers], Numbers]
) -> tuple[Mask, dict[Facet, dict[str, int]]]:
    """Return which of the rows that match count and have what is chosen, and the counts that are asked for.

    ``sizes`` tells how many articles of the index are on each of some stories.
    """
    faceted = _Faceted(rows, labels, sizes)
    groups = numbered(groups_of(rows, question.fold))[1] if question.facets else rows["article"]
    counting = rows["article"] <= (question.until if question.until is not None else np.iinfo(np.int64).max)
    counts = {
        facet: faceted.values(facet).counts(groups, counting & faceted.having(question.chosen, but=facet))
        for facet in question.facets
    }
    return counting & faceted.having(question.chosen), counts


class _Faceted:
    """The articles that match, as facets see them."""

    def __init__(self, rows: Rows, labels: Labels, sizes: Callable[[Numbers], Numbers]) -> None:
        self._rows = rows
        self._labels = labels
        self._sizes = sizes
        self._known: dict[Facet, Values] = {}

    def values(self, facet: Facet) -> Values:
        """Return the values of a facet, which are made once."""
        if facet not in self._known:
            self._known[facet] = self._made(facet)
        return self._known[facet]

    def _made(self, facet: Facet) -> Values:
        match facet:
            case Facet.SOURCE | Facet.SECTION:
                return _named(self._labels[facet], self._rows["article"])
            case Facet.LANGUAGE:
                return _single(self._rows["language"].view("<i8"), _language)
            case Facet.YEAR | Facet.MONTH | Facet.DAY:
                letters = _DAYS[facet]
                return _single(self._rows["published"].astype(np.int64), lambda day: _day(day)[:letters])
            case Facet.DUPLICATE:
                repeats = self._rows["original"] != self._rows["article"]
                return _single(repeats.astype(np.int64), lambda is_: "yes" if is_ else "no")
            case Facet.STORY_SIZE:
                bounds = np.array([least for least, _ in STORY_SIZES])
                classes = np.searchsorted(bounds, self._sizes(self._rows["story"]), side="right") - 1
                return _single(classes, lambda nth: STORY_SIZES[nth][1])

    def having(self, chosen: Mapping[Facet, frozenset[str]], *, but: Facet | None = None) -> Mask:
        """Return which articles have what is chosen of every facet ``but`` one."""
        masks = (
            self.values(facet).having(values, len(self._rows))
            for facet, values in chosen.items()
            if facet is not but
        )
        return reduce(np.logical_and, masks, np.ones(len(self._rows), np.bool_))


def _named(ledger: Ledger, articles: Numbers) -> Values:
    """Return the values of a facet of which an article can have several or none; a name that is written as what stands
    for none is that."""
    places, numbers = ledger.of(articles)
    named = np.zeros(len(articles), np.bool_)
    named[places] = True
    bare = np.flatnonzero(~named)
    names = (*ledger.names, NONE)
    return Values(
        places=np.concatenate([places, bare]),
        numbers=np.concatenate([numbers, np.full(len(bare), names.index(NONE), np.int64)]),
        names=names,
    )


def _single(column: Numbers, name: Callable[[int], str]) -> Values:
    """Return the values of a facet of which every article has one; numbers of one name are one value."""
    found, numbers = numbered(column)
    names = [name(each) for each in found.tolist()]
    values = {each: number for number, each in enumerate(dict.fromkeys(names))}
    merged = np.array([values[each] for each in names], np.int64)
    return Values(places=np.arange(len(column)), numbers=merged[numbers], names=tuple(values))


def _language(code: int) -> str:
    return code.to_bytes(8, "little").rstrip(b"\0").decode() or NONE


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else NONE
