"""An archive's memory of stories held in dictionaries: for evaluation and tests.

Law: it answers as the database must, and keeps nothing the database does not keep.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, StoryId
from app.domain.changes import Change, Merge, Move
from app.domain.mend import Held, mend
from app.domain.profile import Profile, Vector
from app.domain.story import (
    NEWEST,
    RULES,
    Placement,
    Postings,
    Rules,
    key_terms,
    nearest_articles,
    nearest_first,
    place,
)
from app.domain.terms import Background, Portrait, TermKey
from app.domain.weighing import Keyed, keyed, vector


@dataclass(slots=True)
class DictMemory:
    """Postings, stories and profiles in memory. ``remember`` places one article and keeps what follows."""

    background: Background
    rules: Rules = RULES
    held: dict[ArticleId, Held] = field(default_factory=dict)
    alias: dict[StoryId, StoryId] = field(default_factory=dict)
    origins: dict[StoryId, StoryId] = field(default_factory=dict)
    had: dict[StoryId, frozenset[ArticleId]] = field(default_factory=dict)
    posted: dict[TermKey, list[tuple[ArticleId, float]]] = field(default_factory=lambda: defaultdict(list))
    story_of: dict[ArticleId, StoryId] = field(default_factory=dict)
    profile_of: dict[StoryId, Profile] = field(default_factory=dict)
    articles_of: dict[StoryId, set[ArticleId]] = field(default_factory=lambda: defaultdict(set))
    stories: int = 0
    lone: set[StoryId] = field(default_factory=set)
    counts: Counter[int] = field(default_factory=Counter)
    locked: frozenset[StoryId] = frozenset()
    kept: frozenset[StoryId] = frozenset()
    named: frozenset[StoryId] = frozenset()

    def nearest(self, one: Profile) -> Sequence[ArticleId]:
        """Return the articles that share most of the key terms of a story."""
        terms = key_terms(one)
        held = [self.posted.get(term.key, [])[-NEWEST:] for term in terms]
        found = Postings(
            articles=np.array([article for rows in held for article, _ in rows], dtype=np.int64),
            weights=np.array([weight for rows in held for _, weight in rows], dtype=np.float32),
            places=np.repeat(np.arange(len(held)), [len(rows) for rows in held]),
        )
        return nearest_first(nearest_articles(terms, found))

    def stories_of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Return the story of each article."""
        return {article: self.story_of[article] for article in articles if article in self.story_of}

    def profiles(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Profile]:
        """Return the profile of each story."""
        return {story: self.profile_of[story] for story in stories if story in self.profile_of}

    def remember(self, article: ArticleId, portrait: Portrait, day: date | None) -> Placement:
        """Place an article, and keep it."""
        return self.remember_all([(article, portrait, day)])[0]

    def remember_all(self, batch: Sequence[tuple[ArticleId, Portrait, date | None]]) -> tuple[Placement, ...]:
        """Place articles that came in together, one after the other, and keep them."""
        read = [keyed(portrait, self.background) for _, portrait, _ in batch]
        for each in read:
            self.counts.update(each.counted.tolist())
        self.lone.clear()
        return tuple(
            self._take_up(article, vector(each, self._held_under(each)), day)
            for each, (article, _, day) in zip(read, batch, strict=True)
        )

    def _held_under(self, read: Keyed) -> NDArray[np.int64]:
        return np.array([self.counts[key] for key in read.counted.tolist()], dtype=np.int64)

    def _take_up(self, article: ArticleId, told: Vector, day: date | None) -> Placement:
        newcomer = Profile.of(told, day)
        placement = place(newcomer, self, self.rules)
        self.held[article] = Held(article=article, vector=told, day=day)
        story = placement.story or self._new_story()
        self.lone -= {story, *(each.story for each in placement.related)}
        if not placement.story and not placement.related:
            self.lone.add(story)
        self._put(article, story)
        for term in key_terms(newcomer):
            self.posted[term.key].append((article, term.weight))
        return placement

    def mend_around(self, articles: Sequence[ArticleId], rounds: int = 4) -> int:
        """Mend around the stories of some articles and what that changes; return how many changes were made."""
        made = 0
        touched = {self.story_of[article] for article in articles} - self.lone
        for _ in range(rounds):
            again: set[StoryId] = set()
            for change in mend(sorted(touched), self, self.rules):
                again |= self._apply(change)
                made += 1
            touched = again
        return made

    def members(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Sequence[Held]]:
        """Return the articles of each story."""
        return {
            story: [self.held[article] for article in sorted(self.articles_of[story])]
            for story in stories
            if story in self.profile_of
        }

    def former(self, stories: Sequence[StoryId]) -> Mapping[ArticleId, Collection[StoryId]]:
        """Return what came into stories with others."""
        found: dict[ArticleId, list[StoryId]] = defaultdict(list)
        for part, articles in self.had.items():
            for article in articles:
                if self.story_of[article] == self.alias[part] and self.alias[part] in stories:
                    found[article].append(part)
        return found

    def _apply(self, change: Change) -> set[StoryId]:
        match change:
            case Merge(story=story, into=into):
                self.alias |= {part: into for part, led in self.alias.items() if led == story} | {story: into}
                articles: Sequence[ArticleId] = sorted(self.articles_of[story])
                self.had[story] = frozenset(articles)
            case Move(articles=articles, into=onto):
                into = onto or self._new_story()
                if onto is None:
                    self.origins[into] = change.story
                self.alias.pop(into, None)
                self.had.pop(into, None)
        for article in articles:
            self._take(article)
            self._put(article, into)
        return {change.story, into}

    def _new_story(self) -> StoryId:
        self.stories += 1
        return StoryId(self.stories)

    def _put(self, article: ArticleId, story: StoryId) -> None:
        held = self.held[article]
        self.profile_of[story] = self.profile_of.get(story, Profile.empty()).added(held.vector, held.day)
        self.articles_of[story].add(article)
        self.story_of[article] = story

    def _take(self, article: ArticleId) -> None:
        held, story = self.held[article], self.story_of[article]
        self.articles_of[story].discard(article)
        self.profile_of[story] = self.profile_of[story].removed(held.vector, held.day)
        if not self.articles_of[story]:
            del self.profile_of[story]
