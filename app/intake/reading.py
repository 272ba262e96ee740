"""What a reader gives back: every line with its role and the rule that said so, and the drafts made of them.

Law: values only, no decisions. Lines are counted from 1 over "\\n".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.article import Draft


class Split(StrEnum):
    """Whether one file may hold several articles."""

    AUTO = "auto"
    NEVER = "never"


class Role(StrEnum):
    """What one line is in the article it stands in or beside."""

    HEADLINE = "headline"
    DECK = "deck"
    BYLINE = "byline"
    DATELINE = "dateline"
    BODY = "body"
    SUBHEAD = "subhead"
    SEPARATOR = "separator"
    DROPPED = "dropped"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as received, its role, and the rule that gave it: a short plain phrase with its figures.

    ``DATELINE`` is the first body paragraph where it opens with a dateline; the line stays in the text.
    """

    number: int
    text: str
    role: Role
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """One place where a new article could begin: its line, whether the text is cut there, and why."""

    line: int
    cut: bool
    rule: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A record of a file that gave no draft, its lines, and why."""

    first_line: int
    last_line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file that was read: how its bytes were decoded, what is to be known of it, the drafts, the records that gave
    none. ``lines`` and ``boundaries`` are those of plain text, and empty for what was made by a program."""

    encoding: str
    notices: tuple[str, ...]
    drafts: tuple[Draft, ...]
    lines: tuple[Line, ...]
    boundaries: tuple[Boundary, ...]
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that holds no article: one sentence that says what is wrong and what to do."""

    reason: str
