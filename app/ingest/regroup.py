"""Grouping all stories anew, as a function of what is in sight alone: a job, safe to repeat and to break off.

Law: an article is weighed when it comes, by how common its words are in the archive of that day, and placed among what
is there. Here all are weighed first, as though they had come at once and in the order of their dates, some in a
transaction; then they are grouped afresh, and what differs is changed in one. What people decided about stories stays.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.article import DeliveryId, StoryId
from app.domain.changes import Unit, changes, divided
from app.domain.clustering import Clusters, cluster
from app.domain.story import MOST_RELATED, Related, shared
from app.ingest.filing import Filing
from app.progress import Clock, Progress
from app.store import deliveries, outbox, stories, story_links, story_pins
from app.store.batches import in_steps
from app.store.database import Database, Session
from app.store.shelf import Shelf, articles_by_date, count_articles
from app.store.story_memory import StoryChanges, StoryMemory

_STEP = 200

# A delivery ends with grouping all stories anew, since what was placed while there were few others was placed on little
# ground: where there are so few that nobody notices (half a second), and where it brought at least a tenth of all and
# they are so few that it takes some seconds.
_FEWEST = 200
_FEW = 2_000
_MUCH = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """How many articles were weighed anew, and what that changed."""

    articles: int
    changes: StoryChanges

    @property
    def moved(self) -> int:
        """How many articles are in another story now."""
        return len(self.changes.moved)


def regroup(database: Database, *, clock: Clock, progress: Progress) -> Regrouped:
    """Weigh every article by what the archive holds now, and group all stories anew."""
    with database.read() as session:
        articles = articles_by_date(session)
    for done, step in enumerate(in_steps(articles, _STEP)):
        progress("weighing articles", done * _STEP, len(articles))
        with database.write() as session:
            Filing(session, now=clock()).reweigh(step)
    with database.write() as session:
        gathered = _gather_families(session, clock())
    with database.read() as session:
        shelf = Shelf(session)
        found = cluster(shelf, progress=progress)
    progress("writing stories", 0, None)
    with database.write() as session:
        changed = gathered.followed_by(_arrange(session, shelf, found, clock()))
    with database.read() as session:
        held = list(stories.story_ids(session))
    for done, named in enumerate(in_steps(held, _STEP)):
        progress("naming stories", done * _STEP, len(held))
        with database.write() as session:
            _recount(session, named, clock())
    progress("naming stories", len(held), len(held))
    return Regrouped(articles=len(articles), changes=changed)


def is_worth_settling(session: Session, delivery: DeliveryId, brought: int) -> bool:
    """Return whether a delivery that brought so many articles is to end with ``settle``."""
    held = count_articles(session, _FEW + 1)
    if deliveries.follows_unfinished(
        session, delivery
    ):  # whose articles are not settled, however many they are
        return held <= _FEW
    return brought > 0 and held <= min(_FEW, max(_FEWEST, brought / _MUCH))


def settle(session: Session, *, now: datetime, progress: Progress) -> StoryChanges:
    """Do as ``regroup`` does in the transaction under way: for a small archive, for which nobody waits long."""
    articles = articles_by_date(session)
    for done, step in enumerate(in_steps(articles, _STEP)):
        progress("weighing articles", done * _STEP, len(articles))
        Filing(session, now=now).reweigh(step)
    gathered = _gather_families(session, now)
    shelf = Shelf(session)
    changed = gathered.followed_by(_arrange(session, shelf, cluster(shelf, progress=progress), now))
    _recount(session, list(stories.story_ids(session)), now)
    return changed


def _gather_families(session: Session, now: datetime) -> StoryChanges:
    """Put families into one story each that stand in several, as earlier versions could leave them."""
    filing = Filing(session, now=now)
    for article, original in story_pins.scattered(session).items():
        filing.stories.follow(article, original)
    return filing.flush()


def _arrange(session: Session, shelf: Shelf, found: Clusters, now: datetime) -> StoryChanges:
    """Write what was found, and the notes for the index."""
    memory = StoryMemory(session, now)
    changed = _rearrange(session, memory, shelf, found)
    _relate(session, memory, shelf, found)
    outbox.note(session, changed.moved)
    return changed


def _rearrange(session: Session, memory: StoryMemory, shelf: Shelf, found: Clusters) -> StoryChanges:
    """Change what is stored into what was found. What others have withdrawn, parted or ruled about meanwhile is left
    as it is."""
    memory.stories_of([article for unit in shelf.units for article in unit])
    units: list[Unit] = []
    groups: list[range] = []
    for places in found.groups:
        first = len(units)
        for place in places:
            articles, story = shelf.units[place], _story_of(memory, shelf, place)
            if story is not None and story not in memory.kept:
                units.append(Unit(story=story, articles=tuple(sorted(articles)), size=len(articles)))
        groups.append(range(first, len(units)))
    parted = divided(units, groups)
    origins = story_pins.find_origins(session, {unit.story for unit in units})
    return memory.rearrange(changes(units, groups, memory.former(parted), origins))


def _story_of(memory: StoryMemory, shelf: Shelf, place: int) -> StoryId | None:
    """Return the story of a unit; None where it is in none or in several by now."""
    articles = shelf.units[place]
    there = {memory.stories_of([article]).get(article) for article in articles}
    return there.pop() if len(there) == 1 else None


def _relate(session: Session, memory: StoryMemory, shelf: Shelf, found: Clusters) -> None:
    """Let stories be related to those that they, or any part of them, were found near to: each to the nearest few."""
    story_of = [_story_of(memory, shelf, places[0]) for places in found.groups]
    near = sorted(
        (-each, min(pair), max(pair))
        for one, other, each in found.related
        if (pair := {story for story in (story_of[one], story_of[other]) if story}) and len(pair) == 2
    )
    met: Counter[StoryId] = Counter()
    related: list[tuple[StoryId, Related]] = []
    for each, story, other in near:
        if met[story] < MOST_RELATED or met[other] < MOST_RELATED:
            met.update((story, other))
            profiles = memory.profiles([story, other])
            words = shared(profiles[story], profiles[other])
            related.append((story, Related(story=other, similarity=-each, shared=words)))
    story_links.relate_anew(session, related, {story for story in story_of if story})


def _recount(session: Session, held: Sequence[StoryId], now: datetime) -> None:
    """Give stories the days and the headlines of their articles."""
    memory = StoryMemory(session, now)
    memory.recount(held)
    memory.keep()
