"""Putting an article out of sight and back: withdrawn, restored, erased."""

from datetime import datetime

from app.curate.asking import check_in_sight
from app.curate.rulings import check_consistent
from app.curate.stories import standing_of
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Before, Hidden, Reason
from app.errors import ConflictError, NotFoundError
from app.ingest.erasure import erase_text
from app.ingest.removal import put_back, take_out
from app.store import articles, captures, decisions, outbox, story_pins
from app.store.articles import Known
from app.store.database import Session


def withdraw(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Put an article out of sight; its text, its sightings and its captures stay."""
    article = _named(ask)
    check_in_sight(session, article)
    made = decisions.add_decision(session, ask, reason, made=now, before=_place_of(session, article))
    take_out(session, [article], now=now)
    return made


def restore(session: Session, ask: Ask, reason: Reason, *, now: datetime, undoes: int | None = None) -> int:
    """Bring a withdrawn article back into sight: to its family as that is now, else to the story it stood in. Raise
    ``WithdrawnError`` for one that was erased, and ``ConflictError`` where rulings about it contradict others that were
    made since."""
    article = _named(ask)
    check_not_erased(session, article)
    if _standing(session, article).hidden is not Hidden.WITHDRAWN:
        raise ConflictError(f"Article {article} is not withdrawn: there is nothing to restore.")
    held = decisions.last_about(session, article, (Action.WITHDRAW,))
    made = decisions.add_decision(
        session, ask, reason, made=now, undoes=undoes or (held.id if held else None)
    )
    decisions.set_in_force(session, [held.id] if held else [], in_force=False)
    before = decisions.find_decision(session, held.id).before if held else Before()
    put_back(session, article, before, now=now)
    check_consistent(session, [article])  # with rulings that were made while it was out of sight
    return made


def erase(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Remove an article's text for good, from the archive and from every capture it stands in; its digest and the
    reason stay, so that it is refused when it comes again. What else stands in those captures stays."""
    article = _named(ask)
    check_not_erased(session, article)
    standing = _standing(session, article)
    held = decisions.last_about(session, article, (Action.WITHDRAW,))
    before = decisions.find_decision(session, held.id).before if held else _place_of(session, article)
    made = decisions.add_decision(session, ask, reason, made=now, before=before)
    decisions.set_in_force(session, [held.id] if held else [], in_force=False)
    if not standing.hidden:
        take_out(session, [article], now=now)
    text = articles.find_text(session, article)
    for sha256, runs in captures.find_runs(session, article).items():
        erase_text(session, sha256, runs, text)
    captures.forget_text(session, article)
    articles.set_hidden(session, article, Hidden.ERASED)
    outbox.note(session, {article})
    return made


def check_not_erased(session: Session, article: ArticleId | None) -> None:
    """Raise ``WithdrawnError`` for an article whose text is gone for good."""
    known = articles.find_known(session, [article] if article else [])
    if article in known and known[article].hidden is Hidden.ERASED:
        raise articles.missing(session, article)


def _place_of(session: Session, article: ArticleId) -> Before:
    """Return in which story an article in sight stands, and what that story is, should it be left without articles."""
    story = articles.find_known(session, [article])[article].story
    assert story is not None  # noqa: S101 - what is in sight is in a story
    inside = story_pins.articles_of(session, [story])
    return standing_of(session, {article: inside[article]}, [story])


def _named(ask: Ask) -> ArticleId:
    assert ask.article is not None  # noqa: S101 - `check` has seen to it
    return ask.article


def _standing(session: Session, article: ArticleId) -> Known:
    known = articles.find_known(session, [article]).get(article)
    if known is None:
        raise NotFoundError("article", article)
    return known
