"""Periods of time: without a gap, each with all its days, and never too many."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attention import MOST_PERIODS, Span, TooManyPeriodsError, periods

counts = st.dictionaries(
    st.dates(),
    st.integers(1, 9),
    max_size=20,
)
near = st.dictionaries(
    st.integers(0, 3_000).map(lambda n: date(2019, 12, 25) + timedelta(n)), st.integers(1, 9), max_size=20
)


@given(found=near, by=st.sampled_from(Span))
def test_periods_follow_each_other_and_hold_every_article_once(found: dict[date, int], by: Span) -> None:
    counted = periods(found, found, by)
    assert sum(each.articles for each in counted) == sum(found.values())
    for before, after in pairwise(counted):
        assert after.first - before.last == timedelta(days=1)
    for each in counted:
        assert each.articles == sum(n for day, n in found.items() if each.first <= day <= each.last)
        assert each.of == each.articles
    if counted:
        assert counted[0].articles
        assert counted[-1].articles
        assert counted[0].first <= min(found)
        assert max(found) <= counted[-1].last


@given(found=counts, by=st.sampled_from([Span.MONTH, Span.YEAR, Span.WEEK]))
def test_the_ends_of_the_calendar_are_no_trouble(found: dict[date, int], by: Span) -> None:
    try:
        counted = periods(found, found, by)
    except TooManyPeriodsError:
        return
    for each in counted:
        assert each.articles == sum(n for day, n in found.items() if each.first <= day <= each.last)


def test_weeks_begin_on_monday() -> None:
    (week,) = periods({date(2025, 10, 26): 1}, {date(2025, 10, 20): 4}, Span.WEEK)
    assert (week.first, week.last, week.of) == (date(2025, 10, 20), date(2025, 10, 26), 4)
    assert week.share == 0.25


def test_more_periods_than_anybody_looks_at_are_refused() -> None:
    first, last = date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=MOST_PERIODS)
    with pytest.raises(TooManyPeriodsError):
        periods({first: 1, last: 1}, {}, Span.DAY)
    assert len(periods({first: 1, last - timedelta(days=1): 1}, {}, Span.DAY)) == MOST_PERIODS
