"""The query language as one table: every field and operator, with what it means and an example.

Law: the parser, the help page and ``docs/query-language.md`` read this table; nothing is documented that is not parsed.
"""

from dataclasses import dataclass
from enum import Enum, auto

from app.domain.query import Field


class Kind(Enum):
    """What may stand behind a field's colon."""

    TEXT = auto()
    KEYWORD = auto()
    NUMBER = auto()
    DAY = auto()
    FLAG = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEntry:
    """A name that can stand before a colon. ``field`` is None for ``text`` (every text field) and for flags."""

    name: str
    kind: Kind
    field: Field | None
    meaning: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntry:
    """One row of the help: how it is written, what it finds, an example that can be asked as it stands."""

    write: str
    meaning: str
    example: str


ANY_TEXT = "text"

OPERATORS = (
    HelpEntry(
        write="word word",
        meaning="Articles that hold every word, in any form of it.",
        example="summit budapest",
    ),
    HelpEntry(
        write="AND",
        meaning="Both sides. In capitals; a space means the same, but joins last.",
        example="summit AND budapest",
    ),
    HelpEntry(write="OR", meaning="Either side, or both. In capitals.", example="summit OR talks"),
    HelpEntry(write="NOT", meaning="Not what follows. In capitals.", example="summit NOT football"),
    HelpEntry(write="-", meaning="The same as NOT, directly before a word.", example="summit -football"),
    HelpEntry(write="ANDNOT", meaning="The same as AND NOT.", example="summit ANDNOT football"),
    HelpEntry(
        write="( )",
        meaning="What belongs together. Without them, AND joins before OR, and OR before a space.",
        example="(summit OR talks) budapest",
    ),
    HelpEntry(
        write='" "',
        meaning="The words side by side, in this order; single quotation marks do as well.",
        example='"board of directors"',
    ),
    HelpEntry(
        write='" "~N',
        meaning="The words in this order, each at most N places after the one before; N is 1 or more.",
        example='"summit budapest"~3',
    ),
    HelpEntry(
        write="*",
        meaning="Any letters, inside or at the end of a word; alone: every article.",
        example="summ*",
    ),
    HelpEntry(write="?", meaning="Exactly one letter.", example="wom?n"),
    HelpEntry(
        write="[ TO ]",
        meaning="Days from … to …, both included; one side may be left out.",
        example="published:[2025-10-01 TO 2025-10-31]",
    ),
)

FIELDS = (
    FieldEntry(
        name=ANY_TEXT,
        kind=Kind.TEXT,
        field=None,
        meaning="Headline, deck or body: what is searched without a field.",
        example="text:summit",
    ),
    FieldEntry(
        name="headline",
        kind=Kind.TEXT,
        field=Field.HEADLINE,
        meaning="The headline.",
        example="headline:summit",
    ),
    FieldEntry(
        name="deck",
        kind=Kind.TEXT,
        field=Field.DECK,
        meaning="The deck: the line below the headline.",
        example="deck:summit",
    ),
    FieldEntry(
        name="body", kind=Kind.TEXT, field=Field.BODY, meaning="The text itself.", example="body:summit"
    ),
    FieldEntry(
        name="byline", kind=Kind.TEXT, field=Field.BYLINE, meaning="Who wrote it.", example="byline:jansen"
    ),
    FieldEntry(
        name="source",
        kind=Kind.TEXT,
        field=Field.SOURCE,
        meaning="A source that carried exactly this text, by name; there can be several.",
        example='source:"Harbour Herald"',
    ),
    FieldEntry(
        name="url",
        kind=Kind.TEXT,
        field=Field.URL,
        meaning="Words of the address.",
        example="url:example.org",
    ),
    FieldEntry(
        name="domain",
        kind=Kind.TEXT,
        field=Field.DOMAIN,
        meaning="The host of the address or of a source that carried it, or the end of one; also as an address.",
        example="domain:example.org",
    ),
    FieldEntry(
        name="section",
        kind=Kind.TEXT,
        field=Field.SECTION,
        meaning="The part of the paper it stood in, where it says.",
        example="section:business",
    ),
    FieldEntry(
        name="language",
        kind=Kind.KEYWORD,
        field=Field.LANGUAGE,
        meaning="The language, as its two-letter code.",
        example="language:de",
    ),
    FieldEntry(
        name="story",
        kind=Kind.NUMBER,
        field=Field.STORY,
        meaning="The story with that number.",
        example="story:5",
    ),
    FieldEntry(
        name="delivery",
        kind=Kind.NUMBER,
        field=Field.DELIVERY,
        meaning="What came with the delivery of that number, new or not.",
        example="delivery:3",
    ),
    FieldEntry(
        name="published",
        kind=Kind.DAY,
        field=Field.PUBLISHED,
        meaning="The day of publication: a day, a month, a year or a range; * is any. Undated articles never match.",
        example="published:2025-10",
    ),
    FieldEntry(
        name="seen",
        kind=Kind.DAY,
        field=Field.SEEN,
        meaning="The day it came into the archive.",
        example="seen:2025-10-21",
    ),
    FieldEntry(
        name="is",
        kind=Kind.FLAG,
        field=None,
        meaning="is:duplicate: repeats another article.",
        example="is:duplicate",
    ),
    FieldEntry(
        name="has",
        kind=Kind.FLAG,
        field=None,
        meaning="has:date, has:headline: a day of publication, a headline of its own.",
        example="has:date",
    ),
)

BY_NAME = {entry.name: entry for entry in FIELDS}


def help_entries() -> tuple[HelpEntry, ...]:
    """Return everything the language has, operators first, for a page of help."""
    fields = (HelpEntry(write=f"{e.name}:", meaning=e.meaning, example=e.example) for e in FIELDS)
    return (*OPERATORS, *fields)
