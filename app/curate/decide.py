"""Deciding: what a person says about articles and stories is carried out and written to the log, in one transaction.

Law: what people decided outweighs what the archive found, and nothing but another decision undoes it.
"""

from app.curate import rulings, sight, stories
from app.curate.asking import check, check_reason
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Decision, Reason
from app.domain.views import Listing
from app.errors import ConflictError
from app.progress import Clock
from app.store import decisions
from app.store.database import Database


def decide(database: Database, ask: Ask, reason: Reason, *, clock: Clock) -> Decision:
    """Carry out a decision and return it as the log has it.

    Raises ``ParameterError`` where something needed is missing, ``NotFoundError`` and ``WithdrawnError`` for what is
    not there or not in sight, and ``ConflictError`` where it contradicts an earlier decision.
    """
    check(ask, reason)
    with database.write() as session:
        match ask.action:
            case Action.APART | Action.REPEATS | Action.ORIGINAL:
                made = rulings.rule(session, ask, reason, now=clock())
            case Action.WITHDRAW:
                made = sight.withdraw(session, ask, reason, now=clock())
            case Action.RESTORE:
                made = sight.restore(session, ask, reason, now=clock())
            case Action.ERASE:
                made = sight.erase(session, ask, reason, now=clock())
            case _:
                made = stories.change(session, ask, reason, now=clock())
        return decisions.find_decision(session, made).decision


def undo(database: Database, decision: int, reason: Reason, *, clock: Clock) -> Decision:
    """Take a decision back, and return the decision that did so; what it took the place of holds again.

    Raises ``NotFoundError``, ``WithdrawnError`` for the withdrawal of an article that was erased since, and
    ``ConflictError`` for one that does not hold any more, cannot be undone, or on which a later one rests.
    """
    check_reason(reason)
    with database.write() as session:
        stored = decisions.find_decision(session, decision)
        if stored.decision.action is Action.WITHDRAW:
            sight.check_not_erased(session, stored.decision.article)
        _check_undoable(stored.decision)
        ask = _undoing(stored.decision)
        match stored.decision.action:
            case Action.APART | Action.REPEATS | Action.ORIGINAL:
                made = decisions.add_decision(session, ask, reason, made=clock(), undoes=decision)
                rulings.take_back(session, stored, now=clock())
            case Action.WITHDRAW:
                made = sight.restore(session, ask, reason, now=clock(), undoes=decision)
            case _:
                made = decisions.add_decision(session, ask, reason, made=clock(), undoes=decision)
                stories.take_back(session, stored, now=clock())
        return decisions.find_decision(session, made).decision


def _undoing(decision: Decision) -> Ask:
    return Ask(
        action=Action.UNDO,
        article=decision.article,
        other=decision.other,
        story=decision.story,
        into=decision.into,
    )


def _check_undoable(decision: Decision) -> None:
    done = decision.action.value
    if decision.undone_by:
        raise ConflictError(f"Decision {decision.id} was undone already, by decision {decision.undone_by}.")
    match decision.action:
        case Action.ERASE:
            raise ConflictError("An erased text is gone for good; it cannot be brought back.")
        case Action.UNDO | Action.RESTORE:
            raise ConflictError(f"Decision {decision.id} ({done}) is taken back by deciding anew.")
    if not decision.in_force:
        raise ConflictError(f"Decision {decision.id} does not hold any more: a later one took its place.")


def log(
    database: Database,
    *,
    article: ArticleId | None = None,
    story: StoryId | None = None,
    page: int,
    page_size: int,
) -> Listing[Decision]:
    """Return one page of the log, the newest decision first; of an article or a story where one is named."""
    with database.read() as session:
        return decisions.list_decisions(session, article=article, story=story, page=page, page_size=page_size)


def find(database: Database, decision: int) -> Decision:
    """Return a decision as it stands today; raise ``NotFoundError``."""
    with database.read() as session:
        return decisions.find_decision(session, decision).decision
