"""An archive's memory of repeats held in dictionaries: for evaluation and tests.

Law: it does what the database must do, step for step, and keeps nothing the database does not keep.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import MOST_MEMBERS, Row, candidates, hashes_to_store, likenesses
from app.domain.family import Families, Link, Member, families
from app.domain.fingerprint import Print, meet
from app.domain.likeness import Likeness, compare

Pair = tuple[ArticleId, ArticleId]


@dataclass(slots=True)
class FamilyMemory:
    """Articles, their stored hashes, links and originals. ``remember`` takes in one article after another."""

    prints: dict[ArticleId, Print] = field(default_factory=dict)
    members: dict[ArticleId, Member] = field(default_factory=dict)
    original: dict[ArticleId, ArticleId | None] = field(default_factory=dict)
    head: dict[ArticleId, ArticleId] = field(default_factory=dict)
    groups: dict[ArticleId, set[ArticleId]] = field(default_factory=lambda: defaultdict(set))
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
            article=article,
            published=published,
            received=len(self.members),
            words=a.words,
            digest=a.line.hashes.tobytes().hex(),
        )
        self.original[article], self.head[article] = None, article
        self.groups[article].add(article)
        for other, likeness in list(
            likenesses(a, candidates(a, rows, self._held(rows)), self._group_of, self._print_of)
        ):
            self._link(article, other, likeness)
        leaf = self._leaf_of(article)
        if leaf is not None:
            self._gather(article, leaf, self.root(leaf))
        else:
            self._settle(article)
        self._store(article, rows)

    @staticmethod
    def _held(rows: Iterable[Row]) -> Counter[int]:
        """Count the rows of each hash."""
        return Counter(row.hash for row in rows)

    def _group_of(self, head: ArticleId) -> list[ArticleId] | None:
        group = self.groups[head]
        return sorted(group) if len(group) <= MOST_MEMBERS else None

    def _print_of(self, article: ArticleId) -> Print:
        self.comparisons += 1
        return self.prints[article]

    def _gather(self, article: ArticleId, head: ArticleId, original: ArticleId | None) -> None:
        self.groups[self.head[article]].discard(article)
        self.groups[head].add(article)
        self.original[article], self.head[article] = original, head

    def _leaf_of(self, article: ArticleId) -> ArticleId | None:
        """Return the head of a large group that an article repeats and is junior to, with nothing but what it repeats:
        nothing changes for other articles."""
        kinds = {other: self.links[article, other].kind for other in self.near[article]}
        large = (other for other in kinds if self.head[other] == other and self._group_of(other) is None)
        head = next(large, None)
        if head is None or kinds.pop(head) is not RepeatKind.COPY:
            return None
        linked = {each: self.links[head, each].kind for each in self.linked[head]}
        twins = kinds.items() <= linked.items()
        senior = self.members[head].seniority < self.members[article].seniority
        return head if twins and senior else None

    def _settle(self, article: ArticleId) -> None:
        """Derive the families of the article's component anew, and compare what only a weak chain joins."""
        while True:
            component = self._component(article)
            inside = [
                self.links[each, other] for each in component for other in self.linked[each] if each < other
            ]
            found = families([self.members[each] for each in component], inside)
            fresh = [(pair, self._compared(*pair)) for pair in found.unsettled]
            if not any(likeness for _, likeness in fresh):
                break
            for pair, likeness in fresh:
                if likeness:
                    self._link(*pair, likeness)
        moved = self._regroup(found)
        for each in moved:
            self._store(each, self.rows(self.prints[each]))

    def _component(self, article: ArticleId) -> set[ArticleId]:
        component, waiting = {article}, [article]
        while waiting:
            for other in self.near[waiting.pop()] - component:
                component.add(other)
                waiting.append(other)
        return component

    def _regroup(self, found: Families) -> list[ArticleId]:
        """Follow articles to their groups; return those that moved, and all members of the groups that fell apart."""
        before = {each: self.head[each] for each in found.heads}
        went: dict[ArticleId, set[ArticleId]] = defaultdict(set)
        for each, head in found.heads.items():
            went[before[each]].add(head)
            self._gather(each, head, found.originals[each])
        return [each for each in before if len(went[before[each]]) > 1]

    def _compared(self, article: ArticleId, other: ArticleId) -> Likeness | None:
        a, b = self._print_of(article), self._print_of(other)
        return compare(a, b) if meet(a, b) else None

    def _link(self, article: ArticleId, other: ArticleId, likeness: Likeness) -> None:
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

    def _store(self, article: ArticleId, rows: Iterable[Row]) -> None:
        current = [row._replace(head=self.head[row.article]) for row in rows if row.article != article]
        held = self._held(current)
        for value in hashes_to_store(article, self.prints[article], current, held, self.head[article]):
            self.stored[value].add(article)
