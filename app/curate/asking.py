"""Whether what a person asks for is complete: who, why, and about what."""

from app.domain.article import ArticleId
from app.domain.decision import NEEDED, Ask, Reason
from app.errors import ParameterError
from app.store import articles
from app.store.database import Session

_LONGEST = 1000  # characters of a name or a reason


def check(ask: Ask, reason: Reason) -> None:
    """Raise ``ParameterError`` where something that the action needs is missing."""
    if ask.action not in NEEDED:
        raise ParameterError("action", f"{ask.action.value} has a way of its own: name the decision to undo.")
    for name in NEEDED[ask.action]:
        if not getattr(ask, name):
            needs = " and ".join(NEEDED[ask.action])
            raise ParameterError(name, f"{name} is missing: {ask.action.value} needs {needs}.")
    check_reason(reason)


def check_reason(reason: Reason) -> None:
    """Raise ``ParameterError`` where it is not said who decides, or why."""
    for name, text in (("who", reason.who), ("why", reason.why)):
        if not text.strip():
            raise ParameterError(
                name, f"{name} is missing: a decision is remembered with who made it and why."
            )
        if len(text) > _LONGEST:
            raise ParameterError(name, f"{name} is longer than {_LONGEST} characters. Write it shorter.")


def check_in_sight(session: Session, *named: ArticleId | None) -> None:
    """Raise ``NotFoundError`` or ``WithdrawnError`` for the first of these articles that is not in sight."""
    asked = [article for article in named if article is not None]
    known = articles.find_known(session, asked)
    for article in asked:
        if article not in known or known[article].hidden:
            raise articles.missing(session, article)
