"""Fingerprints and the links between articles in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select, union_all, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import Row, candidates, hashes_to_store
from app.domain.delivery import Repeat
from app.domain.family import Families, Link, Member
from app.domain.fingerprint import Likeness, Print, fingerprint
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.decisions import rulings_about
from app.store.tables import ArticleRecord, FingerprintRecord, RepeatRecord

# Links that say one text holds the other, whole or nearly so; families are derived from these.
_FAMILY_KINDS = (RepeatKind.COPY.value, RepeatKind.PART.value, RepeatKind.CONTAINS.value)

_MOST_PRINTS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """What a new look at families changed: originals, heads of copies, and the members of groups that fell apart
    (``heads`` names the head of each of these as well)."""

    originals: Mapping[ArticleId, ArticleId | None]
    heads: Mapping[ArticleId, ArticleId]
    scattered: frozenset[ArticleId]


class Fingerprints:
    """The fingerprints that matter to one batch of newcomers, and what the batch adds to them."""

    def __init__(self, session: Session, newcomers: Iterable[Print]) -> None:
        """Look up all hashes of ``newcomers`` at once."""
        self._session = session
        self._rows: dict[int, list[Row]] = {}
        self._added: list[dict[str, int]] = []
        self._prints: dict[ArticleId, Print] = {}
        self._load({each for newcomer in newcomers for each in newcomer.hashes})

    def candidates(self, newcomer: Print) -> list[tuple[ArticleId, ...]]:
        """Return the articles that a newcomer is to be compared with, family by family, the likeliest first."""
        return candidates(newcomer, self._rows_of(newcomer))

    def print_of(self, article: ArticleId) -> Print:
        """Return the fingerprint of a stored article."""
        found = self._prints.get(article)
        if found is None:
            body_text = self._session.scalars(
                select(ArticleRecord.body_text).where(ArticleRecord.id == article)
            ).one()
            found = self._remember(article, fingerprint(body_text))
        return found

    def add(self, article: ArticleId, print_: Print, head: ArticleId) -> None:
        """Take up an article; ``head`` is the head of the copies it is gathered with, itself where there are none."""
        self._remember(article, print_)
        for each in hashes_to_store(print_, self._rows_of(print_), head):
            self._rows[each].append(Row(each, article, head, print_.words))
            self._added.append({"hash": each, "article_id": article})

    def regroup(self, changed: Regrouped) -> None:
        """Follow articles to their new groups. Where a group fell apart, each stores what the others stored for it."""
        for hash_, rows in self._rows.items():
            self._rows[hash_] = [row._replace(head=changed.heads.get(row.article, row.head)) for row in rows]
        for article in sorted(changed.scattered):
            print_ = self.print_of(article)
            self._load({each for each in print_.hashes if each not in self._rows})
            self.add(article, print_, changed.heads[article])

    def flush(self) -> None:
        """Write what was added."""
        if self._added:
            self._session.execute(
                inserting(self._session, FingerprintRecord).on_conflict_do_nothing(), self._added
            )
            self._added = []

    def _load(self, hashes: Collection[int]) -> None:
        self._rows.update((each, []) for each in hashes)
        for step in in_steps(sorted(hashes)):
            rows = self._session.execute(
                select(
                    FingerprintRecord.hash,
                    ArticleRecord.id,
                    ArticleRecord.copy_of,
                    ArticleRecord.wordcount,
                )
                .join(ArticleRecord, ArticleRecord.id == FingerprintRecord.article_id)
                .where(FingerprintRecord.hash.in_(step))
                .order_by(FingerprintRecord.hash, FingerprintRecord.article_id)
            )
            for hash_, article, head, words in rows:
                self._rows[hash_].append(Row(hash_, ArticleId(article), ArticleId(head or article), words))

    def _rows_of(self, print_: Print) -> list[Row]:
        return [row for each in print_.hashes for row in self._rows[each]]

    def _remember(self, article: ArticleId, print_: Print) -> Print:
        if len(self._prints) >= _MOST_PRINTS:
            del self._prints[next(iter(self._prints))]
        self._prints[article] = print_
        return print_


def add_links(session: Session, article: ArticleId, found: Sequence[tuple[ArticleId, Likeness]]) -> None:
    """Write the links of a new article to others, as seen from it, with their evidence."""
    if found:
        session.execute(
            insert(RepeatRecord),
            [
                {
                    "article_id": article,
                    "other_id": other,
                    "kind": likeness.kind.value,
                    "jaccard": likeness.jaccard,
                    "containment": likeness.containment,
                    "evidence": _evidence(likeness),
                }
                for other, likeness in found
            ],
        )


def _evidence(likeness: Likeness) -> dict[str, object]:
    return {
        "rule": likeness.rule,
        "extent": likeness.extent,
        "shared_words": likeness.shared_words,
        "passages": [[each.start, each.other_start, each.words] for each in likeness.passages],
    }


def find_links(session: Session, article: ArticleId) -> list[Repeat]:
    """Return the links of an article as seen from it, the strongest first."""
    return find_links_of(session, [article])[article]


def find_links_of(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, list[Repeat]]:
    """Return the links of each of ``articles`` as seen from it, the strongest first."""
    links: dict[ArticleId, list[Repeat]] = {article: [] for article in articles}
    for step in in_steps(sorted(links)):
        rows = session.scalars(
            select(RepeatRecord).where(
                or_(RepeatRecord.article_id.in_(step), RepeatRecord.other_id.in_(step))
            )
        )
        for record in rows:
            here, there = ArticleId(record.article_id), ArticleId(record.other_id)
            kind = RepeatKind(record.kind)
            if here in links:
                links[here].append(_repeat(record, there, kind))
            if there in links:
                links[there].append(_repeat(record, here, kind.inverse))
    for found in links.values():
        found.sort(key=lambda link: (-link.containment, -link.jaccard, link.article))
    return links


def _repeat(record: RepeatRecord, other: ArticleId, kind: RepeatKind) -> Repeat:
    return Repeat(article=other, kind=kind, jaccard=record.jaccard, containment=record.containment)


def find_component(session: Session, article: ArticleId) -> tuple[list[Member], list[Link]]:
    """Return all articles that links of whole texts or rulings join to ``article``, itself included, and all links
    among them."""
    members = {article}
    ahead = {article}
    records: dict[tuple[int, int], RepeatRecord] = {}
    while ahead:
        around: set[ArticleId] = set()
        for step in in_steps(sorted(ahead)):
            sides = [
                select(RepeatRecord).where(side.in_(step))
                for side in (RepeatRecord.article_id, RepeatRecord.other_id)
            ]
            for record in session.scalars(select(RepeatRecord).from_statement(union_all(*sides))):
                records[record.article_id, record.other_id] = record
                if record.kind in _FAMILY_KINDS:
                    around |= {ArticleId(record.article_id), ArticleId(record.other_id)}
        for ruling in rulings_about(session, ahead):
            around |= {ruling.article} | ({ruling.other} if ruling.other else set())
        ahead = around - members
        members |= ahead
    inside = [record for pair, record in sorted(records.items()) if members.issuperset(pair)]
    return _members(session, members), [_link(record) for record in inside]


def _link(record: RepeatRecord) -> Link:
    extent = record.evidence["extent"]
    return Link(
        article=ArticleId(record.article_id),
        other=ArticleId(record.other_id),
        kind=RepeatKind(record.kind),
        containment=record.containment,
        jaccard=record.jaccard,
        extent=(extent[0], extent[1]) if extent else None,
    )


def _members(session: Session, articles: Collection[ArticleId]) -> list[Member]:
    found = []
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.published, ArticleRecord.wordcount)
            .where(ArticleRecord.id.in_(step))
            .order_by(ArticleRecord.id)
        )
        found += [
            Member(article=ArticleId(id_), published=published, received=id_, words=words)
            for id_, published, words in rows
        ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an article stands in its family."""

    member: Member
    original: ArticleId
    head: ArticleId


def find_standings(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Standing]:
    """Return where each of ``articles`` stands; one that repeats nothing is its own original and head."""
    originals, heads = _held(session, articles)
    return {
        member.article: Standing(
            member=member,
            original=originals[member.article] or member.article,
            head=heads[member.article],
        )
        for member in _members(session, articles)
    }


def find_standing(session: Session, article: ArticleId) -> Standing:
    """Return where an article stands; it is its own original and head where it repeats nothing."""
    return find_standings(session, [article])[article]


def join_copies(session: Session, article: ArticleId, to: Standing) -> Regrouped:
    """Gather a new article with the copies of a head; for no other article anything changes."""
    session.execute(
        update(ArticleRecord)
        .where(ArticleRecord.id == article)
        .values(duplicate_of=to.original, copy_of=to.head)
    )
    return Regrouped(originals={article: to.original}, heads={article: to.head}, scattered=frozenset())


def set_families(session: Session, found: Families) -> Regrouped:
    """Store families as they were found; return what is news."""
    originals, heads = _held(session, found.originals)
    moved = {article: head for article, head in found.heads.items() if heads[article] != head}
    news = {article: of for article, of in found.originals.items() if originals[article] != of}
    if news or moved:
        session.execute(
            update(ArticleRecord),
            [
                {
                    "id": article,
                    "duplicate_of": found.originals[article],
                    "copy_of": None if found.heads[article] == article else found.heads[article],
                }
                for article in sorted(news.keys() | moved.keys())
            ],
        )
    scattered = _scattered(heads, found.heads) if moved else frozenset()
    moved |= {article: found.heads[article] for article in scattered}
    return Regrouped(originals=news, heads=moved, scattered=scattered)


def _held(
    session: Session, articles: Collection[ArticleId]
) -> tuple[dict[ArticleId, ArticleId | None], dict[ArticleId, ArticleId]]:
    """Return the originals and the heads of articles as they are stored."""
    originals: dict[ArticleId, ArticleId | None] = {}
    heads: dict[ArticleId, ArticleId] = {}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.duplicate_of, ArticleRecord.copy_of).where(
                ArticleRecord.id.in_(step)
            )
        )
        for id_, original, head in rows:
            originals[ArticleId(id_)] = ArticleId(original) if original else None
            heads[ArticleId(id_)] = ArticleId(head or id_)
    return originals, heads


def head_of(session: Session, article: ArticleId) -> ArticleId:
    """Return the head of the copies that an article is gathered with: itself where there are none."""
    head = session.scalars(select(ArticleRecord.copy_of).where(ArticleRecord.id == article)).one()
    return ArticleId(head or article)


def _scattered(
    before: Mapping[ArticleId, ArticleId], now: Mapping[ArticleId, ArticleId]
) -> frozenset[ArticleId]:
    """Return the members of those groups that did not stay together."""
    went: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for article, head in before.items():
        went[head].add(now[article])
    return frozenset(article for article, head in before.items() if len(went[head]) > 1)


def remove_article(session: Session, article: ArticleId) -> set[ArticleId]:
    """Remove an article's fingerprints and links; return the articles it was linked to, or the original of."""
    around = {link.article for link in find_links(session, article)}
    family = session.scalars(
        select(ArticleRecord.id).where(
            or_(ArticleRecord.duplicate_of == article, ArticleRecord.copy_of == article)
        )
    )
    around |= {ArticleId(id_) for id_ in family}
    for column in (ArticleRecord.duplicate_of, ArticleRecord.copy_of):
        session.execute(update(ArticleRecord).where(column == article).values({column: None}))
    session.execute(delete(FingerprintRecord).where(FingerprintRecord.article_id == article))
    session.execute(
        delete(RepeatRecord).where(or_(RepeatRecord.article_id == article, RepeatRecord.other_id == article))
    )
    return around
