"""What a reader is shown of articles, stories, sources and deliveries: plain values, ready for a page or for JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from app.domain.article import (
    ArticleId,
    DeliveryId,
    DroppedLine,
    Published,
    RepeatKind,
    SourceId,
    StoryId,
    TitleFrom,
)
from app.domain.carried import CarriedAs, Late
from app.domain.coverage import Carried, CoveredDay, Share, coverage, first_of, shares
from app.domain.decision import Decision
from app.domain.diff import Line
from app.domain.diff import Row as DiffRow
from app.domain.evidence import Common, LinkedPassage, OriginalBecause
from app.domain.furniture import FurnitureLine
from app.domain.query import Brief, StoryRef
from app.domain.ruling import RulingKind

Row = TypeVar("Row")


LAST_PAGE = 1_000_000_000  # of any list: what stands before it can still be counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Row]):
    """One page of a list, and how many rows there are in all."""

    total: int
    page: int
    page_size: int
    rows: tuple[Row, ...]

    @property
    def has_next(self) -> bool:
        """Whether there is a further page."""
        return self.page * self.page_size < self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatView:
    """A link to another article, as seen from the one that is shown.

    ``rule`` says what made the link. ``passages`` are the longest of ``passages_total`` that both share, the longest
    first. ``original_because`` is that of the family where one of the two is the other's original, else None.
    """

    article: Brief
    kind: RepeatKind
    jaccard: float
    containment: float
    rule: str
    shared_words: int
    passages: tuple[LinkedPassage, ...]
    passages_total: int
    original_because: OriginalBecause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingView:
    """One appearance of an article's text: in which delivery, file and lines, and from which capture (SHA-256)."""

    delivery: DeliveryId
    file: str
    first_line: int
    last_line: int
    received: datetime
    source: str | None
    url: str | None
    capture: str
    published: Published


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A text that stood at an address, when it was first received from there, and the number its publisher gave it."""

    article: Brief
    received: datetime
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with everything known about it. ``dropped`` are the lines left out around its first sighting.

    ``original_because`` says why the original of its family is that, and is None where it is alone. ``carried`` counts
    those who carried the original elsewhere,
    ``decisions`` those of people that are in force about it. ``repeats`` are the strongest of ``repeats_total`` links,
    as many as were asked for. ``versions`` are all texts that stood at its address, in order. ``furniture`` are
    the lines of ``body_text`` that are left out of comparison and search.
    """

    id: ArticleId
    uri: str
    title: str
    title_from: TitleFrom
    headline: str | None
    deck: str | None
    byline: str | None
    dateline: str | None
    body_text: str
    language: str | None
    section: str | None
    status: str | None
    wordcount: int
    url: str | None
    source: str | None
    published: Published
    story: StoryRef
    duplicate_of: Brief | None
    original_because: OriginalBecause | None
    carried: int
    repeats: tuple[RepeatView, ...]
    repeats_total: int
    sightings: tuple[SightingView, ...]
    dropped: tuple[DroppedLine, ...]
    furniture: tuple[FurnitureLine, ...] = ()
    decisions: int = 0
    versions: tuple[VersionView, ...] = ()

    @property
    def original_of_two(self) -> str:
        """What the original of it and an article that it is linked to is called where the two are told of."""
        return "The other" if self.duplicate_of else "This one"

    @property
    def newest_version(self) -> VersionView | None:
        """What stands at its address now, where that is another text."""
        newest = self.versions[-1] if self.versions else None
        return newest if newest and newest.article.id != self.id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulView:
    """A link that folds one article under another, as seen from the one that came later, and how doubtful that is, from
    0 to 1."""

    article: Brief
    other: Brief
    kind: RepeatKind
    jaccard: float
    containment: float
    rule: str
    shared_words: int
    doubt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """Two articles side by side; ``article`` is here, ``other`` is there. ``link`` is None where their texts gave none.

    ``original_because`` says why one is the other's original, ``ruling`` what a person ruled of the two. ``rulings``
    are all that hold between them, oldest first: in one family, which of them is the original is one as well.
    """

    article: Brief
    other: Brief
    link: RepeatView | None
    original_because: OriginalBecause | None
    ruling: RulingKind | None
    common: Common
    headline: Line
    deck: Line
    byline: Line
    paragraphs: tuple[DiffRow, ...]
    rulings: tuple[Decision, ...] = ()

    @property
    def kept(self) -> str | None:
        """Which of the two is the original, A (here) or B, and why, as a sentence; None where neither is."""
        if self.original_because is None:
            return None
        return self.original_because.said_of("B" if self.article.duplicate_of == self.other.id else "A")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierView:
    """One who carried an original: a source, or, where none is known, a file; ``received`` is of its first sighting.

    ``published`` is when that appeared there, undated where it is the very text; ``late`` is how long after the
    original. ``share`` of the original's words are in it; it has ``added_words`` of its own, and ``added`` is how the
    longest runs of these begin, with ``added_more`` shorter ones.
    """

    article: Brief
    carried_as: CarriedAs
    source: str | None
    file: str
    url: str | None
    published: Published
    received: datetime
    late: Late | None
    share: float
    added_words: int
    added: tuple[str, ...]
    added_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyndicationView:
    """Who carried an original; ``asked`` is the article that was asked for, the original or a duplicate of it."""

    asked: ArticleId
    original: Brief
    carriers: Listing[CarrierView]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureView:
    """A file exactly as received. ``name`` is the file's own name, for a download."""

    sha256: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedView:
    """A story that has to do with the one shown, and the names and terms that say so."""

    id: StoryId
    headline: str
    similarity: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineDay:
    """The articles of one day of a story, in order of publication, then of arrival."""

    day: date
    articles: tuple[Brief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story: its dated articles on a timeline, the undated ones beside it. Days are None where nothing is dated.

    ``locked``: only people change which articles it has. ``named``: a person gave it its headline. ``split_from`` is
    the story whose articles it began with, ``split_into`` are those that began with articles of this one. ``names`` and
    ``terms`` weigh most in it, the heaviest first. ``decisions`` counts those of people that are in force about it.
    ``carried``: all whose texts these articles are, not only those who were first.
    """

    id: StoryId
    headline: str
    first_day: date | None
    last_day: date | None
    timeline: tuple[TimelineDay, ...]
    undated: tuple[Brief, ...]
    related: tuple[RelatedView, ...]
    locked: bool = False
    named: bool = False
    split_from: StoryId | None = None
    split_into: tuple[StoryId, ...] = ()
    decisions: int = 0
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    carried: tuple[Carried, ...] = ()

    @property
    def coverage(self) -> tuple[CoveredDay, ...]:
        """How it was covered from day to day."""
        return coverage(self.articles, self.carried)

    @property
    def first(self) -> Brief | None:
        """The article that was first."""
        return first_of(self.articles)

    @property
    def sources(self) -> tuple[Share, ...]:
        """Who took part, those with most articles first."""
        return shares(self.articles, self.carried)

    @property
    def articles(self) -> tuple[Brief, ...]:
        """All articles: the dated ones in order of time, then the undated ones."""
        return tuple(brief for day in self.timeline for brief in day.articles) + self.undated


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story in a list."""

    id: StoryId
    headline: str
    size: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source in a list, with how many sightings and distinct articles it gave."""

    id: SourceId
    name: str
    domain: str | None
    articles: int
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery in a list. ``finished`` is None for one that is running or was cut off."""

    id: DeliveryId
    started: datetime
    finished: datetime | None
    source: str | None
    drafts: int
    articles_new: int
    sightings_new: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How much the archive holds."""

    articles: int
    originals: int
    stories: int
