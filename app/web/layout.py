"""How a text and a story are laid out on a page: pure decisions, taken before any template.

Law: what is shown is the archive's text, none added and none left out; only its roles are told apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.domain.article import ArticleId
from app.domain.attention import Period
from app.domain.furniture import FurnitureLine
from app.domain.query import Brief
from app.domain.text import wordcount
from app.domain.views import Listing, StoryRow, StoryView

_LONGEST_SUBHEAD = 14  # words
_RUNNING = 8  # stories
_MOST_BARS = 60
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_QUOTED_POST = re.compile(r"^[—–-]|@\w|https?:|pic\.twitter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of an article; a subhead stands over the ones that follow. ``furniture`` is the line of it that most
    articles of its source print, where there is one in it."""

    text: str
    subhead: bool
    furniture: FurnitureLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """An article of a story, and those of the story that repeat it."""

    original: Brief
    copies: tuple[Brief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a story."""

    day: date
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The articles of some days of a story; ``height`` is their number in per cent of the most there are."""

    first: date
    last: date
    articles: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A piece of a query; ``wrong`` where it is to blame."""

    text: str
    wrong: bool


def paragraphs(body_text: str, furniture: Sequence[FurnitureLine] = ()) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text. A short line that ends no sentence, with text below it, is a subhead; of
    furniture it is said how many articles print it."""
    lines = {each.line: each for each in furniture}
    numbered = [(number, line.strip()) for number, line in enumerate(body_text.split("\n"), 1)]
    blocks = [list(block) for full, block in groupby(numbered, key=lambda each: bool(each[1])) if full]
    texts = ["\n".join(line for _, line in block) for block in blocks]
    return tuple(
        Paragraph(
            text=text,
            subhead=_heads(text) and bool(after) and not _heads(after),
            furniture=max(
                (lines[number] for number, _ in block if number in lines),
                key=lambda line: line.articles or 0,
                default=None,
            ),
        )
        for block, text, after in zip(blocks, texts, [*texts[1:], ""], strict=True)
    )


def _heads(text: str) -> bool:
    short = "\n" not in text and wordcount(text) <= _LONGEST_SUBHEAD
    return short and not _ENDS_A_SENTENCE.search(text) and not _QUOTED_POST.search(text)


def days(story: StoryView) -> tuple[Day, ...]:
    """Return a story's dated articles by day, each with its copies beneath it; a day of copies alone has no row."""
    copies = _copies(story.articles)
    rows = (Day(day=each.day, families=tuple(_families(each.articles, copies))) for each in story.timeline)
    return tuple(row for row in rows if row.families)


def undated(story: StoryView) -> tuple[Family, ...]:
    """Return a story's undated articles, each with its copies beneath it."""
    return tuple(_families(story.undated, _copies(story.articles)))


def _copies(articles: Iterable[Brief]) -> Mapping[ArticleId, tuple[Brief, ...]]:
    """Return what repeats each article, where both are in the story; what repeats a copy repeats its original."""
    known = {brief.id: brief for brief in articles}
    beneath: dict[ArticleId, tuple[Brief, ...]] = {}
    for brief in known.values():
        root = brief
        while root.duplicate_of in known:
            root = known[root.duplicate_of]
        if root is not brief:
            beneath[root.id] = (*beneath.get(root.id, ()), brief)
    return beneath


def _families(briefs: Iterable[Brief], copies: Mapping[ArticleId, tuple[Brief, ...]]) -> Iterator[Family]:
    folded = {copy.id for family in copies.values() for copy in family}
    for brief in briefs:
        if brief.id not in folded:
            yield Family(original=brief, copies=copies.get(brief.id, ()))


def running(newest: Listing[StoryRow]) -> tuple[StoryRow, ...]:
    """Return those of the newest stories that more than one article tells, as many as a front page has room for."""
    return tuple(row for row in newest.rows if row.size > 1)[:_RUNNING]


def chart(story: StoryView) -> tuple[Bar, ...]:
    """Return how a story's coverage grew, as bars of equal spans of days from its first day to its last.

    There are at most sixty bars; a story with less than two days has none, for there is nothing to see.
    """
    covered = story.coverage
    if len(covered) < 2:
        return ()
    first, last = covered[0].day, covered[-1].day
    span = -(-((last - first).days + 1) // _MOST_BARS)
    counts = Counter((each.day - first).days // span for each in covered for _ in range(each.articles))
    most = max(counts.values())
    return tuple(
        Bar(
            first=first + timedelta(days=nth * span),
            last=min(last, first + timedelta(days=(nth + 1) * span - 1)),
            articles=counts[nth],
            height=round(100 * counts[nth] / most),
        )
        for nth in range(-(-((last - first).days + 1) // span))
    )


def bars(periods: Sequence[Period]) -> tuple[Bar, ...]:
    """Return one bar for each period."""
    most = max((period.articles for period in periods), default=0) or 1
    return tuple(
        Bar(
            first=period.first,
            last=period.last,
            articles=period.articles,
            height=max(round(100 * period.articles / most), int(period.articles > 0)),
        )
        for period in periods
    )


def slices(query: str, spans: Iterable[tuple[int, int]]) -> tuple[Slice, ...]:
    """Cut a query at ``spans`` (code points, the end exclusive), so that each piece is wholly wrong or wholly right.

    A span of no width, as at an end that came too early, yields an empty wrong piece.
    """
    pieces: list[Slice] = []
    at = 0
    for start, end in sorted(spans):
        if start > at:
            pieces.append(Slice(text=query[at:start], wrong=False))
        if end >= at:
            pieces.append(Slice(text=query[max(at, start) : end], wrong=True))
        at = max(at, end)
    if at < len(query):
        pieces.append(Slice(text=query[at:], wrong=False))
    return tuple(pieces)
