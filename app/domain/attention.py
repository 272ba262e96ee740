"""How much was published about something over time: counts, and shares of all there was.

Law: periods follow each other without a gap, from the first day on which something matched to the last; a period in
which nothing did is there with nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_PERIODS = 5_000


class Span(StrEnum):
    """How long a period is. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From ``first`` to ``last``: how many of the articles ``of`` that time matched."""

    first: date
    last: date
    articles: int
    of: int

    @property
    def share(self) -> float:
        """The matching articles as a share of all."""
        return self.articles / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """The answer to a question over time; ``undated`` articles match and stand in no period."""

    query: str
    interpretation: str
    notices: tuple[str, ...]
    by: Span
    total: int
    undated: int
    periods: tuple[Period, ...]


class TooManyPeriodsError(ValueError):
    """There are more periods than anybody looks at."""


def periods(found: Mapping[date, int], everything: Mapping[date, int], by: Span) -> tuple[Period, ...]:
    """Return the periods of the days on which something was found; raises ``TooManyPeriodsError``."""
    if not found:
        return ()
    matching, all_of = _by_period(found, by), _by_period(everything, by)
    first, end = min(matching), max(matching)
    starts = [first]
    while starts[-1] < end:
        if len(starts) == MOST_PERIODS:
            raise TooManyPeriodsError
        starts.append(_next(starts[-1], by))
    return tuple(
        Period(
            first=start,
            last=_last(start, by),
            articles=matching[start],
            of=all_of[start],
        )
        for start in starts
    )


def _by_period(counts: Mapping[date, int], by: Span) -> Counter[date]:
    summed: Counter[date] = Counter()
    for day, count in counts.items():
        summed[_start(day, by)] += count
    return summed


def _start(day: date, by: Span) -> date:
    match by:
        case Span.DAY:
            return day
        case Span.WEEK:
            return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
        case Span.MONTH:
            return day.replace(day=1)
        case Span.YEAR:
            return day.replace(month=1, day=1)


def _last(start: date, by: Span) -> date:
    try:
        return _next(start, by) - timedelta(days=1)
    except (OverflowError, ValueError):
        return date.max  # the calendar ends in this period


def _next(start: date, by: Span) -> date:
    match by:
        case Span.DAY:
            return start + timedelta(days=1)
        case Span.WEEK:
            return start + timedelta(days=7)
        case Span.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        case Span.YEAR:
            return start.replace(year=start.year + 1)
