"""Stories in the database, as a reader is shown them."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Published, StoryId
from app.domain.coverage import Carried
from app.domain.decision import Action
from app.domain.profile import Profile
from app.domain.query import Brief
from app.domain.story import key_words
from app.domain.views import Listing, RelatedView, StoryRow, StoryView, TimelineDay
from app.errors import EmptiedError, NewsfoldError, NotFoundError
from app.store.articles import brief_of, select_briefs
from app.store.batches import in_steps
from app.store.decisions import count_standing, emptied_by
from app.store.story_links import standing
from app.store.tables import ArticleRecord, RelatedRecord, SightingRecord, SourceRecord, StoryRecord


def story_missing(session: Session, story: StoryId) -> NewsfoldError:
    """Return why there is no such story: nobody knows it, or no article of it is in sight any more."""
    emptied = emptied_by(session, story)
    if emptied is None:
        return NotFoundError("story", story)
    return EmptiedError(
        story,
        emptied.article or 0,
        erased=emptied.action is Action.ERASE,
        day=emptied.made.date(),
        reason=emptied.why,
    )


def find_story(session: Session, story: StoryId) -> StoryView:
    """Return a story with its timeline; raise ``NotFoundError`` when there is none, ``EmptiedError`` when
    no article of it is in sight any more.

    A story that was merged into another is answered with that one, under its own id.
    """
    record = session.get(StoryRecord, standing(session, story) or story)
    if record is None:
        raise story_missing(session, story)
    story = StoryId(record.id)
    rows = session.execute(
        select_briefs()
        .where(ArticleRecord.story_id == story)
        .order_by(ArticleRecord.published, ArticleRecord.id)
    )
    briefs = [brief_of(article, source) for article, source in rows]
    dated = [brief for brief in briefs if brief.published.at]
    names, terms = key_words(Profile.from_bytes(record.profile))
    return StoryView(
        id=story,
        headline=record.headline,
        first_day=record.first_day,
        last_day=record.last_day,
        timeline=tuple(
            TimelineDay(day=day, articles=tuple(on_day)) for day, on_day in groupby(dated, key=_day) if day
        ),
        undated=tuple(brief for brief in briefs if not brief.published.at),
        related=_related(session, story),
        names=names,
        terms=terms,
        carried=_carried(session, story),
        locked=record.locked,
        named=record.named,
        decisions=count_standing(session, story=story),
        split_from=_origin(session, record),
        split_into=tuple(
            map(
                StoryId,
                session.scalars(
                    select(StoryRecord.id).where(StoryRecord.split_from == story).order_by(StoryRecord.id)
                ),
            )
        ),
    )


def _origin(session: Session, record: StoryRecord) -> StoryId | None:
    """Return the story whose articles one began with, if that is another one still."""
    if record.split_from is None or standing(session, StoryId(record.split_from)) == record.id:
        return None
    return StoryId(record.split_from)


def _carried(session: Session, story: StoryId) -> tuple[Carried, ...]:
    rows = session.execute(
        select(SightingRecord.article_id, SourceRecord.name, SightingRecord.published)
        .join(ArticleRecord, ArticleRecord.id == SightingRecord.article_id)
        .join(SourceRecord, SourceRecord.id == SightingRecord.source_id)
        .where(ArticleRecord.story_id == story)
    )
    return tuple(
        Carried(article=ArticleId(article), source=source, day=Published(at=at).day)
        for article, source, at in rows
    )


def _day(brief: Brief) -> date | None:
    return brief.published.day


def _related(session: Session, story: StoryId) -> tuple[RelatedView, ...]:
    rows = session.execute(
        select(RelatedRecord, StoryRecord.id, StoryRecord.headline)
        .join(
            StoryRecord,
            or_(
                (RelatedRecord.story_id == story) & (StoryRecord.id == RelatedRecord.other_id),
                (RelatedRecord.other_id == story) & (StoryRecord.id == RelatedRecord.story_id),
            ),
        )
        .order_by(RelatedRecord.similarity.desc(), StoryRecord.id)
    )
    return tuple(
        RelatedView(
            id=StoryId(id_),
            headline=headline,
            similarity=link.similarity,
            shared=tuple(map(str, link.shared)),
        )
        for link, id_, headline in rows
    )


def story_ids(session: Session) -> Iterator[StoryId]:
    """Yield the id of every story, ascending."""
    for id_ in session.scalars(select(StoryRecord.id).order_by(StoryRecord.id)).yield_per(10_000):
        yield StoryId(id_)


def of_no_others(session: Session, articles: Collection[ArticleId]) -> set[StoryId]:
    """Return the stories that have none but some of ``articles``."""
    inside: Counter[int] = Counter()
    sizes: dict[int, int] = {}
    for step in in_steps(sorted(articles)):
        rows = session.execute(
            select(StoryRecord.id, StoryRecord.size, func.count())
            .join(ArticleRecord, ArticleRecord.story_id == StoryRecord.id)
            .where(ArticleRecord.id.in_(step))
            .group_by(StoryRecord.id, StoryRecord.size)
        )
        for story, size, here in rows:
            inside[story] += here
            sizes[story] = size
    return {StoryId(story) for story, here in inside.items() if here == sizes[story]}


def list_stories(session: Session, *, page: int, page_size: int) -> Listing[StoryRow]:
    """Return one page of the stories, those with the newest arrivals first."""
    total = session.scalar(select(func.count()).select_from(StoryRecord)) or 0
    records = session.scalars(
        select(StoryRecord)
        .order_by(StoryRecord.touched.desc(), StoryRecord.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Listing(
        total=total,
        page=page,
        page_size=page_size,
        rows=tuple(
            StoryRow(
                id=StoryId(record.id),
                headline=record.headline,
                size=record.size,
                first_day=record.first_day,
                last_day=record.last_day,
            )
            for record in records
        ),
    )
