"""Furniture in the database: what was learnt of each source, and what is left out of each article because of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, SourceId
from app.domain.furniture import Furniture, LineKey, without
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import ArticleRecord, FurnitureRecord, MaskRecord, SightingRecord, SourceRecord

Mask = frozenset[LineKey]
_NONE: Mask = frozenset()


def list_sources(session: Session) -> list[tuple[SourceId, str]]:
    """Return all sources, by name."""
    rows = session.execute(select(SourceRecord.id, SourceRecord.name).order_by(SourceRecord.name))
    return [(SourceId(id_), name) for id_, name in rows]


def texts_of(session: Session, source: SourceId) -> Iterator[str]:
    """Yield the texts in sight that a source carried, each once."""
    carried = select(SightingRecord.article_id).where(SightingRecord.source_id == source)
    texts = select(ArticleRecord.body_text).where(
        ArticleRecord.id.in_(carried), ArticleRecord.hidden.is_(None)
    )
    yield from session.scalars(texts.execution_options(yield_per=500))


def lines_of(session: Session, sources: Collection[SourceId]) -> dict[LineKey, int]:
    """Return the furniture of some sources, and how many articles of one of them print it."""
    rows = session.execute(
        select(FurnitureRecord.line, func.max(FurnitureRecord.articles))
        .where(FurnitureRecord.source_id.in_(sorted(sources)))
        .group_by(FurnitureRecord.line)
    )
    return {LineKey(line): articles for line, articles in rows}


def counts_of(session: Session, article: ArticleId) -> dict[LineKey, int | None]:
    """Return the lines that are left out of an article, and how many articles of one of its sources print each; None
    for a line that is furniture of none of them any more, and is left out until the job comes to the article."""
    mask = masks_of(session, [article]).get(article, _NONE)
    known = lines_of(session, carriers_in_sight(session, [article])[article]) if mask else {}
    return {line: known.get(line) for line in mask}


def set_furniture(session: Session, source: SourceId, found: Sequence[Furniture]) -> None:
    """Put what is furniture of a source now in the place of what was."""
    session.execute(delete(FurnitureRecord).where(FurnitureRecord.source_id == source))
    if found:
        rows = [{"source_id": source, "line": each.line, "articles": each.articles} for each in found]
        session.execute(insert(FurnitureRecord), rows)


def carriers_in_sight(
    session: Session, articles: Collection[ArticleId]
) -> dict[ArticleId, frozenset[SourceId]]:
    """Return the sources that carried each of ``articles``; articles out of sight, or without a source, have none."""
    found: dict[ArticleId, set[SourceId]] = {article: set() for article in articles}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(SightingRecord.article_id, SourceRecord.id)
            .join(SourceRecord, SourceRecord.id == SightingRecord.source_id)
            .join(ArticleRecord, ArticleRecord.id == SightingRecord.article_id)
            .where(
                SightingRecord.article_id.in_(step),
                ArticleRecord.hidden.is_(None),
            )
            .distinct()
        )
        for article, source in rows:
            found[ArticleId(article)].add(SourceId(source))
    return {article: frozenset(sources) for article, sources in found.items()}


def may_change(session: Session) -> list[ArticleId]:
    """Return the articles in sight whose mask may be another than it is: those of a source that has furniture, and
    those that have a mask."""
    with_furniture = select(SightingRecord.article_id).where(
        SightingRecord.source_id.in_(select(FurnitureRecord.source_id))
    )
    concerned = with_furniture.union(select(MaskRecord.article_id)).subquery()
    rows = session.scalars(
        select(ArticleRecord.id)
        .where(ArticleRecord.id.in_(select(concerned)), ArticleRecord.hidden.is_(None))
        .order_by(ArticleRecord.id)
    )
    return [ArticleId(id_) for id_ in rows]


def texts_with_masks(
    session: Session, articles: Collection[ArticleId]
) -> Iterator[tuple[ArticleId, str, Mask]]:
    """Yield the whole text of each of ``articles`` that exists, and its mask."""
    for step in in_steps(sorted(articles), 500):
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.body_text, MaskRecord.lines)
            .outerjoin(MaskRecord, MaskRecord.article_id == ArticleRecord.id)
            .where(ArticleRecord.id.in_(step))
        )
        for article, body_text, lines in rows:
            yield ArticleId(article), body_text, mask_of(lines)


def compared_texts(session: Session, articles: Collection[ArticleId]) -> Iterator[tuple[ArticleId, str]]:
    """Yield of each of ``articles`` that exists the text without what is left out."""
    for article, body_text, mask in texts_with_masks(session, articles):
        yield article, without(body_text, mask)


def masks_of(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Mask]:
    """Return the masks of those ``articles`` that have one."""
    found: dict[ArticleId, Mask] = {}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(MaskRecord.article_id, MaskRecord.lines).where(MaskRecord.article_id.in_(step))
        )
        found.update((ArticleId(article), mask_of(lines)) for article, lines in rows)
    return found


def set_masks(session: Session, masks: Mapping[ArticleId, Mask]) -> None:
    """Say what is left out of articles from now on; an empty mask leaves out nothing."""
    for step in in_steps(sorted(masks)):
        session.execute(delete(MaskRecord).where(MaskRecord.article_id.in_(step)))
    rows = [
        {"article_id": article, "lines": np.array(sorted(mask), "<i8").tobytes()}
        for article, mask in sorted(masks.items())
        if mask
    ]
    if rows:
        session.execute(inserting(session, MaskRecord), rows)


def mask_of(lines: bytes | None) -> Mask:
    """Return a mask as it is stored; none leaves out nothing."""
    return frozenset(map(LineKey, np.frombuffer(lines, "<i8").tolist())) if lines else _NONE
