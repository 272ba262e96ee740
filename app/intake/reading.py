"""What a reader gives back: every line with its role and the rule that said so, and the drafts made of them.

Law: values only, no decisions. Lines are counted from 1 over "\\n".
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from app.domain.article import Draft


class Split(StrEnum):
    """Whether one file may hold several articles."""

    AUTO = "auto"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a person wants files to be read. ``columns`` says which column stands for which field (field, column)."""

    split: Split = Split.AUTO
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def columns_told(self) -> str:
        """The columns in one text, the same for the same; empty where none are named."""
        return json.dumps(dict(self.columns), sort_keys=True) if self.columns else ""

    @classmethod
    def stored(cls, split: str, columns_told: str) -> Self:
        """Return the manner that was told so."""
        named = json.loads(columns_told) if columns_told else {}
        return cls(split=Split(split), columns=tuple(named.items()))


AS_USUAL = Manner()


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
    """A record of a file that gave no draft, its lines, why, and whether nothing at all stands in it."""

    first_line: int
    last_line: int
    reason: str
    blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file that was read: how its bytes were decoded, what is to be known of it, the drafts, the records that gave
    none. ``lines`` and ``boundaries`` are those of plain text, and empty for what was made by a program."""

    encoding: str
    notices: tuple[str, ...]
    drafts: tuple[Draft, ...]
    lines: tuple[Line, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that holds no article: one sentence that says what is wrong and what to do."""

    reason: str


_NUMBER = re.compile("[0-9]{1,9}")

# What publishers say of an item that they took back (IPTC pubstatus, and how some spell it).
TAKEN_BACK = frozenset({"canceled", "cancelled", "withheld", "killed"})


def number_of(told: object) -> int | None:
    """Return the number of a version as its publisher tells it; None where that is no whole number."""
    text = str(told).strip() if isinstance(told, str | int) and not isinstance(told, bool) else ""
    return int(text) if _NUMBER.fullmatch(text) else None


def taken_back(lines: tuple[int, int], status: str) -> str:
    """Say that a publisher took an item back."""
    return f"Lines {lines[0]}–{lines[1]}: its publisher marks it as {status}. It is kept all the same."
