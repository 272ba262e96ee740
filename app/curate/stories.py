"""Decisions about stories: merge, split off, move, rename, lock.

Law: what a person put into a story stays there, and a story that people shaped is left alone by the mending; it goes
on taking newcomers unless it is locked. A family moves whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Before, Reason
from app.errors import ConflictError, NotFoundError, ParameterError
from app.store import articles, decisions, outbox, story_pins
from app.store.database import Session
from app.store.decisions import Stored
from app.store.story_memory import StoryMemory


def change(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Carry out a decision about a story and write it down; return its number."""
    match ask.action:
        case Action.RENAME | Action.LOCK | Action.UNLOCK:
            return _mark(session, ask, reason, now)
        case _:
            return _regroup(session, ask, reason, now)


def take_back(session: Session, stored: Stored, *, now: datetime) -> None:
    """Undo a decision about a story: articles go back to the stories they were in, as far as both are there."""
    decision, before = stored.decision, stored.before
    decisions.set_in_force(session, [decision.id], in_force=False)
    decisions.set_in_force(session, before.superseded, in_force=True)
    match decision.action:
        case Action.RENAME:
            for story, headline in before.headlines.items():
                story_pins.set_headline(session, story, headline, named=bool(before.superseded))
        case Action.LOCK | Action.UNLOCK:
            story_pins.set_locked(session, _story(decision.story), locked=decision.action is Action.UNLOCK)
        case _:
            _send_back(session, before, now)


def _mark(session: Session, ask: Ask, reason: Reason, now: datetime) -> int:
    story = _story(ask.story)
    headlines = story_pins.find_headlines(session, [story])
    if story not in headlines:
        raise NotFoundError("story", story)
    same = {Action.RENAME} if ask.action is Action.RENAME else {Action.LOCK, Action.UNLOCK}
    superseded = decisions.in_force_about(session, story, same)
    decisions.set_in_force(session, superseded, in_force=False)
    before = Before(superseded=tuple(superseded), headlines=headlines)
    if ask.action is Action.RENAME:
        story_pins.set_headline(session, story, (ask.headline or "").strip(), named=True)
    else:
        locked = ask.action is Action.LOCK
        if (story in story_pins.locked_stories(session)) == locked:
            raise ConflictError(f"Story {story} is {'locked already' if locked else 'not locked'}.")
        story_pins.set_locked(session, story, locked=locked)
    return decisions.add_decision(session, ask, reason, made=now, before=before)


def _regroup(session: Session, ask: Ask, reason: Reason, now: datetime) -> int:
    """Merge, split off or move: say where every article goes, keep where it was, and let it go there."""
    memory = StoryMemory(session, now)
    story = _story(ask.story)
    into = _story(ask.into) if ask.action is Action.MERGE else story
    if story not in (headlines := story_pins.find_headlines(session, {story, into})):
        raise NotFoundError("story", story)
    if into not in headlines:
        raise NotFoundError("story", into)
    going = _going(session, ask)
    concerned = {story, into} | {where for _, where, _ in going.values()}
    held = story_pins.articles_of(session, concerned)
    if ask.action is Action.SPLIT_OFF:
        into = memory.open_story(articles.find_title(session, min(going)), split_from=story)
        ask = replace(ask, into=into)
    staying = {} if ask.action is Action.MOVE else {each: held[each] for each in held if each not in going}
    before = Before(
        stories=_where(session, {**going, **staying}),
        headlines=story_pins.find_headlines(session, concerned),
        articles=tuple(sorted(going)),
    )
    made = decisions.add_decision(session, ask, reason, made=now, before=before)
    pins = {digest: into for digest, _, _ in going.values()}
    pins |= {digest: where for digest, where, _ in staying.values()}
    story_pins.pin(session, pins)
    _let_go(session, memory, dict.fromkeys(going, into), held)
    _settle(session, memory, going)
    return made


def _going(session: Session, ask: Ask) -> dict[ArticleId, tuple[str, StoryId, ArticleId]]:
    """Return the articles that are to go elsewhere, whole families, with digest, story and original."""
    story = _story(ask.story)
    if ask.action is Action.MERGE:
        if story == ask.into:
            raise ParameterError("into", "A story cannot be merged with itself. Name two stories.")
        return story_pins.articles_of(session, [story])
    known = articles.find_known(session, ask.articles)
    for article in ask.articles:
        if article not in known or known[article].hidden:
            raise articles.missing(session, article)
    stories = {each.story for each in known.values() if each.story}
    if ask.action is Action.SPLIT_OFF and stories != {story}:
        raise ConflictError(
            f"Not all of these articles are in story {story}. Move them, or name those that are."
        )
    inside = story_pins.articles_of(session, stories)
    families = {inside[article][2] for article in ask.articles}
    going = {article: each for article, each in inside.items() if each[2] in families}
    if ask.action is Action.MOVE:
        going = {article: each for article, each in going.items() if each[1] != story}
        if not going:
            raise ConflictError(f"These articles are in story {story} already.")
    elif len(going) == len(inside):
        raise ConflictError(f"This is all of story {story}: there is nothing to split it off from.")
    return going


def _where(
    session: Session, held: Mapping[ArticleId, tuple[str, StoryId, ArticleId]]
) -> dict[str, tuple[StoryId, StoryId | None]]:
    pins = story_pins.find_pins(session, {digest for digest, _, _ in held.values()})
    return {digest: (story, pins.get(digest)) for digest, story, _ in held.values()}


def _let_go(
    session: Session,
    memory: StoryMemory,
    goals: Mapping[ArticleId, StoryId],
    held: Mapping[ArticleId, tuple[str, StoryId, ArticleId]],
) -> None:
    """Move articles; a story that loses all of its articles to one other becomes an alias of that."""
    journeys: dict[tuple[StoryId, StoryId], set[ArticleId]] = {}
    for article, into in goals.items():
        journeys.setdefault((held[article][1], into), set()).add(article)
    for (story, into), moving in sorted(journeys.items()):
        if story == into:
            continue
        if moving == {article for article, each in held.items() if each[1] == story}:
            memory.merge(story, into)
            story_pins.move_pins(session, story, into)
        else:
            memory.move(story, moving, into)


def _settle(session: Session, memory: StoryMemory, moved: Collection[ArticleId]) -> None:
    memory.kept = story_pins.kept_stories(session)
    changes = memory.flush()
    outbox.note(session, changes.moved.union(moved))


def _send_back(session: Session, before: Before, now: datetime) -> None:
    memory = StoryMemory(session, now)
    there = story_pins.articles_with(session, before.stories)
    goals = {there[digest][0]: story for digest, (story, _) in before.stories.items() if digest in there}
    held = story_pins.articles_of(session, {story for _, story in there.values()})
    standing = story_pins.find_headlines(session, set(goals.values()))
    for story in sorted(set(goals.values()) - standing.keys()):
        memory.reopen_story(story, before.headlines.get(story, ""))
    story_pins.pin(session, {digest: pinned for digest, (_, pinned) in before.stories.items()})
    _let_go(session, memory, goals, held)
    _settle(session, memory, goals)


def _story(story: StoryId | None) -> StoryId:
    assert story is not None  # noqa: S101 - `check` has seen to it
    return story
