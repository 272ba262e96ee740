"""Which story an article belongs to: a pure decision over what the archive remembers.

Law: nothing here reads a database or a clock; all that a decision needs comes through ``Memory``, batched.
The method is online clustering against centroids with a slow decay in time (after Miranda et al., EMNLP
2018).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector
from app.domain.terms import TermKey

STORY_VERSION = 1

KEY_TERMS = 25
NEWEST = 400
_NEAREST_ARTICLES = 60
JOIN = 0.28
RELATED = 0.18
_DECAY_DAYS = 60.0
_MOST_RELATED = 8
_MOST_SHARED = 6


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One of the heaviest terms of an article: what the store keeps to find it again."""

    key: TermKey
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The articles that hold a key term, and with what weight (two arrays of one length)."""

    articles: NDArray[np.int64]
    weights: NDArray[np.float32]


class Memory(Protocol):
    """The look-ups a decision needs. What is not there is left out of the answer."""

    def frequencies(self, keys: Sequence[TermKey]) -> Mapping[TermKey, int]:
        """Return how many articles are counted under each key: what ``vector`` needs."""

    def postings(self, keys: Sequence[TermKey], newest: int) -> Mapping[TermKey, Postings]:
        """Return for each key the newest articles (at most ``newest``) that have it among their key terms."""

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


def key_terms(vector: Vector) -> tuple[KeyTerm, ...]:
    """Return the heaviest terms of an article, at most 25, heaviest first."""
    order = np.lexsort((vector.keys, -vector.weights))[:KEY_TERMS]
    return tuple(KeyTerm(TermKey(int(vector.keys[at])), float(vector.weights[at])) for at in order)


def place(vector: Vector, day: date | None, memory: Memory) -> Placement:
    """Return the story an article belongs to, and the stories related to it."""
    newcomer = Profile.of(vector, day)
    profiles = memory.profiles(_candidates(vector, memory))
    ranked = sorted(
        ((similarity(newcomer, other), story) for story, other in profiles.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    best, story = ranked[0] if ranked else (0.0, None)
    joined = story if best >= JOIN else None
    related = tuple(
        Related(story=other, similarity=nearness, shared=shared(newcomer, profiles[other]))
        for nearness, other in ranked
        if nearness >= RELATED and other != joined
    )
    return Placement(story=joined, similarity=best, related=related[:_MOST_RELATED])


def _candidates(vector: Vector, memory: Memory) -> list[StoryId]:
    """The stories of the articles that share most of the newcomer's key terms."""
    terms = key_terms(vector)
    found = memory.postings([term.key for term in terms], NEWEST)
    hits = [(found[term.key], term.weight) for term in terms if term.key in found]
    if not hits:
        return []
    articles, place_of = np.unique(
        np.concatenate([posting.articles for posting, _ in hits]), return_inverse=True
    )
    products = np.concatenate([posting.weights * weight for posting, weight in hits])
    scores = np.bincount(place_of, weights=products)
    nearest = articles[np.lexsort((articles, -scores))[:_NEAREST_ARTICLES]]
    stories = memory.stories_of([ArticleId(int(article)) for article in nearest])
    return sorted(set(stories.values()))


def similarity(one: Profile, other: Profile) -> float:
    """Return how near two stories are, from 0 to 1: between centroid and average link, less with time.

    For an article and a story of n articles with sum S this is x·S / √(n·‖S‖), times exp(−gap²/2σ²) with σ of
    60 days where both are dated.
    """
    if not one.size or not other.size or not len(one.keys) or not len(other.keys):
        return 0.0
    places = np.minimum(np.searchsorted(other.keys, one.keys), len(other.keys) - 1)
    common = other.keys[places] == one.keys
    product = float(np.dot(one.sums[common], other.sums[places[common]]))
    nearness = product / math.sqrt(one.size * one.length * other.size * other.length)
    return nearness * math.exp(-(_gap_days(one, other) ** 2) / (2 * _DECAY_DAYS**2))


def _gap_days(one: Profile, other: Profile) -> int:
    """Days between two stories; 0 where they overlap or one of them has no dates."""
    if not one.days or not other.days:
        return 0
    between = max(min(one.days), min(other.days)) - min(max(one.days), max(other.days))
    return max(0, between.days)


def shared(one: Profile, other: Profile) -> tuple[str, ...]:
    """Return the names and words that two stories have in common, those that weigh most first."""
    common, at_one, at_other = np.intersect1d(one.keys, other.keys, assume_unique=True, return_indices=True)
    products = one.sums[at_one] * other.sums[at_other]
    told: list[str] = []
    for place_ in np.argsort(-products, kind="stable"):
        key = int(common[place_])
        word = one.words.get(key) or other.words.get(key)
        if word and not any(word.casefold() in earlier.casefold() for earlier in told):
            told.append(word)
            if len(told) == _MOST_SHARED:
                break
    return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the headline of a story is chosen from: an article's vector, printed headline and title."""

    vector: Vector
    headline: str | None
    title: str


def headline_of(members: Sequence[Member]) -> str:
    """Return a story's own headline; ``members`` are in the order they were received, at least one.

    It is the printed headline of the most central article that has one, else the title of the most central; of
    equally central ones the earliest received.
    """
    whole = Profile.of(members[0].vector, None)
    for member in members[1:]:
        whole = whole.added(member.vector, None)
    printed = [member for member in members if member.headline] or members
    central = max(printed, key=lambda member: round(similarity(Profile.of(member.vector, None), whole), 6))
    return central.headline or central.title
