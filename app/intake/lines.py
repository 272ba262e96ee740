"""What one paragraph is by its own look: furniture, date, byline, title-like, sentence, or text.

Law: judged alone, without its neighbours and without memory; what depends on the place is for ``layout``.
The method and its figures: docs/splitting.md.
"""

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from app.intake.bylines import byline_names
from app.intake.dates import PrintedDate, only_dates, read_dates
from app.intake.furniture import furniture_rule, is_section_name, is_teaser
from app.intake.paragraphs import Paragraph, word_count

# Measured on three sets of news (MEASURED.md): text has eight words and a mark at its end, or thirty-two
# words.
TEXT_WORDS = 8
LONG_WORDS = 32

# A sentence ends in a terminal mark; a colon, comma or dash at the end says that it goes on in the next line.
_CLOSERS = "\"'”’“‘»«›‹)]}）」』】〉》*_"
_TERMINAL = frozenset(".!?…。！？؟۔։।॥:;,：；，،؛—–")
_QUESTION_MARKS = frozenset("?？؟")
_REFERENCE = re.compile(r"(?:\[\d{1,3}\])+$")


class Kind(StrEnum):
    """What a paragraph looks like."""

    FURNITURE = "furniture"
    SECTION = "section"
    TEASER = "teaser"
    DATE = "date"
    BYLINE = "byline"
    TITLE = "title"
    SENTENCE = "sentence"
    TEXT = "text"
    SEPARATOR = "separator"


class Judged(NamedTuple):
    """A paragraph with its kind, the rule that gave it, its length in words, and what could be read from it."""

    paragraph: Paragraph
    kind: Kind
    rule: str
    words: int
    byline: str | None = None
    dates: tuple[PrintedDate, ...] = ()


def judge(paragraph: Paragraph, *, today: date) -> Judged:
    """Return ``paragraph`` with what it looks like. Linear in its length; all but the count looks at its
    ends.
    """
    text = paragraph.text
    words = word_count(text)
    if is_teaser(text):
        return Judged(paragraph, Kind.TEASER, "a teaser: it is cut off with a mark to click on", words)
    if words <= 2 * LONG_WORDS and (special := _special(paragraph, words, today)):
        return special
    terminal = ends_sentence(text)
    if rule := furniture_rule(text, words):
        return Judged(paragraph, Kind.FURNITURE, rule, words)
    if words >= LONG_WORDS or (terminal and words >= TEXT_WORDS):
        return Judged(paragraph, Kind.TEXT, _measured("text", words, terminal), words)
    if terminal:
        return Judged(paragraph, Kind.SENTENCE, _measured("a short sentence", words, terminal), words)
    return Judged(paragraph, Kind.TITLE, _measured("title-like", words, terminal), words)


@lru_cache(maxsize=256)
def _measured(what: str, words: int, terminal: bool) -> str:
    # One string for all lines of the same measure: a file may have a million of them.
    return f"{what}: {words} words {'ending in' if terminal else 'without'} a final mark"


def ends_sentence(text: str) -> bool:
    """Say whether ``text`` ends in a mark that ends or continues a sentence, behind quotes, brackets,
    references.
    """
    mark = _last_mark(text)
    return not mark or mark in _TERMINAL


def asks(text: str) -> bool:
    """Say whether ``text`` ends in a question mark, behind quotes, brackets, references."""
    return _last_mark(text) in _QUESTION_MARKS


def _last_mark(text: str) -> str:
    tail = text[-40:].rstrip()
    if tail.endswith("]"):
        tail = _REFERENCE.sub("", tail)
    return tail.rstrip(_CLOSERS + " \t\xa0")[-1:]


def _special(paragraph: Paragraph, words: int, today: date) -> Judged | None:
    """Recognise section names, date lines and bylines, with or without a date beside the name."""
    text = paragraph.text
    if is_section_name(text):
        return Judged(paragraph, Kind.SECTION, "the name of a section of a site", words)
    found, rest = read_dates(text, today=today)
    if only_dates(text, rest):
        return Judged(paragraph, Kind.DATE, "a date line", words, dates=found)
    names = byline_names(rest if found else text)
    if names:
        return Judged(paragraph, Kind.BYLINE, "a byline", words, byline=names, dates=found)
    return None
