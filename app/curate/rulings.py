"""Rulings about who repeats whom: "not a duplicate", "is a duplicate of", "is the original"."""

from datetime import datetime

from app.curate.asking import check_in_sight
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Before, Reason
from app.domain.ruling import Ruling, RulingKind, roots_of
from app.errors import ConflictError, ParameterError
from app.ingest.filing import Filing
from app.store import decisions
from app.store.database import Session
from app.store.decisions import Stored


def rule(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Write a ruling down and settle the families it touches; return the decision's number."""
    named = [each for each in (ask.article, ask.other) if each]
    if len(set(named)) != len(named):
        raise ParameterError("other", "An article cannot be compared with itself. Name two articles.")
    check_in_sight(session, *named)
    held = _around(session, named)
    superseded = [each.decision for each in held if _gives_way(each, ask)]
    decisions.set_in_force(session, superseded, in_force=False)
    made = decisions.add_decision(session, ask, reason, made=now, before=Before(superseded=tuple(superseded)))
    _check_consistent(_around(session, named))
    _settle(session, named, now)
    return made


def take_back(session: Session, stored: Stored, *, now: datetime) -> None:
    """Let a ruling hold no longer, and those whose place it took hold again."""
    decisions.set_in_force(session, [stored.decision.id], in_force=False)
    decisions.set_in_force(session, stored.before.superseded, in_force=True)
    named = [each for each in (stored.decision.article, stored.decision.other) if each]
    _check_consistent(_around(session, named))
    _settle(session, named, now)


def _settle(session: Session, named: list[ArticleId], now: datetime) -> None:
    filing = Filing(session, now=now)
    filing.settle(decisions.in_sight(session, named))
    filing.flush()


def _around(session: Session, named: list[ArticleId]) -> list[Ruling]:
    """Return every ruling that hangs together with these articles by rulings."""
    known, ahead = set(named), set(named)
    found: dict[int, Ruling] = {}
    while ahead:
        for ruling in decisions.rulings_about(session, ahead):
            found[ruling.decision] = ruling
        around = {each for ruling in found.values() for each in (ruling.article, ruling.other) if each}
        ahead = around - known
        known |= ahead
    return [found[decision] for decision in sorted(found)]


def _gives_way(ruling: Ruling, ask: Ask) -> bool:
    """Whether an earlier ruling cannot stand beside a new one: it is about the same pair, or says of the same article
    what it repeats, or that it is the original."""
    same_pair = {ruling.article, ruling.other} == {ask.article, ask.other}
    match ruling.kind, ask.action:
        case ((RulingKind.APART | RulingKind.REPEATS), (Action.APART | Action.REPEATS)) if same_pair:
            return True
        case RulingKind.REPEATS, Action.REPEATS:
            return ruling.article == ask.article
        case RulingKind.ORIGINAL, Action.ORIGINAL:
            return ruling.article == ask.article
        case _:
            return False


def _check_consistent(rulings: list[Ruling]) -> None:
    """Raise ``ConflictError`` where what repeats what by ruling goes in a circle, or joins what was ruled apart."""
    bound = {each.article: each for each in rulings if each.kind is RulingKind.REPEATS}
    for first in bound.values():
        passed, at = [first], first.other
        while at in bound and bound[at] not in passed:
            passed.append(bound[at])
            at = bound[at].other
        if at in bound:
            circle = ", ".join(str(each.decision) for each in passed)
            raise ConflictError(
                f"With this, articles would repeat each other in a circle (decisions {circle}). Undo one of them first."
            )
    roots = roots_of(rulings)
    for each in rulings:
        one, other = (roots.get(side, side) if side else None for side in (each.article, each.other))
        if each.kind is RulingKind.APART and one == other:
            raise ConflictError(
                f"Articles {each.article} and {each.other} were ruled apart (decision {each.decision}), and other "
                "decisions would now join them. Undo one of these first."
            )
