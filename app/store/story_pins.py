"""What people decided about stories, as intake and mending must respect it: pins, kept stories, locked stories."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.orm import Session, aliased

from app.domain.article import ArticleId, StoryId
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import AliasRecord, ArticleRecord, PinRecord, StoryRecord


def locked_stories(session: Session) -> frozenset[StoryId]:
    """Return the stories that take no newcomers."""
    return frozenset(map(StoryId, session.scalars(select(StoryRecord.id).where(StoryRecord.locked))))


def kept_stories(session: Session) -> frozenset[StoryId]:
    """Return the stories that mending leaves alone: locked ones, and those that a person put an article into."""
    # A pin stays as it was written when its story becomes part of another: it is right again when that is undone.
    pinned = (
        select(func.coalesce(AliasRecord.into_id, PinRecord.story_id))
        .select_from(PinRecord)
        .outerjoin(AliasRecord, AliasRecord.story_id == PinRecord.story_id)
    )
    locked = select(StoryRecord.id).where(StoryRecord.locked)
    return frozenset(map(StoryId, session.scalars(union(pinned, locked))))


def pinned_stories(session: Session, digests: Collection[str]) -> dict[str, StoryId]:
    """Return the stories that texts of these digests were put into, as far as these stories are still there."""
    found: dict[str, StoryId] = {}
    for step in in_steps(sorted(digests)):
        rows = session.execute(
            select(PinRecord.digest, StoryRecord.id)
            .outerjoin(AliasRecord, AliasRecord.story_id == PinRecord.story_id)
            .join(
                StoryRecord, (StoryRecord.id == PinRecord.story_id) | (StoryRecord.id == AliasRecord.into_id)
            )
            .where(PinRecord.digest.in_(step))
        )
        found.update((digest, StoryId(story)) for digest, story in rows)
    return found


def pins_of(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, StoryId]:
    """Return, of those of ``articles`` that a person put into a story that is still there, that story."""
    digests: dict[str, ArticleId] = {}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(ArticleRecord.digest, ArticleRecord.id)
            .join(PinRecord, PinRecord.digest == ArticleRecord.digest)
            .where(ArticleRecord.id.in_(step))
        )
        digests.update((digest, ArticleId(id_)) for digest, id_ in rows)
    return {digests[digest]: story for digest, story in pinned_stories(session, digests).items()}


def families_of(session: Session, originals: Collection[ArticleId]) -> dict[ArticleId, ArticleId]:
    """Return these originals and all that repeat them, each with its original."""
    found = {original: original for original in originals}
    for step in in_steps(sorted(originals)):
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.duplicate_of).where(ArticleRecord.duplicate_of.in_(step))
        )
        found.update((ArticleId(id_), ArticleId(original)) for id_, original in rows if original)
    return found


def scattered(session: Session) -> dict[ArticleId, ArticleId]:
    """Return the duplicates that are not in the story of their original, each with that."""
    original = aliased(ArticleRecord)
    rows = session.execute(
        select(ArticleRecord.id, original.id)
        .join(original, original.id == ArticleRecord.duplicate_of)
        .where(ArticleRecord.story_id != original.story_id)
    )
    return {ArticleId(article): ArticleId(of) for article, of in rows}


def find_pins(session: Session, digests: Collection[str]) -> dict[str, StoryId]:
    """Return the pins of these digests as they are written."""
    found: dict[str, StoryId] = {}
    for step in in_steps(sorted(digests)):
        rows = session.execute(select(PinRecord.digest, PinRecord.story_id).where(PinRecord.digest.in_(step)))
        found.update((digest, StoryId(story)) for digest, story in rows)
    return found


def pin(session: Session, pins: Mapping[str, StoryId | None]) -> None:
    """Pin texts to stories; None takes a pin away."""
    gone = [digest for digest, story in pins.items() if story is None]
    for step in in_steps(sorted(gone)):
        session.execute(delete(PinRecord).where(PinRecord.digest.in_(step)))
    rows = [{"digest": digest, "story_id": story} for digest, story in sorted(pins.items()) if story]
    if rows:
        adding = inserting(session, PinRecord)
        session.execute(
            adding.on_conflict_do_update(
                index_elements=[PinRecord.digest], set_={"story_id": adding.excluded.story_id}
            ),
            rows,
        )


def set_locked(session: Session, story: StoryId, *, locked: bool) -> None:
    """Lock a story, or unlock it."""
    session.execute(update(StoryRecord).where(StoryRecord.id == story).values(locked=locked))


def set_name(session: Session, story: StoryId, name: str | None) -> None:
    """Give a story the headline that a person chose, which stays; or, without one, say that it has none of a person."""
    called: dict[str, object] = {"named": True, "headline": name} if name else {"named": False}
    session.execute(update(StoryRecord).where(StoryRecord.id == story).values(called))


def articles_of(
    session: Session, stories: Collection[StoryId]
) -> dict[ArticleId, tuple[str, StoryId, ArticleId]]:
    """Return the articles of stories: their digests, stories, and originals (themselves where they repeat nothing)."""
    found: dict[ArticleId, tuple[str, StoryId, ArticleId]] = {}
    for step in in_steps(sorted(stories)):
        rows = session.execute(
            select(
                ArticleRecord.id, ArticleRecord.digest, ArticleRecord.story_id, ArticleRecord.duplicate_of
            ).where(ArticleRecord.story_id.in_(step))
        )
        for id_, digest, story, original in rows:
            found[ArticleId(id_)] = (digest, StoryId(story), ArticleId(original or id_))
    return found


def articles_with(session: Session, digests: Collection[str]) -> dict[str, tuple[ArticleId, StoryId]]:
    """Return the articles in sight that have these digests, and their stories."""
    found: dict[str, tuple[ArticleId, StoryId]] = {}
    for step in in_steps(sorted(digests)):
        rows = session.execute(
            select(ArticleRecord.digest, ArticleRecord.id, ArticleRecord.story_id).where(
                ArticleRecord.digest.in_(step), ArticleRecord.story_id.is_not(None)
            )
        )
        found.update((digest, (ArticleId(id_), StoryId(story))) for digest, id_, story in rows)
    return found


def received_after(session: Session, articles: Collection[ArticleId], moment: datetime) -> set[ArticleId]:
    """Return those of ``articles`` that were received after a moment."""
    found: set[ArticleId] = set()
    for step in in_steps(sorted(articles)):
        rows = session.scalars(
            select(ArticleRecord.id).where(ArticleRecord.id.in_(step), ArticleRecord.received > moment)
        )
        found.update(map(ArticleId, rows))
    return found


def find_origins(session: Session, stories: Collection[StoryId]) -> dict[StoryId, StoryId]:
    """Return, of those of ``stories`` that split from another, that one."""
    found: dict[StoryId, StoryId] = {}
    for step in in_steps(sorted(stories)):
        rows = session.execute(select(StoryRecord.id, StoryRecord.split_from).where(StoryRecord.id.in_(step)))
        found.update((StoryId(id_), StoryId(origin)) for id_, origin in rows if origin)
    return found
