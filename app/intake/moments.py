"""Dates as programs write them (ISO 8601, RFC 5322, seconds since 1970): exact, or not taken.

Law: a date more than a day ahead of receipt is a mistake, and is left out; the article stays.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from app.domain.article import UNDATED, Precision, Published

_EARLIEST_YEAR = 1600
_ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
# GDELT and NITF write 20251016T143000Z, and some leave the T out, which fromisoformat does not read.
_COMPACT = re.compile(r"(\d{8})[ T]?(\d{4}|\d{6})(Z|[+-]\d{2}:?\d{2})?")
_ZONE_NAMES = {" UTC": "+00:00", " GMT": "+00:00"}
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{13}(?:\.\d+)?")
_MICROSECONDS = re.compile(r"\d{15,16}")
_DIGITS = re.compile(r"\d{9,}(?:\.\d+)?")


def moment(told: object, found_in: str, *, today: date) -> Published:
    """Return when something was published that a program says was published ``told``; undated where that is no date.

    A time without a zone gives the day only, since nobody says whose clock it was.
    """
    read = _moment(str(told).strip()) if told is not None else None
    if read is None or not read.year >= _EARLIEST_YEAR:
        return UNDATED
    if read.tzinfo is None:
        at, precision = datetime(read.year, read.month, read.day, tzinfo=UTC), Precision.DAY
    else:
        try:
            at, precision = read.astimezone(UTC), Precision.SECOND
        except OverflowError:
            return UNDATED
    if at.date() > today + timedelta(days=1):
        return UNDATED
    return Published(at=at.replace(microsecond=0), precision=precision, found_in=found_in)


def _moment(told: str) -> datetime | None:
    if _SECONDS.fullmatch(told):
        return datetime.fromtimestamp(float(told), UTC)
    if _MILLISECONDS.fullmatch(told):
        return datetime.fromtimestamp(float(told) / 1_000, UTC)
    if _MICROSECONDS.fullmatch(told):
        return datetime.fromtimestamp(int(told) / 1_000_000, UTC)
    if compact := _COMPACT.fullmatch(told):
        day, clock, zone = compact.groups("")
        told = f"{day}T{clock}{zone}"
    elif _DIGITS.fullmatch(told):
        return None  # fromisoformat would take any of them for a day
    for name, offset in _ZONE_NAMES.items():
        told = told.replace(name, offset) if told.endswith(name) and _ISO_DAY.match(told) else told
    for parse in (datetime.fromisoformat, _with_time, parsedate_to_datetime):
        try:
            return parse(told)
        except (ValueError, IndexError, OverflowError):
            continue
    return None


def _with_time(told: str) -> datetime:
    """Read a day with whatever stands behind it: only the day."""
    found = _ISO_DAY.match(told)
    if found is None:
        raise ValueError(told)
    return datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - a day has no zone
