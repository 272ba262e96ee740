"""What stories are called after: the headlines and titles of their articles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, StoryId
from app.store.batches import in_bulk, in_steps
from app.store.dating import BY_DATE
from app.store.tables import ArticleRecord, StoryRecord

# A story's headline is chosen anew with every article until it has so many: it has found its name by then, and the
# cost of an article must not grow with its story.
MOST_FOR_HEADLINE = 50

_TITLES = (
    select(ArticleRecord.id, ArticleRecord.story_id, ArticleRecord.headline, ArticleRecord.title)
    .join(StoryRecord, StoryRecord.id == ArticleRecord.story_id)
    .where(ArticleRecord.story_id.in_(bindparam("stories", expanding=True)), ~StoryRecord.named)
    .order_by(ArticleRecord.story_id, *BY_DATE)
)
_CALLED_AFTER = (
    select(StoryRecord.id)
    .join(ArticleRecord, ArticleRecord.story_id == StoryRecord.id)
    .where(
        ArticleRecord.id == bindparam("article"),
        or_(StoryRecord.headline == ArticleRecord.headline, StoryRecord.headline == ArticleRecord.title),
    )
)
_NAMING = update(StoryRecord).where(StoryRecord.id == bindparam("story")).values(headline=bindparam("title"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """An article with its printed headline and its title."""

    article: ArticleId
    headline: str | None
    title: str


def titles_of(session: Session, stories: Collection[StoryId]) -> dict[StoryId, Sequence[Titled]]:
    """Return the articles of those of ``stories`` that no person gave a name, by date."""
    found: dict[StoryId, Sequence[Titled]] = {}
    for step in in_steps(stories):
        rows = session.execute(_TITLES, {"stories": step})
        for story, articles in groupby(rows, key=lambda row: StoryId(row.story_id)):
            found[story] = [
                Titled(article=ArticleId(row.id), headline=row.headline, title=row.title) for row in articles
            ]
    return found


def call(session: Session, chosen: Sequence[tuple[StoryId, str]]) -> None:
    """Give stories their headlines."""
    in_bulk(session, _NAMING, [{"story": story, "title": title} for story, title in chosen])


def is_called_after(session: Session, article: ArticleId) -> bool:
    """Return whether the headline of its story is that of an article."""
    return session.scalar(_CALLED_AFTER, {"article": article}) is not None
