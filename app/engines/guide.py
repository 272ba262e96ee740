"""Where in a long text to look for what a question asked for, by the positions of words that the index holds.

Law: a guide only says where to look. What is marked there is decided by analysing the text, as for any other; and a
guide that was made for another text is not followed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engines import analysis

LONG = 20_000  # code points of a body from which a guide is worth its place; a shorter one is analysed whole
_STEP = 128  # words from one mark to the next

# More places of words than this are not weighed as beginnings of a passage: all of a name's, the first of "the"'s.
_MOST_STARTS = 5_000
_MOST_REACH = 2_000  # words before a place that are analysed, however far apart those of a phrase may be

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of a text to analyse: its first code point, where a word begins, and how many words from there; None
    for all."""

    start: int
    words: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """For one long body: ``marks`` as made by ``marks``, and the numbers of the words, ascending, at which each leaf
    of the question occurs (a phrase: of its last word)."""

    marks: Numbers
    places: Sequence[Numbers]

    def is_for(self, text: str) -> bool:
        """Whether the guide was made for this text: a text that was read anew may have other spaces."""
        return int(self.marks[-1]) == len(text)

    def regions(self, *, width: int, reach: int, most: int) -> Iterator[Region]:
        """Yield the stretches around the ``most`` best windows of ``width`` code points, in the order of the text.

        ``reach`` is how many words a leaf may begin before the place of its last word.
        """
        length = (len(self.marks) - 1) * _STEP
        words = max(width * length // max(int(self.marks[-1]), 1), 1)
        around = words + min(reach, _MOST_REACH)
        first = end = 0
        for place in sorted(_best(self.places, words, most)):
            if place - around > end > 0:
                yield self._region(first, end)
            if place - around > end or not end:
                first = max(place - around, 0)
            end = place + words + around
        if end:
            yield self._region(first, end)

    def _region(self, first: int, end: int) -> Region:
        mark = first // _STEP
        return Region(start=int(self.marks[mark]), words=end - mark * _STEP)


def marks(text: str) -> Numbers:
    """Return the code point at which every so many words of ``text`` begin, and the length of the text."""
    starts = [start for start, _ in analysis.spans(text)[::_STEP]]
    return np.array([*starts, len(text)], np.int64)


def _best(places: Sequence[Numbers], words: int, most: int) -> list[int]:
    """Return the first words of up to ``most`` windows of ``words`` words: those that show the most leaves not shown
    yet, then the most leaves, then the most places, then the first."""
    each = max(_MOST_STARTS // max(len(places), 1), 1)
    starts = np.unique(np.concatenate([np.empty(0, np.int64), *(found[:each] for found in places)]))
    counts = np.array([_between(found, starts, starts + words) for found in places], np.int64)
    counts = counts.reshape(len(places), len(starts))
    holds = counts > 0
    leaves, hits = holds.sum(axis=0), counts.sum(axis=0)
    shown = np.zeros(len(places), np.bool_)
    chosen: list[int] = []
    free = np.arange(len(starts))
    while len(free) and len(chosen) < most:
        fresh = holds[~shown][:, free].sum(axis=0)
        best = free[np.lexsort((free, -hits[free], -leaves[free], -fresh))[0]]
        chosen.append(int(starts[best]))
        shown |= holds[:, best]
        free = free[np.abs(starts[free] - starts[best]) > words]
    return chosen


def _between(found: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    between: Numbers = np.searchsorted(found, ends) - np.searchsorted(found, starts)
    return between
