"""Filing a draft: is its text new, whose text does it repeat, and to which story does it belong?

Law: one ``Filing`` lives inside one write transaction; the decisions are the domain's, made over what the store finds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from app.domain.article import ArticleId, Draft, Published, RepeatKind, SourceId, StoryId, TitleFrom
from app.domain.decision import Before, Hidden
from app.domain.family import Link
from app.domain.fingerprint import Print, fingerprint, meet
from app.domain.furniture import keys_of, without
from app.domain.likeness import Likeness, compare
from app.domain.ruling import ruled_families
from app.domain.story import place
from app.domain.terms import background, portrait
from app.domain.text import digest, fold, title
from app.domain.weighing import Keyed, keyed
from app.store import (
    articles,
    dating,
    decisions,
    furniture,
    outbox,
    repeats,
    sources,
    story_links,
    story_pins,
)
from app.store.database import Session
from app.store.fingerprints import Fingerprints
from app.store.furniture import Mask
from app.store.story_memory import StoryChanges, StoryMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A draft with everything that can be known of it without the archive."""

    draft: Draft
    digest: str
    title: str
    title_from: TitleFrom
    print: Print
    keyed: Keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a draft's text is in the archive; ``is_new`` says whether it was put there just now. What a person keeps
    out of sight has no story."""

    article: ArticleId
    duplicate_of: ArticleId | None
    story: StoryId | None
    is_new: bool
    hidden: Hidden | None = None


_NOTHING = repeats.Regrouped(originals={}, heads={}, scattered=frozenset())


def prepare(draft: Draft) -> Prepared:
    """Work out everything about a draft that does not depend on the archive."""
    shown, title_from = title(draft.headline, draft.deck, draft.body_text)
    return Prepared(
        draft=draft,
        digest=digest(draft.headline, draft.deck, draft.body_text),
        title=fold(shown),
        title_from=title_from,
        print=fingerprint(draft.body_text),
        keyed=keyed_draft(draft),
    )


def keyed_draft(draft: Draft) -> Keyed:
    """Return what stories need to know of a draft."""
    return keyed(portrait(draft.headline, draft.deck, draft.body_text, draft.language), background())


def masked(prepared: Prepared, mask: Mask) -> Prepared:
    """Return a draft as it is compared where some of its lines are furniture."""
    if not mask:
        return prepared
    left = replace(prepared.draft, body_text=without(prepared.draft.body_text, mask))
    return replace(prepared, print=fingerprint(left.body_text), keyed=keyed_draft(left))


def _masks(session: Session, sources: Mapping[str, SourceId], drafts: Iterable[Prepared]) -> dict[str, Mask]:
    """Return, by digest, what is furniture in drafts that come from these sources."""
    known = {source: furniture.lines_of(session, [source]) for source in set(sources.values())}
    masks = {}
    for each in drafts:
        lines = known.get(sources[each.digest]) if each.digest in sources else None
        if lines and (printed := keys_of(each.draft.body_text).keys() & lines.keys()):
            masks[each.digest] = frozenset(printed)
    return masks


class Filing:
    """Files drafts, one after the other, in one write transaction. ``flush`` ends it."""

    def __init__(
        self,
        session: Session,
        batch: Sequence[Prepared] = (),
        *,
        sources: Mapping[str, SourceId] = MappingProxyType({}),
        returning: Sequence[Prepared] = (),
        now: datetime,
    ) -> None:
        """Look up at once what filing all of ``batch`` will ask for, and admitting what comes back into sight;
        ``sources`` says by digest who published a draft."""
        self._session = session
        self._now = now
        self._known = articles.find_by_digest(session, {each.digest for each in batch})
        new: dict[str, Prepared] = {}
        for each in batch:  # a text that comes twice is stored as it comes first, with that date
            if each.digest not in self._known:
                new.setdefault(each.digest, each)
        self._masks = _masks(session, sources, new.values())
        new = {digest: masked(each, self._masks.get(digest, frozenset())) for digest, each in new.items()}
        newcomers = [*new.values(), *returning]
        self._prints = {each.digest: each.print for each in newcomers}
        self._ruled = decisions.ruled_digests(session, {each.digest for each in newcomers})
        self._pinned = story_pins.pinned_stories(session, {each.digest for each in newcomers})
        self._homes: dict[str, StoryId] = {}  # by digest: where what comes back into sight stood
        self._fingerprints = Fingerprints(session, [each.print for each in newcomers])
        self.stories = StoryMemory(session, now)
        drawn = self.stories.draw([(each.keyed, each.draft.published.day) for each in newcomers])
        self._drawn = {each.digest: profile for each, profile in zip(newcomers, drawn, strict=True)}
        self._changed: set[ArticleId] = set()
        self._carried: set[ArticleId] = set()
        self._unseen: set[ArticleId] = set()  # new, and not sighted yet
        self._resighted: set[ArticleId] = set()

    def file(self, prepared: Prepared) -> Filed:
        """Return where the text of a draft is, putting it there when it is new."""
        known = self._known.get(prepared.digest)
        if known is not None:
            return Filed(
                article=known.article,
                duplicate_of=known.duplicate_of,
                story=known.story,
                is_new=False,
                hidden=known.hidden,
            )
        return self.admit(self._add(prepared), prepared)

    def expect(self, article: ArticleId, prepared: Prepared, before: Before) -> None:
        """Keep a place for an article that comes back into sight: the story it stood in, which is opened again with all
        that was said of it where it was left without articles since; or what that story became part of."""
        for story, _ in before.stories.values():
            there = story_links.standing(self._session, story)
            if there is None:
                self.stories.reopen_story(story, before.split_from.get(story), before.aliases)
                self.stories.recall(story)
                self.stories.touch(story)
            elif there != story:
                story_links.belong(self._session, article, story)
            self._homes[prepared.digest] = there or story
        self.stories.kept = story_pins.kept_stories(self._session)
        self._pinned = story_pins.pinned_stories(self._session, {prepared.digest})

    def admit(self, article: ArticleId, prepared: Prepared) -> Filed:
        """Find the family and the story of an article that has neither: it is new, or comes back into sight."""
        changed = self._link(article, self._prints[prepared.digest], is_ruled=prepared.digest in self._ruled)
        original = changed.originals.get(article)
        repeating = [other for other, of in changed.originals.items() if of == article]
        story = self._place(article, prepared, original or min(repeating, default=None))
        self._changed.add(article)
        self._known[prepared.digest] = articles.Known(article=article, duplicate_of=original, story=story)
        return Filed(article=article, duplicate_of=original, story=story, is_new=True)

    def sight(self, sighting: articles.NewSighting) -> bool:
        """Add a sighting of an article; return False when this very one was known."""
        added = articles.add_sighting(self._session, sighting)
        is_new = sighting.article in self._unseen
        self._unseen.discard(sighting.article)
        if added and not is_new:
            self._resighted.add(sighting.article)
        if added and sighting.source and (is_new or articles.is_first_there(self._session, sighting)):
            self._carried.add(sighting.article)
        return added

    def reconsider(self, around: Collection[ArticleId]) -> None:
        """Find anew what articles repeat, after others that they were linked to have gone: first each stores its
        fingerprints itself (some stood with those that are gone), then each looks for the others."""
        for article in sorted(around):
            head = repeats.head_of(self._session, article)
            self._fingerprints.regroup(
                repeats.Regrouped(originals={}, heads={article: head}, scattered=frozenset({article}))
            )
        for article in sorted(around):
            held = {link.article for link in repeats.find_links(self._session, article)} | {article}
            found = self._fingerprints.likenesses(self._fingerprints.print_of(article))
            repeats.add_links(self._session, article, [each for each in found if each[0] not in held])
            self._follow(self._settle([article]))

    def remask(self, masks: Mapping[ArticleId, Mask]) -> None:
        """Leave other lines out of articles than before, and find anew what they repeat and where they belong."""
        stories = dict(self.stories.stories_of(sorted(masks)))
        self._take_out(self._read(stories))
        around = set(masks).union(*(repeats.remove_article(self._session, each) for each in sorted(masks)))
        furniture.set_masks(self._session, masks)
        self._put_back(stories, self._read(stories))
        self.reconsider(around)
        for story in set(self.stories.stories_of(sorted(around)).values()):
            self.stories.touch(story)
        self._changed |= around

    def reweigh(self, concerned: Sequence[ArticleId]) -> None:
        """Weigh articles by what the archive holds now, and write that; each stays in its story, and nothing is mended
        yet. Under their terms they come in the order they are given in."""
        there = self.stories.stories_of(concerned)  # some can have gone out of sight meanwhile
        read = self._read(there)
        self.stories.reweigh({article: read[article][0] for article in there})

    def _read(self, concerned: Iterable[ArticleId]) -> dict[ArticleId, tuple[Keyed, date | None]]:
        """Return what stories need to know of articles as they are compared now, and their days."""
        drafts = articles.find_compared(self._session, list(concerned))
        return {article: (keyed_draft(each), each.published.day) for article, each in drafts.items()}

    def _take_out(self, read: Mapping[ArticleId, tuple[Keyed, date | None]]) -> None:
        """Take articles, which were counted so, out of their stories."""
        for article, (each, day) in read.items():
            self.stories.remove(article, day, each.counted)

    def _put_back(
        self, stories: Mapping[ArticleId, StoryId], read: Mapping[ArticleId, tuple[Keyed, date | None]]
    ) -> None:
        """Put articles into stories, weighed by what the archive holds now."""
        drawn = self.stories.draw([read[article] for article in stories])
        for (article, story), one in zip(stories.items(), drawn, strict=True):
            self.stories.add(article, story, one)

    def settle(self, ruled: Collection[ArticleId]) -> None:
        """Derive the families of articles anew, after rulings about them have come or gone (all that these name are
        given: each may be in a family of its own now)."""
        self._follow(self._settle(ruled))

    def flush(self) -> StoryChanges:
        """Write what is still held back, mend stories, write the notes for the index; return what stories changed."""
        self._fingerprints.flush()
        changes = self.stories.flush()
        if redated := dating.find_redated(self._session, self._resighted):
            changes = changes.followed_by(self._redate(redated))
        sources.settle_source(self._session, self._carried)
        outbox.note(self._session, self._changed | self._carried | changes.moved)
        self._changed, self._carried, self._resighted = set(), set(), set()
        return changes

    def resight(self, resighted: Collection[ArticleId]) -> None:
        """See to it that articles have the date that their sightings tell, after these have changed."""
        self._resighted |= set(resighted)

    def _redate(self, dates: Mapping[ArticleId, Published]) -> StoryChanges:
        """Give articles that are filed other dates, which can change the original of a family and the days of a
        story."""
        self.stories = StoryMemory(self._session, self._now)
        stories = dict(self.stories.stories_of(sorted(dates)))  # what is out of sight has none
        self._take_out(self._read(stories))
        dating.redate(self._session, dates)
        self._put_back(stories, self._read(stories))
        self._follow(self._settle(list(stories)))
        self._changed |= dates.keys()
        self._carried |= dates.keys()
        return self.stories.flush()

    def _add(self, prepared: Prepared) -> ArticleId:
        article = articles.add_article(
            self._session,
            prepared.draft,
            digest=prepared.digest,
            title=prepared.title,
            title_from=prepared.title_from,
            received=self._now,
        )
        if mask := self._masks.get(prepared.digest):
            furniture.set_masks(self._session, {article: mask})
        self._unseen.add(article)
        return article

    def _link(self, article: ArticleId, print_: Print, *, is_ruled: bool) -> repeats.Regrouped:
        """Write a new article's links, settle the families they touch, and return what that changed."""
        found = list(self._fingerprints.likenesses(print_))
        repeats.add_links(self._session, article, found)
        changed = None if is_ruled else self._leaf(article, found)
        changed = changed or (self._settle([article]) if found or is_ruled else _NOTHING)
        self._fingerprints.add(article, print_, changed.heads.get(article, article))
        self._follow(changed)
        return changed

    def _leaf(
        self, article: ArticleId, found: Sequence[tuple[ArticleId, Likeness]]
    ) -> repeats.Regrouped | None:
        """Gather an article with a large group of copies when it is a copy of its head, senior to it, and repeats
        nothing but what the head repeats in the same way: nothing changes for others, so that the ten-thousandth copy
        costs no more than the hundredth."""
        kinds = {other: each.kind for other, each in found if each.kind is not RepeatKind.SHARES}
        head = next((other for other, kind in kinds.items() if self._fingerprints.is_large(other)), None)
        if head is None or kinds.pop(head) is not RepeatKind.COPY:
            return None
        here = repeats.find_standing(self._session, article)
        there = repeats.find_standing(self._session, head)
        if there.member.seniority > here.member.seniority:
            return None
        if kinds and not kinds.items() <= repeats.kinds_between(self._session, head, kinds).items():
            return None
        return repeats.join_copies(self._session, article, there)

    def _follow(self, changed: repeats.Regrouped) -> None:
        """Keep fingerprints, index, stories and what this batch knows in step with new families: a duplicate is where
        its original is."""
        if changed.heads:
            self._fingerprints.regroup(changed)
        self._changed.update(changed.originals)
        for article, original in changed.originals.items():
            self.stories.follow(article, original)
        for key, known in self._known.items():
            if known.article in changed.originals:
                self._known[key] = replace(known, duplicate_of=changed.originals[known.article])

    def _settle(self, articles: Collection[ArticleId]) -> repeats.Regrouped:
        """Derive the families around articles anew, comparing those that only a doubtful chain joins."""
        members, links, rulings = repeats.find_component(self._session, articles)
        while True:
            found = ruled_families(members, links, rulings)
            held = {(link.article, link.other) for link in links}
            doubts = [pair for pair in found.unsettled if pair not in held and pair[::-1] not in held]
            settled = [link for pair in doubts if (link := self._settled(*pair)) is not None]
            if not settled:
                return repeats.set_families(self._session, found)
            links += settled

    def _settled(self, article: ArticleId, other: ArticleId) -> Link | None:
        """Compare two articles that only a chain of links joins, and write the link there is."""
        a, b = self._fingerprints.print_of(article), self._fingerprints.print_of(other)
        likeness = compare(a, b) if meet(a, b) else None
        if likeness is None:
            return None
        repeats.add_links(self._session, article, [(other, likeness)])
        return Link(
            article=article,
            other=other,
            kind=likeness.kind,
            containment=likeness.containment,
            jaccard=likeness.jaccard,
            extent=likeness.extent,
        )

    def _place(self, article: ArticleId, prepared: Prepared, family: ArticleId | None) -> StoryId:
        """Put an article into a story: the one a person put it into, else that of its family (a member is named), the
        one it stood in before, the nearest, its own."""
        drawn = self._drawn[prepared.digest]
        placement = place(drawn, self.stories)
        story = (
            self._pinned.get(prepared.digest)
            or (self.stories.stories_of([family])[family] if family else None)
            or self._homes.get(prepared.digest)
            or placement.story
            or self.stories.open_story(prepared.draft.headline or prepared.title)
        )
        self.stories.add(article, story, drawn)
        self.stories.relate(story, [each for each in placement.related if each.story != story])
        return story
