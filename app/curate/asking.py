"""Whether what a person asks for is complete: who, why, and about what."""

import unicodedata
from dataclasses import fields

from app.domain.article import ArticleId
from app.domain.decision import NEEDED, Ask, Reason
from app.domain.text import TURNS
from app.errors import ParameterError
from app.store import articles
from app.store.database import Session

_LONGEST = 1000  # characters of a name, a reason or a headline
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a sign that print nothing


def check(ask: Ask, reason: Reason) -> None:
    """Raise ``ParameterError`` where something that the action needs is missing, or what it does not take is given."""
    if ask.action not in NEEDED:
        raise ParameterError("action", f"{ask.action.value} has a way of its own: name the decision to undo.")
    needs = NEEDED[ask.action]
    for name in (field.name for field in fields(ask) if field.name != "action"):
        given = getattr(ask, name)
        if name in needs and not given:
            raise ParameterError(name, f"{name} is missing: {ask.action.value} needs {' and '.join(needs)}.")
        if name not in needs and given:
            raise ParameterError(
                name, f"{name} means nothing here: {ask.action.value} takes {' and '.join(needs)}."
            )
    if ask.headline:
        _check_text("headline", ask.headline)
    check_reason(reason)


def check_reason(reason: Reason) -> None:
    """Raise ``ParameterError`` where it is not said who decides, or why."""
    _check_text("who", reason.who)
    _check_text("why", reason.why)


def _check_text(name: str, text: str) -> None:
    if not any(unicodedata.category(char)[0] in "LNPS" and char not in _UNSEEN for char in text):
        raise ParameterError(name, f"{name} is missing. Say it in a few words; it is kept with the decision.")
    if len(text) > _LONGEST:
        raise ParameterError(name, f"{name} is longer than {_LONGEST} characters. Write it shorter.")
    # What turns the direction of writing would turn the rest of its line of the log.
    if TURNS.search(text) or any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text):
        raise ParameterError(name, f"{name} holds line breaks or control characters. Write it in one line.")


def check_in_sight(session: Session, *named: ArticleId | None) -> None:
    """Raise ``NotFoundError`` or ``WithdrawnError`` for the first of these articles that is not in sight."""
    asked = [article for article in named if article is not None]
    known = articles.find_known(session, asked)
    for article in asked:
        if article not in known or known[article].hidden:
            raise articles.missing(session, article)
