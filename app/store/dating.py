"""When texts were published, as their sightings say.

Law: of several dates of one text the earliest counts, whichever came first; and who carried it then is who published
it. A sighting that tells no date takes none away.
"""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Precision, Published
from app.store.batches import in_steps
from app.store.tables import ArticleRecord, SightingRecord

Dated = ArticleRecord | SightingRecord | Row[*tuple[Any, ...]]

_SIGHTED = (
    SightingRecord.article_id,
    SightingRecord.published,
    SightingRecord.precision,
    SightingRecord.not_after,
    SightingRecord.found_in,
)
_STORED = (
    ArticleRecord.id,
    ArticleRecord.published,
    ArticleRecord.precision,
    ArticleRecord.not_after,
    ArticleRecord.found_in,
)
# The order of articles that has nothing to do with their arrival: those without a date come last, and of one moment the
# digest of the text decides.
BY_DATE = (ArticleRecord.published.is_(None), ArticleRecord.published, ArticleRecord.digest)
# The order of sightings of one text: the first one's date is the article's, and its source that of the first there is.
EARLIEST = (
    SightingRecord.published.is_(None),
    SightingRecord.published,
    SightingRecord.not_after.is_(None),
    SightingRecord.not_after,
    SightingRecord.id,
)


def columns_of(published: Published) -> dict[str, object]:
    """Return the columns that hold a date of publication."""
    return {
        "published": published.at,
        "precision": published.precision.value if published.precision else None,
        "not_after": published.not_after,
        "found_in": published.found_in,
    }


def published_of(record: Dated) -> Published:
    """Return when an article was published, as it is stored."""
    return Published(
        at=record.published,
        precision=Precision(record.precision) if record.precision else None,
        not_after=record.not_after,
        found_in=record.found_in,
    )


def find_redated(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Published]:
    """Return those of ``articles`` whose sightings tell another date than is stored for them, with that date."""
    found: dict[ArticleId, Published] = {}
    for step in in_steps(sorted(articles)):
        sighted = session.execute(
            select(*_SIGHTED)
            .where(SightingRecord.article_id.in_(step))
            .order_by(SightingRecord.article_id, *EARLIEST)
        )
        told = {article: published_of(next(rows)) for article, rows in groupby(sighted, key=_article)}
        for row in session.execute(select(*_STORED).where(ArticleRecord.id.in_(list(told)))):
            if (date := told[ArticleId(row.id)]) != published_of(row):
                found[ArticleId(row.id)] = date
    return found


def _article(row: Row[*tuple[Any, ...]]) -> ArticleId:
    return ArticleId(row.article_id)


def redate(session: Session, dates: Mapping[ArticleId, Published]) -> None:
    """Write down when articles were published."""
    for article, published in sorted(dates.items()):
        session.execute(
            update(ArticleRecord).where(ArticleRecord.id == article).values(columns_of(published))
        )
