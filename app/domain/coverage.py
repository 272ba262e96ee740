"""How a story was covered: who was first, how coverage grew from day to day, who took part.

Law: pure, over the articles of one story as a reader is shown them, and all who carried them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.article import ArticleId
from app.domain.query import Brief

_FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDay:
    """One day of a story: how many articles were published, how many of them repeat no other, by how many sources
    that are known; and how many articles there had been by its end."""

    day: date
    articles: int
    originals: int
    sources: int
    so_far: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A source of a story, and how many of its articles it carried."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A source that carried exactly the text of an article, and on which day, where that is known."""

    article: ArticleId
    source: str
    day: date | None


def coverage(articles: Sequence[Brief], carried: Collection[Carried]) -> tuple[CoveredDay, ...]:
    """Return the days on which dated articles of a story were published, the first first."""
    by_day: dict[date, list[Brief]] = defaultdict(list)
    sources: dict[date | None, set[str]] = defaultdict(set)
    for each in carried:
        sources[each.day].add(each.source)
    for brief in articles:
        if brief.published.day:
            by_day[brief.published.day].append(brief)
        if brief.source:
            sources[brief.published.day].add(brief.source)
    days = []
    so_far = 0
    for day, published in sorted(by_day.items()):
        so_far += len(published)
        days.append(
            CoveredDay(
                day=day,
                articles=len(published),
                originals=sum(1 for brief in published if brief.duplicate_of is None),
                sources=len(sources[day]),
                so_far=so_far,
            )
        )
    return tuple(days)


def first_of(articles: Sequence[Brief]) -> Brief | None:
    """Return the article that was first: the earliest published, else the first received."""
    return min(articles, key=lambda brief: (brief.published.at or _FAR_FUTURE, brief.id), default=None)


def shares(articles: Sequence[Brief], carried: Collection[Carried]) -> tuple[Share, ...]:
    """Return all sources of a story with the articles that each carried, those with most first."""
    told = {(each.article, each.source) for each in carried}
    told |= {(brief.id, brief.source) for brief in articles if brief.source}
    counted = Counter(source for _, source in told)
    ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Share(name=name, articles=count) for name, count in ranked)
