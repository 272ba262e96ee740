"""Decisions of people in the database: the log, and the rulings that follow from what is in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.article import ArticleId, StoryId
from app.domain.decision import PASSING, Action, Ask, Before, Decision, Reason
from app.domain.ruling import Ruling, RulingKind
from app.domain.views import Listing
from app.errors import NotFoundError
from app.store.batches import in_steps
from app.store.tables import ArticleRecord, BeforeRow, DecisionRecord, PinRecord

_RULINGS = tuple(kind.value for kind in RulingKind)

# Asked for every text that comes in, and made once: making it takes longer than its answer.
_HERE, _THERE = aliased(ArticleRecord), aliased(ArticleRecord)
_SOME: BindParameter[list[int]] = bindparam("articles", expanding=True)
_RULED = (
    select(DecisionRecord.id, DecisionRecord.action, _HERE.id, _THERE.id)
    .join(_HERE, _HERE.digest == DecisionRecord.digest)
    .outerjoin(_THERE, _THERE.digest == DecisionRecord.other_digest)
    .where(
        DecisionRecord.in_force,
        DecisionRecord.action.in_(_RULINGS),
        _HERE.hidden.is_(None),
        _THERE.hidden.is_(None),
        or_(_THERE.id.is_not(None), DecisionRecord.action == RulingKind.ORIGINAL.value),
        or_(_HERE.id.in_(_SOME), _THERE.id.in_(_SOME)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A decision with what undoing it needs."""

    decision: Decision
    digest: str | None
    before: Before


def add_decision(
    session: Session,
    ask: Ask,
    reason: Reason,
    *,
    made: datetime,
    before: Before | None = None,
    undoes: int | None = None,
) -> int:
    """Write a decision down, in force from now on, and return its number."""
    record = DecisionRecord(
        made=made,
        action=ask.action.value,
        who=reason.who,
        why=reason.why,
        in_force=True,
        article_id=ask.article,
        digest=_digest(session, ask.article),
        other_id=ask.other,
        other_digest=_digest(session, ask.other),
        story_id=ask.story,
        into_id=ask.into,
        headline=ask.headline,
        undoes=undoes,
        before=_row(before or Before()),
    )
    session.add(record)
    session.flush()
    return record.id


def remember(session: Session, decision: int, before: Before) -> None:
    """Write down what a decision was found to change while it was carried out."""
    session.execute(update(DecisionRecord).where(DecisionRecord.id == decision).values(before=_row(before)))


def _digest(session: Session, article: ArticleId | None) -> str | None:
    return (
        session.scalar(select(ArticleRecord.digest).where(ArticleRecord.id == article)) if article else None
    )


def _row(before: Before) -> BeforeRow:
    return BeforeRow(
        superseded=list(before.superseded),
        stories={digest: list(pair) for digest, pair in before.stories.items()},
        headlines={str(story): headline for story, headline in before.headlines.items()},
        articles=list(before.articles),
    )


def _before(row: BeforeRow) -> Before:
    return Before(
        superseded=tuple(row["superseded"]),
        stories={
            digest: (StoryId(pair[0] or 0), StoryId(pair[1]) if pair[1] else None)
            for digest, pair in row["stories"].items()
        },
        headlines={StoryId(int(story)): headline for story, headline in row["headlines"].items()},
        articles=tuple(map(ArticleId, row.get("articles", ()))),
    )


def set_in_force(session: Session, decisions: Collection[int], *, in_force: bool) -> None:
    """Let decisions hold, or hold no longer."""
    for step in in_steps(sorted(decisions)):
        session.execute(update(DecisionRecord).where(DecisionRecord.id.in_(step)).values(in_force=in_force))


def find_decision(session: Session, decision: int) -> Stored:
    """Return a decision; raise ``NotFoundError`` when there is none."""
    record = session.get(DecisionRecord, decision)
    if record is None:
        raise NotFoundError("decision", decision)
    undone = session.scalar(select(DecisionRecord.id).where(DecisionRecord.undoes == decision))
    return Stored(decision=_decision(record, undone), digest=record.digest, before=_before(record.before))


def _decision(record: DecisionRecord, undone_by: int | None) -> Decision:
    return Decision(
        id=record.id,
        made=record.made,
        action=Action(record.action),
        who=record.who,
        why=record.why,
        in_force=record.in_force,
        article=_id(record.article_id),
        other=_id(record.other_id),
        story=StoryId(record.story_id) if record.story_id else None,
        into=StoryId(record.into_id) if record.into_id else None,
        headline=record.headline,
        undoes=record.undoes,
        undone_by=undone_by,
        articles=_before(record.before).articles,
    )


def list_decisions(
    session: Session,
    *,
    article: ArticleId | None = None,
    story: StoryId | None = None,
    page: int,
    page_size: int,
) -> Listing[Decision]:
    """Return one page of the log, the newest first; only what concerns an article or a story where one is named."""
    undoing = aliased(DecisionRecord)
    query = select(DecisionRecord, undoing.id).outerjoin(undoing, undoing.undoes == DecisionRecord.id)
    if article is not None:
        query = query.where(_about(_digest(session, article) or ""))
    if story is not None:
        query = query.where(or_(DecisionRecord.story_id == story, DecisionRecord.into_id == story))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(
        query.order_by(DecisionRecord.id.desc()).limit(page_size).offset((page - 1) * page_size)
    )
    found = tuple(_decision(record, undone) for record, undone in rows)
    return Listing(total=total, page=page, page_size=page_size, rows=found)


def _about(digest: str) -> ColumnElement[bool]:
    return or_(DecisionRecord.digest == digest, DecisionRecord.other_digest == digest)


def count_standing(session: Session, *, digest: str | None = None, story: StoryId | None = None) -> int:
    """Return how many decisions in force there are about the text of this digest, or about a story."""
    about = or_(DecisionRecord.story_id == story, DecisionRecord.into_id == story)
    query = select(func.count()).where(
        about if digest is None else _about(digest),
        DecisionRecord.in_force,
        DecisionRecord.action.not_in([action.value for action in PASSING]),
    )
    return session.scalar(query) or 0


def last_about(session: Session, article: ArticleId, actions: Collection[Action]) -> Decision | None:
    """Return the newest decision in force of these kinds about an article, if there is one."""
    record = session.scalar(
        select(DecisionRecord)
        .where(
            DecisionRecord.digest == _digest(session, article),
            DecisionRecord.action.in_([action.value for action in actions]),
            DecisionRecord.in_force,
        )
        .order_by(DecisionRecord.id.desc())
        .limit(1)
    )
    return _decision(record, None) if record else None


def rulings_about(session: Session, articles: Collection[ArticleId]) -> list[Ruling]:
    """Return the rulings in force that name one of ``articles``, as far as both sides are in the archive."""
    found: dict[int, Ruling] = {}
    for step in in_steps(sorted(articles)):
        for id_, action, article, other in session.execute(_RULED, {"articles": list(step)}):
            kind = RulingKind(action)
            found[id_] = Ruling(kind=kind, article=ArticleId(article), other=_id(other), decision=id_)
    return [found[id_] for id_ in sorted(found)]


def _id(article: int | None) -> ArticleId | None:
    return ArticleId(article) if article else None


def ruled_digests(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of ``digests`` that a ruling in force names."""
    found: set[str] = set()
    for step in in_steps(sorted(digests)):
        for column in (DecisionRecord.digest, DecisionRecord.other_digest):
            rows = session.scalars(
                select(column).where(
                    column.in_(step), DecisionRecord.in_force, DecisionRecord.action.in_(_RULINGS)
                )
            )
            found.update(digest for digest in rows if digest)
    return found


def with_decisions(session: Session, articles: Collection[ArticleId]) -> set[ArticleId]:
    """Return those of ``articles`` about which something is decided."""
    found: set[ArticleId] = set()
    for step in in_steps(sorted(articles)):
        here = select(ArticleRecord.id).where(ArticleRecord.id.in_(step))
        for ids in (
            here.join(DecisionRecord, DecisionRecord.digest == ArticleRecord.digest),
            here.join(DecisionRecord, DecisionRecord.other_digest == ArticleRecord.digest),
            here.join(PinRecord, PinRecord.digest == ArticleRecord.digest),
        ):
            found.update(ArticleId(id_) for id_ in session.scalars(ids))
    return found


def hand_on(session: Session, successors: Sequence[tuple[ArticleId, ArticleId]]) -> None:
    """Let decisions about articles that a new reading replaced hold for those that took their place."""
    for old, new in successors:
        before, now = _digest(session, old), _digest(session, new)
        for digest, id_ in (
            (DecisionRecord.digest, DecisionRecord.article_id),
            (DecisionRecord.other_digest, DecisionRecord.other_id),
        ):
            session.execute(update(DecisionRecord).where(digest == before).values({digest: now, id_: new}))
        if session.get(PinRecord, now or "") is None:
            session.execute(update(PinRecord).where(PinRecord.digest == before).values(digest=now))


def named_by(session: Session, decisions: Collection[int]) -> list[ArticleId]:
    """Return the articles in sight that decisions name, under the ids they have today."""
    named = or_(
        ArticleRecord.digest == DecisionRecord.digest, ArticleRecord.digest == DecisionRecord.other_digest
    )
    rows = session.scalars(
        select(ArticleRecord.id)
        .join(DecisionRecord, named)
        .where(DecisionRecord.id.in_(sorted(decisions)), ArticleRecord.hidden.is_(None))
        .distinct()
        .order_by(ArticleRecord.id)
    )
    return [ArticleId(id_) for id_ in rows]


def in_force_about(session: Session, story: StoryId, actions: Collection[Action]) -> list[int]:
    """Return the decisions in force of these kinds about a story."""
    return list(
        session.scalars(
            select(DecisionRecord.id).where(
                DecisionRecord.story_id == story,
                DecisionRecord.action.in_([action.value for action in actions]),
                DecisionRecord.in_force,
            )
        )
    )
