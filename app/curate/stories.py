"""Decisions about stories: merge, split off, move, rename, lock.

Law: what a person put into a story stays there, and a story that people shaped is left alone by the mending; it goes
on taking newcomers unless it is locked. A family moves whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.article import ArticleId, StoryId
from app.domain.decision import REGROUPING, Action, Ask, Before, Reason
from app.errors import ConflictError, ParameterError
from app.store import articles, decisions, outbox, story_links, story_pins
from app.store.database import Session
from app.store.decisions import Stored
from app.store.stories import story_missing
from app.store.story_memory import StoryMemory

Held = Mapping[ArticleId, tuple[str, StoryId, ArticleId]]
Goals = Mapping[ArticleId, StoryId]


def change(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Carry out a decision about a story and write it down; return its number.

    The id of a story that became part of another stands for that one.
    """
    asked = _standing(session, ask)
    match ask.action:
        case Action.RENAME | Action.LOCK | Action.UNLOCK:
            return _mark(session, asked, reason, now)
        case _:
            return _regroup(session, asked, reason, now)


def take_back(session: Session, stored: Stored, *, now: datetime) -> None:
    """Undo a decision about a story: articles go back to the stories they were in, as far as both are there.

    Raises ``ConflictError`` where a later decision rests on it.
    """
    decision, before = stored.decision, stored.before
    if later := decisions.later_about_the_same(session, decision.id):
        raise ConflictError(
            f"Decision {later} came later than decision {decision.id} and put some of the same articles where they "
            f"are now. Undo decision {later} first."
        )
    decisions.set_in_force(session, [decision.id], in_force=False)
    decisions.set_in_force(session, before.superseded, in_force=True)
    memory = StoryMemory(session, now)
    if decision.action in REGROUPING:
        _send_back(session, memory, stored)
    revived = [decisions.find_decision(session, each).decision.story for each in before.superseded]
    for story in sorted({story for story in (decision.story, *revived) if story}):
        if there := story_links.standing(session, story):
            memory.recall(there)


def _standing(session: Session, ask: Ask) -> Ask:
    """Return what is asked with the ids under which its stories stand; raise ``NotFoundError``, or ``EmptiedError``."""
    found: dict[StoryId, StoryId] = {}
    for story in (ask.story, ask.into):
        if story:
            there = story_links.standing(session, story)
            if there is None:
                raise story_missing(session, story)
            found[story] = there
    asked = replace(
        ask,
        story=found[ask.story] if ask.story else None,
        into=found[ask.into] if ask.into else None,
    )
    if ask.action is Action.MERGE and asked.story == asked.into:
        if ask.story == ask.into:
            raise ParameterError("into", "A story cannot be merged with itself. Name two stories.")
        raise ConflictError(f"Stories {ask.story} and {ask.into} are one already: story {asked.into}.")
    return asked


def _mark(session: Session, ask: Ask, reason: Reason, now: datetime) -> int:
    story = _story(ask.story)
    if ask.action is Action.RENAME:
        ask = replace(ask, headline=(ask.headline or "").strip())
        superseded = list(decisions.names_of(session, story))
    else:
        locked = ask.action is Action.LOCK
        if (story in story_pins.locked_stories(session)) == locked:
            raise ConflictError(f"Story {story} is {'locked already' if locked else 'not locked'}.")
        superseded = list(decisions.locks_of(session, story))
    decisions.set_in_force(session, superseded, in_force=False)
    made = decisions.add_decision(session, ask, reason, made=now, before=Before(superseded=tuple(superseded)))
    StoryMemory(session, now).recall(story)
    return made


def _regroup(session: Session, ask: Ask, reason: Reason, now: datetime) -> int:
    """Merge, split off or move: say where every article goes, keep where it was, and let it go there."""
    memory = StoryMemory(session, now)
    story = _story(ask.story)
    into = _story(ask.into) if ask.action is Action.MERGE else story
    going = _going(session, ask)
    concerned = {story, into} | {where for _, where, _ in going.values()}
    held = story_pins.articles_of(session, concerned)
    if ask.action is Action.SPLIT_OFF:
        into = memory.open_story(articles.find_title(session, min(going)), split_from=story)
        ask = replace(ask, into=into)
    staying = {} if ask.action is Action.MOVE else {each: held[each] for each in held if each not in going}
    goals = dict.fromkeys(going, into)
    superseded = [
        each for left in _emptied(goals, held) for each in decisions.ended_by_merging(session, left, into)
    ]
    before = replace(
        standing_of(session, {**going, **staying}, concerned),
        superseded=tuple(superseded),
        articles=tuple(sorted(going)),
    )
    made = decisions.add_decision(session, ask, reason, made=now, before=before)
    pins = {digest: into for digest, _, _ in going.values()}
    pins |= {digest: where for digest, where, _ in staying.values()}
    story_pins.pin(session, pins)
    _let_go(memory, goals, held)
    _settle(session, memory, going)
    return made


def _going(session: Session, ask: Ask) -> dict[ArticleId, tuple[str, StoryId, ArticleId]]:
    """Return the articles that are to go elsewhere, whole families, with digest, story and original."""
    story = _story(ask.story)
    if ask.action is Action.MERGE:
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


def standing_of(session: Session, held: Held, concerned: Collection[StoryId]) -> Before:
    """Return where articles stand, and of stories from which they had split, and which ids lead to them."""
    pins = story_pins.find_pins(session, {digest for digest, _, _ in held.values()})
    return Before(
        stories={digest: (story, pins.get(digest)) for digest, story, _ in held.values()},
        split_from=story_pins.find_origins(session, concerned),
        aliases=story_links.leading_to(session, concerned),
    )


def _emptied(goals: Goals, held: Held) -> dict[StoryId, StoryId]:
    """Return the stories that lose all of their articles to one other, and that one."""
    went: dict[StoryId, set[StoryId]] = {}
    for article, (_, story, _) in held.items():
        went.setdefault(story, set()).add(goals.get(article, story))
    return {story: min(into) for story, into in sorted(went.items()) if len(into) == 1 and story not in into}


def _let_go(memory: StoryMemory, goals: Goals, held: Held) -> None:
    """Move articles; a story that loses all of its articles to one other becomes an alias of that."""
    emptied = _emptied(goals, held)
    for story, into in emptied.items():
        memory.merge(story, into)
    memory.send({article: into for article, into in goals.items() if held[article][1] not in emptied})


def _settle(session: Session, memory: StoryMemory, moved: Collection[ArticleId]) -> None:
    memory.kept = story_pins.kept_stories(session)
    changes = memory.flush()
    outbox.note(session, changes.moved.union(moved))


def _send_back(session: Session, memory: StoryMemory, stored: Stored) -> None:
    before = stored.before
    there = story_pins.articles_with(session, before.stories)
    homes = homes_of(session, memory, before, {before.stories[digest][0] for digest in there})
    goals = {
        there[digest][0]: homes[story] for digest, (story, _) in before.stories.items() if digest in there
    }
    held = story_pins.articles_of(session, {story for _, story in there.values()})
    # What has come to repeat them since goes with them: a family stays whole.
    goals |= {
        article: goals[original]
        for article, (_, _, original) in held.items()
        if article not in goals and original in goals
    }
    for story in _emptied(goals, held):
        _check_unspoken(session, story, stored.decision.id)
    story_pins.pin(session, {digest: pinned for digest, (_, pinned) in before.stories.items()})
    decisions.stood_instead(session, before, there)
    _let_go(memory, goals, held)
    for story in sorted({*homes.values(), *(story for _, story, _ in held.values())}):
        memory.recall(story)
    for article, (_, _, original) in held.items():
        if original != article:  # what it has come to repeat may stay where it is
            memory.follow(article, original)
    _settle(session, memory, goals)


def homes_of(
    session: Session, memory: StoryMemory, before: Before, stories: Collection[StoryId]
) -> dict[StoryId, StoryId]:
    """Return where articles that were in ``stories`` go back to: what is there no longer is opened again, but for what
    a person made part of another story, which stays so."""
    homes: dict[StoryId, StoryId] = {}
    for story in sorted(stories):
        there = story_links.standing(session, story)
        if there is None or (there != story and not decisions.is_merged(session, story)):
            aliases = [alias for alias, into in before.aliases.items() if into == story]
            memory.reopen_story(story, before.split_from.get(story), aliases)
            there = story
        homes[story] = there
    return homes


def _check_unspoken(session: Session, story: StoryId, undone: int) -> None:
    """Raise ``ConflictError`` where a story that would be left empty was given a name or a lock that holds."""
    said = [*decisions.names_of(session, story)]
    said += [each for each, locked in decisions.locks_of(session, story).items() if locked]
    if said:
        raise ConflictError(
            f"Story {story} would be left without articles when decision {undone} is undone, and decision "
            f"{max(said)} is about that story. Undo decision {max(said)} first."
        )


def _story(story: StoryId | None) -> StoryId:
    assert story is not None  # noqa: S101 - `check` has seen to it
    return story
