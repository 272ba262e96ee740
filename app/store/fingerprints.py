"""Fingerprints in the database: what a batch of newcomers may repeat, looked up at once.

Law: rows follow the heads of now, and a group of copies stores every hash that a member has, but for what is too
common; furniture is no part of what is compared.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.domain.article import ArticleId
from app.domain.candidates import (
    MOST_MEMBERS,
    SURELY_MANY,
    Candidate,
    Row,
    Stored,
    candidates,
    hashes_to_store,
    likenesses,
    telling,
)
from app.domain.fingerprint import Print, fingerprint
from app.domain.likeness import Likeness
from app.store import furniture
from app.store.batches import ByNumbers, in_bulk, in_steps
from app.store.database import inserting
from app.store.repeats import Regrouped
from app.store.tables import ArticleRecord, FingerprintRecord

# Texts of so many words are held as fingerprints at a time: some forty bytes a word.
_MOST_WORDS = 3_000_000


_HELD: ByNumbers[tuple[int, int]] = ByNumbers(
    "SELECT hash, article_id FROM fingerprint WHERE hash IN ({}) ORDER BY hash, article_id"
)
# Of most articles nothing more need be known: they are their own heads, and have `SURELY_MANY` words.
_ODD: ByNumbers[tuple[int, int, int]] = ByNumbers(
    "SELECT id, coalesce(copy_of, id), wordcount FROM article {by} WHERE id IN ({})"
    " AND (copy_of IS NOT NULL OR wordcount < 320)",
    by="article_odd",
)
_LENGTHS: ByNumbers[tuple[int, int]] = ByNumbers(
    "SELECT id, wordcount FROM article {by} WHERE id IN ({})", by="article_brief"
)

_OTHER = aliased(ArticleRecord)
_HEADS: BindParameter[list[int]] = bindparam("heads", expanding=True)
# Heads, each with some member of its group beyond the most that are compared, if there is one.
_GROUPS = select(
    ArticleRecord.id,
    select(_OTHER.id)
    .where(_OTHER.copy_of == ArticleRecord.id)
    .limit(1)
    .offset(MOST_MEMBERS - 1)
    .scalar_subquery(),
).where(ArticleRecord.id.in_(_HEADS))
_MEMBERS = select(ArticleRecord.id, ArticleRecord.copy_of).where(ArticleRecord.copy_of.in_(_HEADS))


class Fingerprints:
    """The fingerprints that matter to one batch of newcomers, and what the batch adds to them."""

    def __init__(self, session: Session, newcomers: Collection[Print]) -> None:
        """Look up at once all hashes of ``newcomers``, and the texts that these will be compared with."""
        self._session = session
        self._rows: dict[int, list[Row]] = {}  # those that are telling
        self._left_out: list[Stored] = []  # the others
        self._held: Counter[int] = Counter()  # how many rows there are of each hash
        self._stored: dict[ArticleId, list[int]] = defaultdict(list)  # the hashes in _rows, by article
        self._added: list[dict[str, int]] = []
        self._members: dict[ArticleId, set[ArticleId] | None] = {}
        self._prints: dict[ArticleId, Print] = {}
        self._found: dict[Print, tuple[int, Sequence[Candidate]]] = {}  # with so many rows
        self._words = 0
        stored = self._read({each for newcomer in newcomers for each in newcomer.hashes})
        worth = telling(list(newcomers), stored)
        self._left_out.append(stored.where(~worth))
        self._keep(stored.where(worth))
        self._look_ahead(newcomers)

    def likenesses(self, a: Print) -> Iterator[tuple[ArticleId, Likeness]]:
        """Yield the articles that a text repeats, each with its likeness; where it is stored, it repeats itself."""
        return likenesses(a, self._candidates(a), self._group_of, self.print_of)

    def _candidates(self, a: Print) -> Sequence[Candidate]:
        """Return what a text is compared with. What was worked out ahead holds until a row of its hashes comes or goes
        to another group."""
        rows = self._rows_of(a)
        known, found = self._found.get(a, (-1, ()))
        if known != len(rows):
            found = candidates(a, rows, self._held)
            self._found[a] = len(rows), found
        return found

    def print_of(self, article: ArticleId) -> Print:
        """Return the fingerprint of a stored article."""
        found = self._prints.get(article)
        if found is None:
            ((_, text),) = furniture.compared_texts(self._session, [article])
            found = self._remember(article, fingerprint(text))
        return found

    def add(self, article: ArticleId, print_: Print, head: ArticleId) -> None:
        """Take up an article; ``head`` is the head of the copies it is gathered with, itself where there are none."""
        self._remember(article, print_)
        self._gather(article, head)
        if head != article:
            self._recall({head})
        for each in hashes_to_store(article, print_, self._rows_of(print_), self._held, head):
            self._take(Row(each, article, head, print_.words))
            self._held[each] += 1
            self._added.append({"hash": each, "article_id": article})

    def regroup(self, changed: Regrouped) -> None:
        """Follow articles to their new groups. Where a group fell apart, each stores what the others stored for it."""
        self._found = {}
        self._recall({*changed.heads, *changed.heads.values()})
        for members in self._members.values():
            if members is not None:
                members.difference_update(changed.heads)
        for article, head in changed.heads.items():
            self._gather(article, head)
            for each in self._stored.get(article, ()):
                self._rows[each] = [
                    row._replace(head=head) if row.article == article else row for row in self._rows[each]
                ]
        for article in sorted(changed.scattered):
            print_ = self.print_of(article)
            self._keep(self._read({each for each in print_.hashes if each not in self._rows}))
            self.add(article, print_, changed.heads[article])

    def is_large(self, head: ArticleId) -> bool:
        """Whether an article that a newcomer was compared with is the head of more than ``MOST_MEMBERS`` copies."""
        return self._members.get(head, ()) is None

    def flush(self) -> None:
        """Write what was added."""
        if self._added:
            adding = inserting(self._session, FingerprintRecord).on_conflict_do_nothing()
            in_bulk(self._session, adding, self._added)
            self._added = []

    def _read(self, hashes: Collection[int]) -> Stored:
        """Return all stored rows of hashes, and count them."""
        self._rows.update((each, []) for each in hashes)
        found = _HELD.table(self._session, sorted(hashes), 2)
        told, articles = found[:, 0].copy(), found[:, 1].copy()
        counted, counts = np.unique(told, return_counts=True)
        self._held.update(dict(zip(counted.tolist(), counts.tolist(), strict=True)))
        distinct, places = np.unique(articles, return_inverse=True)
        odd = _ODD.table(self._session, distinct.tolist(), 3)
        heads, words = distinct.copy(), np.full(len(distinct), SURELY_MANY)
        there = np.searchsorted(distinct, odd[:, 0])
        heads[there], words[there] = odd[:, 1], odd[:, 2]
        return Stored(hashes=told, articles=articles, heads=heads[places], words=words[places])

    def _keep(self, stored: Stored) -> None:
        """Take up rows."""
        lengths = dict(_LENGTHS.rows(self._session, np.unique(stored.articles).tolist()))
        for each, article, head in zip(
            stored.hashes.tolist(), stored.articles.tolist(), stored.heads.tolist(), strict=True
        ):
            self._take(Row(each, ArticleId(article), ArticleId(head), lengths[article]))

    def _recall(self, groups: Collection[ArticleId]) -> None:
        """Take up what was left out of some articles and groups: they grow or change, and may tell something now."""
        named = np.fromiter(groups, np.int64, len(groups))
        for place, stored in enumerate(self._left_out):
            wanted = np.isin(stored.articles, named) | np.isin(stored.heads, named)
            if wanted.any():
                self._left_out[place] = stored.where(~wanted)
                self._keep(stored.where(wanted))

    def _take(self, row: Row) -> None:
        self._rows[row.hash].append(row)
        self._stored[row.article].append(row.hash)

    def _look_ahead(self, newcomers: Iterable[Print]) -> None:
        """Read the groups and the texts that newcomers will be compared with, as many as may be held."""
        found = [each for a in newcomers for each in self._candidates(a)]
        self._load_groups({each.head for each in found})
        ahead = dict.fromkeys(
            article for each in found for article in self._members[each.head] or (each.head, each.closest)
        )
        for article, text in furniture.compared_texts(self._session, ahead):
            if self._words >= _MOST_WORDS:
                return
            self._remember(article, fingerprint(text))

    def _group_of(self, head: ArticleId) -> Sequence[ArticleId] | None:
        """Return all members of a head's group, itself among them, or None where they are too many."""
        if head not in self._members:
            self._load_groups([head])
        found = self._members[head]
        return None if found is None else sorted(found)

    def _load_groups(self, heads: Collection[ArticleId]) -> None:
        for step in in_steps(sorted(heads)):
            for head, one_more in self._session.execute(_GROUPS, {"heads": step}):
                self._members[head] = {head} if one_more is None else None
        small = sorted(head for head in heads if self._members[head])
        for step in in_steps(small):
            for member, head in self._session.execute(_MEMBERS, {"heads": step}):
                self._gather(ArticleId(member), ArticleId(head or member))

    def _gather(self, article: ArticleId, head: ArticleId) -> None:
        """Note that an article is in the group of a head, where that group has been asked for."""
        members = self._members.get(head)
        if members is not None:
            members.add(article)
            if len(members) > MOST_MEMBERS:
                self._members[head] = None

    def _rows_of(self, print_: Print) -> list[Row]:
        return [row for each in print_.hashes for row in self._rows[each]]

    def _remember(self, article: ArticleId, print_: Print) -> Print:
        while self._prints and self._words + print_.words > _MOST_WORDS:
            self._words -= self._prints.pop(next(iter(self._prints))).words
        if article not in self._prints:
            self._prints[article] = print_
            self._words += print_.words
        return print_
