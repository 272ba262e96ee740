"""The stories as intake sees and changes them, one batch at a time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, Published, StoryId
from app.domain.changes import Change, Merge, Move
from app.domain.mend import Held, mend
from app.domain.profile import Profile, Vector
from app.domain.story import Member, Related, candidates, headline_of, related_to
from app.domain.weighing import Keyed
from app.domain.weighing import vector as weighed
from app.store import decisions, headlines, story_links, story_pins
from app.store.batches import ByNumbers, in_bulk, in_steps
from app.store.story_terms import StoryTerms
from app.store.tables import AliasRecord, ArticleRecord, StoryRecord

# A larger story is left whole when stories are mended: reading all its articles again would cost too much.
MOST_MENDED = 100

# What one mending changes is mended around as well, so many times at most.
_ROUNDS = 4

_STORIES: ByNumbers[tuple[int, int]] = ByNumbers(
    "SELECT id, story_id FROM article {by} WHERE id IN ({}) AND story_id IS NOT NULL", by="article_brief"
)
_PROFILES: ByNumbers[tuple[int, bytes, bool, int | None]] = ByNumbers(
    "SELECT id, profile, named, split_from FROM story WHERE id IN ({})"
)
_INSIDE: ByNumbers[tuple[int, int]] = ByNumbers("SELECT id, story_id FROM article WHERE story_id IN ({})")
_FAMILIES: ByNumbers[tuple[int, int, int | None]] = ByNumbers(
    "SELECT id, story_id, duplicate_of FROM article WHERE story_id IN ({})"
)
_HELD = select(ArticleRecord.id, ArticleRecord.vector, ArticleRecord.published).where(
    ArticleRecord.id.in_(bindparam("articles", expanding=True))
)
_DAYS = select(ArticleRecord.story_id, ArticleRecord.published).where(
    ArticleRecord.story_id.in_(bindparam("stories", expanding=True))
)
_OPENING = insert(StoryRecord).returning(StoryRecord.id)
_PLACING = (
    update(ArticleRecord)
    .where(ArticleRecord.id == bindparam("article"))
    .values(story_id=bindparam("story"), vector=bindparam("drawn"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChanges:
    """What a batch did to stories: those it opened and those it closed, and the articles that changed theirs."""

    opened: frozenset[StoryId]
    closed: frozenset[StoryId]
    moved: frozenset[ArticleId]

    def followed_by(self, later: Self) -> Self:
        """Return what both did together."""
        return replace(
            self,
            opened=(self.opened - later.closed) | (later.opened - self.closed),
            closed=(self.closed - later.opened) | (later.closed - self.opened),
            moved=self.moved | later.moved,
        )


class StoryMemory:
    """The stories as one batch of newcomers sees them: the database, and what the batch adds to it.

    Serves as the ``Memory`` of ``domain.story`` and the ``Workshop`` of ``domain.mend``. Nothing is written before
    ``flush``, but for new stories, whose ids are needed at once.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._terms = StoryTerms(session)
        self._stories: dict[ArticleId, StoryId] = {}
        self._placed: list[dict[str, object]] = []
        self._profiles: dict[StoryId, Profile] = {}
        self._touched: set[StoryId] = set()
        self._opened: set[StoryId] = set()
        self._closed: set[StoryId] = set()
        self._lone: set[StoryId] = (
            set()
        )  # opened by a newcomer that is like nothing else: nothing there to mend
        self._held: dict[ArticleId, Held] = {}
        self._one_of: dict[StoryId, ArticleId] = {}  # some article that is or was in the story
        self._alone: dict[
            StoryId, Profile
        ] = {}  # what a story was while the newcomer that opened it was all it had
        self._related: list[tuple[StoryId, Related]] = []
        self._reopened: dict[StoryId, set[StoryId]] = {}  # by the story that they were part of
        self._heirs: dict[
            StoryId, dict[StoryId, set[ArticleId]]
        ] = {}  # which articles of a story went to which others
        self._following: dict[ArticleId, ArticleId | None] = {}
        self.locked = story_pins.locked_stories(session)
        self.kept = story_pins.kept_stories(session)
        self.named: set[StoryId] = set()  # of those in ``_profiles``
        self.origins: dict[StoryId, StoryId] = {}  # the same
        self._fewer: set[StoryId] = set()  # stories that articles have left
        self._nameless: set[StoryId] = set()  # whose headline went: they are given another, however large

    def draw(self, newcomers: Sequence[tuple[Keyed, date | None]]) -> list[Profile]:
        """Count newcomers, which ``add`` is to take up, and return each, with its day, as a story of its own; what
        placing them will ask for is looked up at once."""
        held = self._terms.count([read.counted for read, _ in newcomers])
        drawn = [
            Profile.of(weighed(read, counts), day)
            for (read, day), counts in zip(newcomers, held, strict=True)
        ]
        self._look_around(drawn)
        return drawn

    def _look_around(self, profiles: Collection[Profile]) -> None:
        """Read at once what looking for the stories near each of these will ask for."""
        self._terms.look_up(profiles)
        nearest = {article for profile in profiles for article in self.nearest(profile)}
        self.profiles(sorted(set(self.stories_of(sorted(nearest)).values())))

    def nearest(self, one: Profile) -> Sequence[ArticleId]:
        """Return the articles that share most of the key terms of a story."""
        return self._terms.nearest(one)

    def stories_of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Return the story of each article."""
        missing = [article for article in articles if article not in self._stories]
        if missing:
            for article, story in _STORIES.rows(self._session, missing):
                self._stories[ArticleId(article)] = StoryId(story)
                self._one_of[StoryId(story)] = ArticleId(article)
        return {article: self._stories[article] for article in articles if article in self._stories}

    def profiles(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Profile]:
        """Return the profile of each story."""
        missing = [story for story in stories if story not in self._profiles and story not in self._closed]
        if missing:
            for id_, profile, named, origin in _PROFILES.rows(self._session, missing):
                self._profiles[StoryId(id_)] = Profile.from_bytes(profile)
                if named:
                    self.named.add(StoryId(id_))
                if origin:
                    self.origins[StoryId(id_)] = StoryId(origin)
        return {story: self._profiles[story] for story in stories if story in self._profiles}

    def open_story(self, headline: str, split_from: StoryId | None = None) -> StoryId:
        """Add a story that has no article yet, and return its id; ``split_from`` is the story its articles leave."""
        opening = {
            "headline": headline,
            "size": 0,
            "touched": self._now,
            "profile": b"",
            "split_from": split_from,
        }
        story = StoryId(self._session.connection().execute(_OPENING, opening).scalar_one())
        self._opened.add(story)
        self._profiles[story] = Profile.empty()
        if split_from is None:
            self._lone.add(story)
        else:
            self.origins[story] = split_from
        return story

    def add(self, article: ArticleId, story: StoryId, drawn: Profile) -> None:
        """Take up a new article, which was drawn, into a story."""
        self._stories[article] = story
        self._one_of[story] = article
        self._placed.append({"article": article, "story": story, "drawn": drawn.as_vector().to_bytes()})
        self._profiles[story] = self.profiles([story])[story].joined(drawn)
        if self._alone.setdefault(story, drawn) is not drawn:
            self._lone.discard(story)
        self._touched.add(story)
        self._terms.add(article, drawn)

    def remove(self, article: ArticleId, day: date | None, counted: NDArray[np.int64]) -> None:
        """Take an article, which was counted under these keys, out of its story; a story that is left empty goes with
        it."""
        self._hold([article])
        drawn = self._held.pop(article).vector
        self.stories_of([article])
        story = self._stories.pop(article)
        self._profiles[story] = self.profiles([story])[story].removed(drawn, day)
        self._touched.add(story)
        self._fewer.add(story)
        if headlines.is_called_after(self._session, article):
            self._nameless.add(story)
        self._terms.remove(article, Profile.of(drawn, day), counted)
        self._session.execute(update(ArticleRecord).where(ArticleRecord.id == article).values(story_id=None))

    def reweigh(self, read: Mapping[ArticleId, Keyed]) -> None:
        """Weigh articles by what the archive holds now, and write that; each stays in its story, and under their terms
        they come in this order."""
        self._hold(read)
        stories = self.stories_of(list(read))
        self.profiles(sorted(set(stories.values())))
        before = {article: self._held[article] for article in read}
        counts = self._terms.counted([each.counted for each in read.values()])
        for (article, each), held in zip(read.items(), counts, strict=True):
            one, story = before[article], stories[article]
            now = replace(one, vector=weighed(each, held))
            self._held[article] = now
            self._placed.append({"article": article, "story": story, "drawn": now.vector.to_bytes()})
            without = self._profiles[story].removed(one.vector, one.day)
            self._profiles[story] = without.joined(now.as_story())
            self._touched.add(story)
        self._terms.post_again(
            {article: one.as_story() for article, one in before.items()},
            {article: self._held[article].as_story() for article in read},
        )
        self.keep()

    def follow(self, article: ArticleId, original: ArticleId | None) -> None:
        """See to it that a duplicate is in the story of its original, which it has only now been found to have, and
        both where a person put either, and that this story is mended; one that has none any more stays where it is, or
        is where a person put it."""
        self._following[article] = original

    def _follow(self) -> set[ArticleId]:
        heads = {article: original or article for article, original in self._following.items()}
        self._following = {}
        stories = self.stories_of(sorted(set(heads.values())))
        pins = story_pins.pins_of(self._session, {*heads, *stories})
        # A family stands where its original was put, else where the earliest was that anybody put somewhere.
        ruled = {heads.get(article, article) for article in pins}
        families = story_pins.families_of(
            self._session, {head for head in ruled if pins.get(head) != stories[head]}
        )
        pins = story_pins.pins_of(self._session, {*pins, *families})
        put = {families.get(article, article): pins[article] for article in sorted(pins, reverse=True)}
        put |= {head: pins[head] for head in stories.keys() & pins.keys()}
        for story in set(stories.values()):
            self.touch(story)
        goals = {article: put.get(head, stories[head]) for article, head in (heads | families).items()}
        return self.send(goals)

    def relate(self, story: StoryId, related: Sequence[Related]) -> None:
        """Take down that a story has to do with others."""
        self._related += [(story, each) for each in related]
        if related:
            self._lone -= {story, *(each.story for each in related)}

    def _write_related(self) -> None:
        story_links.relate(self._session, self._related)
        self._related = []

    def _part_related(self) -> None:
        """Let stories that were one be related each to what it is near to itself: of what was related to that one, of
        each other, and of what can be found."""
        for one, parts in sorted(self._reopened.items()):
            stories = self.profiles(sorted({one, *parts}))
            near = {each.story for each in story_links.find_related(self._session, one)} | stories.keys()
            for profile in stories.values():
                near |= set(candidates(profile, self))
            found = self._related_among(stories, self.profiles(sorted(near)))
            # Written anew where it stays: how near the two are was that of the nearest of the parts.
            story_links.unrelate(self._session, one, {each.story for _, each in found})
            story_links.relate(self._session, found)
        self._reopened = {}

    def _settle_fewer(self) -> None:
        """Let stories that articles have left say what they are about, and be related to others for what is still
        shared with them, or not at all. Very large ones change little."""
        self._write_related()
        left = self.profiles(sorted(self._fewer - self._closed))
        self._fewer = set()
        for story, profile in left.items():
            if not 0 < profile.size <= MOST_MENDED:
                continue
            inside = {ArticleId(article) for article, _ in _INSIDE.rows(self._session, [story])}
            self._hold(inside)
            told = profile.respelt(self._held[article].vector for article in sorted(inside))
            self._profiles[story] = told
            related = [each.story for each in story_links.find_related(self._session, story)]
            others = self.profiles(related)
            found = self._related_among({story: told}, others)
            for other, near in others.items():
                found += self._related_among({other: near}, {story: told})
            story_links.unrelate(self._session, story, related)
            story_links.relate(self._session, found)

    def _related_among(
        self, stories: Mapping[StoryId, Profile], near: Mapping[StoryId, Profile]
    ) -> list[tuple[StoryId, Related]]:
        members = self.members(sorted(stories))
        found: list[tuple[StoryId, Related]] = []
        for story, profile in stories.items():
            articles = [each.as_story() for each in members.get(story, ())]
            others = {other: near[other] for other in near if other != story}
            found += [(story, each) for each in related_to(profile, articles, others)]
        return found

    def members(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Sequence[Held]]:
        """Return the articles of each story but those of very large ones; what was added has been written before."""
        held: dict[StoryId, list[Held]] = {}
        for story, profile in self.profiles(stories).items():
            alone = self._one_of.get(story) if profile.size == 1 else None
            if alone and self._stories[alone] == story:
                held[story] = [self._held.setdefault(alone, Held.alone(alone, profile))]
            elif profile.size <= MOST_MENDED:
                held[story] = []
        several = [story for story in held if not held[story]]
        if several:
            inside = sorted(_FAMILIES.rows(self._session, several))
            self._hold(ArticleId(article) for article, _, _ in inside)
            for article, inside_of, original in inside:
                one = self._held[ArticleId(article)]
                held[StoryId(inside_of)].append(
                    replace(one, original=ArticleId(original)) if original else one
                )
        return held

    def former(self, stories: Sequence[StoryId]) -> Mapping[ArticleId, Collection[StoryId]]:
        """Return, of the articles of ``stories``, those that came into theirs when another became part of it, with the
        ids of all such others."""
        found: dict[ArticleId, list[StoryId]] = defaultdict(list)
        for story in stories:
            for part, each in story_links.former_parts(self._session, story).items():
                for article in self._still_in(story, each.articles):
                    found[article].append(part)
        return found

    def _still_in(self, story: StoryId, articles: Collection[ArticleId]) -> set[ArticleId]:
        return {article for article, there in self.stories_of(sorted(articles)).items() if there == story}

    def _hold(self, articles: Iterable[ArticleId]) -> None:
        """Read articles with their vectors, each once."""
        for step in in_steps(article for article in articles if article not in self._held):
            for row in self._session.execute(_HELD, {"articles": step}):
                day, vector = Published(at=row.published).day, Vector.from_bytes(row.vector)
                self._held[row.id] = Held(article=ArticleId(row.id), vector=vector, day=day)

    def flush(self) -> StoryChanges:
        """Write what was added, mend around it, and write the stories."""
        self._write_placed()
        moved = self._follow()
        self._part_related()
        moved |= self._mend()
        self._part_related()
        self._settle_fewer()
        return self._write(moved)

    def keep(self) -> None:
        """Write what was added, and the stories, and mend nothing; to a reader nothing has come to them."""
        self._write_placed()
        self._terms.flush()
        self._write_stories({})

    def rearrange(self, changes: Iterable[Change]) -> StoryChanges:
        """Carry out changes, and write the stories; nothing is mended around them."""
        moved: set[ArticleId] = set()
        for change in changes:
            moved |= self._apply(change)[0]
        self._part_related()
        self._settle_fewer()
        return self._write(moved)

    def _write_placed(self) -> None:
        if self._placed:
            in_bulk(self._session, _PLACING, self._placed)

    def _write(self, moved: set[ArticleId]) -> StoryChanges:
        self._terms.flush()
        self._close_empty()
        self._write_related()
        self._write_stories({"touched": self._now})
        self._placed = []
        return StoryChanges(
            opened=frozenset(self._opened - self._closed),
            closed=frozenset(self._closed - self._opened),
            moved=frozenset(moved),
        )

    def _mend(self) -> set[ArticleId]:
        """Group afresh around the stories that were touched; return the articles that changed their story."""
        moved: set[ArticleId] = set()
        touched = self._touched - self._lone
        for _ in range(_ROUNDS):
            changed: set[StoryId] = set()
            self._look_around(self.profiles(sorted(touched)).values())
            for change in mend(sorted(touched), self):
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
                moving = set(articles)
                into = self._lead(moving, story, into)
                self.move(story, moving, into)
                return moving, into

    def _lead(self, articles: set[ArticleId], story: StoryId, into: StoryId | None) -> StoryId:
        """Return where articles that leave a story are to go: into another, which may have become part of one and gets
        its id back, or a new one. Ids that led to this story lead where most of their articles are."""
        if into is None:
            into = self.open_story("", split_from=story)
        elif into not in self.profiles([into]):
            # Where articles of several stories go there, the one that it became part of need not come first.
            self.reopen_story(into, story_links.split_from(self._session, into), ())
        led = []
        for part, each in story_links.former_parts(self._session, story).items():
            here = self._still_in(story, each.articles)
            if 2 * len(here & articles) > len(here):
                led.append(part)
        story_links.lead_again(self._session, led, into)
        if story in self.named:
            self.recall(into)
            self.recall(story)
        return into

    def reopen_story(self, story: StoryId, split_from: StoryId | None, aliases: Collection[StoryId]) -> None:
        """Give a story that became part of another its own life back, without articles at first; ``aliases`` lead to it
        again."""
        part_of = story_links.standing(self._session, story) or story
        self._reopened.setdefault(part_of, set()).add(story)
        self._session.execute(delete(AliasRecord).where(AliasRecord.story_id == story))
        self._session.add(
            StoryRecord(id=story, headline="", size=0, touched=self._now, profile=b"", split_from=split_from)
        )
        self._session.flush()
        story_links.lead_again(self._session, aliases, story)
        self._profiles[story] = Profile.empty()
        self._closed.discard(story)
        self._opened.add(story)
        self._heirs.pop(story, None)
        self._nameless.add(story)

    def recall(self, story: StoryId) -> None:
        """Call and lock a story as the log says: by the name that a person gave it, or one that became part of it, else
        by a headline of its articles."""
        self.profiles([story])
        name = next(iter(decisions.names_of(self._session, story).values()), None)
        story_pins.set_name(self._session, story, name)
        locked = next(iter(decisions.locks_of(self._session, story).values()), False)
        story_pins.set_locked(self._session, story, locked=locked)
        if name:
            self.named.add(story)
        elif story in self.named:
            self.named.discard(story)
            self._choose_headlines([story])

    def touch(self, story: StoryId) -> None:
        """See to it that a story is mended and named anew with the next ``flush``."""
        self.profiles([story])
        self._lone.discard(story)
        self._touched.add(story)

    def recount(self, stories: Sequence[StoryId]) -> None:
        """Give stories that are there still the days of their articles (earlier versions could leave them another date
        of a text), and see to it that they are written and given the headline that they would have now."""
        dated: dict[int | None, Counter[date]] = defaultdict(Counter)
        for step in in_steps(stories):
            for row in self._session.execute(_DAYS, {"stories": step}):
                if day := Published(at=row.published).day:
                    dated[row.story_id][day] += 1
        for story, profile in self.profiles(stories).items():
            self._profiles[story] = replace(profile, days=dated[story])
            self.touch(story)
            self._nameless.add(story)

    def move(self, story: StoryId, articles: set[ArticleId], into: StoryId) -> None:
        """Put articles of one story into another."""
        self._hold(articles)
        for article in sorted(articles):
            held = self._held[article]
            self._profiles[story] = self.profiles([story])[story].removed(held.vector, held.day)
            self._profiles[into] = self.profiles([into])[into].added(held.vector, held.day)
            self._stories[article] = into
        self._lone -= {story, into}
        self._heirs.setdefault(story, {}).setdefault(into, set()).update(articles)
        self._fewer.add(story)
        for step in in_steps(sorted(articles)):
            self._session.execute(
                update(ArticleRecord).where(ArticleRecord.id.in_(step)).values(story_id=into)
            )
        self._touched |= {story, into}

    def send(self, goals: Mapping[ArticleId, StoryId]) -> set[ArticleId]:
        """Put articles into other stories, and return those that were not there."""
        journeys: dict[tuple[StoryId, StoryId], set[ArticleId]] = {}
        for article, story in self.stories_of(sorted(goals)).items():
            if story != goals[article]:
                journeys.setdefault((story, goals[article]), set()).add(article)
        for (story, into), articles in sorted(journeys.items()):
            self.move(story, articles, into)
        return set().union(*journeys.values())

    def merge(self, story: StoryId, into: StoryId) -> set[ArticleId]:
        """Put all of ``story`` into another, and return its articles; its id lives on as an alias of that one. So does
        the name that a person gave it, where the other has none."""
        profiles = self.profiles([story, into])
        if story in self.named or story in self.locked:
            ended = decisions.ended_by_merging(self._session, story, into)
            decisions.set_in_force(self._session, ended, in_force=False)
        self._profiles[into] = profiles[into].joined(profiles[story])
        articles = {ArticleId(article) for article, _ in _INSIDE.rows(self._session, [story])}
        self._stories.update(dict.fromkeys(articles, into))
        self._write_related()
        self.relate(
            into, [each for each in story_links.find_related(self._session, story) if each.story != into]
        )
        before = {article for went in self._heirs.get(story, {}).values() for article in went}
        had = articles | {article for article in before if self._stories[article] == into}
        story_links.merge(self._session, story, into, had)
        self._close(story)
        self._heirs[story] = {into: had}
        if story in self.named:
            self.recall(into)
        self._lone.discard(into)
        self._touched.add(into)
        return articles

    def _close_empty(self) -> None:
        """Let the id of every story that lost all of its articles to others lead to the one that took most of them."""
        for story in sorted(self._touched - self._closed):
            if self._profiles[story].size:
                continue
            self._profiles[story] = Profile.empty()
            if (heir := self._heir(story)) is None:
                self._close(story)
            else:
                self.merge(story, heir)

    def _heir(self, story: StoryId) -> StoryId | None:
        """Return the story with articles that those of an empty one went to, if need be through others."""
        passed = {story}
        while story in self._heirs:
            story = min(self._heirs[story], key=lambda into: (-len(self._heirs[story][into]), into))
            if story not in self._closed and self._profiles[story].size:
                return story
            if story in passed:
                return None
            passed.add(story)
        return None

    def _write_stories(self, also: Mapping[str, object]) -> None:
        touched = {story: self._profiles[story] for story in sorted(self._touched - self._closed)}
        rows = [
            {
                "id": story,
                "size": profile.size,
                "first_day": profile.first_day,
                "last_day": profile.last_day,
                "profile": profile.to_bytes(),
                **also,
            }
            for story, profile in touched.items()
        ]
        if rows:
            self._session.execute(update(StoryRecord), rows)
        self._choose_headlines(
            [
                story
                for story, profile in touched.items()
                if story in self._nameless
                or (profile.size <= headlines.MOST_FOR_HEADLINE and self._alone.get(story) is not profile)
            ]
        )
        self._nameless, self._touched = set(), set()

    def _choose_headlines(self, stories: Collection[StoryId]) -> None:
        titled = headlines.titles_of(self._session, stories)
        self._hold(each.article for articles in titled.values() for each in articles)
        chosen = []
        for story, articles in titled.items():
            members = [
                Member(vector=self._held[each.article].vector, headline=each.headline, title=each.title)
                for each in articles
            ]
            chosen.append((story, headline_of(self._profiles[story], members)))
        headlines.call(self._session, chosen)

    def _close(self, story: StoryId) -> None:
        """Remove a story that no article is left in."""
        self._related = [(one, each) for one, each in self._related if story not in (one, each.story)]
        story_links.close(self._session, story)
        self._closed.add(story)
        self._profiles.pop(story, None)
