"""An archive's memory of repeats held in dictionaries: for evaluation and tests.

Law: it does what the database must do, step for step, and keeps nothing the database does not keep.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import Row, candidates, hashes_to_store
from app.domain.family import Link, Member, families
from app.domain.fingerprint import Print, compare

Pair = tuple[ArticleId, ArticleId]


@dataclass(slots=True)
class FamilyMemory:
    """Articles, their stored hashes, links and originals. ``remember`` takes in one article after another."""

    prints: dict[ArticleId, Print] = field(default_factory=dict)
    members: dict[ArticleId, Member] = field(default_factory=dict)
    original: dict[ArticleId, ArticleId | None] = field(default_factory=dict)
    head: dict[ArticleId, ArticleId] = field(default_factory=dict)
    links: dict[Pair, Link] = field(default_factory=dict)
    linked: dict[ArticleId, set[ArticleId]] = field(default_factory=lambda: defaultdict(set))
    near: dict[ArticleId, set[ArticleId]] = field(default_factory=lambda: defaultdict(set))
    stored: dict[int, set[ArticleId]] = field(default_factory=lambda: defaultdict(set))
    comparisons: int = 0

    def rows(self, a: Print) -> list[Row]:
        """Return all stored rows with a hash of ``a``."""
        return [
            Row(value, article, self.head[article], self.members[article].words)
            for value in a.hashes
            for article in self.stored.get(value, ())
        ]

    def root(self, article: ArticleId) -> ArticleId:
        """Return the original of an article's family."""
        return self.original[article] or article

    def remember(self, article: ArticleId, a: Print, published: datetime | None = None) -> None:
        """Take in one article: find its links, settle its family, store its hashes."""
        rows = self.rows(a)
        self.prints[article] = a
        self.members[article] = Member(
            article=article, published=published, received=len(self.members), words=a.words
        )
        self.original[article], self.head[article] = None, article
        for family in candidates(a, rows):
            for other in family:
                if self._link(article, other) is RepeatKind.COPY:
                    break
        leaf = self._leaf_of(article)
        if leaf is not None:
            self.original[article], self.head[article] = self.root(leaf), leaf
        else:
            self._settle(article)
        self._store(article, rows)

    def _leaf_of(self, article: ArticleId) -> ArticleId | None:
        """Return the head of a copy that is linked to nothing else: nothing changes for other articles."""
        if len(self.near[article]) != 1:
            return None
        (other,) = self.near[article]
        link = self.links[article, other]
        senior = self.members[other].seniority < self.members[article].seniority
        return other if link.kind is RepeatKind.COPY and self.head[other] == other and senior else None

    def _settle(self, article: ArticleId) -> None:
        """Derive the families of the article's component anew, and compare what only a weak chain joins."""
        while True:
            component = self._component(article)
            inside = [
                self.links[each, other] for each in component for other in self.linked[each] if each < other
            ]
            found = families([self.members[each] for each in component], inside)
            fresh = [self._link(*pair) for pair in found.unsettled]
            if not any(fresh):
                break
        self.original.update(found.originals)
        moved = [each for each, head in found.heads.items() if self.head[each] != head]
        self.head.update(found.heads)
        for each in moved:
            self._store(each, self.rows(self.prints[each]))

    def _component(self, article: ArticleId) -> set[ArticleId]:
        component, waiting = {article}, [article]
        while waiting:
            for other in self.near[waiting.pop()] - component:
                component.add(other)
                waiting.append(other)
        return component

    def _link(self, article: ArticleId, other: ArticleId) -> RepeatKind | None:
        self.comparisons += 1
        likeness = compare(self.prints[article], self.prints[other])
        if likeness is None:
            return None
        for a, b, kind in ((article, other, likeness.kind), (other, article, likeness.kind.inverse)):
            self.links[a, b] = Link(
                article=a,
                other=b,
                kind=kind,
                containment=likeness.containment,
                jaccard=likeness.jaccard,
                extent=likeness.extent,
            )
            self.linked[a].add(b)
            if kind is not RepeatKind.SHARES:
                self.near[a].add(b)
        return likeness.kind

    def _store(self, article: ArticleId, rows: Iterable[Row]) -> None:
        current = [row._replace(head=self.head[row.article]) for row in rows if row.article != article]
        for value in hashes_to_store(self.prints[article], current, self.head[article]):
            self.stored[value].add(article)
