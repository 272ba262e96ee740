"""Sources in the database, and which of them carried an article.

Law: sightings say who carried a text; an article's own source is that of its first sighting that names one.
"""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, SourceId
from app.domain.views import Listing, SourceRow
from app.store.batches import in_steps
from app.store.dating import EARLIEST
from app.store.tables import ArticleRecord, SightingRecord, SourceRecord


def source_id(session: Session, name: str | None, domain: str | None = None) -> SourceId | None:
    """Return the id of the source called ``name``, adding it when it is new; None stays None. ``domain`` is where it
    publishes, if that is not known yet."""
    if name is None:
        return None
    record = session.scalar(select(SourceRecord).where(SourceRecord.name == name))
    if record is None:
        record = SourceRecord(name=name)
        session.add(record)
    record.domain = record.domain or domain
    session.flush()
    return SourceId(record.id)


def find_source(session: Session, name: str | None) -> SourceId | None:
    """Return the id of the source called ``name``, or one that no source has; None stays None."""
    if name is None:
        return None
    return SourceId(session.scalar(select(SourceRecord.id).where(SourceRecord.name == name)) or -1)


def settle_source(session: Session, articles: Collection[ArticleId]) -> None:
    """Write down anew who carried ``articles`` first, after their sightings have changed."""
    first = (
        select(SightingRecord.source_id)
        .where(SightingRecord.article_id == ArticleRecord.id, SightingRecord.source_id.is_not(None))
        .order_by(*EARLIEST)
        .limit(1)
        .scalar_subquery()
    )
    for step in in_steps(sorted(articles)):
        session.execute(update(ArticleRecord).where(ArticleRecord.id.in_(step)).values(source_id=first))


Carriers = tuple[tuple[str, str | None], ...]  # name and domain


def carriers_of(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Carriers]:
    """Return the names and domains of all sources that carried each of ``articles``, in alphabetical order; those that
    none carried are left out."""
    carriers: dict[ArticleId, Carriers] = {}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(SightingRecord.article_id, SourceRecord.name, SourceRecord.domain)
            .join(SourceRecord, SourceRecord.id == SightingRecord.source_id)
            .where(SightingRecord.article_id.in_(step))
            .distinct()
        )
        for article, name, domain in rows:
            carriers[ArticleId(article)] = (*carriers.get(ArticleId(article), ()), (name, domain))
    return {article: tuple(sorted(names, key=_name)) for article, names in carriers.items()}


def _name(carrier: tuple[str, str | None]) -> str:
    return carrier[0]


def list_sources(session: Session, *, page: int, page_size: int) -> Listing[SourceRow]:
    """Return one page of the sources, by name, with what each carried that is in sight."""
    seen = (
        select(SightingRecord.id, SightingRecord.article_id, SightingRecord.source_id)
        .join(ArticleRecord, ArticleRecord.id == SightingRecord.article_id)
        .where(ArticleRecord.hidden.is_(None))
        .subquery()
    )
    total = session.scalar(select(func.count()).select_from(SourceRecord)) or 0
    rows = session.execute(
        select(
            SourceRecord.id,
            SourceRecord.name,
            SourceRecord.domain,
            func.count(seen.c.article_id.distinct()).label("articles"),
            func.count(seen.c.id).label("sightings"),
        )
        .outerjoin(seen, seen.c.source_id == SourceRecord.id)
        .group_by(SourceRecord.id, SourceRecord.name, SourceRecord.domain)
        .order_by(func.lower(SourceRecord.name), SourceRecord.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Listing(
        total=total,
        page=page,
        page_size=page_size,
        rows=tuple(
            SourceRow(id=SourceId(id_), name=name, domain=domain, articles=articles, sightings=sightings)
            for id_, name, domain, articles, sightings in rows
        ),
    )
