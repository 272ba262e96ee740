"""Why articles are linked, and which of them is the original: what the database keeps of it, for a reader."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, RepeatKind
from app.domain.decision import Decision
from app.domain.evidence import OriginalBecause, longest_passages, why_original
from app.domain.family import Member, families
from app.domain.ruling import RulingKind
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
    the original of the other, and what a person ruled of the two; and all rulings that hold between them."""

    link: RepeatView | None
    original_because: OriginalBecause | None
    ruling: RulingKind | None
    rulings: tuple[Decision, ...]


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
    because = _why_original(session, duplicate_of or article)
    return Explained(
        repeats=tuple(_views(session, article, found, because)), total=total, original_because=because
    )


def explain_pair(session: Session, article: ArticleId, other: ArticleId) -> ExplainedPair:
    """Return what is between two articles, as seen from the first."""
    pairs = ((article, other), (other, article))
    found = [record for pair in pairs if (record := session.get(RepeatRecord, pair))]
    standings = repeats.find_standings(session, [article, other])
    original, other_original = standings[article].original, standings[other].original
    rulings = [
        each
        for each in decisions.rulings_about(session, [article, other])
        if (each.article, each.other) in pairs or (each.other is None and original == other_original)
    ]
    because = _why_original(session, original)
    return ExplainedPair(
        link=next(iter(_views(session, article, found, because)), None),
        original_because=_reasons(session, article, [other], because).get(other),
        ruling=next((each.kind for each in rulings[::-1] if each.other), None),
        rulings=tuple(decisions.find_decision(session, each.decision).decision for each in rulings),
    )


def _views(
    session: Session,
    article: ArticleId,
    found: Collection[RepeatRecord],
    because: OriginalBecause | None,
) -> list[RepeatView]:
    if not found:
        return []
    others = [_other(record, article) for record in found]
    briefs, reasons = articles.find_briefs(session, others), _reasons(session, article, others, because)
    passages = [_passages(record, article) for record in found]
    longest = longest_passages(articles.find_compared(session, [article])[article].body_text, passages)
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
    session: Session, article: ArticleId, others: Collection[ArticleId], because: OriginalBecause | None
) -> dict[ArticleId, OriginalBecause]:
    """Return, for those of ``others`` that are the original of an article or have it for theirs, why one of the two is;
    ``because`` says it of the whole family."""
    if because is None:
        return {}
    standings = repeats.find_standings(session, {article, *others})
    mine = standings.pop(article)
    found = {}
    for other, theirs in standings.items():
        if other == mine.original:
            found[other] = _of_two(because, theirs, mine)
        elif theirs.original == article:
            found[other] = _of_two(because, mine, theirs)
    return found


def _of_two(because: OriginalBecause, original: repeats.Standing, other: repeats.Standing) -> OriginalBecause:
    """Return why one of two is the original: of two copies neither holds the other, but both a third."""
    if because is OriginalBecause.HOLDS_THE_OTHER and original.head == other.head:
        return why_original(original.member, other.member, copies=True, ruled=False)
    return because


def _why_original(session: Session, original: ArticleId) -> OriginalBecause | None:
    """Return why an article is the original of its family, whichever member is asked; None where it has no duplicate.

    It is said of the one that comes closest to being the original in its place, so that it is true of all others.
    """
    standing = repeats.find_standing(session, original)
    rival = repeats.find_rival(session, standing.member)
    if rival is None:
        return None
    return why_original(
        standing.member,
        rival.member,
        copies=rival.head == standing.head,
        ruled=_is_ruled(session, standing.member, rival.member),
    )


def _is_ruled(session: Session, original: Member, rival: Member) -> bool:
    """Whether a ruling made an article the original: one that says so, or one that made a more senior article its
    duplicate, itself or along with what repeats it."""
    rulings = decisions.rulings_within(session, original.article)
    if any(each.kind is RulingKind.ORIGINAL and each.article == original.article for each in rulings):
        return True
    bound = {each.article for each in rulings if each.kind is RulingKind.REPEATS} - {original.article}
    if any(
        each.member.seniority < original.seniority for each in repeats.find_standings(session, bound).values()
    ):
        return True
    if not bound or original.seniority < rival.seniority:
        return False
    # What repeats a text that was ruled to repeat another came along with it, unless it would have come anyway.
    members, links, _ = repeats.find_component(session, [original.article])
    return families(members, links).originals[rival.article] != original.article
