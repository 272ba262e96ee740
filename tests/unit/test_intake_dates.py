"""Printed dates: what is read, what is left alone, and whose date it is."""

from datetime import UTC, date, datetime

import pytest

from app.domain.article import UNDATED, Precision, Published
from app.intake import Reading, read
from app.intake.dates import date_line

TODAY = date(2025, 11, 1)
DAY = datetime(2025, 10, 21, tzinfo=UTC)
TEXT = (
    "The council agreed late on Monday to rebuild the old bridge over the river before the next winter comes."
)


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday, October 21, 2025",
        "October 21, 2025 Tuesday",
        "Oct. 21, 2025",
        "21 October 2025",
        "21st of October 2025",
        "2025-10-21",
        "2025/10/21",
        "21.10.2025",
        "21/10/2025",
        "10/21/2025",
        "Dienstag, 21. Oktober 2025",
        "Mardi 21 octobre 2025",
        "martes, 21 de octubre de 2025",
        "21 октября 2025 г.",
        "٢١ أكتوبر ٢٠٢٥",
        "2025年10月21日",
        "Oct 21, 2025, 2:30 PM ET",
        "21 October 2025 14:30",
    ],
)
def test_a_day_is_read_in_many_forms(line: str) -> None:
    (printed,) = date_line(line, today=TODAY) or ()
    assert (printed.at, printed.precision, printed.label) == (DAY, Precision.DAY, None)


@pytest.mark.parametrize(
    ("line", "hour", "minute"),
    [
        ("2025-10-21T14:30:00Z", 14, 30),
        ("2025-10-21T14:30:00+02:00", 12, 30),
        ("Published 21.10.2025 14:30 UTC", 14, 30),
        ("Published: October 21, 2025 at 2:30 p.m. EDT", 18, 30),
        ("First published on Tue 21 Oct 2025 06.00 BST", 5, 0),
    ],
)
def test_a_time_counts_where_its_zone_is_printed(line: str, hour: int, minute: int) -> None:
    (printed,) = date_line(line, today=TODAY) or ()
    assert printed.at == DAY.replace(hour=hour, minute=minute)
    assert printed.precision is Precision.SECOND


@pytest.mark.parametrize(
    "line",
    [
        "11.9 C",
        "May 2025",
        "1998-99",
        "On Wednesday",
        "The deal of October 21, 2025",
        "Version 21.10.25",
        "Last week",
    ],
)
def test_what_is_no_date_line_is_none(line: str) -> None:
    assert date_line(line, today=TODAY) is None


@pytest.mark.parametrize(
    "line",
    [
        "03/04/2025",  # two readings
        "Monday, October 21, 2025",  # was a Tuesday
        "November 3, 2025",  # more than a day ahead
        "21 October 1305",  # before newspapers
    ],
)
def test_a_date_that_cannot_be_trusted_is_none(line: str) -> None:
    assert not date_line(line, today=TODAY)


def test_a_date_one_day_ahead_is_taken_because_zones_differ() -> None:
    assert date_line("November 2, 2025", today=TODAY)


def test_the_date_of_publication_goes_before_that_of_an_update() -> None:
    published, updated = date_line("Updated 21 October 2025 | Published 20 October 2025", today=TODAY) or ()
    assert (published.label, published.day.day) == ("published", 20)
    assert (updated.label, updated.day.day) == ("updated", 21)


def published(*lines: str) -> Published:
    reading = read("\n".join(lines).encode(), today=TODAY)
    assert isinstance(reading, Reading), reading
    (draft,) = reading.drafts
    return draft.published


def test_a_bare_date_above_the_headline_is_the_clock_of_the_page() -> None:
    found = published("Tuesday, October 21, 2025", "Council agrees to rebuild bridge", TEXT)
    assert found == Published(not_after=DAY.date(), found_in="date line, line 1")


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (("Published: October 21, 2025", "Council agrees to rebuild bridge", TEXT), "date line, line 1"),
        (("Council agrees to rebuild bridge", "October 21, 2025", TEXT), "date line, line 2"),
        (("October 21, 2025", "By Jane Doe", TEXT), "date line, line 1"),
        (("Council agrees to rebuild bridge", "By Jane Doe | October 21, 2025", TEXT), "byline, line 2"),
        (("Council agrees to rebuild bridge", TEXT, "Published October 21, 2025"), "date line, line 3"),
    ],
)
def test_a_date_is_the_articles_own_by_its_label_or_its_place(lines: tuple[str, ...], place: str) -> None:
    assert published(*lines) == Published(at=DAY, precision=Precision.DAY, found_in=place)


def test_a_bare_date_below_the_text_says_nothing() -> None:
    assert published("Council agrees to rebuild bridge", TEXT, "October 21, 2025") == UNDATED


def test_a_day_named_in_the_text_is_never_resolved() -> None:
    assert published(TEXT) == UNDATED
