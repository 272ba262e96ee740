"""Dates printed on a line of their own, in words of ten languages or in figures.

Law: a wrong date is worse than none. A date that can be read in two ways, contradicts its weekday or lies
more than a day ahead is no date, and nothing is resolved against an anchor ("on Wednesday").
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from itertools import pairwise

from app.domain.article import Precision

_EARLIEST_YEAR = 1600
_LONGEST_LINE = 160

_CALENDAR = json.loads(files("app.intake").joinpath("data/calendar.json").read_text(encoding="utf-8"))
_MONTHS = {name: month for month, names in enumerate(_CALENDAR["months"], start=1) for name in names.split()}
_WEEKDAYS = {name: day for day, names in enumerate(_CALENDAR["weekdays"]) for name in names.split()}
# Labels that speak of the article itself, and of a later change to it.
_PUBLISHED = frozenset(_CALENDAR["published"].split())
_UPDATED = frozenset(_CALENDAR["updated"].split())
# What may stand beside a date on its line without making it anything else.
_FILLERS = frozenset(_CALENDAR["fillers"].split())
_ZONES: Mapping[str, int] = _CALENDAR["minutes_east"]
# Zones known by a name without summer or winter ("ET") leave the time unknown, not the day.
_VAGUE_ZONES = frozenset(_CALENDAR["vague_zones"].split())

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
_DAY_MONTH_YEAR = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[ \-]{1,2}(?:of |de )?([^\W\d_]{3,12})"
    r"\.?,?[ \-]{1,2}(?:de |del )?(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(
    r"(?<!\w)([^\W\d_]{3,12})\.? {1,2}(\d{1,2})(?:st|nd|rd|th)?,? {1,2}(\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:T(?=\d))?")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_EAST_ASIAN = re.compile(r"(?<!\d)(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?!\d)(?: ?([ap])\.?m\b\.?)?"
    r"(?: ?\(?(Z\b|(?:UTC|GMT)? ?[+-]\d{2}:?\d{2}(?!\d)))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date as printed: ``at`` in aware UTC (midnight where only the day is known) and what its label says."""

    at: datetime
    precision: Precision
    label: str | None

    @property
    def day(self) -> date:
        """The day in UTC."""
        return self.at.date()


def date_line(text: str, *, today: date) -> tuple[PrintedDate, ...] | None:
    """Return the dates of a line that holds nothing but dates with their labels, weekdays, times and zones.

    Best first: labelled as published, without a label, labelled as updated. Empty where the line is shaped
    like a date line and says none that can be trusted; None where it is no date line.
    """
    found, rest = read_dates(text, today=today)
    return found if only_dates(text, rest) else None


def only_dates(text: str, rest: str) -> bool:
    """Say whether ``text`` is a date line, ``rest`` being what ``read_dates`` left of it."""
    return rest != text and not any(_is_foreign(word) for word in _WORD.findall(rest))


def read_dates(text: str, *, today: date) -> tuple[tuple[PrintedDate, ...], str]:
    """Return the dates in ``text``, ordered as in ``date_line``, and what is left of it without them."""
    if len(text) > _LONGEST_LINE or not _DIGIT.search(text):
        return (), text
    dates: list[PrintedDate] = []
    rest: list[str] = []
    end = 0
    spans = _days(text)
    for index, (start, stop, day) in enumerate(spans):
        following = spans[index + 1][0] if index + 1 < len(spans) else len(text)
        before, after = text[end:start], text[stop:following]
        rest.append(_CLOCK.sub(" ", before))
        end = stop
        if day is not None and _fits_weekday(day, before + " " + after) and day <= today + timedelta(days=1):
            dates.append(_printed(day, before, after))
    if not spans:
        return (), text
    rest.append(_CLOCK.sub(" ", text[end:]))
    order = {"published": 0, None: 1, "updated": 2}
    return tuple(sorted(dates, key=lambda printed: order[printed.label])), " ".join(rest)


def _days(text: str) -> list[tuple[int, int, date | None]]:
    """Return (start, end, day) of everything shaped like a date, in order; day is None where it is ambiguous."""
    spans: list[tuple[int, int, date | None]] = []
    for pattern, order in (
        (_DAY_MONTH_YEAR, "dmy"), (_MONTH_DAY_YEAR, "mdy"), (_EAST_ASIAN, "ymd"),
        (_YEAR_FIRST, "y.md"), (_YEAR_LAST, "?.?y"),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            day = _day(match, order)
            if day is not None or order == "?.?y":
                spans.append((match.start(), match.end(), day))
    spans.sort(key=lambda span: span[0])
    return [span for before, span in pairwise([None, *spans]) if span if not before or before[1] <= span[0]]


def _day(match: re.Match[str], order: str) -> date | None:
    """Return the day a match means: letters of ``order`` name its groups, "?" is settled by value and mark."""
    values = dict(zip(order, match.groups(), strict=True))
    if order == "?.?y":
        values = _settled(match)
    month = values.get("m", "")
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold(), 0)
    year = int(values.get("y", "0"))
    if not number or year < _EARLIEST_YEAR:
        return None
    try:
        return date(year, number, int(values["d"]))
    except ValueError:
        return None


def _settled(match: re.Match[str]) -> dict[str, str]:
    """Say which of two numbers is the day: dots mean day first; otherwise only a number above 12 settles it."""
    first, mark, second, year = match.groups()
    if mark == "." or int(first) > 12 or first == second:
        return {"d": first, "m": second, "y": year}
    if int(second) > 12:
        return {"d": second, "m": first, "y": year}
    return {}


def _fits_weekday(day: date, beside: str) -> bool:
    """Say whether no other weekday than the day's own is printed beside it."""
    named = {_WEEKDAYS[word] for word in _WORD.findall(beside.casefold()) if word in _WEEKDAYS}
    return not named or day.weekday() in named


def _label(before: str, after: str) -> str | None:
    for words in (before.casefold(), after.casefold()):
        found = set(_WORD.findall(words))
        if found & _PUBLISHED:
            return "published"
        if found & _UPDATED:
            return "updated"
    return None


def _printed(day: date, before: str, after: str) -> PrintedDate:
    label = _label(before, after)
    clock = _CLOCK.search(after) or _CLOCK.search(before)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    at = _moment(midnight, clock, after) if clock else None
    if at is None:
        return PrintedDate(at=midnight, precision=Precision.DAY, label=label)
    return PrintedDate(at=at, precision=Precision.SECOND, label=label)


def _moment(midnight: datetime, clock: re.Match[str], after: str) -> datetime | None:
    """Return the exact time in UTC, or None where the zone is not printed or the time is impossible."""
    hour, minute, second, half, offset = clock.groups()
    hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    if hours > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    minutes_east = _minutes_east(offset, after[clock.end() :] if clock.string == after else "")
    if minutes_east is None:
        return None
    local = midnight.replace(hour=hours, minute=int(minute), second=int(second or 0))
    return local.replace(tzinfo=timezone(timedelta(minutes=minutes_east))).astimezone(UTC)


def _minutes_east(offset: str | None, after: str) -> int | None:
    """Return the minutes east of Greenwich of a printed offset, or of the zone named next; None without
    either.
    """
    if offset:
        if offset.lower() == "z":
            return 0
        digits = offset.replace(":", "")[-4:]
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return (-minutes if "-" in offset else minutes) if minutes < 15 * 60 else None
    named = _WORD.search(after.casefold())
    return _ZONES.get(named.group()) if named else None


def _is_foreign(word: str) -> bool:
    folded = word.casefold()
    return not any(
        folded in known
        for known in (_FILLERS, _PUBLISHED, _UPDATED, _WEEKDAYS, _ZONES, _VAGUE_ZONES, _MONTHS)
    )
