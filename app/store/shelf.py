"""The articles of an archive in an order that has nothing to do with their arrival, to be grouped anew."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import reduce

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Published, StoryId
from app.domain.profile import Profile, Vector
from app.store import story_pins
from app.store.batches import in_steps
from app.store.dating import BY_DATE
from app.store.tables import ArticleRecord, StoryRecord

# So many articles are held as they were read: some 100 MB.
_MOST_READ = 20_000


class Shelf:
    """All that is in sight, as ``domain.clustering`` groups it: an article with its duplicates, or a whole story that
    mending leaves alone. To be used while the session sees one state of the database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        kept = story_pins.kept_stories(session)
        called = set(session.scalars(select(StoryRecord.id).where(StoryRecord.named)))
        inside: dict[int, list[ArticleId]] = {}
        self.whole: dict[int, StoryId] = {}
        self.named: dict[int, StoryId] = {}
        rows = session.execute(
            select(ArticleRecord.id, ArticleRecord.story_id, ArticleRecord.duplicate_of)
            .where(ArticleRecord.story_id.is_not(None))
            .order_by(*BY_DATE)
            .execution_options(yield_per=10_000)
        )
        for id_, story, original in rows:
            # A story can have the number of an article.
            unit = -story if story in kept else original or id_
            if unit not in inside:
                if story in kept:
                    self.whole[len(inside)] = StoryId(story)
                elif story in called:
                    self.named[len(inside)] = StoryId(story)
            inside.setdefault(unit, []).append(ArticleId(id_))
        self.units: Sequence[Sequence[ArticleId]] = list(inside.values())
        self._read: OrderedDict[int, Profile] = OrderedDict()

    def __len__(self) -> int:
        return len(self.units)

    def profiles(self, places: Sequence[int]) -> Sequence[Profile]:
        """Return units as stories of their own."""
        held = {place: self._read[place] for place in places if place in self._read}
        missing = [place for place in places if place not in held]
        if missing:
            alone = self._alone([article for place in missing for article in self.units[place]])
            for place in missing:
                held[place] = reduce(Profile.joined, (alone[article] for article in self.units[place]))
        for place, profile in held.items():
            self._read[place] = profile
            self._read.move_to_end(place)
        while len(self._read) > _MOST_READ:
            self._read.popitem(last=False)
        return [held[place] for place in places]

    def _alone(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Profile]:
        """Return articles as stories of their own."""
        found = {}
        for step in in_steps(articles):
            rows = self._session.execute(
                select(ArticleRecord.id, ArticleRecord.vector, ArticleRecord.published).where(
                    ArticleRecord.id.in_(step)
                )
            )
            for id_, vector, published in rows:
                found[ArticleId(id_)] = Profile.of(Vector.from_bytes(vector), Published(at=published).day)
        return found


def articles_by_date(session: Session) -> list[ArticleId]:
    """Return the articles in sight in the order of ``BY_DATE``."""
    rows = session.scalars(
        select(ArticleRecord.id).where(ArticleRecord.story_id.is_not(None)).order_by(*BY_DATE)
    )
    return list(map(ArticleId, rows))


def count_articles(session: Session, most: int) -> int:
    """Return how many articles are in sight, or ``most`` where there are more."""
    some = select(ArticleRecord.id).where(ArticleRecord.story_id.is_not(None)).limit(most)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0
