"""Explicit separators between articles: what databases, wire services and people print there.

Law: separators come before any statistics, and win. A mark that could as well stand inside an article (a form
feed in mid-sentence, a row of asterisks, the line drawn under a heading) separates only where its place says
so.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.intake.lines import Judged, Kind, ends_sentence
from app.intake.paragraphs import Paragraph

_DATABASE_MARKS = (
    (
        "a document number",
        re.compile(
            r"(?:document|dokument) \d{1,6} (?:of|von|de) \d{1,6}"
            r"|\d{1,6} (?:of|von|de) \d{1,6} (?:documents?|dokumenten?|articles?)",
            re.IGNORECASE,
        ),
    ),
    (
        "the end of a document",
        re.compile(
            r"end of (?:document|article|story)|ende des dokuments|fin du document|fin del documento",
            re.IGNORECASE,
        ),
    ),
    ("a database's document id", re.compile(r"document [a-z]{2,12}0000\d{8}\w{5,12}", re.IGNORECASE)),
)
# What a database's mark opens with, beside a digit: "Document", "End of", "Fin du". Most lines open otherwise.
_OPENINGS = frozenset("DdEeFf")
_RULE = re.compile(r"(?P<mark>[-=*_#~+—–])(?:\s*(?P=mark)){2,}")
_LONG_RULE = 10
_LONGEST = 240


class Separator(NamedTuple):
    """A separator that stands between two articles: the position of its paragraph, its rule, whether a
    database made it.
    """

    position: int
    rule: str
    certain: bool


def separator_mark(paragraph: Paragraph) -> Judged | None:
    """Return ``paragraph`` as a separator where it looks like one, whatever its place; else None."""
    text = paragraph.text
    if len(text) > _LONGEST:
        return None
    if text == "\f":
        return Judged(paragraph, Kind.SEPARATOR, "a form feed", 0)
    if rule := _database_mark(text):
        return Judged(paragraph, Kind.SEPARATOR, rule, 0)
    if _RULE.fullmatch(text):
        return Judged(paragraph, Kind.SEPARATOR, f"a rule of {len(text)} characters", 0)
    return None


def separators(judged: Sequence[Judged]) -> tuple[Separator, ...]:
    """Return the separators that stand between articles, in order; each has text before it and after it."""
    texts = [index for index, unit in enumerate(judged) if unit.kind is Kind.TEXT]
    places = range(texts[0] + 1, texts[-1] + 1) if texts else range(0)
    return tuple(separator for place in places if (separator := _judged_by_place(judged, place)))


def _database_mark(text: str) -> str | None:
    stripped = text.strip(" \t.-–—*=_")
    if not stripped or not (stripped[0].isdigit() or stripped[0] in _OPENINGS):
        return None
    return next((rule for rule, pattern in _DATABASE_MARKS if pattern.fullmatch(stripped)), None)


def _judged_by_place(judged: Sequence[Judged], index: int) -> Separator | None:
    """Say whether the paragraph at ``index`` separates: a database's mark always, others by their neighbours."""
    unit = judged[index]
    if unit.kind is not Kind.SEPARATOR and not unit.paragraph.feed:
        return None
    rule = unit.rule if unit.kind is Kind.SEPARATOR else "a form feed"
    if _database_mark(unit.paragraph.text):
        return Separator(index, rule, True)
    above, below = judged[index - 1], judged[index + (unit.kind is Kind.SEPARATOR)]
    if unit.paragraph.feed:
        between = ends_sentence(above.paragraph.text) and not below.paragraph.text[:1].islower()
    elif len(unit.paragraph.text) >= _LONG_RULE:
        between = not _underlines(above, unit)
    else:
        between = below.kind in (Kind.TITLE, Kind.BYLINE, Kind.DATE) and not _underlines(above, unit)
    return Separator(index, rule, False) if between else None


def _underlines(above: Judged, rule: Judged) -> bool:
    """Say whether a rule is the line drawn under a heading: directly below it, and about as long."""
    heading = above.kind in (Kind.TITLE, Kind.SENTENCE) and not rule.paragraph.blanks
    return heading and len(rule.paragraph.text) <= len(above.paragraph.text) + 3
