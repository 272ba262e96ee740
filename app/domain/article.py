"""What an article is: the words of the archive as types, with no behaviour but what follows from their fields.

Law: frozen values only. Nothing here reads a clock, a file or a database.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)
SourceId = NewType("SourceId", int)
DeliveryId = NewType("DeliveryId", int)

LARGEST_ID = 2**63 - 1  # what a database takes for a number


class TitleFrom(StrEnum):
    """Where the title that is shown comes from."""

    HEADLINE = "headline"
    DECK = "deck"
    TEXT = "text"


class Precision(StrEnum):
    """How exactly a time of publication is known."""

    DAY = "day"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When an article was published, and how we know.

    ``at`` is aware UTC (midnight where only the day is known); ``not_after`` is an upper bound that a page's
    own clock gives without saying when the article itself was published; ``found_in`` names the place the date
    was read from, as a sentence fragment ("date line 3").
    """

    at: datetime | None = None
    precision: Precision | None = None
    not_after: date | None = None
    found_in: str | None = None

    @property
    def day(self) -> date | None:
        """The day of publication in UTC, or None."""
        return self.at.astimezone(UTC).date() if self.at else None


UNDATED = Published()


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedLine:
    """One line of a capture that is not part of any article: its number (from 1), its text, the rule that said so."""

    line: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text as it was read out of a delivery, not yet in the archive.

    ``body_text`` holds paragraphs separated by one blank line, without headline and deck. ``first_line`` and
    ``last_line`` are the first and last kept line in the capture, counted from 1 over "\\n". ``dropped`` are the
    lines near it that were left out. ``language`` is an ISO 639-1 code or None where the text is too short to tell.
    ``source`` and ``domain`` are who published it and where, as far as the text itself says; ``section`` is the part
    of the paper it stood in, ``status`` what its publisher says of it where that took it back ("canceled", "withheld"),
    ``name`` what it is called there whatever its address (the ``guid`` of a feed or wire), ``version`` the number of
    what is sent under one name again and again. ``span`` are the characters of its record in the decoded text, the end
    exclusive, where records may share a line and it can be told.
    """

    body_text: str
    first_line: int
    last_line: int
    headline: str | None = None
    deck: str | None = None
    byline: str | None = None
    dateline: str | None = None
    language: str | None = None
    section: str | None = None
    status: str | None = None
    version: int | None = None
    name: str | None = None
    url: str | None = None
    source: str | None = None
    domain: str | None = None
    published: Published = UNDATED
    span: tuple[int, int] | None = None
    dropped: tuple[DroppedLine, ...] = field(default=())


class RepeatKind(StrEnum):
    """How the text of one article stands to that of another.

    ``COPY``: a near copy. ``PART``: its text is inside the other. ``CONTAINS``: the other's text is inside it.
    ``SHARES``: the two have passages in common, and neither holds the other.
    """

    COPY = "copy"
    PART = "part"
    CONTAINS = "contains"
    SHARES = "shares"

    @property
    def inverse(self) -> "RepeatKind":
        """The same link seen from the other article."""
        match self:
            case RepeatKind.PART:
                return RepeatKind.CONTAINS
            case RepeatKind.CONTAINS:
                return RepeatKind.PART
            case _:
                return self
