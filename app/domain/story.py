"""Which story an article belongs to: a pure decision over what the archive remembers.

Law: nothing here reads a database or a clock; all that a decision needs comes through ``Memory``, batched.
The method is online clustering against centroids with a slow decay in time (after Miranda et al., EMNLP
2018).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector
from app.domain.terms import TermKey

# With 10,000 articles of the same years around them, 941 articles were grouped as well with the newest 32 articles
# of each key term as with 100 (B-cubed F1 .903 and .902): this leaves room. With 22 key terms it was .899.
# With the 12 nearest articles they were grouped as well as with 60. With 8 a third of the profiles need not be read,
# but five random orders of the tuning half, weighed alike, ended with up to 4 of 566 stories different; with 12, none.
KEY_TERMS = 25
NEWEST = 48
_NEAREST_ARTICLES = 12
MOST_RELATED = 8
_MOST_SHARED = 6
_MOST_COMPARED = 30
_MOST_KEY_WORDS = 12
# Articles that are so little less central than the most central one are as central: what they weigh depends a little on
# what was there when they came.
_AS_CENTRAL = 0.01
_JOINTS = re.compile(r"[\s\-‐‑]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every threshold of the grouping; ``docs/stories.md`` shows the curves that chose them.

    Two stories that are both dated are nearer by ``same_day`` when no day lies between them, and less so by
    1/√(1 + gap/``slack_days``) with a gap. ``centrality`` is 1 for the average link, 0 for the centroids' cosine.
    """

    join: float = 0.28
    related: float = 0.18
    same_day: float = 1.3
    slack_days: float = 5.0
    centrality: float = 0.6


RULES = Rules()

# How much an article shares of some key terms, and the article.
Near = tuple[float, ArticleId]


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One of the heaviest terms of an article: what the store keeps to find it again."""

    key: TermKey
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Postings:
    """The articles under some key terms, in arrays of one length: the article, the weight of the term in it, and which
    of the terms asked for it is (its place among them)."""

    articles: NDArray[np.int64]
    weights: NDArray[np.float32]
    places: NDArray[np.int64]


class Memory(Protocol):
    """The look-ups a decision needs. What is not there is left out of the answer."""

    @property
    def locked(self) -> Collection[StoryId]:
        """The stories that take no newcomers: people locked them."""

    def nearest(self, one: Profile) -> Sequence[ArticleId]:
        """Return the articles that share most of the key terms of a story (or of an article as one), the nearest
        first, as ``nearest_articles`` finds them among the ``NEWEST`` under each term."""

    def stories_of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Return the story of each article."""

    def profiles(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Profile]:
        """Return the profile of each story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another story that is near: how near, and the names and words that say why, best first."""

    story: StoryId
    similarity: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: a story (None: it opens one), how near it is, and what is related to it."""

    story: StoryId | None
    similarity: float
    related: tuple[Related, ...]


def key_terms(one: Profile) -> tuple[KeyTerm, ...]:
    """Return the heaviest terms of a story (or of an article as one), at most 25, heaviest first."""
    keys, weights = one.keys, one.sums
    if len(keys) > KEY_TERMS:
        best = np.flatnonzero(weights >= np.partition(weights, -KEY_TERMS)[-KEY_TERMS])
        keys, weights = keys[best], weights[best]
    order = np.lexsort((keys, -weights))[:KEY_TERMS]
    return tuple(map(KeyTerm, keys[order].tolist(), weights[order].tolist()))


def place(newcomer: Profile, memory: Memory, rules: Rules = RULES) -> Placement:
    """Return the story an article (as a story of its own) belongs to, and the stories related to it, nearest first."""
    profiles = memory.profiles(candidates(newcomer, memory))
    ranked = _ranking([newcomer], profiles, rules)
    best = next((each for each in ranked if each[1] not in memory.locked), None)
    joined = best[1] if best and best[0] >= rules.join else None
    return Placement(
        story=joined,
        similarity=best[0] if best else 0.0,
        related=tuple(
            Related(story=story, similarity=near, shared=shared(newcomer, profiles[story]))
            for near, story in ranked[: MOST_RELATED + 1]
            if near >= rules.related and story != joined
        )[:MOST_RELATED],
    )


def near_stories(
    story: StoryId, articles: Sequence[Profile], memory: Memory, most: int, rules: Rules = RULES
) -> dict[StoryId, Profile]:
    """Return a story and the ``most`` that are nearest to it or to one of its articles (given as stories of their own),
    itself first; only those at least *related*."""
    profiles = dict(memory.profiles([story]))
    if story not in profiles:
        return {}
    found = memory.profiles([other for other in candidates(profiles[story], memory) if other != story])
    # By its articles as well: an undated one is as near to a story of another year as to the one that it is in, which
    # is far from that; seen from one side only, it would stay with whichever of them it came to first.
    ranked = _ranking([profiles[story], *articles], found, rules)
    return profiles | {other: found[other] for near, other in ranked[:most] if near >= rules.related}


def related_to(
    story: Profile, articles: Sequence[Profile], others: Mapping[StoryId, Profile], rules: Rules = RULES
) -> tuple[Related, ...]:
    """Return those of ``others`` that are related to a story or to one of its articles (given as stories of their own),
    nearest first."""
    return tuple(
        Related(story=other, similarity=near, shared=shared(story, others[other]))
        for near, other in _ranking([story, *articles], others, rules)
        if near >= rules.related
    )


def candidates(one: Profile, memory: Memory) -> list[StoryId]:
    """Return the stories of the articles that share most of a story's key terms, by their ids."""
    return sorted(set(memory.stories_of(memory.nearest(one)).values()))


def nearest_articles(terms: Sequence[KeyTerm], found: Postings) -> list[Near]:
    """Return the articles that share most of some key terms, given the newest articles under each of them."""
    articles, place_of = np.unique(found.articles, return_inverse=True)
    own = np.array([term.weight for term in terms], np.float32)
    scores = np.bincount(place_of, weights=found.weights * own[found.places])
    if len(scores) > _NEAREST_ARTICLES:  # ordering all of them would take as long as everything before
        best = scores >= np.partition(scores, -_NEAREST_ARTICLES)[-_NEAREST_ARTICLES]
        articles, scores = articles[best], scores[best]
    return list(zip(scores.tolist(), map(ArticleId, articles.tolist()), strict=True))


def nearest_first(found: Sequence[Near]) -> list[ArticleId]:
    """Return the nearest articles, at most 12, of equals the oldest first."""
    return [article for _, article in sorted(found, key=lambda near: (-near[0], near[1]))[:_NEAREST_ARTICLES]]


def _ranking(
    ones: Sequence[Profile], others: Mapping[StoryId, Profile], rules: Rules
) -> list[tuple[float, StoryId]]:
    """Return how near each of ``others`` is to the nearest of ``ones``, nearest first and of equals the oldest id."""
    stories = _Others(list(others.values()))
    near = np.max([stories.nearness(one, rules) for one in ones], axis=0).tolist()
    return sorted(zip(near, others, strict=True), key=lambda pair: (-pair[0], pair[1]))


def nearness_to(one: Profile, others: Sequence[Profile], rules: Rules = RULES) -> list[float]:
    """Return how near a story is to each of others, from 0 to 1."""
    near: list[float] = _Others(others).nearness(one, rules).tolist()
    return near


class _Others:
    """Stories in arrays, to say how near others are to each of them."""

    def __init__(self, stories: Sequence[Profile]) -> None:
        self._count = len(stories)
        self._keys = np.concatenate([np.zeros(0, np.int64), *(each.keys for each in stories)])
        self._sums = np.concatenate([np.zeros(0, np.float32), *(each.sums for each in stories)])
        self._owners = np.repeat(np.arange(len(stories)), [len(each.keys) for each in stories])
        self._sizes = np.array([each.size for each in stories], dtype=np.float64)
        self._lengths = np.array([each.length for each in stories], dtype=np.float64)
        self._first, self._last = np.array([each.span for each in stories]).reshape(-1, 2).T

    def nearness(self, one: Profile, rules: Rules) -> NDArray[np.float64]:
        """Return how near a story is to each of these."""
        products = one.weights_of(self._keys) * self._sums
        gaps = np.maximum(self._first, one.span[0]) - np.minimum(self._last, one.span[1])
        return nearness(
            np.bincount(self._owners, weights=products, minlength=self._count).astype(np.float64),
            one.size * self._sizes,
            one.length * self._lengths,
            np.maximum(gaps, 0.0),
            rules,
        )


def nearness(
    products: NDArray[np.float64],
    sizes: NDArray[np.float64],
    lengths: NDArray[np.float64],
    gaps: NDArray[np.float64],
    rules: Rules,
) -> NDArray[np.float64]:
    """Return how near pairs of stories are, from 0 to 1: between centroid and average link, weighed by time.

    For sums S and T of n and m vectors it is S·T / ((n·m)^c · (‖S‖·‖T‖)^(1-c)) with c the ``centrality``; the
    arguments hold S·T, n·m, ‖S‖·‖T‖ and the days between the two (nan where one of them has none: no weight, so
    that a missing date neither helps nor harms).
    """
    scale = np.maximum(sizes, 1.0) ** rules.centrality * np.maximum(lengths, 1e-12) ** (
        1.0 - rules.centrality
    )
    closeness = rules.same_day / np.sqrt(1.0 + gaps / rules.slack_days)
    near: NDArray[np.float64] = np.minimum(products / scale * np.where(np.isnan(gaps), 1.0, closeness), 1.0)
    return near


def shared(one: Profile, other: Profile) -> tuple[str, ...]:
    """Return the names and words that two stories have in common, those that weigh most first."""
    spelt = {**other.words, **one.words}
    keys = np.fromiter(spelt, np.int64, len(spelt))
    products = one.weights_of(keys) * other.weights_of(keys)
    heaviest = np.lexsort((keys, -products))[:_MOST_COMPARED]
    return _distinct([spelt[int(keys[at])] for at in heaviest if products[at]])[:_MOST_SHARED]


def key_words(profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names and the other words that weigh most in a story, each the heaviest first, as they are printed."""
    order = (int(profile.keys[at]) for at in np.argsort(-profile.sums, kind="stable"))
    # Twice: the first pass can complete a name of which another part has been told by then ("Sound", "Tarrick Sound").
    told = _distinct(_distinct([profile.words[key] for key in order if key in profile.words]))
    names = tuple(word for word in told if word != word.casefold())
    others = tuple(word for word in told if word == word.casefold())
    return names[:_MOST_KEY_WORDS], others[:_MOST_KEY_WORDS]


def _distinct(spelt: Sequence[str]) -> tuple[str, ...]:
    """Return words without those said before, in full where they were said in part ("Rutte", "Mark Rutte")."""
    printed = {part.casefold(): part for word in spelt for part in word.split() if part != part.casefold()}
    told: list[str] = []
    stems: list[set[str]] = []
    for plain in spelt:
        word = printed.get(plain, plain)
        said = _stems(word)
        alike = next((at for at, earlier in enumerate(stems) if said & earlier), None)
        if alike is None:
            told.append(word)
            stems.append(said)
        elif said > stems[alike]:
            told[alike], stems[alike] = word, said
    return tuple(told)


def _stems(word: str) -> set[str]:
    return {part.removesuffix("s") for part in _JOINTS.split(word.casefold())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the headline of a story is chosen from: an article's vector, printed headline and title."""

    vector: Vector
    headline: str | None
    title: str


def headline_of(story: Profile, members: Sequence[Member]) -> str:
    """Return a story's own headline; ``members`` are its articles, at least one, in an order that does not depend on
    that in which they came.

    It is the printed headline of the most central article that has one, else the title of the most central; of
    (about) equally central ones the first.
    """
    printed = [member for member in members if member.headline] or members
    if len(printed) == 1:
        return printed[0].headline or printed[0].title
    near = _Others([Profile.of(member.vector, None) for member in printed]).nearness(story, RULES)
    central = printed[int(np.argmax(near > near.max() - _AS_CENTRAL))]
    return central.headline or central.title
