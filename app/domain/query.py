"""A question and its answer, neutral of any search engine: the tree that is asked, the matches, the page of results.

Law: engines receive these types and never the user's text. All days are inclusive and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.article import ArticleId, Published, StoryId, TitleFrom


class Field(StrEnum):
    """A field that can be asked for by name."""

    HEADLINE = "headline"
    DECK = "deck"
    BODY = "body"
    BYLINE = "byline"
    SOURCE = "source"
    LANGUAGE = "language"
    URL = "url"
    DOMAIN = "domain"
    SECTION = "section"
    STORY = "story"
    DELIVERY = "delivery"
    PUBLISHED = "published"
    SEEN = "seen"


class Flag(StrEnum):
    """A property an article has or has not: ``is:duplicate``, ``has:date``, ``has:headline``."""

    DUPLICATE = "is:duplicate"
    DATED = "has:date"
    HEADED = "has:headline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Articles that hold the words of ``text`` (one word as a rule), in ``field`` or, when None, in any text field."""

    text: str
    field: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Articles that hold the words of ``text`` in this order, with at most ``slop - 1`` words between neighbours."""

    text: str
    field: Field | None = None
    slop: int = 1


# In how many ways the words of a phrase with gaps may stand; each is a phrase of its own to an engine without
# positions, and what comes out of more of them nobody would call a phrase.
MOST_WAYS = 256
WIDEST_SLOP = 100  # a wider phrase of two words says no more than AND


def widest_slop(words: int) -> int:
    """Return how many places apart neighbours of so many words in a phrase can be looked for."""
    gaps = max(words - 1, 1)
    return min(WIDEST_SLOP, int(MOST_WAYS ** (1 / gaps) + 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Articles that hold a word that fits ``pattern``: ``*`` is any run of characters, ``?`` one character."""

    pattern: str
    field: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Articles published or seen from ``first`` to ``last``, both days included; None leaves that side open."""

    field: Field
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """Articles that have a property."""

    flag: Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Articles that are among these. What a question says in another way (a delivery) is asked of engines like this."""

    articles: frozenset[ArticleId]


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """Articles that every child matches."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Articles that at least one child matches."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Articles that the child does not match."""

    child: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No article."""


Node = Term | Phrase | Pattern | DayRange | Has | Among | And | Or | Not | Everything | Nothing


class Fold(StrEnum):
    """What one row of the answer stands for."""

    STORY = "story"
    ORIGINAL = "original"
    NONE = "none"


class Sort(StrEnum):
    """The order of the rows: by relevance with a little more for recent articles, by relevance alone, by time. Undated
    articles come last in both orders of time."""

    BEST = "best"
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"

    @property
    def is_by_score(self) -> bool:
        """Whether the rows stand in the order of their scores."""
        return self in (Sort.BEST, Sort.RELEVANCE)


Leaf = Term | Phrase | Pattern


class Facet(StrEnum):
    """What an answer can be counted and narrowed by."""

    SOURCE = "source"
    SECTION = "section"
    LANGUAGE = "language"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    DUPLICATE = "duplicate"
    STORY_SIZE = "story_size"


NONE = "none"  # the value of a facet where an article has none: no date, no source, no section

# From how many articles on a story is of that size, and what the size is called.
STORY_SIZES = ((1, "1"), (2, "2-4"), (5, "5-9"), (10, "over-9"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A question as it was understood.

    ``interpretation`` says it in plain words; ``notices`` are sentences for the reader about what was read in a
    way they may not expect (a word before a colon that names no field, a question in which nothing can match).
    """

    tree: Node
    interpretation: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands in an order of time: by the day it was published (None: undated), then by its id."""

    day: date | None
    article: ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an engine is asked: a tree, a fold, an order, and the rows from ``first_row`` (from 0), ``rows`` at most.

    ``chosen`` narrows the answer to articles that have, of each facet there, one of the values; ``facets`` are to be
    counted. With ``until``, no article with a greater id counts. Rows that have an article of ``given``, whether it
    matches or not, or in an order of time one up to ``after``, were shown: ``first_row`` counts from the first of the
    others. How recent an article is, is counted from ``today`` (None: nothing is).
    """

    tree: Node
    fold: Fold
    sort: Sort
    first_row: int
    rows: int
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    facets: frozenset[Facet] = frozenset()
    until: ArticleId | None = None
    given: tuple[ArticleId, ...] = ()
    after: Place | None = None
    today: date | None = None


# What the score of an article is multiplied with, in the order ``best``, that is at most so many days old. In steps,
# so that an engine can ask for each age by itself. Not tuned: no collection at hand judges what is recent; so little
# decides only between texts that answer about as well.
RECENT = ((30, 1.1), (365, 1.05), (3 * 365, 1.02))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One row of an engine's answer: the article that stands for it, the day it was published, and how many further
    matching ones it folds."""

    article: ArticleId
    day: date | None
    score: float
    folded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """An engine's answer: one page of rows, the first of them numbered ``first_row``, and the exact totals of the whole
    answer in all three units. ``before`` are the articles that stand for the rows between those that were shown and
    these. ``newest`` is the newest article of the answer (0: there is none); ``facets`` says of each that was asked for
    how many rows every value has."""

    rows: tuple[Match, ...]
    before: tuple[ArticleId, ...]
    first_row: int
    newest: int
    total: int
    total_originals: int
    total_stories: int
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """Where an article matched, as HTML: the text escaped, the matches in ``<mark>``. Passages may be empty."""

    headline: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An article in one row."""

    id: ArticleId
    title: str
    title_from: TitleFrom
    source: str | None
    published: Published
    duplicate_of: ArticleId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRef:
    """A story in one row: ``size`` counts its articles."""

    id: StoryId
    headline: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a part of a question is worth: the number of ``articles`` in the index that match it, and for each of those
    that were named, whether it does and what that adds to its score."""

    articles: int
    matches: tuple[bool, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an article stands where it does: what was ``asked``, how often it occurs in its title and its body, in how
    many ``articles`` of the index it does, and its part of the score. The parts add up to the score."""

    asked: str
    in_title: int
    in_body: int
    articles: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row of the results; ``newer`` is the newest text at the address of its article, where that is another;
    ``reasons`` where it was asked for them."""

    score: float
    article: Brief
    highlights: Highlights
    story: StoryRef
    folded: int
    newer: ArticleId | None = None
    reasons: tuple[Reason, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet: how many rows of the answer have it, and whether the answer is narrowed to it."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """The values of a facet in an answer; ``more`` further ones are not listed."""

    facet: Facet
    values: tuple[FacetValue, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A question that what was typed may become, and how many articles match it."""

    question: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of the answer to a question."""

    query: str
    interpretation: str
    notices: tuple[str, ...]
    fold: Fold
    sort: Sort
    total: int
    total_originals: int
    total_stories: int
    page: int
    page_size: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetView, ...] = ()
    next_cursor: str | None = None
    better_spelt: str | None = None

    @property
    def rows(self) -> int:
        """How many rows the whole answer has in the chosen fold."""
        match self.fold:
            case Fold.STORY:
                return self.total_stories
            case Fold.ORIGINAL:
                return self.total_originals
            case Fold.NONE:
                return self.total

    @property
    def has_next(self) -> bool:
        """Whether there is a further page."""
        return self.page * self.page_size < self.rows
