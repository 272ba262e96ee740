"""Articles and their sightings in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, Select, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from app.domain.article import (
    ArticleId,
    DeliveryId,
    Draft,
    DroppedLine,
    Published,
    SourceId,
    StoryId,
    TitleFrom,
)
from app.domain.decision import Action, Hidden
from app.domain.entry import Shown
from app.domain.furniture import without
from app.domain.query import Brief, StoryRef
from app.domain.text import wordcount
from app.domain.views import SightingView, Totals
from app.errors import NewsfoldError, NotFoundError, WithdrawnError
from app.store import furniture
from app.store.batches import in_steps
from app.store.dating import columns_of, published_of
from app.store.decisions import last_about
from app.store.tables import (
    ArticleRecord,
    CaptureRecord,
    ItemRecord,
    MaskRecord,
    ReadingRecord,
    SightingRecord,
    SourceRecord,
    StoryRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What has to be known of a stored article when its text comes in again."""

    article: ArticleId
    duplicate_of: ArticleId | None
    story: StoryId | None
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSighting:
    """One appearance of an article's text, to be added."""

    article: ArticleId
    source: SourceId | None
    url: str | None
    name: str | None
    place: str
    file: str
    nth: int
    delivery: DeliveryId
    received: datetime
    sha256: str
    first_line: int
    last_line: int
    dropped: Sequence[DroppedLine]
    published: Published


# Statements that every text runs through, compiled once and outside of the ORM.
_ADDING = insert(ArticleRecord).returning(ArticleRecord.id)
_SEEN_THERE = (
    select(SightingRecord.id)
    .where(
        SightingRecord.article_id == bindparam("article"),
        func.coalesce(SightingRecord.source_id, 0) == bindparam("source"),
    )
    .limit(2)
)

_STANDING = (
    select(ArticleRecord, SourceRecord.name, StoryRecord.headline, StoryRecord.size)
    .join(StoryRecord, StoryRecord.id == ArticleRecord.story_id)
    .outerjoin(SourceRecord, SourceRecord.id == ArticleRecord.source_id)
    .where(ArticleRecord.id == bindparam("article"))
)
# Every page of results asks this: columns cost three quarters of what records do.
_SHOWN = (
    select(
        ArticleRecord.id,
        ArticleRecord.title,
        ArticleRecord.title_from,
        ArticleRecord.body_text,
        ArticleRecord.language,
        ArticleRecord.published,
        ArticleRecord.precision,
        ArticleRecord.not_after,
        ArticleRecord.found_in,
        ArticleRecord.duplicate_of,
        ArticleRecord.story_id,
        SourceRecord.name.label("source"),
        StoryRecord.headline.label("story"),
        StoryRecord.size,
        MaskRecord.lines,
    )
    .join(StoryRecord, StoryRecord.id == ArticleRecord.story_id)
    .outerjoin(SourceRecord, SourceRecord.id == ArticleRecord.source_id)
    .outerjoin(MaskRecord, MaskRecord.article_id == ArticleRecord.id)
    .where(ArticleRecord.id.in_(bindparam("articles", expanding=True)))
)


def add_article(
    session: Session,
    draft: Draft,
    *,
    digest: str,
    title: str,
    title_from: TitleFrom,
    received: datetime,
) -> ArticleId:
    """Add an article; its story and its sightings are still to be said, in the same transaction."""
    added = {
        "digest": digest,
        "title": title,
        "title_from": title_from.value,
        "headline": draft.headline,
        "deck": draft.deck,
        "byline": draft.byline,
        "dateline": draft.dateline,
        "body_text": draft.body_text,
        "language": draft.language,
        "section": draft.section,
        "status": draft.status,
        "version": draft.version,
        "wordcount": wordcount(draft.body_text),
        "url": draft.url,
        **columns_of(draft.published),
        "received": received,
        "vector": b"",
    }
    return ArticleId(session.connection().execute(_ADDING, added).scalar_one())


def find_by_digest(session: Session, digests: Collection[str]) -> dict[str, Known]:
    """Return those articles whose digest is among ``digests``."""
    found: dict[str, Known] = {}
    for step in in_steps(sorted(digests)):
        rows = session.execute(select(ArticleRecord.digest, *_KNOWN).where(ArticleRecord.digest.in_(step)))
        for digest, id_, duplicate_of, story, hidden in rows:
            found[digest] = _known(id_, duplicate_of, story, hidden)
    return found


def find_known(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Known]:
    """Return those of ``articles`` that exist, as they stand now."""
    found: dict[ArticleId, Known] = {}
    for step in in_steps(sorted(set(articles))):
        for known in session.execute(select(*_KNOWN).where(ArticleRecord.id.in_(step))):
            found[ArticleId(known.id)] = _known(*known)
    return found


_KNOWN = (ArticleRecord.id, ArticleRecord.duplicate_of, ArticleRecord.story_id, ArticleRecord.hidden)


def _known(id_: int, duplicate_of: int | None, story: int | None, hidden: str | None) -> Known:
    return Known(
        article=ArticleId(id_),
        duplicate_of=ArticleId(duplicate_of) if duplicate_of else None,
        story=StoryId(story) if story else None,
        hidden=Hidden(hidden) if hidden else None,
    )


def add_sighting(session: Session, sighting: NewSighting) -> bool:
    """Add a sighting; return False when this very one was known (article, source, url, place and occurrence)."""
    added = session.connection().execute(
        _sighting_insert(session.get_bind().dialect.name),
        {
            "article_id": sighting.article,
            "source_id": sighting.source,
            "url": sighting.url or "",
            "name": sighting.name or "",
            "place": sighting.place,
            "file": sighting.file,
            "nth": sighting.nth,
            "delivery_id": sighting.delivery,
            "received": sighting.received,
            "sha256": sighting.sha256,
            "first_line": sighting.first_line,
            "last_line": sighting.last_line,
            "dropped": [[each.line, each.text, each.rule] for each in sighting.dropped],
            **columns_of(sighting.published),
        },
    )
    return added.scalar() is not None


@cache
def _sighting_insert(dialect: str) -> Executable:
    """Return the one statement by which sightings are added, so that it is compiled once."""
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert_into(SightingRecord).on_conflict_do_nothing().returning(SightingRecord.id)


def is_first_there(session: Session, sighting: NewSighting) -> bool:
    """Return whether a sighting, just added, is the first of its article at its source."""
    told = {"article": sighting.article, "source": sighting.source or 0}
    there = session.connection().execute(_SEEN_THERE, told)
    return len(there.all()) == 1


def sightings_in(
    session: Session, *, sha256: str, source: SourceId | None, place: str
) -> dict[tuple[ArticleId, int], int]:
    """Return the sightings in a capture at a place: (article, occurrence) → sighting. Without a source, those whose
    source the texts themselves told, or nobody."""
    others = select(ReadingRecord.source_id).where(
        ReadingRecord.sha256 == sha256, ReadingRecord.place == place, ReadingRecord.source_id.is_not(None)
    )
    own = SightingRecord.source_id
    carried = own == source if source else or_(own.is_(None), own.not_in(others))
    rows = session.execute(
        select(SightingRecord.article_id, SightingRecord.nth, SightingRecord.id).where(
            SightingRecord.sha256 == sha256, SightingRecord.place == place, carried
        )
    )
    return {(ArticleId(article), nth): id_ for article, nth, id_ in rows}


def find_spans(session: Session, sightings: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the lines (first, last) of sightings."""
    spans: dict[int, tuple[int, int]] = {}
    for step in in_steps(sorted(sightings)):
        rows = session.execute(
            select(SightingRecord.id, SightingRecord.first_line, SightingRecord.last_line).where(
                SightingRecord.id.in_(step)
            )
        )
        spans.update((id_, (first, last)) for id_, first, last in rows)
    return spans


def set_hidden(session: Session, article: ArticleId, hidden: Hidden | None) -> None:
    """Put an article out of sight, or back into it."""
    session.execute(update(ArticleRecord).where(ArticleRecord.id == article).values(hidden=hidden))


def set_status(session: Session, article: ArticleId, status: str) -> None:
    """Write down what the publisher of a stored article says of it now."""
    session.execute(update(ArticleRecord).where(ArticleRecord.id == article).values(status=status))


def set_version(session: Session, article: ArticleId, version: int) -> None:
    """Write down the number that the publisher of a stored article gives its text, where none is known."""
    session.execute(
        update(ArticleRecord)
        .where(ArticleRecord.id == article, ArticleRecord.version.is_(None))
        .values(version=version)
    )


def readdress(session: Session, sighting: int, url: str | None) -> None:
    """Give a sighting another address, where no other sighting of the text stands at that place with it."""
    record = session.get_one(SightingRecord, sighting)
    if record.url == (url or ""):
        return
    there = session.scalar(
        select(SightingRecord.id).where(
            SightingRecord.article_id == record.article_id,
            SightingRecord.source_id.is_not_distinct_from(record.source_id),
            SightingRecord.url == (url or ""),
            SightingRecord.place == record.place,
            SightingRecord.nth == record.nth,
        )
    )
    if there is None:
        record.url = url or ""
        session.flush()


def move_sighting(session: Session, sighting: int, draft: Draft) -> None:
    """Give a sighting the span, the date, and the lines left out around it, that a new reading found."""
    session.execute(
        update(SightingRecord)
        .where(SightingRecord.id == sighting)
        .values(
            name=draft.name or "",
            first_line=draft.first_line,
            last_line=draft.last_line,
            dropped=[(each.line, each.text, each.rule) for each in draft.dropped],
            **columns_of(draft.published),
        )
    )


def hand_over(session: Session, sighting: int, article: ArticleId, not_reading: int) -> bool:
    """Let a sighting that one reading does not confirm any more stand for another reading of the same source and place
    that still gives the article (an edited file, another ``split``); return whether there is one."""
    record = session.get_one(SightingRecord, sighting)
    other = session.execute(
        select(ReadingRecord.sha256, ItemRecord.first_line, ItemRecord.last_line)
        .join(
            ItemRecord,
            (ItemRecord.reading_id == ReadingRecord.id)
            & (ItemRecord.delivery_id == ReadingRecord.delivery_id),
        )
        .where(
            ItemRecord.article_id == article,
            ReadingRecord.id != not_reading,
            ReadingRecord.complete,
            ReadingRecord.place == record.place,
            or_(ReadingRecord.source_id.is_(None), ReadingRecord.source_id == record.source_id),
        )
        .order_by(ReadingRecord.id)
        .limit(1)
    ).one_or_none()
    if other is None:
        return False
    record.sha256, record.first_line, record.last_line = other
    session.flush()
    return True


def remove_sightings(session: Session, sightings: Collection[int]) -> None:
    """Remove sightings that a new reading does not confirm; who carried their articles is still to be settled."""
    for step in in_steps(sorted(sightings)):
        session.execute(delete(SightingRecord).where(SightingRecord.id.in_(step)))


def without_sighting(session: Session, articles: Collection[ArticleId]) -> list[ArticleId]:
    """Return those of ``articles`` that no sighting is left of."""
    seen: set[int] = set()
    for step in in_steps(sorted(articles)):
        seen.update(
            session.scalars(select(SightingRecord.article_id).where(SightingRecord.article_id.in_(step)))
        )
    return sorted(article for article in articles if article not in seen)


def find_text(session: Session, article: ArticleId) -> Draft:
    """Return an article's text as the draft it once was, without a span."""
    return _draft(session.get_one(ArticleRecord, article))


def find_compared(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Draft]:
    """Return the texts of articles in the same way, without the lines that are left out when they are compared."""
    masks = furniture.masks_of(session, articles)
    found: dict[ArticleId, Draft] = {}
    for step in in_steps(articles):
        for record in session.scalars(select(ArticleRecord).where(ArticleRecord.id.in_(step))):
            draft, mask = _draft(record), masks.get(ArticleId(record.id), ())
            found[ArticleId(record.id)] = replace(draft, body_text=without(draft.body_text, mask))
    return found


def _draft(record: ArticleRecord) -> Draft:
    return Draft(
        headline=record.headline,
        deck=record.deck,
        body_text=record.body_text,
        language=record.language,
        published=published_of(record),
        first_line=0,
        last_line=0,
    )


def find_title(session: Session, article: ArticleId) -> str:
    """Return what is shown as the title of an article."""
    return session.scalars(select(ArticleRecord.title).where(ArticleRecord.id == article)).one()


def delete_articles(session: Session, articles: Collection[ArticleId]) -> None:
    """Delete articles that nothing points at any more."""
    for step in in_steps(sorted(articles)):
        session.execute(delete(MaskRecord).where(MaskRecord.article_id.in_(step)))
        session.execute(delete(ArticleRecord).where(ArticleRecord.id.in_(step)))


def brief_of(record: ArticleRecord | Row[*tuple[Any, ...]], source: str | None) -> Brief:
    """Return an article in one row."""
    return Brief(
        id=ArticleId(record.id),
        title=record.title,
        title_from=TitleFrom(record.title_from),
        source=source,
        published=published_of(record),
        duplicate_of=ArticleId(record.duplicate_of) if record.duplicate_of else None,
    )


def find_briefs(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Brief]:
    """Return those of ``articles`` that exist, each in one row."""
    found = {}
    for step in in_steps(sorted(set(articles))):
        for record, source in session.execute(select_briefs().where(ArticleRecord.id.in_(step))):
            found[ArticleId(record.id)] = brief_of(record, source)
    return found


def select_briefs() -> Select[ArticleRecord, str]:
    """Select articles and the names of their sources, without the texts, which a brief does not show."""
    return (
        select(ArticleRecord, SourceRecord.name)
        .outerjoin(SourceRecord, SourceRecord.id == ArticleRecord.source_id)
        .where(ArticleRecord.hidden.is_(None))
        .options(defer(ArticleRecord.body_text))
    )


def find_shown(
    session: Session, articles: Collection[ArticleId]
) -> dict[ArticleId, tuple[Brief, StoryRef, Shown]]:
    """Return what result rows show of ``articles``: brief, story and text, as it is searched; those that are gone are
    left out."""
    rows = session.connection().execute(_SHOWN, {"articles": sorted(set(articles))})
    return {
        ArticleId(row.id): (
            brief_of(row, row.source),
            StoryRef(id=StoryId(row.story_id), headline=row.story, size=row.size),
            Shown(
                article=ArticleId(row.id),
                title=row.title,
                body_text=without(row.body_text, furniture.mask_of(row.lines)),
                title_from=TitleFrom(row.title_from),
                language=row.language,
            ),
        )
        for row in rows
    }


def find_headlines(session: Session, articles: Sequence[ArticleId]) -> list[tuple[str, str | None]]:
    """Return the printed headlines of ``articles``, in no order, each with its language."""
    rows = session.execute(
        select(ArticleRecord.headline, ArticleRecord.language).where(ArticleRecord.id.in_(articles))
    )
    return [(headline, language) for headline, language in rows if headline]


def find_article(session: Session, article: ArticleId) -> tuple[ArticleRecord, str | None, StoryRef]:
    """Return an article with the name of its source and its story; raise ``NotFoundError`` when there is none in
    sight."""
    row = session.execute(_STANDING, {"article": article}).one_or_none()
    if row is None:
        raise missing(session, article)
    record, source, headline, size = row
    return record, source, StoryRef(id=StoryId(record.story_id), headline=headline, size=size)


def missing(session: Session, article: ArticleId) -> NewsfoldError:
    """Return why there is no such article in sight: nobody knows it, or a person withdrew or erased it."""
    hidden = session.scalar(select(ArticleRecord.hidden).where(ArticleRecord.id == article))
    decision = last_about(session, article, (Action.WITHDRAW, Action.ERASE)) if hidden else None
    if decision is None:
        return NotFoundError("article", article)
    return WithdrawnError(
        article, erased=hidden == Hidden.ERASED, day=decision.made.date(), reason=decision.why
    )


def find_sightings(session: Session, article: ArticleId) -> tuple[SightingView, ...]:
    """Return where an article was seen, in order of arrival."""
    rows = session.execute(
        select(SightingRecord, SourceRecord.name)
        .outerjoin(SourceRecord, SourceRecord.id == SightingRecord.source_id)
        .where(SightingRecord.article_id == article)
        .order_by(SightingRecord.id)
    )
    return tuple(
        SightingView(
            delivery=DeliveryId(record.delivery_id),
            file=record.file,
            first_line=record.first_line,
            last_line=record.last_line,
            received=record.received,
            source=source,
            url=record.url or None,
            capture=record.sha256,
            published=published_of(record),
        )
        for record, source in rows
    )


def find_dropped(session: Session, article: ArticleId) -> tuple[DroppedLine, ...]:
    """Return the lines left out around the first sighting of an article."""
    dropped = session.scalar(
        select(SightingRecord.dropped)
        .where(SightingRecord.article_id == article)
        .order_by(SightingRecord.id)
        .limit(1)
    )
    return tuple(DroppedLine(line=line, text=text, rule=rule) for line, text, rule in dropped or ())


def find_capture(session: Session, article: ArticleId) -> tuple[CaptureRecord, str]:
    """Return the capture of the first sighting of an article and the file's name; raise ``NotFoundError``."""
    row = session.execute(
        select(CaptureRecord, SightingRecord.file)
        .join(SightingRecord, SightingRecord.sha256 == CaptureRecord.sha256)
        .join(ArticleRecord, ArticleRecord.id == SightingRecord.article_id)
        .where(SightingRecord.article_id == article, ArticleRecord.hidden.is_(None))
        .order_by(SightingRecord.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise missing(session, article)
    return row


def newest_ids(session: Session) -> tuple[ArticleId | None, StoryId | None]:
    """Return the highest ids of an article and of a story there are."""
    article = session.scalar(select(func.max(ArticleRecord.id)))
    story = session.scalar(select(func.max(StoryRecord.id)))
    return ArticleId(article) if article else None, StoryId(story) if story else None


def count_all(session: Session) -> Totals:
    """Return how many articles, originals and stories there are."""
    articles, duplicates = session.execute(
        select(func.count(ArticleRecord.id), func.count(ArticleRecord.duplicate_of)).where(
            ArticleRecord.hidden.is_(None)
        )
    ).one()
    stories = session.scalar(select(func.count()).select_from(StoryRecord)) or 0
    return Totals(articles=articles, originals=articles - duplicates, stories=stories)
