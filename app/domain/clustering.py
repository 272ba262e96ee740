"""All stories of an archive at once, as a function of its articles alone: in whatever order they came, the same.

Law: the units (articles, each with its duplicates) come in an order that has nothing to do with their arrival. Each is
compared with those before it that share most of its key terms, as a newcomer would be; of the pairs that are found so,
the two nearest are made one, again and again, until no two are as near as ``join``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Protocol

import numpy as np

from app.domain.article import StoryId
from app.domain.profile import Profile
from app.domain.story import (
    KEY_TERMS,
    NEWEST,
    RULES,
    KeyTerm,
    Postings,
    Rules,
    key_terms,
    nearest_articles,
    nearest_first,
    nearness_to,
)
from app.domain.terms import TermKey

_STEP = 500

# Told now and then what is being done, how much of it is done, and how much there is (None: not known).
Progress = Callable[[str, int, int | None], None]


class Shelf(Protocol):
    """The units, by their places in the order that they come in."""

    def __len__(self) -> int: ...

    @property
    def whole(self) -> Collection[int]:
        """Those to which nothing is added: stories that people put together."""

    @property
    def named(self) -> Mapping[int, StoryId]:
        """Those in a story that a person gave a name, and that story: no two such stories become one."""

    def profiles(self, places: Sequence[int]) -> Sequence[Profile]:
        """Return units as stories of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Groups of units, by their places, and which groups (by their places in turn) are related, and how near they
    are."""

    groups: Sequence[Sequence[int]]
    related: Sequence[tuple[int, int, float]]


def cluster(shelf: Shelf, rules: Rules = RULES, *, progress: Progress) -> Clusters:
    """Group all units of a shelf."""
    posted = _Posted(shelf, progress)
    merging = _Merging(shelf, rules)
    for steps in _steps(len(shelf)):
        progress("finding near articles", steps[0], len(shelf))
        for place, found in posted.before(steps):
            merging.compare(place, found)
    return merging.clusters(progress)


def _steps(units: int) -> Iterator[range]:
    for first in range(0, units, _STEP):
        yield range(first, min(first + _STEP, units))


class _Posted:
    """The key terms of all units, sorted by term, and under each in the order of the units."""

    def __init__(self, shelf: Shelf, progress: Progress) -> None:
        terms = np.zeros((len(shelf), KEY_TERMS), np.int64)
        weights = np.zeros((len(shelf), KEY_TERMS), np.float32)
        for step in _steps(len(shelf)):
            progress("reading articles", step[0], len(shelf))
            for place, profile in zip(step, shelf.profiles(step), strict=True):
                for nth, term in enumerate(key_terms(profile)):
                    terms[place, nth] = term.key
                    weights[place, nth] = term.weight / profile.length
        self._terms, self._weights = terms, weights
        flat = np.argsort(terms, axis=None, kind="stable")  # of one term: in the order of the units
        self._units = (flat // KEY_TERMS).astype(np.int32)
        self._sorted = weights.ravel()[flat]
        at, in_order = np.arange(len(flat), dtype=np.int32), terms.ravel()[flat]
        begins = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]]) if len(flat) else flat
        begin_of = np.repeat(begins, np.diff(np.r_[begins, len(flat)]))
        # Of each term of each unit: where the units before it that have it begin and end, the last few of them.
        self._begin, self._end = np.empty((2, len(flat)), np.int32)
        self._begin[flat] = np.maximum(begin_of, at - NEWEST)
        self._end[flat] = at

    def before(self, places: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield some units, each with those before it that share most of its key terms, the nearest first."""
        for place in places:
            terms = self._terms[place]
            own = np.flatnonzero(self._weights[place])
            at = place * KEY_TERMS + own
            spans = [np.arange(*span) for span in zip(self._begin[at], self._end[at], strict=True)]
            found = np.concatenate(spans) if spans else np.zeros(0, np.int64)
            postings = Postings(
                articles=self._units[found],
                weights=self._sorted[found],
                places=np.repeat(np.arange(len(spans)), [len(span) for span in spans]),
            )
            asked = [KeyTerm(TermKey(int(terms[nth])), float(self._weights[place, nth])) for nth in own]
            yield place, list(nearest_first(nearest_articles(asked, postings)))


class _Merging:
    """Groups of units, and how near those are that have been compared; a group has the place of its first unit."""

    def __init__(self, shelf: Shelf, rules: Rules) -> None:
        self._shelf = shelf
        self._rules = rules
        self._members = [[place] for place in range(len(shelf))]
        self._version = [0] * len(shelf)
        self._joined: dict[int, Profile] = {}
        self._related: list[dict[int, float]] = [{} for _ in range(len(shelf))]
        self._named = dict(shelf.named)
        self._whole = frozenset(shelf.whole)
        self._pairs: list[tuple[float, int, int, int, int]] = []

    def compare(self, place: int, others: Sequence[int]) -> None:
        """Compare a unit with others."""
        near = nearness_to(self._shelf.profiles([place])[0], self._shelf.profiles(others), self._rules)
        for other, each in zip(others, near, strict=True):
            if each >= self._rules.related:
                self._related[place][other] = self._related[other][place] = each
                self._pairs += self._may_join(other, place, each)

    def clusters(self, progress: Progress) -> Clusters:
        """Make the two nearest groups one until no two are near enough."""
        heapify(self._pairs)
        made = 0
        while self._pairs:
            _, one, other, *versions = heappop(self._pairs)
            if versions == [self._version[one], self._version[other]]:
                self._join(one, other)
                made += 1
                if made % _STEP == 0:
                    progress("grouping stories", made, None)
        standing = [place for place, members in enumerate(self._members) if members]
        group_of = {place: group for group, place in enumerate(standing)}
        return Clusters(
            groups=[sorted(self._members[place]) for place in standing],
            related=[
                (group_of[place], group_of[other], near)
                for place in standing
                for other, near in sorted(self._related[place].items())
                if place < other
            ],
        )

    def _join(self, one: int, other: int) -> None:
        """Add a group to one before it. What either was related to stays so, as near as either was."""
        profile = self._profiles([one])[0].joined(self._profiles([other])[0])
        self._joined.pop(other, None)
        self._joined[one] = profile
        self._members[one] += self._members[other]
        self._members[other] = []
        self._version[one] += 1
        self._version[other] = -1
        if other in self._named:
            self._named[one] = self._named.pop(other)
        around = self._related[one]
        for place, near in self._related[other].items():
            around[place] = max(near, around.get(place, 0.0))
            del self._related[place][other]
        self._related[other] = {}
        around.pop(one, None)
        around.pop(other, None)
        places = sorted(around)
        near_now = nearness_to(profile, self._profiles(places), self._rules)
        for place, near in zip(places, near_now, strict=True):
            around[place] = self._related[place][one] = max(near, around[place])
            for pair in self._may_join(min(one, place), max(one, place), near):
                heappush(self._pairs, pair)

    def _may_join(self, one: int, other: int, near: float) -> list[tuple[float, int, int, int, int]]:
        """Return the pair of two groups (the first before the other) where they are near enough, and people want
        neither by itself."""
        if near < self._rules.join or not self._whole.isdisjoint((one, other)):
            return []
        names = {self._named[place] for place in (one, other) if place in self._named}
        if len(names) > 1:
            return []
        return [(-near, one, other, self._version[one], self._version[other])]

    def _profiles(self, places: Sequence[int]) -> list[Profile]:
        single = [place for place in places if place not in self._joined]
        read = dict(zip(single, self._shelf.profiles(single), strict=True))
        return [self._joined.get(place) or read[place] for place in places]
