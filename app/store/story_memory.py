"""The stories as intake sees and changes them, one batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, StoryId
from app.domain.mend import Change, Held, Merge, Move, mend
from app.domain.profile import Profile, Vector
from app.domain.story import Member, Postings, Related, headline_of, key_terms
from app.domain.terms import TermKey
from app.store import story_pins
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.story_terms import StoryTerms
from app.store.tables import AliasRecord, ArticleRecord, RelatedRecord, StoryRecord

# A story's headline is chosen anew with every article until it has so many: it has found its name by then, and the
# cost of an article must not grow with its story.
MOST_FOR_HEADLINE = 50


# A larger story is left whole when stories are mended: reading all its articles again would cost too much.
MOST_MENDED = 100

# What one mending changes is mended around as well, so many times at most.
_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChanges:
    """What a batch did to stories: those it opened and those it closed, and the articles that changed theirs."""

    opened: frozenset[StoryId]
    closed: frozenset[StoryId]
    moved: frozenset[ArticleId]


class StoryMemory:
    """The stories as one batch of newcomers sees them: the database, and what the batch adds to it.

    Serves as the ``Memory`` of ``domain.story`` and the ``Workshop`` of ``domain.mend``. Nothing is written before
    ``flush``, but for new stories, whose ids are needed at once.
    """

    def __init__(self, session: Session, keys: Sequence[TermKey], now: datetime) -> None:
        """``keys`` are all the terms the newcomers are counted under; they are looked up at once."""
        self._session = session
        self._now = now
        self._terms = StoryTerms(session, keys)
        self._stories: dict[ArticleId, StoryId] = {}
        self._placed: list[dict[str, object]] = []
        self._profiles: dict[StoryId, Profile] = {}
        self._touched: set[StoryId] = set()
        self._opened: set[StoryId] = set()
        self._closed: set[StoryId] = set()
        self._held: dict[ArticleId, Held] = {}
        self._following: dict[ArticleId, ArticleId] = {}
        self.locked = story_pins.locked_stories(session)
        self.kept = story_pins.kept_stories(session)

    def frequencies(self, keys: Sequence[TermKey]) -> Mapping[TermKey, int]:
        """Return in how many articles each key occurs."""
        return self._terms.frequencies(keys)

    def postings(self, keys: Sequence[TermKey], newest: int) -> Mapping[TermKey, Postings]:
        """Return the newest articles under each key."""
        return self._terms.postings(keys, newest)

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
        missing = [story for story in stories if story not in self._profiles and story not in self._closed]
        for step in in_steps(missing):
            rows = self._session.execute(
                select(StoryRecord.id, StoryRecord.profile).where(StoryRecord.id.in_(step))
            )
            self._profiles.update((StoryId(id_), Profile.from_bytes(profile)) for id_, profile in rows)
        return {story: self._profiles[story] for story in stories if story in self._profiles}

    def open_story(self, headline: str, split_from: StoryId | None = None) -> StoryId:
        """Add a story that has no article yet, and return its id; ``split_from`` is the story its articles leave."""
        opening = insert(StoryRecord).values(
            headline=headline, size=0, touched=self._now, profile=b"", split_from=split_from
        )
        story = StoryId(self._session.execute(opening.returning(StoryRecord.id)).scalar_one())
        self._opened.add(story)
        self._profiles[story] = Profile.empty()
        return story

    def add(
        self, article: ArticleId, story: StoryId, vector: Vector, day: date | None, counted: Sequence[TermKey]
    ) -> None:
        """Take up a new article into a story."""
        self._stories[article] = story
        self._placed.append({"id": article, "story_id": story, "vector": vector.to_bytes()})
        self._profiles[story] = self.profiles([story])[story].added(vector, day)
        self._touched.add(story)
        self._terms.add(article, key_terms(vector), counted)

    def remove(self, article: ArticleId, day: date | None, counted: Sequence[TermKey]) -> None:
        """Take an article out of its story; a story that is left empty goes with it."""
        record = self._session.get_one(ArticleRecord, article)
        story = StoryId(record.story_id)
        self._profiles[story] = self.profiles([story])[story].removed(Vector.from_bytes(record.vector), day)
        self._touched.add(story)
        self._terms.remove(article, counted)
        self._session.execute(update(ArticleRecord).where(ArticleRecord.id == article).values(story_id=None))

    def follow(self, article: ArticleId, original: ArticleId) -> None:
        """See to it that a duplicate is in the story of its original, which it has only now been found to have."""
        self._following[article] = original

    def _follow(self) -> set[ArticleId]:
        moved: set[ArticleId] = set()
        pinned = story_pins.pinned_articles(self._session, self._following)
        for article, original in self._following.items():
            stories = self.stories_of([article, original])
            if stories[article] != stories[original] and article not in pinned:
                self.move(stories[article], {article}, stories[original])
                moved.add(article)
        self._following = {}
        return moved

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

    def members(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Sequence[Held]]:
        """Return the articles of each story but those of very large ones; what was added has been written before."""
        small = [story for story, profile in self.profiles(stories).items() if profile.size <= MOST_MENDED]
        held: dict[StoryId, list[Held]] = {story: [] for story in small}
        for story, article in self._hold(ArticleRecord.story_id.in_(small)):
            held[story].append(article)
        return held

    def _hold(self, which: ColumnElement[bool]) -> list[tuple[StoryId, Held]]:
        """Return the articles of a condition with their vectors, each read once, in order of arrival."""
        rows = self._session.execute(
            select(ArticleRecord.id, ArticleRecord.story_id, ArticleRecord.vector, ArticleRecord.published)
            .where(which)
            .order_by(ArticleRecord.id)
        )
        found = []
        for id_, story, vector, published in rows:
            article = ArticleId(id_)
            if article not in self._held:
                day = published.astimezone(UTC).date() if published else None
                self._held[article] = Held(article=article, vector=Vector.from_bytes(vector), day=day)
            found.append((StoryId(story), self._held[article]))
        return found

    def flush(self) -> StoryChanges:
        """Write what was added, mend around it, and write the stories."""
        if self._placed:
            self._session.execute(update(ArticleRecord), self._placed)
        self._terms.flush()
        moved = self._follow() | self._mend()
        self._write_stories()
        self._placed, self._touched = [], set()
        return StoryChanges(
            opened=frozenset(self._opened - self._closed),
            closed=frozenset(self._closed - self._opened),
            moved=frozenset(moved),
        )

    def _mend(self) -> set[ArticleId]:
        """Group afresh around the stories that were touched; return the articles that changed their story."""
        moved: set[ArticleId] = set()
        touched = set(self._touched)
        for _ in range(_ROUNDS):
            changed: set[StoryId] = set()
            for story in sorted(touched):
                for change in mend(story, self):
                    articles, into = self._apply(change)
                    moved |= articles
                    changed |= {change.story, into} if articles else set()
            touched = changed
        return moved

    def _apply(self, change: Change) -> tuple[set[ArticleId], StoryId]:
        match change:
            case Merge(story=story, into=into):
                return self.merge(story, into), into
            case Move(story=story, articles=articles, into=into):
                going = self._with_their_duplicates(story, articles)
                if not going:
                    return set(), story
                target = into or self.open_story("", split_from=story)
                self.move(story, going, target)
                return going, target

    def _with_their_duplicates(self, story: StoryId, articles: Sequence[ArticleId]) -> set[ArticleId]:
        """Return the originals among ``articles`` and their duplicates in the same story: a family stays together,
        and goes where its original goes."""
        rows = self._session.execute(
            select(ArticleRecord.id, ArticleRecord.duplicate_of).where(ArticleRecord.story_id == story)
        ).all()
        here = {ArticleId(id_) for id_, _ in rows}
        going = {ArticleId(id_) for id_, of in rows if id_ in articles and of not in here}
        return going | {ArticleId(id_) for id_, of in rows if of in going}

    def reopen_story(self, story: StoryId, headline: str) -> None:
        """Give a story that was merged away its own life back, without articles at first."""
        self._session.execute(delete(AliasRecord).where(AliasRecord.story_id == story))
        self._session.add(StoryRecord(id=story, headline=headline, size=0, touched=self._now, profile=b""))
        self._session.flush()
        self._profiles[story] = Profile.empty()

    def touch(self, story: StoryId) -> None:
        """See to it that a story is mended and named anew with the next ``flush``."""
        self.profiles([story])
        self._touched.add(story)

    def move(self, story: StoryId, articles: set[ArticleId], into: StoryId) -> None:
        """Put articles of one story into another."""
        self._hold(ArticleRecord.id.in_(sorted(articles)))
        for article in sorted(articles):
            held = self._held[article]
            self._profiles[story] = self.profiles([story])[story].removed(held.vector, held.day)
            self._profiles[into] = self.profiles([into])[into].added(held.vector, held.day)
            self._stories[article] = into
        for step in in_steps(sorted(articles)):
            self._session.execute(
                update(ArticleRecord).where(ArticleRecord.id.in_(step)).values(story_id=into)
            )
        self._touched |= {story, into}

    def merge(self, story: StoryId, into: StoryId) -> set[ArticleId]:
        """Put all of ``story`` into another, and return its articles; its id lives on as an alias of that one."""
        profiles = self.profiles([story, into])
        self._profiles[into] = profiles[into].joined(profiles[story])
        inside = self._session.scalars(select(ArticleRecord.id).where(ArticleRecord.story_id == story))
        articles = {ArticleId(id_) for id_ in inside}
        self._stories.update(dict.fromkeys(articles, into))
        self._session.execute(
            update(ArticleRecord).where(ArticleRecord.story_id == story).values(story_id=into)
        )
        self._session.execute(update(AliasRecord).where(AliasRecord.into_id == story).values(into_id=into))
        self._session.add(AliasRecord(story_id=story, into_id=into))
        self.relate(into, [each for each in self._related_to(story) if each.story != into])
        self._close(story)
        self._touched.add(into)
        return articles

    def _related_to(self, story: StoryId) -> list[Related]:
        rows = self._session.scalars(
            select(RelatedRecord).where(or_(RelatedRecord.story_id == story, RelatedRecord.other_id == story))
        )
        return [
            Related(
                story=StoryId(row.other_id if row.story_id == story else row.story_id),
                similarity=row.similarity,
                shared=tuple(row.shared),
            )
            for row in rows
        ]

    def _write_stories(self) -> None:
        touched = {story: self._profiles[story] for story in sorted(self._touched - self._closed)}
        for story, profile in touched.items():
            if not profile.size:
                self._close(story)
        rows = [
            {
                "id": story,
                "size": profile.size,
                "first_day": profile.first_day,
                "last_day": profile.last_day,
                "touched": self._now,
                "profile": profile.to_bytes(),
            }
            for story, profile in touched.items()
            if profile.size
        ]
        if rows:
            self._session.execute(update(StoryRecord), rows)
        small = [story for story, profile in touched.items() if 0 < profile.size <= MOST_FOR_HEADLINE]
        _choose_headlines(self._session, small)

    def _close(self, story: StoryId) -> None:
        """Remove a story that no article is left in."""
        self._session.execute(
            delete(RelatedRecord).where(or_(RelatedRecord.story_id == story, RelatedRecord.other_id == story))
        )
        self._session.flush()
        self._session.execute(delete(AliasRecord).where(AliasRecord.into_id == story))
        self._session.execute(delete(StoryRecord).where(StoryRecord.id == story))
        self._closed.add(story)
        self._profiles.pop(story, None)


def _choose_headlines(session: Session, stories: Sequence[StoryId]) -> None:
    rows = session.execute(
        select(ArticleRecord.story_id, ArticleRecord.vector, ArticleRecord.headline, ArticleRecord.title)
        .join(StoryRecord, StoryRecord.id == ArticleRecord.story_id)
        .where(ArticleRecord.story_id.in_(stories), ~StoryRecord.named)
        .order_by(ArticleRecord.story_id, ArticleRecord.id)
    )
    chosen = []
    for story, articles in groupby(rows, key=lambda row: row.story_id):
        members = [
            Member(vector=Vector.from_bytes(vector), headline=headline, title=title)
            for _, vector, headline, title in articles
        ]
        chosen.append({"id": story, "headline": headline_of(members)})
    if chosen:
        session.execute(update(StoryRecord), chosen)
