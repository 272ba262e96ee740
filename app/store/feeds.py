"""Feeds in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.article import DeliveryId
from app.domain.feed import Feed, FeedId
from app.domain.views import Listing
from app.errors import NotFoundError
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import FeedRecord, SightingRecord


def add(
    session: Session, url: str, *, title: str | None, source: str | None, whole_pages: bool, now: datetime
) -> bool:
    """Add a feed, to be asked at once; return False where it is there."""
    added = session.scalar(
        inserting(session, FeedRecord)
        .values(
            url=url,
            title=title,
            source=source,
            whole_pages=whole_pages,
            added=now,
            ask_next=now,
            failures=0,
            articles=0,
            tried={},
        )
        .on_conflict_do_nothing()
        .returning(FeedRecord.id)
    )
    return added is not None


def find_by_url(session: Session, url: str) -> Feed | None:
    """Return the feed at an address."""
    record = session.scalar(select(FeedRecord).where(FeedRecord.url == url))
    return _feed(record) if record else None


def find(session: Session, feed: FeedId) -> Feed:
    """Return a feed; raise ``NotFoundError``."""
    record = session.get(FeedRecord, feed)
    if record is None:
        raise NotFoundError("feed", feed)
    return _feed(record)


def remove(session: Session, feed: FeedId) -> None:
    """Ask a feed no more; what it gave stays."""
    find(session, feed)
    session.execute(delete(FeedRecord).where(FeedRecord.id == feed))


def list_feeds(session: Session, *, page: int, page_size: int) -> Listing[Feed]:
    """Return one page of the feeds, those in trouble first, then by address."""
    total = session.scalar(select(func.count()).select_from(FeedRecord)) or 0
    records = session.scalars(
        select(FeedRecord)
        .order_by(FeedRecord.failures.desc(), FeedRecord.url)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Listing(total=total, page=page, page_size=page_size, rows=tuple(map(_feed, records)))


def claim_due(session: Session, *, now: datetime, until: datetime) -> Feed | None:
    """Return the feed that is to be asked first, if one is due, and let nobody else ask it for a while."""
    record = session.scalar(
        select(FeedRecord).where(FeedRecord.ask_next <= now).order_by(FeedRecord.ask_next).limit(1)
    )
    if record is None:
        return None
    feed = _feed(record)
    session.execute(update(FeedRecord).where(FeedRecord.id == record.id).values(ask_next=until))
    return feed


def is_any_due(session: Session, now: datetime) -> bool:
    """Return whether a feed is to be asked."""
    return session.scalar(select(FeedRecord.id).where(FeedRecord.ask_next <= now).limit(1)) is not None


def ask_again(session: Session, feed: FeedId, now: datetime) -> None:
    """Let a feed be asked at once."""
    find(session, feed)
    session.execute(update(FeedRecord).where(FeedRecord.id == feed).values(ask_next=now))


def ask_all(session: Session, now: datetime) -> None:
    """Let every feed be asked at once."""
    session.execute(update(FeedRecord).values(ask_next=now))


def tell_trouble(
    session: Session, feed: FeedId, *, asked: datetime, ask_next: datetime, failures: int, trouble: str
) -> None:
    """Write down what went wrong with a feed."""
    session.execute(
        update(FeedRecord)
        .where(FeedRecord.id == feed)
        .values(asked=asked, ask_next=ask_next, failures=failures, trouble=trouble)
    )


def tell_success(
    session: Session,
    feed: FeedId,
    *,
    asked: datetime,
    ask_next: datetime,
    etag: str | None,
    modified: str | None,
    body_digest: str | None,
    tried: Mapping[str, int],
) -> None:
    """Write down that a feed answered."""
    session.execute(
        update(FeedRecord)
        .where(FeedRecord.id == feed)
        .values(
            asked=asked,
            ask_next=ask_next,
            failures=0,
            trouble=None,
            etag=etag,
            modified=modified,
            body_digest=body_digest,
            tried=dict(tried),
        )
    )


def tell_brought(
    session: Session,
    feed: FeedId,
    *,
    at: datetime,
    delivery: DeliveryId | None,
    articles: int,
    title: str | None,
) -> None:
    """Write down that a feed had something new."""
    session.execute(
        update(FeedRecord)
        .where(FeedRecord.id == feed)
        .values(
            brought=at,
            delivery_id=delivery,
            articles=FeedRecord.articles + articles,
            title=func.coalesce(FeedRecord.title, title),
        )
    )


def known_addresses(session: Session, addresses: Collection[str]) -> frozenset[str]:
    """Return those of some addresses at which a text was seen."""
    found: set[str] = set()
    for step in in_steps(sorted(addresses)):
        found.update(session.scalars(select(SightingRecord.url).where(SightingRecord.url.in_(step))))
    return frozenset(found)


def _feed(record: FeedRecord) -> Feed:
    return Feed(
        id=FeedId(record.id),
        url=record.url,
        title=record.title,
        source=record.source,
        whole_pages=record.whole_pages,
        added=record.added,
        asked=record.asked,
        ask_next=record.ask_next,
        brought=record.brought,
        failures=record.failures,
        trouble=record.trouble,
        articles=record.articles,
        delivery=DeliveryId(record.delivery_id) if record.delivery_id else None,
        etag=record.etag,
        modified=record.modified,
        tried=record.tried,
        body_digest=record.body_digest,
    )
