"""What to put right around a story, so that the order in which articles arrived does not show in the end.

Law: local, bounded and repeatable. The articles of a story and of the few stories near it are grouped afresh from
single texts; the answer says what differs from what is stored, under the ids that are there. The method is
agglomerative clustering, which sees the whole neighbourhood at once where placing sees one article at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, StoryId
from app.domain.changes import Change, Unit, changes, divided
from app.domain.profile import Profile, Vector
from app.domain.story import RULES, Memory, Rules, near_stories, nearness

_MOST_NEIGHBOURS = 12
_MOST_UNITS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """One article of a story as it is stored; ``original`` is what it is a duplicate of, if it is."""

    article: ArticleId
    vector: Vector
    day: date | None
    original: ArticleId | None = None

    @classmethod
    def alone(cls, article: ArticleId, story: Profile) -> Self:
        """Return the one article of a story, whose profile is that article's vector."""
        return cls(article=article, vector=story.as_vector(), day=story.first_day)

    def as_story(self) -> Profile:
        """Return the article as a story of its own."""
        return Profile.of(self.vector, self.day)


class Workshop(Memory, Protocol):
    """The look-ups mending needs beyond those of placing."""

    @property
    def kept(self) -> Collection[StoryId]:
        """The stories that people put together or locked: mending neither changes nor adds to them."""

    @property
    def named(self) -> Collection[StoryId]:
        """Of the stories whose profiles were asked for, those that a person gave a name."""

    @property
    def origins(self) -> Mapping[StoryId, StoryId]:
        """Of the stories whose profiles were asked for, those that split from another, and that one."""

    def members(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Sequence[Held]]:
        """Return the articles of each story. A story left out stays whole: one that is very large."""

    def former(self, stories: Sequence[StoryId]) -> Mapping[ArticleId, Collection[StoryId]]:
        """Return, of the articles of ``stories``, those that came into theirs when another became part of it, with the
        ids of all such others."""


def mend(stories: Sequence[StoryId], memory: Workshop, rules: Rules = RULES) -> Iterator[Change]:
    """Yield what to change around stories that were touched; nothing where all is well.

    The caller applies each change before it asks for the next, and mends the stories named in them as well, until
    nothing is left to change. The articles of all stories are asked for at once; what stands around a story is looked
    at again where a change has touched it by then.
    """
    touched = [story for story in stories if story not in memory.kept]
    held = dict(memory.members(touched))
    around = {story: _around(story, held, memory, rules) for story in touched}
    held |= memory.members(sorted({other for near in around.values() for other in near if other not in held}))
    changed: set[StoryId] = set()
    for story, seen in around.items():
        near = seen
        if not changed.isdisjoint(near):
            held |= memory.members([story])
            near = _around(story, held, memory, rules)
            held |= memory.members(sorted(near))
        for change in _regrouped(near, held, memory, rules):
            yield change
            changed |= {change.story, change.into or change.story}


def _regrouped(
    profiles: Mapping[StoryId, Profile],
    held: Mapping[StoryId, Sequence[Held]],
    memory: Workshop,
    rules: Rules,
) -> tuple[Change, ...]:
    if sum(profile.size for profile in profiles.values()) < 2:
        return ()
    units = _units(profiles, held)
    told = [unit for unit, _ in units]
    groups = _grouped([profile for _, profile in units], rules)
    parted = divided(told, groups)
    return changes(told, groups, memory.former(parted) if parted else {}, memory.origins)


def _around(
    story: StoryId, held: Mapping[StoryId, Sequence[Held]], memory: Workshop, rules: Rules
) -> dict[StoryId, Profile]:
    """Return a story and those near it, in the order of nearness, that may change. Of those with a name of a person it
    is the nearest alone: two of them never become one, so that neither name is lost."""
    articles = [each.as_story() for each in held.get(story, ())]
    near = near_stories(story, articles if len(articles) > 1 else (), memory, _MOST_NEIGHBOURS, rules)
    named = [each for each in near if each in memory.named]
    return {
        each: profile for each, profile in near.items() if each not in memory.kept and each not in named[1:]
    }


def _units(
    profiles: Mapping[StoryId, Profile], members: Mapping[StoryId, Sequence[Held]]
) -> list[tuple[Unit, Profile]]:
    """Return articles, each with its duplicates, while there is room, in the order of nearness the profiles come in."""
    units: list[tuple[Unit, Profile]] = []
    for story, profile in profiles.items():
        families: dict[ArticleId, list[Held]] = defaultdict(list)
        for each in members.get(story, ()):
            families[each.original or each.article].append(each)
        if families and len(units) + len(families) <= _MOST_UNITS:
            units += [_family(story, family) for family in families.values()]
        else:
            units.append((Unit(story=story, articles=(), size=profile.size), profile))
    return sorted(units, key=lambda each: (each[0].articles, each[0].story))


def _family(story: StoryId, held: Sequence[Held]) -> tuple[Unit, Profile]:
    unit = Unit(story=story, articles=tuple(each.article for each in held), size=len(held))
    return unit, reduce(Profile.joined, (each.as_story() for each in held))


def _grouped(profiles: Sequence[Profile], rules: Rules) -> list[list[int]]:
    """Return the groups (of places in ``profiles``) that are left when no two are as near as ``join``."""
    groups = [[place] for place in range(len(profiles))]
    nearness = _Nearness(profiles, rules)
    while True:
        one, other = nearness.nearest_pair()
        if nearness.between[one, other] < rules.join:
            return [group for group in groups if group]
        nearness.join(one, other)
        groups[one] += groups[other]
        groups[other] = []


class _Nearness:
    """How near every two groups are, kept up as groups are joined. The larger of two places dies in a join."""

    def __init__(self, profiles: Sequence[Profile], rules: Rules) -> None:
        self._rules = rules
        self._products = _products(profiles)
        self._sizes = np.array([profile.size for profile in profiles], dtype=np.float64)
        self._first = np.array([profile.span[0] for profile in profiles])
        self._last = np.array([profile.span[1] for profile in profiles])
        self._alive = np.ones(len(profiles), dtype=bool)
        everyone = np.arange(len(profiles))
        self.between = self._measured(everyone[:, np.newaxis])
        np.fill_diagonal(self.between, -1.0)

    def nearest_pair(self) -> tuple[int, int]:
        """Return the two nearest groups, the smaller place first; of equals those of the smallest places."""
        one, other = divmod(int(np.argmax(self.between)), len(self.between))
        return min(one, other), max(one, other)

    def join(self, one: int, other: int) -> None:
        """Make two groups one."""
        self._products[one] += self._products[other]
        self._products[:, one] += self._products[:, other]
        self._sizes[one] += self._sizes[other]
        self._first[one] = np.fmin(self._first[one], self._first[other])
        self._last[one] = np.fmax(self._last[one], self._last[other])
        self._alive[other] = False
        self.between[other] = self.between[:, other] = -1.0
        row = np.where(self._alive, self._measured(one), -1.0)
        row[one] = -1.0
        self.between[one] = self.between[:, one] = row

    def _measured(self, places: int | NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how near some groups are to all the others."""
        lengths = np.sqrt(np.diag(self._products))
        gaps = np.maximum(self._first, self._first[places]) - np.minimum(self._last, self._last[places])
        return nearness(
            self._products[places].reshape(gaps.shape),
            self._sizes * self._sizes[places],
            lengths * lengths[places],
            np.maximum(gaps, 0.0),
            self._rules,
        )


def _products(profiles: Sequence[Profile]) -> NDArray[np.float64]:
    """Return the scalar products of all pairs of profiles."""
    _, columns, counts = np.unique(
        np.concatenate([profile.keys for profile in profiles]), return_inverse=True, return_counts=True
    )
    rows = np.repeat(np.arange(len(profiles)), [len(profile.keys) for profile in profiles])
    sums = np.concatenate([profile.sums for profile in profiles])
    # Most terms stand in one profile only; they count in its length and in no product.
    shared = counts[columns] > 1
    column_of = np.cumsum(counts > 1) - 1
    dense = np.zeros((len(profiles), int(np.count_nonzero(counts > 1))), dtype=np.float32)
    dense[rows[shared], column_of[columns[shared]]] = sums[shared]
    # Not ``dense @ dense.T``: the threads of BLAS go on spinning after so small a product, longer than it took.
    products: NDArray[np.float64] = np.einsum("ik,jk->ij", dense, dense, dtype=np.float64, casting="safe")
    np.fill_diagonal(products, [profile.length**2 for profile in profiles])
    return products
