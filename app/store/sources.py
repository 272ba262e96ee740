"""Sources in the database."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.article import SourceId
from app.domain.views import Listing, SourceRow
from app.store.tables import SightingRecord, SourceRecord


def source_id(session: Session, name: str | None) -> SourceId | None:
    """Return the id of the source called ``name``, adding it when it is new; None stays None."""
    if name is None:
        return None
    found = session.scalar(select(SourceRecord.id).where(SourceRecord.name == name))
    if found is None:
        record = SourceRecord(name=name)
        session.add(record)
        session.flush()
        found = record.id
    return SourceId(found)


def find_source(session: Session, name: str | None) -> SourceId | None:
    """Return the id of the source called ``name``, or one that no source has; None stays None."""
    if name is None:
        return None
    return SourceId(session.scalar(select(SourceRecord.id).where(SourceRecord.name == name)) or -1)


def list_sources(session: Session, *, page: int, page_size: int) -> Listing[SourceRow]:
    """Return one page of the sources, by name."""
    total = session.scalar(select(func.count()).select_from(SourceRecord)) or 0
    rows = session.execute(
        select(
            SourceRecord.id,
            SourceRecord.name,
            SourceRecord.domain,
            func.count(SightingRecord.article_id.distinct()).label("articles"),
            func.count(SightingRecord.id).label("sightings"),
        )
        .outerjoin(SightingRecord, SightingRecord.source_id == SourceRecord.id)
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
