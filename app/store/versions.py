"""Versions: the texts that stood at one address, or that a publisher sent under one name, one after the other."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, and_, bindparam, func, select, union, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.article import ArticleId
from app.domain.views import VersionView
from app.store.articles import find_briefs
from app.store.tables import ArticleRecord, SightingRecord

_MOST = 50  # an address of a front page has a new text every hour


def find_versions(session: Session, article: ArticleId) -> tuple[VersionView, ...]:
    """Return the articles that were seen at the addresses of an article, or under its names, itself among them; none
    where it is the only one, and of very many the newest. They stand in the order of their numbers, where their
    publisher gave all of them one, else in order of arrival."""
    beside = union(_sharing(SightingRecord.url, article), _sharing(SightingRecord.name, article))
    first = func.min(SightingRecord.id)
    rows = session.execute(
        select(
            SightingRecord.article_id,
            func.min(SightingRecord.received).label("received"),
            func.min(ArticleRecord.version).label("number"),
            first,
        )
        .join(ArticleRecord, ArticleRecord.id == SightingRecord.article_id)
        .where(SightingRecord.id.in_(beside), ArticleRecord.hidden.is_(None))
        .group_by(SightingRecord.article_id)
        .order_by(first.desc())
        .limit(_MOST)
    ).all()
    if len(rows) < 2:
        return ()
    briefs = find_briefs(session, [ArticleId(row.article_id) for row in rows])
    arrived = rows[::-1]
    is_numbered = all(row.number is not None for row in rows)
    return tuple(
        VersionView(article=briefs[ArticleId(row.article_id)], received=row.received, number=row.number)
        for row in (sorted(arrived, key=lambda row: row.number) if is_numbered else arrived)
    )


def find_newest(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, ArticleId]:
    """Return the newest version of each of some articles, in the order of ``find_versions``, where that is another
    one."""
    beside: dict[int, dict[int, tuple[int | None, int]]] = defaultdict(dict)
    for own, other, number, first in session.connection().execute(_BESIDE, {"articles": sorted(articles)}):
        known = beside[own].get(other, (number, first))
        beside[own][other] = number, min(first, known[1])
    newest = {}
    for own, others in beside.items():
        is_numbered = all(number is not None for number, _ in others.values())
        last = max(others, key=lambda other: (others[other][0] or 0) if is_numbered else others[other][1])
        if last != own:
            newest[ArticleId(own)] = ArticleId(last)
    return newest


def _beside(name: str) -> Select[int, int, int | None, int]:
    """Return the articles that share what stands in a column with each of ``articles``, with number and first
    sighting."""
    mine, theirs = aliased(SightingRecord), aliased(SightingRecord)
    own, other = getattr(mine, name), getattr(theirs, name)
    return (
        select(mine.article_id, theirs.article_id, func.min(ArticleRecord.version), func.min(theirs.id))
        .join(theirs, and_(own == other, other != ""))
        .join(ArticleRecord, ArticleRecord.id == theirs.article_id)
        .where(
            mine.article_id.in_(bindparam("articles", expanding=True)),
            own != "",
            ArticleRecord.hidden.is_(None),
        )
        .group_by(mine.article_id, theirs.article_id)
    )


# Every page of results asks this: making the statement takes three times as long as its answer.
_BESIDE = union_all(_beside("url"), _beside("name"))


def _sharing(column: InstrumentedAttribute[str], article: ArticleId) -> Select[int]:
    """Return the sightings that have what a sighting of an article has in a column, if that is anything."""
    own = select(column).where(SightingRecord.article_id == article, column != "")
    return select(SightingRecord.id).where(column.in_(own), column != "")
