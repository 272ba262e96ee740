"""Decisions of people in the database: the log, and the rulings that follow from what is in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.article import ArticleId, StoryId
from app.domain.decision import PASSING, REGROUPING, Action, Ask, Before, Decision, Reason
from app.domain.ruling import Ruling, RulingKind
from app.domain.views import Listing
from app.errors import NotFoundError
from app.store.batches import in_steps
from app.store.story_links import standing
from app.store.tables import (
    AliasRecord,
    ArticleRecord,
    BeforeRow,
    DecisionRecord,
    PinRecord,
    StoodRecord,
)

_RULINGS = tuple(kind.value for kind in RulingKind)

# Asked for every text that comes in, and made once: making it takes longer than its answer.
_HERE, _THERE = aliased(ArticleRecord), aliased(ArticleRecord)
_SOME: BindParameter[list[int]] = bindparam("articles", expanding=True)
_HELD = (
    select(DecisionRecord.id, DecisionRecord.action, _HERE.id, _THERE.id)
    .join(_HERE, _HERE.digest == DecisionRecord.digest)
    .outerjoin(_THERE, _THERE.digest == DecisionRecord.other_digest)
    .where(
        DecisionRecord.in_force,
        DecisionRecord.action.in_(_RULINGS),
        _HERE.hidden.is_(None),
        _THERE.hidden.is_(None),
        or_(_THERE.id.is_not(None), DecisionRecord.action == RulingKind.ORIGINAL.value),
    )
)
_RULED = _HELD.where(or_(_HERE.id.in_(_SOME), _THERE.id.in_(_SOME)))


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
    before = before or Before()
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
        before=_row(before),
    )
    session.add(record)
    session.flush()
    _write_stood(session, record.id, before)
    return record.id


def remember(session: Session, decision: int, before: Before) -> None:
    """Write down what a decision, which was written without it, was found to change while it was carried out."""
    session.execute(update(DecisionRecord).where(DecisionRecord.id == decision).values(before=_row(before)))
    _write_stood(session, decision, before)


def _write_stood(session: Session, decision: int, before: Before) -> None:
    stood = [
        {"decision_id": decision, "digest": digest, "story_id": story, "pinned_id": pinned}
        for digest, (story, pinned) in before.stories.items()
    ]
    if stood:
        session.execute(insert(StoodRecord), stood)


def _digest(session: Session, article: ArticleId | None) -> str | None:
    return (
        session.scalar(select(ArticleRecord.digest).where(ArticleRecord.id == article)) if article else None
    )


def _row(before: Before) -> BeforeRow:
    return BeforeRow(
        superseded=list(before.superseded),
        split_from={str(story): origin for story, origin in before.split_from.items()},
        aliases={str(alias): into for alias, into in before.aliases.items()},
        articles=list(before.articles),
    )


def _before(session: Session, record: DecisionRecord) -> Before:
    row = record.before
    stood = session.execute(
        select(StoodRecord.digest, StoodRecord.story_id, StoodRecord.pinned_id).where(
            StoodRecord.decision_id == record.id
        )
    )
    return Before(
        superseded=tuple(row["superseded"]),
        stories={
            digest: (StoryId(story), StoryId(pinned) if pinned else None) for digest, story, pinned in stood
        },
        split_from=_by_story(row.get("split_from", {})),
        aliases=_by_story(row.get("aliases", {})),
        articles=_gone(record),
    )


def _by_story(row: dict[str, int]) -> dict[StoryId, StoryId]:
    return {StoryId(int(story)): StoryId(other) for story, other in row.items()}


def _gone(record: DecisionRecord) -> tuple[ArticleId, ...]:
    return tuple(map(ArticleId, record.before.get("articles", ())))


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
    return Stored(decision=_decision(record, undone), digest=record.digest, before=_before(session, record))


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
        articles=_gone(record),
    )


def list_decisions(
    session: Session,
    *,
    article: ArticleId | None = None,
    story: StoryId | None = None,
    page: int,
    page_size: int,
) -> Listing[Decision]:
    """Return one page of the log, the newest first; only what concerns an article or a story where one is named.

    That is what names it, what put it into a story or out of one, and what took such a decision back. The id of a story
    that became part of another stands for that one.
    """
    undoing = aliased(DecisionRecord)
    query = select(DecisionRecord, undoing.id).outerjoin(undoing, undoing.undoes == DecisionRecord.id)
    if article is not None:
        query = query.where(_about(_digest(session, article) or ""))
    if story is not None:
        query = query.where(_about_story(standing(session, story) or story))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(
        query.order_by(DecisionRecord.id.desc()).limit(page_size).offset((page - 1) * page_size)
    )
    found = tuple(_decision(record, undone) for record, undone in rows)
    return Listing(total=total, page=page, page_size=page_size, rows=found)


def _about(digest: str) -> ColumnElement[bool]:
    named = or_(DecisionRecord.digest == digest, DecisionRecord.other_digest == digest)
    return named | _put(select(StoodRecord.decision_id).where(StoodRecord.digest == digest))


def _about_story(story: StoryId) -> ColumnElement[bool]:
    named = or_(_is(DecisionRecord.story_id, story), _is(DecisionRecord.into_id, story))
    return named | _put(select(StoodRecord.decision_id).where(_is(StoodRecord.story_id, story)))


def _put(moving: Select[int]) -> ColumnElement[bool]:
    """Whether a decision is among those that moved something, or took one of them back."""
    return or_(DecisionRecord.id.in_(moving), DecisionRecord.undoes.in_(moving))


def _is(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], story: StoryId
) -> ColumnElement[bool]:
    """Whether a column names a story, by its id or by that of one that became part of it."""
    led = select(AliasRecord.story_id).where(AliasRecord.into_id == story)
    return or_(column == story, column.in_(led))


def emptied_by(session: Session, story: StoryId) -> Decision | None:
    """Return the newest decision that put an article of a story out of sight, where it still is; the story, if it is
    not in the database, may have become part of another one before that."""
    stood = select(StoodRecord.decision_id).where(StoodRecord.story_id == story)
    led = DecisionRecord.before[("aliases", str(story))].as_integer().is_not(None)
    return _newest(session, DecisionRecord.id.in_(stood) | led, (Action.WITHDRAW, Action.ERASE))


def stood_instead(session: Session, before: Before, in_sight: Collection[str]) -> None:
    """Let what was put out of sight have stood where it did ``before`` a decision that is undone; all other texts are
    ``in_sight``, by their digests."""
    hiding = select(DecisionRecord.id).where(
        DecisionRecord.action == Action.WITHDRAW.value, DecisionRecord.in_force
    )
    for digest in sorted(before.stories.keys() - in_sight):
        session.execute(
            update(StoodRecord)
            .where(StoodRecord.digest == digest, StoodRecord.decision_id.in_(hiding))
            .values(story_id=before.stories[digest][0])
        )


def count_standing(session: Session, *, digest: str | None = None, story: StoryId | None = None) -> int:
    """Return how many decisions in force there are about the text of this digest, or about a story."""
    about = [] if digest is None else [_about(digest)]
    about += [] if story is None else [_about_story(story)]
    query = select(func.count()).where(
        *about,
        DecisionRecord.in_force,
        DecisionRecord.action.not_in([action.value for action in PASSING]),
    )
    return session.scalar(query) or 0


def last_about(session: Session, article: ArticleId, actions: Collection[Action]) -> Decision | None:
    """Return the newest decision in force of these kinds about an article, if there is one."""
    return _newest(session, DecisionRecord.digest == _digest(session, article), actions)


def _newest(session: Session, about: ColumnElement[bool], actions: Collection[Action]) -> Decision | None:
    record = session.scalar(
        select(DecisionRecord)
        .where(
            about,
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
        for row in session.execute(_RULED, {"articles": step}):
            found[row[0]] = _ruling(*row)
    return [found[id_] for id_ in sorted(found)]


def rulings_within(session: Session, original: ArticleId) -> list[Ruling]:
    """Return the rulings in force that name an article of the family of ``original``, and none of another family."""
    here, there = (or_(side.id == original, side.duplicate_of == original) for side in (_HERE, _THERE))
    within = _HELD.where(here, or_(_THERE.id.is_(None), there)).order_by(DecisionRecord.id)
    return [_ruling(*row) for row in session.execute(within)]


def _ruling(decision: int, action: str, article: int, other: int | None) -> Ruling:
    return Ruling(kind=RulingKind(action), article=ArticleId(article), other=_id(other), decision=decision)


def ruled_with(session: Session, articles: Collection[ArticleId]) -> set[ArticleId]:
    """Return all articles that rulings in force about ``articles`` name."""
    return {side for ruling in rulings_about(session, articles) for side in ruling.sides}


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
        _hand_on_place(session, before or "", now or "", (old, new))


def _hand_on_place(session: Session, before: str, now: str, ids: tuple[ArticleId, ArticleId]) -> None:
    """Let what is remembered of where one text stood, for undoing, be of another; the ids of their articles follow."""
    moving = select(StoodRecord.decision_id).where(StoodRecord.digest == before)
    for record in session.scalars(select(DecisionRecord).where(DecisionRecord.id.in_(moving))):
        old, new = ids
        articles = sorted({new if article == old else article for article in _gone(record)})
        record.before = BeforeRow(**{**record.before, "articles": list(articles)})
    # Where a decision was about both, the text that stays is remembered already.
    held = select(StoodRecord.decision_id).where(StoodRecord.digest == now)
    session.execute(
        delete(StoodRecord).where(StoodRecord.digest == before, StoodRecord.decision_id.in_(held))
    )
    session.execute(update(StoodRecord).where(StoodRecord.digest == before).values(digest=now))


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


def later_about_the_same(session: Session, decision: int) -> int | None:
    """Return the newest decision in force that came after one and put some of the same articles into stories, or, by
    ruling, what they repeat."""
    same = select(StoodRecord.digest).where(StoodRecord.decision_id == decision)
    originals = (
        select(_THERE.digest)
        .join(_HERE, _HERE.duplicate_of == _THERE.id)
        .join(StoodRecord, StoodRecord.digest == _HERE.digest)
        .where(StoodRecord.decision_id == decision)
    )
    regrouped = DecisionRecord.action.in_([action.value for action in REGROUPING])
    ruled = DecisionRecord.action.in_(_RULINGS)
    return session.scalar(
        select(func.max(DecisionRecord.id))
        .join(StoodRecord, StoodRecord.decision_id == DecisionRecord.id)
        .where(
            DecisionRecord.id > decision,
            DecisionRecord.in_force,
            or_(
                StoodRecord.digest.in_(same) & (regrouped | ruled),
                StoodRecord.digest.in_(originals) & ruled,
            ),
        )
    )


def names_of(session: Session, story: StoryId) -> dict[int, str]:
    """Return the names in force that people gave a story and those that became part of it, by decision: first the one
    that counts, which is its own, and the newest of several."""
    rows = session.execute(
        select(DecisionRecord.id, DecisionRecord.headline)
        .where(
            _is(DecisionRecord.story_id, story),
            DecisionRecord.action == Action.RENAME.value,
            DecisionRecord.in_force,
        )
        .order_by(DecisionRecord.story_id != story, DecisionRecord.id.desc())
    )
    return {id_: headline or "" for id_, headline in rows}


def locks_of(session: Session, story: StoryId) -> dict[int, bool]:
    """Return the decisions in force that say whether a story is locked, the newest first."""
    rows = session.execute(
        select(DecisionRecord.id, DecisionRecord.action)
        .where(
            DecisionRecord.story_id == story,
            DecisionRecord.action.in_([Action.LOCK.value, Action.UNLOCK.value]),
            DecisionRecord.in_force,
        )
        .order_by(DecisionRecord.id.desc())
    )
    return {id_: action == Action.LOCK.value for id_, action in rows}


def is_merged(session: Session, story: StoryId) -> bool:
    """Whether a decision in force made a story part of another."""
    merged = select(DecisionRecord.id).where(
        DecisionRecord.story_id == story,
        DecisionRecord.action == Action.MERGE.value,
        DecisionRecord.in_force,
    )
    return session.scalar(merged.limit(1)) is not None


def ended_by_merging(session: Session, story: StoryId, into: StoryId) -> list[int]:
    """Return the decisions in force that hold no longer when a story becomes part of another: whether it is locked, and
    what it is called where the other has a name of a person itself. Else that name goes with its articles."""
    names = names_of(session, story) if names_of(session, into) else {}
    return [*locks_of(session, story), *names]
