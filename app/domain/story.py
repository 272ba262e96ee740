"""Which story an article belongs to: a pure decision over what the archive remembers.

Law: nothing here reads a database or a clock; all that a decision needs comes through ``Memory``, batched.
The method is online clustering against centroids with a slow decay in time (after Miranda et al., EMNLP
2018).
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector
from app.domain.terms import TermKey

# With 3,000 articles of the same years around them, 941 articles were grouped as well with the newest 50 articles
# of each key term as with 400, and with the 12 nearest articles as with 60: these leave room.
KEY_TERMS = 25
NEWEST = 100
_NEAREST_ARTICLES = 20
_MOST_RELATED = 8
_MOST_SHARED = 6
_MOST_KEY_WORDS = 12
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

    @property
    def locked(self) -> Collection[StoryId]:
        """The stories that take no newcomers: people locked them."""

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
    return _heaviest(vector.keys, vector.weights)


def _heaviest(keys: NDArray[np.int64], weights: NDArray[np.float32]) -> tuple[KeyTerm, ...]:
    order = np.lexsort((keys, -weights))[:KEY_TERMS]
    return tuple(KeyTerm(TermKey(int(keys[at])), float(weights[at])) for at in order)


def place(vector: Vector, day: date | None, memory: Memory, rules: Rules = RULES) -> Placement:
    """Return the story an article belongs to, and the stories related to it, nearest first."""
    newcomer = Profile.of(vector, day)
    profiles = memory.profiles(_candidates(newcomer, memory))
    ranked = ranking(newcomer, profiles, rules)
    best = next((each for each in ranked if each[1] not in memory.locked), None)
    joined = best[1] if best and best[0] >= rules.join else None
    return Placement(
        story=joined,
        similarity=best[0] if best else 0.0,
        related=tuple(
            Related(story=story, similarity=near, shared=shared(newcomer, profiles[story]))
            for near, story in ranked[: _MOST_RELATED + 1]
            if near >= rules.related and story != joined
        )[:_MOST_RELATED],
    )


def near_stories(story: StoryId, memory: Memory, most: int, rules: Rules = RULES) -> dict[StoryId, Profile]:
    """Return a story and the ``most`` that are nearest to it, itself first; only those at least *related*."""
    profiles = dict(memory.profiles([story]))
    if story not in profiles:
        return {}
    others = [other for other in _candidates(profiles[story], memory) if other != story]
    found = memory.profiles(others)
    ranked = [other for near, other in ranking(profiles[story], found, rules) if near >= rules.related]
    return profiles | {other: found[other] for other in ranked[:most]}


def _candidates(one: Profile, memory: Memory) -> list[StoryId]:
    """The stories of the articles that share most of the newcomer's key terms."""
    terms = _heaviest(one.keys, one.sums)
    found = memory.postings([term.key for term in terms], NEWEST)
    hits = [(found[term.key], term.weight) for term in terms if term.key in found]
    if not hits:
        return []
    articles, place_of = np.unique(
        np.concatenate([posting.articles for posting, _ in hits]), return_inverse=True
    )
    products = np.concatenate([posting.weights * weight for posting, weight in hits])
    scores = np.bincount(place_of, weights=products)
    if len(scores) > _NEAREST_ARTICLES:  # ordering all of them would take as long as everything before
        best = scores >= np.partition(scores, -_NEAREST_ARTICLES)[-_NEAREST_ARTICLES]
        articles, scores = articles[best], scores[best]
    nearest = articles[np.lexsort((articles, -scores))[:_NEAREST_ARTICLES]]
    stories = memory.stories_of([ArticleId(int(article)) for article in nearest])
    return sorted(set(stories.values()))


def ranking(
    one: Profile, others: Mapping[StoryId, Profile], rules: Rules = RULES
) -> list[tuple[float, StoryId]]:
    """Return how near each of ``others`` is to ``one``, nearest first and of equals the oldest id."""
    near = _to_each(one, list(others.values()), rules).tolist()
    return sorted(zip(near, others, strict=True), key=lambda pair: (-pair[0], pair[1]))


def similarity(one: Profile, other: Profile, rules: Rules = RULES) -> float:
    """Return how near two stories are, from 0 to 1."""
    return float(_to_each(one, [other], rules)[0])


def _to_each(one: Profile, others: Sequence[Profile], rules: Rules) -> NDArray[np.float64]:
    if not others or not len(one.keys):
        return np.zeros(len(others))
    keys = np.concatenate([other.keys for other in others])
    sums = np.concatenate([other.sums for other in others])
    owners = np.repeat(np.arange(len(others)), [len(other.keys) for other in others])
    places = np.minimum(np.searchsorted(one.keys, keys), len(one.keys) - 1)
    common = np.flatnonzero(one.keys[places] == keys)
    products = np.bincount(
        owners[common], weights=one.sums[places[common]] * sums[common], minlength=len(others)
    ).astype(np.float64)
    return nearness(
        products,
        one.size * np.array([other.size for other in others], dtype=np.float64),
        one.length * np.array([other.length for other in others]),
        np.array([_gap_days(one, other) for other in others]),
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


def _gap_days(one: Profile, other: Profile) -> float:
    """Return the days between two stories, 0 where they overlap; nan where one of them has no dates."""
    if not one.days or not other.days:
        return math.nan
    between = max(min(one.days), min(other.days)) - min(max(one.days), max(other.days))
    return max(0.0, float(between.days))


def shared(one: Profile, other: Profile) -> tuple[str, ...]:
    """Return the names and words that two stories have in common, those that weigh most first."""
    common, at_one, at_other = np.intersect1d(one.keys, other.keys, assume_unique=True, return_indices=True)
    products = one.sums[at_one] * other.sums[at_other]
    spelt = {**other.words, **one.words}
    keys = (int(common[at]) for at in np.argsort(-products, kind="stable"))
    return _distinct([spelt[key] for key in keys if key in spelt])[:_MOST_SHARED]


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
    for plain in spelt:
        word = printed.get(plain, plain)
        said = _stems(word)
        alike = next((at for at, earlier in enumerate(told) if said & _stems(earlier)), None)
        if alike is None:
            told.append(word)
        elif said > _stems(told[alike]):
            told[alike] = word
    return tuple(told)


def _stems(word: str) -> set[str]:
    return {part.removesuffix("s") for part in _JOINTS.split(word.casefold())}


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
    if len(members) == 1:
        return members[0].headline or members[0].title
    whole = Profile.of(members[0].vector, None)
    for member in members[1:]:
        whole = whole.added(member.vector, None)
    printed = [member for member in members if member.headline] or members
    central = max(printed, key=lambda member: round(similarity(Profile.of(member.vector, None), whole), 6))
    return central.headline or central.title
