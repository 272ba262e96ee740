"""Stories in the database: what a decision needs to know of them, and what a reader is shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby

import numpy as np
from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector
from app.domain.query import Brief
from app.domain.story import KeyTerm, Member, Postings, Related, headline_of, key_terms
from app.domain.terms import TermKey
from app.domain.views import Listing, RelatedView, StoryRow, StoryView, TimelineDay
from app.errors import NotFoundError
from app.store.articles import brief_of
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import (
    ArticleRecord,
    FrequencyRecord,
    PostingRecord,
    RelatedRecord,
    SourceRecord,
    StoryRecord,
)

# A story's headline is chosen anew with every article until it has so many: it has found its name by then, and the
# cost of an article must not grow with its story.
MOST_FOR_HEADLINE = 50


class StoryMemory:
    """The stories as one batch of newcomers sees them: the database, and what the batch adds to it.

    Serves as the ``Memory`` of ``domain.story``. Nothing is written before ``flush``, but for new stories, whose ids
    are needed at once.
    """

    def __init__(self, session: Session, keys: Sequence[TermKey], now: datetime) -> None:
        """``keys`` are all the terms the newcomers are counted under; they are looked up at once."""
        self._session = session
        self._now = now
        self._frequencies: dict[TermKey, int] = {}
        self._counted: Counter[TermKey] = Counter()
        self._postings: dict[TermKey, Postings] = {}
        self._new_postings: list[dict[str, object]] = []
        self._stories: dict[ArticleId, StoryId] = {}
        self._placed: list[dict[str, object]] = []
        self._profiles: dict[StoryId, Profile] = {}
        self._touched: set[StoryId] = set()
        self._opened: set[StoryId] = set()
        for step in in_steps(sorted(set(keys))):
            rows = session.execute(
                select(FrequencyRecord.term, FrequencyRecord.articles).where(FrequencyRecord.term.in_(step))
            )
            self._frequencies.update((TermKey(term), count) for term, count in rows)

    def frequencies(self, keys: Sequence[TermKey]) -> Mapping[TermKey, int]:
        """Return in how many articles each key occurs."""
        return {key: self._frequencies[key] for key in keys if key in self._frequencies}

    def postings(self, keys: Sequence[TermKey], newest: int) -> Mapping[TermKey, Postings]:
        """Return the newest articles under each key."""
        missing = [key for key in keys if key not in self._postings]
        if missing:
            self._load_postings(missing, newest)
        return {key: self._postings[key] for key in keys if len(self._postings[key].articles)}

    def stories_of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Return the story of each article."""
        missing = [article for article in articles if article not in self._stories]
        for step in in_steps(missing):
            rows = self._session.execute(
                select(ArticleRecord.id, ArticleRecord.story_id).where(ArticleRecord.id.in_(step))
            )
            self._stories.update((ArticleId(id_), StoryId(story)) for id_, story in rows)
        return {article: self._stories[article] for article in articles if article in self._stories}

    def profiles(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Profile]:
        """Return the profile of each story."""
        missing = [story for story in stories if story not in self._profiles]
        for step in in_steps(missing):
            rows = self._session.execute(
                select(StoryRecord.id, StoryRecord.profile).where(StoryRecord.id.in_(step))
            )
            self._profiles.update((StoryId(id_), Profile.from_bytes(profile)) for id_, profile in rows)
        return {story: self._profiles[story] for story in stories if story in self._profiles}

    def open_story(self, headline: str) -> StoryId:
        """Add a story that has no article yet, and return its id."""
        record = StoryRecord(headline=headline, size=0, touched=self._now, profile=b"")
        self._session.add(record)
        self._session.flush()
        story = StoryId(record.id)
        self._opened.add(story)
        self._profiles[story] = Profile(
            size=0, keys=np.zeros(0, np.int64), sums=np.zeros(0, np.float32), days={}, words={}
        )
        return story

    def add(
        self, article: ArticleId, story: StoryId, vector: Vector, day: date | None, counted: Sequence[TermKey]
    ) -> None:
        """Take up a new article into a story."""
        self._stories[article] = story
        self._placed.append({"id": article, "story_id": story, "vector": vector.to_bytes()})
        self._profiles[story] = self.profiles([story])[story].added(vector, day)
        self._touched.add(story)
        for key in counted:
            self._frequencies[key] = self._frequencies.get(key, 0) + 1
            self._counted[key] += 1
        for term in key_terms(vector):
            self._post(term, article)

    def remove(self, article: ArticleId, day: date | None, counted: Sequence[TermKey]) -> None:
        """Take an article out of its story; a story that is left empty goes with it."""
        record = self._session.get_one(ArticleRecord, article)
        story = StoryId(record.story_id)
        self._profiles[story] = self.profiles([story])[story].removed(Vector.from_bytes(record.vector), day)
        self._touched.add(story)
        self._counted.subtract(counted)
        self._session.execute(delete(PostingRecord).where(PostingRecord.article_id == article))
        self._session.execute(update(ArticleRecord).where(ArticleRecord.id == article).values(story_id=None))

    def relate(self, story: StoryId, related: Sequence[Related]) -> None:
        """Write that a story has to do with others; a nearer finding replaces an earlier one."""
        for each in related:
            low, high = sorted((story, each.story))
            statement = inserting(self._session, RelatedRecord).values(
                story_id=low, other_id=high, similarity=each.similarity, shared=list(each.shared)
            )
            self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=[RelatedRecord.story_id, RelatedRecord.other_id],
                    set_={"similarity": statement.excluded.similarity, "shared": statement.excluded.shared},
                    where=RelatedRecord.similarity < statement.excluded.similarity,
                )
            )

    def flush(self) -> None:
        """Write what was added."""
        if self._placed:
            self._session.execute(update(ArticleRecord), self._placed)
        if self._new_postings:
            self._session.execute(insert(PostingRecord), self._new_postings)
        if self._counted:
            counted = inserting(self._session, FrequencyRecord)
            self._session.execute(
                counted.on_conflict_do_update(
                    index_elements=[FrequencyRecord.term],
                    set_={"articles": FrequencyRecord.articles + counted.excluded.articles},
                ),
                [{"term": term, "articles": count} for term, count in sorted(self._counted.items())],
            )
        self._write_stories()
        self._placed, self._new_postings, self._counted, self._touched = [], [], Counter(), set()

    def _write_stories(self) -> None:
        rows: list[dict[str, object]] = []
        for story in sorted(self._touched):
            profile = self._profiles[story]
            if not profile.size:
                self._remove_story(story)
                continue
            rows.append(
                {
                    "id": story,
                    "size": profile.size,
                    "first_day": profile.first_day,
                    "last_day": profile.last_day,
                    "touched": self._now,
                    "profile": profile.to_bytes(),
                }
            )
        if rows:
            self._session.execute(update(StoryRecord), rows)
        for story in sorted(self._touched):
            size = self._profiles[story].size
            is_named = size == 1 and story in self._opened  # after its one article, when it was opened
            if 0 < size <= MOST_FOR_HEADLINE and not is_named:
                _choose_headline(self._session, story)

    def _remove_story(self, story: StoryId) -> None:
        self._session.execute(
            delete(RelatedRecord).where(or_(RelatedRecord.story_id == story, RelatedRecord.other_id == story))
        )
        self._session.execute(delete(StoryRecord).where(StoryRecord.id == story))

    def _load_postings(self, keys: Sequence[TermKey], newest: int) -> None:
        asked = {f"key_{nth}": key for nth, key in enumerate(keys)}
        found: dict[TermKey, list[tuple[int, float]]] = {key: [] for key in keys}
        for term, article, weight in self._session.execute(_newest_postings(len(keys), newest), asked):
            found[TermKey(term)].append((article, weight))
        for key, pairs in found.items():
            self._postings[key] = Postings(
                articles=np.array([article for article, _ in pairs], dtype=np.int64),
                weights=np.array([weight for _, weight in pairs], dtype=np.float32),
            )

    def _post(self, term: KeyTerm, article: ArticleId) -> None:
        self._new_postings.append({"term": term.key, "article_id": article, "weight": term.weight})
        held = self._postings.get(term.key)
        if held is not None:
            self._postings[term.key] = Postings(
                articles=np.concatenate([np.array([article], dtype=np.int64), held.articles]),
                weights=np.concatenate([np.array([term.weight], dtype=np.float32), held.weights]),
            )


@cache
def _newest_postings(keys: int, newest: int) -> CompoundSelect[int, int, float]:
    """The newest postings of each of so many keys, in one question. Built once: that takes longer than the answer."""
    of_each = (
        select(PostingRecord.term, PostingRecord.article_id, PostingRecord.weight)
        .where(PostingRecord.term == bindparam(f"key_{nth}", type_=BigInteger))
        .order_by(PostingRecord.article_id.desc())
        .limit(newest)
        .subquery()
        for nth in range(keys)
    )
    return union_all(*(select(postings) for postings in of_each))


def _choose_headline(session: Session, story: StoryId) -> None:
    rows = session.execute(
        select(ArticleRecord.vector, ArticleRecord.headline, ArticleRecord.title)
        .where(ArticleRecord.story_id == story)
        .order_by(ArticleRecord.id)
    )
    members = [
        Member(vector=Vector.from_bytes(vector), headline=headline, title=title)
        for vector, headline, title in rows
    ]
    session.execute(update(StoryRecord).where(StoryRecord.id == story).values(headline=headline_of(members)))


def find_story(session: Session, story: StoryId) -> StoryView:
    """Return a story with its timeline; raise ``NotFoundError`` when there is none."""
    record = session.get(StoryRecord, story)
    if record is None:
        raise NotFoundError("story", story)
    rows = session.execute(
        select(ArticleRecord, SourceRecord.name)
        .outerjoin(SourceRecord, SourceRecord.id == ArticleRecord.source_id)
        .where(ArticleRecord.story_id == story)
        .order_by(ArticleRecord.published, ArticleRecord.id)
    )
    briefs = [brief_of(article, source) for article, source in rows]
    dated = [brief for brief in briefs if brief.published.at]
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
    )


def _day(brief: Brief) -> date | None:
    return brief.published.at.astimezone(UTC).date() if brief.published.at else None


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
