"""The links of an archive that are most worth a look."""

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.article import ArticleId, RepeatKind
from app.domain.ruling import RulingKind
from app.domain.views import DoubtfulView, Listing
from app.store.articles import find_briefs
from app.store.tables import ArticleRecord, DecisionRecord, RepeatRecord

_RULINGS = tuple(kind.value for kind in RulingKind)
_HERE, _THERE = aliased(ArticleRecord), aliased(ArticleRecord)


def list_doubtful(session: Session, *, page: int, page_size: int) -> Listing[DoubtfulView]:
    """Return one page of the links that fold one article under another, the most doubtful first, but for those of which
    a person has ruled."""
    unruled = _unruled()
    total = session.scalar(select(func.count()).select_from(unruled.subquery())) or 0
    order = RepeatRecord.doubt.desc(), RepeatRecord.article_id, RepeatRecord.other_id
    pairs = session.execute(unruled.order_by(*order).limit(page_size).offset((page - 1) * page_size)).all()
    found = [session.get_one(RepeatRecord, (article, other)) for article, other in pairs]
    briefs = find_briefs(session, [ArticleId(id_) for row in found for id_ in (row.article_id, row.other_id)])
    rows = tuple(
        DoubtfulView(
            article=briefs[ArticleId(row.article_id)],
            other=briefs[ArticleId(row.other_id)],
            kind=RepeatKind(row.kind),
            jaccard=row.jaccard,
            containment=row.containment,
            rule=row.evidence["rule"],
            shared_words=row.evidence["shared_words"],
            doubt=row.doubt or 0.0,
        )
        for row in found
    )
    return Listing(total=total, page=page, page_size=page_size, rows=rows)


def _unruled() -> Select[int, int]:
    ruled = exists().where(
        DecisionRecord.in_force,
        DecisionRecord.action.in_(_RULINGS),
        or_(_about(_HERE.digest, _THERE.digest), _about(_THERE.digest, _HERE.digest)),
    )
    return (
        select(RepeatRecord.article_id, RepeatRecord.other_id)
        .join(_HERE, _HERE.id == RepeatRecord.article_id)
        .join(_THERE, _THERE.id == RepeatRecord.other_id)
        .where(RepeatRecord.doubt.is_not(None), _family(_HERE) == _family(_THERE), ~ruled)
    )


def _family(article: type[ArticleRecord]) -> ColumnElement[int]:
    """The original of an article's family. What a digest contains is linked to it, but in no family with it."""
    return func.coalesce(article.duplicate_of, article.id)


def _about(one: SQLColumnExpression[str], other: SQLColumnExpression[str]) -> ColumnElement[bool]:
    return and_(DecisionRecord.digest == one, DecisionRecord.other_digest == other)
