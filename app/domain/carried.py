"""How a text was carried: how late, compared with the one that was first.

Law: pure. What is not known is None, never guessed: a time of arrival in this archive says nothing of publication.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.article import Precision, Published


class CarriedAs(StrEnum):
    """``SAME``: the very text, at another source. ``REPEATS``: a duplicate of it. ``HOLDS``: a text that holds it
    whole among other texts, and so is no duplicate (a digest)."""

    SAME = "same"
    REPEATS = "repeats"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How long after another text one was published, below zero where it was before.

    ``days`` are calendar days in UTC; ``hours`` are whole hours, None unless both times are known to the second.
    """

    days: int
    hours: int | None


def lateness(original: Published, carrier: Published) -> Late | None:
    """Return how long after the original another text was published, or None where either day is not known."""
    if original.at is None or carrier.at is None or original.day is None or carrier.day is None:
        return None
    exact = original.precision is carrier.precision is Precision.SECOND
    hours = int((carrier.at - original.at).total_seconds() / 3600) if exact else None
    return Late(days=(carrier.day - original.day).days, hours=hours)
