"""An archive's memory of stories held in dictionaries: for evaluation and tests.

Law: it answers as the database must, and keeps nothing the database does not keep.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector, counted, vector
from app.domain.story import Placement, Postings, key_terms, place
from app.domain.terms import Background, Portrait, TermKey


@dataclass(slots=True)
class DictMemory:
    """Postings, stories and profiles in memory. ``remember`` places one article and keeps what follows."""

    background: Background
    posted: dict[TermKey, list[tuple[ArticleId, float]]] = field(default_factory=lambda: defaultdict(list))
    story_of: dict[ArticleId, StoryId] = field(default_factory=dict)
    profile_of: dict[StoryId, Profile] = field(default_factory=dict)
    counts: Counter[TermKey] = field(default_factory=Counter)

    def frequencies(self, keys: Sequence[TermKey]) -> Mapping[TermKey, int]:
        """Return how many articles are counted under each key."""
        return {key: self.counts[key] for key in keys if key in self.counts}

    def postings(self, keys: Sequence[TermKey], newest: int) -> Mapping[TermKey, Postings]:
        """Return the newest articles of each key."""
        found = {}
        for key in keys:
            if rows := self.posted.get(key, [])[-newest:]:
                articles = np.array([article for article, _ in rows], dtype=np.int64)
                found[key] = Postings(articles, np.array([weight for _, weight in rows], dtype=np.float32))
        return found

    def stories_of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Return the story of each article."""
        return {article: self.story_of[article] for article in articles if article in self.story_of}

    def profiles(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Profile]:
        """Return the profile of each story."""
        return {story: self.profile_of[story] for story in stories if story in self.profile_of}

    def vector(self, portrait: Portrait) -> Vector:
        """Return the vector of an article as this archive weighs it now."""
        return vector(portrait, self.background, self.frequencies(counted(portrait)))

    def remember(self, article: ArticleId, portrait: Portrait, day: date | None) -> Placement:
        """Place an article, and keep it."""
        told = self.vector(portrait)
        placement = place(told, day, self)
        story = placement.story or StoryId(article)
        known = self.profile_of.get(story)
        self.profile_of[story] = known.added(told, day) if known else Profile.of(told, day)
        self.story_of[article] = story
        for term in key_terms(told):
            self.posted[term.key].append((article, term.weight))
        self.counts.update(counted(portrait))
        return placement
