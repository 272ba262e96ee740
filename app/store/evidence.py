"""Why articles are linked, and which of them is the original: what the database keeps of it, for a reader."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, RepeatKind
from app.domain.evidence import OriginalBecause, longest_passages, why_original
from app.domain.ruling import Ruling, RulingKind
from app.domain.views import RepeatView
from app.store import articles, decisions, repeats
from app.store.tables import RepeatRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Links of an article, the strongest first, how many there are in all, and why the original of its family is that
    (see `ArticleView`)."""

    repeats: tuple[RepeatView, ...]
    total: int
    original_because: OriginalBecause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedPair:
    """What is between two articles, each part None where there is nothing: the link that their texts gave, why one is
    the original of the other, and what a person ruled of the two."""

    link: RepeatView | None
    original_because: OriginalBecause | None
    ruling: RulingKind | None


def explain_links(
    session: Session, article: ArticleId, duplicate_of: ArticleId | None, *, most: int | None
) -> Explained:
    """Return the strongest links of an article as seen from it, at most so many (None: all), with what made them."""
    linked = or_(RepeatRecord.article_id == article, RepeatRecord.other_id == article)
    other = case((RepeatRecord.article_id == article, RepeatRecord.other_id), else_=RepeatRecord.article_id)
    strongest = (RepeatRecord.containment.desc(), RepeatRecord.jaccard.desc(), other)
    found = session.scalars(select(RepeatRecord).where(linked).order_by(*strongest).limit(most)).all()
    total = len(found)
    if total == most:
        total = session.scalar(select(func.count()).select_from(RepeatRecord).where(linked)) or 0
    # A chain of links, or a ruling, may have led to an article that it has no link to.
    family = duplicate_of or repeats.next_in_line(session, article)
    others = {_other(record, article) for record in found} | ({family} if family else set())
    reasons = _reasons(session, article, others, decisions.rulings_about(session, [article, *others]))
    return Explained(
        repeats=tuple(_views(session, article, found, reasons)),
        total=total,
        original_because=reasons[family] if family else None,
    )


def explain_pair(session: Session, article: ArticleId, other: ArticleId) -> ExplainedPair:
    """Return what is between two articles, as seen from the first."""
    pairs = ((article, other), (other, article))
    found = [record for pair in pairs if (record := session.get(RepeatRecord, pair))]
    rulings = decisions.rulings_about(session, [article, other])
    reasons = _reasons(session, article, {other}, rulings)
    return ExplainedPair(
        link=next(iter(_views(session, article, found, reasons)), None),
        original_because=reasons.get(other),
        ruling=next((each.kind for each in rulings[::-1] if (each.article, each.other) in pairs), None),
    )


def _views(
    session: Session,
    article: ArticleId,
    found: Collection[RepeatRecord],
    reasons: dict[ArticleId, OriginalBecause],
) -> list[RepeatView]:
    if not found:
        return []
    briefs = articles.find_briefs(session, [_other(record, article) for record in found])
    passages = [_passages(record, article) for record in found]
    longest = longest_passages(articles.find_compared(session, article).body_text, passages)
    return [
        RepeatView(
            article=briefs[_other(record, article)],
            kind=RepeatKind(record.kind) if record.article_id == article else RepeatKind(record.kind).inverse,
            jaccard=record.jaccard,
            containment=record.containment,
            rule=record.evidence["rule"],
            shared_words=record.evidence["shared_words"],
            passages=shown,
            passages_total=len(every),
            original_because=reasons.get(_other(record, article)),
        )
        for record, every, shown in zip(found, passages, longest, strict=True)
    ]


def _passages(record: RepeatRecord, article: ArticleId) -> list[tuple[int, int, int]]:
    """Return the passages of a link as seen from an article: the first word here and there, from 0, and the words."""
    told = record.evidence["passages"]
    if record.article_id == article:
        return [(here, there, words) for here, there, words in told]
    return [(here, there, words) for there, here, words in told]


def _other(record: RepeatRecord, article: ArticleId) -> ArticleId:
    return ArticleId(record.other_id if record.article_id == article else record.article_id)


def _reasons(
    session: Session, article: ArticleId, others: Collection[ArticleId], rulings: Collection[Ruling]
) -> dict[ArticleId, OriginalBecause]:
    """Return, for those of ``others`` that are the original of an article or have it for theirs, why that is so."""
    crowned = {each.article for each in rulings if each.kind is RulingKind.ORIGINAL}
    bound = {each.article for each in rulings if each.kind is RulingKind.REPEATS}
    # What another was ruled to repeat stays the original of all that came along with it.
    joined = {each.other for each in rulings if each.kind is RulingKind.REPEATS}
    standings = repeats.find_standings(session, {article, *others})
    here = standings.pop(article)
    found: dict[ArticleId, OriginalBecause] = {}
    for other in standings.values():
        if here.original == other.member.article:
            original, duplicate = other, here
        elif other.original == article:
            original, duplicate = here, other
        else:
            continue
        found[other.member.article] = why_original(
            original.member,
            duplicate.member,
            copies=duplicate.head == original.head,
            ruled=original.member.article in crowned
            or duplicate.member.article in bound
            or (original.member.article in joined and duplicate.member.seniority < original.member.seniority),
        )
    return found
