"""Captures as files: where an article stands in them, and what of them is not to be seen."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId
from app.domain.decision import Hidden
from app.store.database import erasing
from app.store.tables import (
    ArticleRecord,
    CaptureRecord,
    ItemRecord,
    MaskRecord,
    ReadingRecord,
    SightingRecord,
)

Runs = tuple[tuple[int, int], ...]


def find_runs(session: Session, article: ArticleId) -> dict[str, Runs]:
    """Return the lines (first, last) on which an article stands, by capture: where it was sighted, and where a later
    version of the same file has it as well."""
    runs: dict[str, set[tuple[int, int]]] = defaultdict(set)
    sighted = select(SightingRecord.sha256, SightingRecord.first_line, SightingRecord.last_line).where(
        SightingRecord.article_id == article
    )
    read = (
        select(ReadingRecord.sha256, ItemRecord.first_line, ItemRecord.last_line)
        .join(ItemRecord, ItemRecord.reading_id == ReadingRecord.id)
        .where(ItemRecord.article_id == article, ItemRecord.delivery_id == ReadingRecord.delivery_id)
    )
    for query in (sighted, read):
        for sha256, first, last in session.execute(query):
            runs[sha256].add((first, last))
    return {sha256: tuple(sorted(found)) for sha256, found in runs.items()}


def find_erased(session: Session, sha256: str) -> dict[int, set[ArticleId]]:
    """Return the articles of a capture that were erased, by the first of the lines on which each stood."""
    sighted = select(SightingRecord.first_line, SightingRecord.article_id).where(
        SightingRecord.sha256 == sha256
    )
    read = (
        select(ItemRecord.first_line, ItemRecord.article_id)
        .join(ReadingRecord, ReadingRecord.id == ItemRecord.reading_id)
        .where(ReadingRecord.sha256 == sha256)
    )
    found: dict[int, set[ArticleId]] = defaultdict(set)
    places = {(line, article) for query in (sighted, read) for line, article in session.execute(query)}
    erased = select(ArticleRecord.id).where(
        ArticleRecord.id.in_({article for _, article in places}), ArticleRecord.hidden == Hidden.ERASED
    )
    gone = set(session.scalars(erased))
    for line, article in places:
        if article in gone:
            found[line].add(ArticleId(article))
    return dict(found)


def find_withdrawn(session: Session, sha256: str) -> list[ArticleId]:
    """Return the articles of a capture that are kept out of sight and whose text is still there."""
    rows = session.scalars(
        select(ArticleRecord.id)
        .join(ItemRecord, ItemRecord.article_id == ArticleRecord.id)
        .join(ReadingRecord, ReadingRecord.id == ItemRecord.reading_id)
        .where(ReadingRecord.sha256 == sha256, ArticleRecord.hidden == Hidden.WITHDRAWN)
        .distinct()
    )
    return [ArticleId(id_) for id_ in rows]


def rewrite(session: Session, sha256: str, content: bytes, erased: Collection[tuple[int, int]]) -> None:
    """Put other bytes in the place of a capture's, without the lines of ``erased``."""
    erasing(session)
    held = session.scalars(select(CaptureRecord.erased).where(CaptureRecord.sha256 == sha256)).one()
    runs = {(first, last) for first, last in held} | set(erased)
    session.execute(
        update(CaptureRecord)
        .where(CaptureRecord.sha256 == sha256)
        .values(content=content, erased=[list(run) for run in sorted(runs)])
    )


def forget_text(session: Session, article: ArticleId) -> None:
    """Take the text out of an article and of what its sightings say was left out around it."""
    erasing(session)
    session.execute(delete(MaskRecord).where(MaskRecord.article_id == article))
    session.execute(
        update(ArticleRecord)
        .where(ArticleRecord.id == article)
        .values(
            title="",
            headline=None,
            deck=None,
            byline=None,
            dateline=None,
            section=None,
            body_text="",
            url=None,
            found_in=None,
            vector=b"",
        )
    )
    session.execute(update(SightingRecord).where(SightingRecord.article_id == article).values(dropped=[]))
