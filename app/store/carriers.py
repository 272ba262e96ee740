"""Who carried a text: sightings of the text itself elsewhere, of its duplicates, and of what holds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Published, RepeatKind
from app.domain.carried import CarriedAs
from app.domain.views import Listing
from app.store.dating import published_of
from app.store.tables import ArticleRecord, RepeatRecord, SightingRecord, SourceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One who carried a text: a source, or where none is known a place. Of several sightings there, the first."""

    article: ArticleId
    carried_as: CarriedAs
    source: str | None
    file: str
    url: str | None
    published: Published
    received: datetime


def count_carriers(session: Session, original: ArticleId) -> int:
    """Return how many rows `list_carriers` has in all."""
    firsts = _first_sightings(session, original).subquery()
    return session.scalar(select(func.count()).select_from(firsts)) or 0


def list_carriers(session: Session, original: ArticleId, *, page: int, page_size: int) -> Listing[Carrier]:
    """Return one page of those who carried an original elsewhere, by publication where that is known, else by arrival.

    A source that carried two duplicates has two rows.
    """
    firsts = _first_sightings(session, original).subquery()
    rows = session.execute(
        select(SightingRecord, firsts.c.carried_as, SourceRecord.name)
        .join(firsts, firsts.c.sighting == SightingRecord.id)
        .outerjoin(SourceRecord, SourceRecord.id == SightingRecord.source_id)
        .order_by(func.coalesce(SightingRecord.published, SightingRecord.received), SightingRecord.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    carriers = tuple(
        Carrier(
            article=ArticleId(record.article_id),
            carried_as=CarriedAs(carried_as),
            source=source,
            file=record.file,
            url=record.url or None,
            published=published_of(record),
            received=record.received,
        )
        for record, carried_as, source in rows
    )
    total = count_carriers(session, original)
    return Listing(total=total, page=page, page_size=page_size, rows=carriers)


def _first_sightings(session: Session, original: ArticleId) -> Select[int, str]:
    """Select the first sighting of each article at each source, but for those of the original at its own source."""
    held = _held(original)
    place = case((SightingRecord.source_id.is_(None), SightingRecord.place), else_="")
    return (
        select(func.min(SightingRecord.id).label("sighting"), held.c.carried_as)
        .join(held, held.c.article == SightingRecord.article_id)
        .where(or_(held.c.carried_as != CarriedAs.SAME.value, ~_own(session, original)))
        .group_by(SightingRecord.article_id, held.c.carried_as, SightingRecord.source_id, place)
    )


def _own(session: Session, original: ArticleId) -> ColumnElement[bool]:
    """Whether a sighting of an original is its own: at the source named for it, or, where none is named, in the place
    where it was first seen."""
    source, place = session.execute(
        select(ArticleRecord.source_id, SightingRecord.place)
        .join(SightingRecord, SightingRecord.article_id == ArticleRecord.id)
        .where(ArticleRecord.id == original)
        .order_by(SightingRecord.id)
        .limit(1)
    ).one()
    unnamed = and_(SightingRecord.source_id.is_(None), SightingRecord.place == place)
    return or_(unnamed, func.coalesce(SightingRecord.source_id, 0) == source) if source else unnamed


def _held(original: ArticleId) -> Subquery:
    """Select the articles that carry an original, itself included, each once: article, carried_as."""
    holding = union_all(
        select(RepeatRecord.other_id.label("article")).where(
            RepeatRecord.article_id == original, RepeatRecord.kind == RepeatKind.PART.value
        ),
        select(RepeatRecord.article_id.label("article")).where(
            RepeatRecord.other_id == original, RepeatRecord.kind == RepeatKind.CONTAINS.value
        ),
    ).subquery()
    return union_all(
        select(literal(int(original)).label("article"), literal(CarriedAs.SAME.value).label("carried_as")),
        select(ArticleRecord.id, literal(CarriedAs.REPEATS.value)).where(
            ArticleRecord.duplicate_of == original, ArticleRecord.hidden.is_(None)
        ),
        select(ArticleRecord.id, literal(CarriedAs.HOLDS.value))
        .join(holding, holding.c.article == ArticleRecord.id)
        .where(func.coalesce(ArticleRecord.duplicate_of, 0) != original),
    ).subquery()
