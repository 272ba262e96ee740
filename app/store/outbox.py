"""The outbox: which articles' index entries may be out of date, and what those entries ought to be.

Law: a note is written in the transaction that changed the article, and handled notes are deleted by id, never by
range: ids can commit out of order.
"""

from collections.abc import Collection, Iterator, Sequence

import xxhash
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Published, StoryId
from app.domain.entry import Entry
from app.domain.furniture import without
from app.domain.text import host_of
from app.store.furniture import Mask, masks_of
from app.store.sources import Carriers, carriers_of
from app.store.tables import ArticleRecord, OutboxRecord

_BATCH = 500

_WAITING = select(func.count()).select_from(OutboxRecord)


def note(session: Session, articles: Collection[ArticleId]) -> None:
    """Write down that the entries of ``articles`` are to be made anew."""
    if articles:
        session.execute(insert(OutboxRecord), [{"article_id": article} for article in sorted(articles)])


def pending(session: Session, most: int) -> list[tuple[int, ArticleId]]:
    """Return the ``most`` oldest notes: their ids and articles."""
    rows = session.execute(
        select(OutboxRecord.id, OutboxRecord.article_id).order_by(OutboxRecord.id).limit(most)
    )
    return [(id_, ArticleId(article)) for id_, article in rows]


def waiting(session: Session) -> int:
    """Return how many notes there are."""
    return session.connection().scalar(_WAITING) or 0


def settle(session: Session, notes: Sequence[int]) -> None:
    """Delete exactly these notes."""
    for start in range(0, len(notes), _BATCH):
        session.execute(delete(OutboxRecord).where(OutboxRecord.id.in_(notes[start : start + _BATCH])))


def entries(session: Session, articles: Collection[ArticleId]) -> Iterator[Entry]:
    """Yield the index entries of those ``articles`` that exist and are in sight, as the database has them now."""
    wanted = sorted(articles)
    for start in range(0, len(wanted), _BATCH):
        step = wanted[start : start + _BATCH]
        carriers, masks = carriers_of(session, step), masks_of(session, step)
        for record in session.scalars(_in_sight(step)):
            article = ArticleId(record.id)
            yield _entry(record, carriers.get(article, ()), masks.get(article, frozenset()))
        session.expunge_all()


def article_ids(session: Session) -> Iterator[ArticleId]:
    """Yield the id of every article in sight, ascending."""
    in_sight = select(ArticleRecord.id).where(ArticleRecord.hidden.is_(None)).order_by(ArticleRecord.id)
    for id_ in session.scalars(in_sight).yield_per(10_000):
        yield ArticleId(id_)


def _in_sight(articles: Sequence[ArticleId]) -> Select[ArticleRecord]:
    return select(ArticleRecord).where(ArticleRecord.id.in_(articles), ArticleRecord.hidden.is_(None))


def _entry(record: ArticleRecord, carriers: Carriers, mask: Mask) -> Entry:
    sources = tuple(name for name, _ in carriers)
    domains = tuple(
        sorted({each for each in (host_of(record.url), *(domain for _, domain in carriers)) if each})
    )
    original = ArticleId(record.duplicate_of or record.id)
    story = StoryId(record.story_id)
    published = Published(at=record.published).day
    seen = record.received.date()
    # The digest stands for headline, deck and body_text; the rest of what is indexed is spelt out.
    parts = (
        record.digest,
        original,
        story,
        published,
        seen,
        record.byline,
        sources,
        record.language,
        record.section,
        record.url,
        domains,
        *sorted(mask),
    )
    return Entry(
        article=ArticleId(record.id),
        original=original,
        story=story,
        headline=record.headline,
        deck=record.deck,
        body_text=without(record.body_text, mask),
        byline=record.byline,
        sources=sources,
        language=record.language,
        section=record.section,
        url=record.url,
        domains=domains,
        published=published,
        seen=seen,
        stamp=xxhash.xxh3_128_hexdigest("\x1f".join(map(str, parts)).encode()),
    )
