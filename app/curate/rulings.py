"""Rulings about who repeats whom: "not a duplicate", "is a duplicate of", "is the original".

Law: what follows a ruling into another story comes back from there when the ruling holds no longer, together with its
family.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from app.curate.asking import check_in_sight
from app.curate.stories import homes_of
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Before, Reason
from app.domain.family import Member
from app.domain.ruling import Ruling, RulingKind, roots_of, ruled_families
from app.errors import ConflictError, ParameterError
from app.ingest.filing import Filing
from app.store import decisions, repeats, story_links, story_pins
from app.store.articles import find_known
from app.store.database import Session
from app.store.decisions import Stored
from app.store.story_memory import StoryMemory


def rule(session: Session, ask: Ask, reason: Reason, *, now: datetime) -> int:
    """Write a ruling down and settle the families it touches; return the decision's number."""
    named = [each for each in (ask.article, ask.other) if each]
    if len(set(named)) != len(named):
        raise ParameterError("other", "An article cannot be compared with itself. Name two articles.")
    check_in_sight(session, *named)
    superseded = tuple(each.decision for each in _in_the_way(session, named, ask))
    decisions.set_in_force(session, superseded, in_force=False)
    made = decisions.add_decision(session, ask, reason, made=now)
    check_consistent(session, named)
    members, _, _ = repeats.find_component(session, decisions.named_by(session, [made, *superseded]))
    stood = _standing(session, members)
    _settle(session, members, [decisions.find_decision(session, each) for each in superseded], now)
    left = _left(session, stood)
    decisions.remember(session, made, replace(left, superseded=(*superseded, *left.superseded)))
    return made


def take_back(session: Session, stored: Stored, *, now: datetime) -> None:
    """Let a ruling hold no longer, and those whose place it took hold again."""
    decisions.set_in_force(session, [stored.decision.id], in_force=False)
    decisions.set_in_force(session, stored.before.superseded, in_force=True)
    ruled = decisions.named_by(session, [stored.decision.id, *stored.before.superseded])
    check_consistent(session, ruled)
    members, _, _ = repeats.find_component(session, ruled)
    _settle(session, members, [stored], now)


def check_consistent(session: Session, named: Collection[ArticleId]) -> None:
    """Raise ``ConflictError`` where of the rulings that hang together with these articles some say in a circle what
    repeats what, or join what was ruled apart."""
    rulings = _around(session, named)
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


def _settle(session: Session, members: Sequence[Member], lifted: Sequence[Stored], now: datetime) -> None:
    """Derive the families of all articles that rulings can move anew, where ``lifted`` hold no longer."""
    articles = [member.article for member in members]
    filing = Filing(session, now=now)
    before = _kin(session, articles)
    filing.settle(articles)
    after = _kin(session, articles)
    parted = {article for article, kin in before.items() if not kin <= after[article]}
    _bring_back(session, filing.stories, lifted, parted)
    filing.flush()


def _kin(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, frozenset[ArticleId]]:
    """Return the family of each of these articles, as it is stored."""
    families: dict[ArticleId, set[ArticleId]] = {}
    for article, each in find_known(session, articles).items():
        families.setdefault(each.duplicate_of or article, set()).add(article)
    return {article: frozenset(family) for family in families.values() for article in family}


def _bring_back(
    session: Session, memory: StoryMemory, lifted: Sequence[Stored], parted: Collection[ArticleId]
) -> None:
    """Let the originals that rulings brought into other stories, and that have parted from others there, go back with
    their families as they are now; what a person put where it is stays there."""
    before = Before()
    for each in sorted(lifted, key=lambda each: -each.decision.id):  # the earliest says where it began
        before = Before(
            superseded=before.superseded + each.before.superseded,
            stories=before.stories | each.before.stories,
            split_from=before.split_from | each.before.split_from,
            aliases=before.aliases | each.before.aliases,
        )
    moved = story_pins.articles_with(session, before.stories)
    decisions.stood_instead(session, before, moved)
    held = story_pins.articles_of(session, {story for _, story in moved.values()})
    pins = story_pins.find_pins(session, {digest for digest, _, _ in held.values()})
    staying = {
        article
        for article, (digest, _, _) in held.items()
        if digest in pins and before.stories.get(digest, (0, None))[1] != pins[digest]
    }
    back = {article: before.stories[digest][0] for digest, (article, _) in moved.items()}
    back = {article: story for article, story in back.items() if article in parted and article not in staying}
    began = min((each.decision.made for each in lifted), default=None)
    since = story_pins.received_after(session, held.keys() - back.keys(), began) if began else set()
    led = _led_without(session, back, since)
    leaders: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for article, (_, _, original) in held.items():
        if article not in since:
            leaders[original].add(led.get(article, original))
    going = {
        article: back[min(leading)]
        for article, (_, _, original) in held.items()
        if article not in staying and (leading := leaders[original]) and leading <= back.keys()
    }
    homes = homes_of(session, memory, before, set(going.values()))
    said = [decisions.find_decision(session, each).decision for each in before.superseded]
    decisions.set_in_force(session, [each.id for each in said if each.story in homes], in_force=True)
    memory.send({article: homes[story] for article, story in going.items()})
    for story in sorted({*homes.values(), *(story for _, story, _ in held.values())}):
        memory.recall(story)


def _led_without(
    session: Session, articles: Collection[ArticleId], newcomers: Collection[ArticleId]
) -> dict[ArticleId, ArticleId]:
    """Return the original that each article around some would have without those that came since: these never stood
    elsewhere, and go where the others go."""
    members, links, rulings = repeats.find_component(session, articles)
    there = [member for member in members if member.article not in newcomers]
    found = ruled_families(there, links, rulings).originals
    return {article: original or article for article, original in found.items()}


def _standing(session: Session, members: Sequence[Member]) -> Before:
    """Return in which stories all articles stand that rulings can move, what led to these stories, and which decisions
    say how they are called and locked."""
    found = story_pins.articles_with(session, {member.digest for member in members})
    stories = {story for _, story in found.values()}
    pins = story_pins.find_pins(session, found)
    return Before(
        superseded=_said(session, stories),
        stories={digest: (story, pins.get(digest)) for digest, (_, story) in found.items()},
        split_from=story_pins.find_origins(session, stories),
        aliases=story_links.leading_to(session, stories),
    )


def _said(session: Session, stories: Collection[StoryId]) -> tuple[int, ...]:
    said = {
        each
        for story in stories
        for each in (*decisions.names_of(session, story), *decisions.locks_of(session, story))
    }
    return tuple(sorted(said))


def _left(session: Session, stood: Before) -> Before:
    """Return of what stood somewhere that which does not any more: articles that went to other stories, what led to the
    stories they left, and what was said of stories and holds no longer."""
    now = story_pins.articles_with(session, stood.stories)
    left = {digest: pair for digest, pair in stood.stories.items() if now[digest][1] != pair[0]}
    said = _said(session, {story for story, _ in stood.stories.values()})
    stories = {story for story, _ in left.values()}
    return Before(
        superseded=tuple(each for each in stood.superseded if each not in said),
        stories=left,
        split_from={story: origin for story, origin in stood.split_from.items() if story in stories},
        aliases={alias: story for alias, story in stood.aliases.items() if story in stories},
    )


def _around(session: Session, named: Collection[ArticleId]) -> list[Ruling]:
    """Return every ruling that hangs together with these articles by rulings."""
    known, ahead = set(named), set(named)
    found: dict[int, Ruling] = {}
    while ahead:
        for ruling in decisions.rulings_about(session, ahead):
            found[ruling.decision] = ruling
        around = {side for ruling in found.values() for side in ruling.sides}
        ahead = around - known
        known |= ahead
    return [found[decision] for decision in sorted(found)]


def _in_the_way(session: Session, named: Collection[ArticleId], ask: Ask) -> list[Ruling]:
    """Return the earlier rulings that cannot stand beside a new one: about the same pair, or what the same article
    repeats or that it repeats nothing, or what the original of the same family is."""
    if ask.action is Action.ORIGINAL:
        return [
            ruling
            for article, each in find_known(session, named).items()
            for ruling in decisions.rulings_within(session, each.duplicate_of or article)
            if ruling.kind is RulingKind.ORIGINAL
        ]
    pair = {ask.article, ask.other}
    return [
        each
        for each in _around(session, named)
        if (each.other and {each.article, each.other} == pair)
        or (
            each.kind is not RulingKind.APART and ask.action is Action.REPEATS and each.article == ask.article
        )
    ]
