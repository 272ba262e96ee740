"""Fingerprints and the links between articles in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, insert, or_, select, union_all, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import Row, candidates, hashes_to_store
from app.domain.delivery import Repeat
from app.domain.family import Link, Member
from app.domain.fingerprint import Likeness, Print, fingerprint
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import ArticleRecord, FingerprintRecord, RepeatRecord

# Links that say one text holds the other, whole or nearly so; families are derived from these.
_FAMILY_KINDS = (RepeatKind.COPY.value, RepeatKind.PART.value, RepeatKind.CONTAINS.value)

_MOST_PRINTS = 2_000


class Fingerprints:
    """The fingerprints that matter to one batch of newcomers, and what the batch adds to them."""

    def __init__(self, session: Session, newcomers: Iterable[Print]) -> None:
        """Look up all hashes of ``newcomers`` at once."""
        self._session = session
        self._rows: dict[int, list[Row]] = defaultdict(list)
        self._added: list[dict[str, int]] = []
        self._prints: dict[ArticleId, Print] = {}
        for step in in_steps({each for newcomer in newcomers for each in newcomer.hashes}):
            rows = session.execute(
                select(
                    FingerprintRecord.hash,
                    ArticleRecord.id,
                    ArticleRecord.duplicate_of,
                    ArticleRecord.wordcount,
                )
                .join(ArticleRecord, ArticleRecord.id == FingerprintRecord.article_id)
                .where(FingerprintRecord.hash.in_(step))
                .order_by(FingerprintRecord.hash, FingerprintRecord.article_id)
            )
            for hash_, article, original, words in rows:
                self._rows[hash_].append(
                    Row(hash_, ArticleId(article), ArticleId(original or article), words)
                )

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

    def add(self, article: ArticleId, print_: Print, original: ArticleId | None) -> None:
        """Take up a new article; ``original`` is the original of its family where it is a duplicate."""
        self._remember(article, print_)
        for each in hashes_to_store(print_, self._rows_of(print_), original):
            self._rows[each].append(Row(each, article, original or article, print_.words))
            self._added.append({"hash": each, "article_id": article})

    def regroup(self, originals: Mapping[ArticleId, ArticleId | None]) -> None:
        """Follow articles to their new families. Each stores its hashes anew: some may have been left out because
        the family it leaves had them."""
        for hash_, rows in self._rows.items():
            if any(row.article in originals for row in rows):
                self._rows[hash_] = [
                    row._replace(original=originals[row.article] or row.article)
                    if row.article in originals
                    else row
                    for row in rows
                ]
        for article, original in originals.items():
            self.add(article, self.print_of(article), original)

    def flush(self) -> None:
        """Write what was added."""
        if self._added:
            self._session.execute(
                inserting(self._session, FingerprintRecord).on_conflict_do_nothing(), self._added
            )
            self._added = []

    def _rows_of(self, print_: Print) -> list[Row]:
        return [row for each in print_.hashes for row in self._rows.get(each, ())]

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
    """Return all articles that links of whole texts join to ``article``, itself included, and those links."""
    members = {article}
    ahead = {article}
    links: dict[tuple[int, int], Link] = {}
    while ahead:
        around: set[ArticleId] = set()
        for step in in_steps(sorted(ahead)):
            sides = [
                select(RepeatRecord).where(side.in_(step), RepeatRecord.kind.in_(_FAMILY_KINDS))
                for side in (RepeatRecord.article_id, RepeatRecord.other_id)
            ]
            for record in session.scalars(select(RepeatRecord).from_statement(union_all(*sides))):
                links[record.article_id, record.other_id] = Link(
                    article=ArticleId(record.article_id),
                    other=ArticleId(record.other_id),
                    kind=RepeatKind(record.kind),
                    containment=record.containment,
                    jaccard=record.jaccard,
                )
                around |= {ArticleId(record.article_id), ArticleId(record.other_id)}
        ahead = around - members
        members |= ahead
    return _members(session, members), [links[key] for key in sorted(links)]


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


def set_originals(
    session: Session, originals: Mapping[ArticleId, ArticleId | None]
) -> dict[ArticleId, ArticleId | None]:
    """Store which article is the original of which; return those for which that is news."""
    held: dict[ArticleId, ArticleId | None] = {}
    for step in in_steps(sorted(originals)):
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.duplicate_of).where(ArticleRecord.id.in_(step))
        )
        held |= {ArticleId(id_): ArticleId(of) if of else None for id_, of in rows}
    changed = {article: original for article, original in originals.items() if held[article] != original}
    if changed:
        session.execute(
            update(ArticleRecord),
            [{"id": article, "duplicate_of": original} for article, original in sorted(changed.items())],
        )
    return changed


def remove_article(session: Session, article: ArticleId) -> set[ArticleId]:
    """Remove an article's fingerprints and links; return the articles it was linked to, or the original of."""
    around = {link.article for link in find_links(session, article)}
    family = session.scalars(select(ArticleRecord.id).where(ArticleRecord.duplicate_of == article))
    around |= {ArticleId(id_) for id_ in family}
    session.execute(
        update(ArticleRecord).where(ArticleRecord.duplicate_of == article).values(duplicate_of=None)
    )
    session.execute(delete(FingerprintRecord).where(FingerprintRecord.article_id == article))
    session.execute(
        delete(RepeatRecord).where(or_(RepeatRecord.article_id == article, RepeatRecord.other_id == article))
    )
    return around
