"""What ties stories to each other: those that have to do with another, and those that were merged into another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, BindParameter, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, StoryId
from app.domain.story import Related
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import AliasRecord, ArticleRecord, RelatedRecord, StoryRecord

_OF = or_(RelatedRecord.story_id == bindparam("story"), RelatedRecord.other_id == bindparam("story"))
_RELATED = select(
    RelatedRecord.story_id, RelatedRecord.other_id, RelatedRecord.similarity, RelatedRecord.shared
).where(_OF)
_INTO: BindParameter[int] = bindparam("into")
_HAD: BindParameter[list[int]] = bindparam("had", type_=JSON)
_MERGING = (
    update(ArticleRecord).where(ArticleRecord.story_id == bindparam("story")).values(story_id=_INTO),
    update(AliasRecord).where(AliasRecord.into_id == bindparam("story")).values(into_id=_INTO),
    insert(AliasRecord).from_select(
        ["story_id", "into_id", "articles", "split_from"],
        select(StoryRecord.id, _INTO, _HAD, StoryRecord.split_from).where(
            StoryRecord.id == bindparam("story")
        ),
    ),
)
_CLOSING = (
    delete(RelatedRecord).where(_OF),
    delete(AliasRecord).where(AliasRecord.into_id == bindparam("story")),
    delete(StoryRecord).where(StoryRecord.id == bindparam("story")),
)


def relate(session: Session, found: Sequence[tuple[StoryId, Related]]) -> None:
    """Write that stories have to do with others; a nearer finding replaces an earlier one."""
    if not found:
        return
    rows = [
        {
            "story_id": min(story, each.story),
            "other_id": max(story, each.story),
            "similarity": each.similarity,
            "shared": list(each.shared),
        }
        for story, each in found
    ]
    statement = inserting(session, RelatedRecord)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=[RelatedRecord.story_id, RelatedRecord.other_id],
            set_={"similarity": statement.excluded.similarity, "shared": statement.excluded.shared},
            where=RelatedRecord.similarity < statement.excluded.similarity,
        ),
        rows,
    )


def relate_anew(
    session: Session, found: Sequence[tuple[StoryId, Related]], among: Collection[StoryId]
) -> None:
    """Write that stories have to do with others, in place of all that was written of any two ``among`` these."""
    others = [
        StoryId(story) for story in session.scalars(select(StoryRecord.id)) if StoryId(story) not in among
    ]
    kept = [(story, each) for story in others for each in find_related(session, story)]
    session.execute(delete(RelatedRecord))
    relate(session, [*found, *kept])


def find_related(session: Session, story: StoryId) -> list[Related]:
    """Return the stories that have to do with one."""
    return [
        Related(story=StoryId(other if one == story else one), similarity=similarity, shared=tuple(shared))
        for one, other, similarity, shared in session.connection().execute(_RELATED, {"story": story})
    ]


def unrelate(session: Session, story: StoryId, others: Collection[StoryId]) -> None:
    """Write that a story has nothing to do with others."""
    for step in in_steps(sorted(others)):
        either = or_(
            and_(RelatedRecord.story_id == story, RelatedRecord.other_id.in_(step)),
            and_(RelatedRecord.other_id == story, RelatedRecord.story_id.in_(step)),
        )
        session.execute(delete(RelatedRecord).where(either))


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A story that became part of another: the articles that it had, and the story that it had split from."""

    articles: frozenset[ArticleId]
    split_from: StoryId | None


def merge(session: Session, story: StoryId, into: StoryId, had: Collection[ArticleId]) -> None:
    """Put the articles of a story into another, to which its id and those that led to it lead from now on. It ``had``
    these articles, of which some can have gone there before."""
    asked = {"story": story, "into": into, "had": sorted(had)}
    for statement in _MERGING:
        session.connection().execute(statement, asked)


def former_parts(session: Session, story: StoryId) -> dict[StoryId, Former]:
    """Return the stories that became part of one."""
    rows = session.execute(
        select(AliasRecord.story_id, AliasRecord.articles, AliasRecord.split_from).where(
            AliasRecord.into_id == story
        )
    )
    return {
        StoryId(alias): Former(
            articles=frozenset(map(ArticleId, articles)), split_from=StoryId(origin) if origin else None
        )
        for alias, articles, origin in rows
    }


def split_from(session: Session, alias: StoryId) -> StoryId | None:
    """Return the story that one which became part of another had split from."""
    origin = session.scalar(select(AliasRecord.split_from).where(AliasRecord.story_id == alias))
    return StoryId(origin) if origin else None


def belong(session: Session, article: ArticleId, story: StoryId) -> None:
    """Write that an article is one of those that a story had which became part of another."""
    record = session.get(AliasRecord, story)
    if record is not None and article not in record.articles:
        record.articles = sorted([*record.articles, article])
        session.flush()


def standing(session: Session, story: StoryId) -> StoryId | None:
    """Return the story that an id leads to: itself, or the one it became part of; None where there is none."""
    there = select(StoryRecord.id).where(StoryRecord.id == story)
    led = select(AliasRecord.into_id).where(AliasRecord.story_id == story)
    found = session.scalar(there) or session.scalar(led)
    return StoryId(found) if found else None


def leading_to(session: Session, stories: Collection[StoryId]) -> dict[StoryId, StoryId]:
    """Return the ids of stories that became part of ``stories``, each with the one it leads to."""
    rows = session.execute(
        select(AliasRecord.story_id, AliasRecord.into_id).where(AliasRecord.into_id.in_(sorted(stories)))
    )
    return {StoryId(alias): StoryId(into) for alias, into in rows}


def lead_again(session: Session, aliases: Collection[StoryId], into: StoryId) -> None:
    """Let ids of stories that became part of others, some of which may be gone, lead to ``into``; but not those that
    have their own life back."""
    if not aliases:
        return
    alive = set(session.scalars(select(StoryRecord.id).where(StoryRecord.id.in_(sorted(aliases)))))
    if gone := set(aliases) - alive:
        adding = inserting(session, AliasRecord)
        session.execute(
            adding.on_conflict_do_update(index_elements=[AliasRecord.story_id], set_={"into_id": into}),
            [{"story_id": alias, "into_id": into} for alias in sorted(gone)],
        )


def close(session: Session, story: StoryId) -> None:
    """Remove a story that no article is left in."""
    for statement in _CLOSING:
        session.connection().execute(statement, {"story": story})
