"""Reads one document of Factiva as it is displayed, without field codes.

Law: it is known by a count of words with a date beneath it, and by nothing less: the headline is above, the source
below.
"""

import re
from collections.abc import Sequence
from datetime import date

from app.domain.article import Draft
from app.intake.bylines import byline_names
from app.intake.databases_lines import (
    Numbered,
    all_left_out,
    day_in,
    is_prose,
    left_out,
    paragraphs_of,
    says_something,
    without_by,
)
from app.intake.dates import date_line
from app.intake.language import language_of

_COUNT = re.compile(
    r"\s*\d[\d.,’' ]{0,8} (?:words|Wörter|mots|palabras|palavras|parole|woorden)\s*$", re.IGNORECASE
)
_CLOCK = re.compile(r"\s*\d{1,2}[:.]\d{2}\b.{0,10}$")
_RIGHTS = re.compile(r"\s*(?:Copyright\b|\(c\)|©)", re.IGNORECASE)
_MOST_ABOVE = 4  # section, headline, byline, credit
_MOST_BELOW = 7  # code of the source, edition, page, volume, column, language, rights
_LONGEST_BELOW = 8  # words


def read_displayed(block: Sequence[Numbered], *, today: date) -> Draft | None:
    """Return the article of a document that is displayed without codes; None where it is none or has no text."""
    lines = [line for line in block if not line.blank]
    at = next((at for at, line in enumerate(lines[: _MOST_ABOVE + 1]) if _COUNT.match(line.text)), 0)
    if not at or len(lines) < at + 4 or not date_line(lines[at + 1].text, today=today):
        return None
    day, *below = lines[at + 1 :]
    if _CLOCK.match(below[0].text):
        below = below[1:]
    source, *below = below
    text_at = _text_at(below)
    text, again = below[text_at:], []
    if text and _same(text[-1], source):
        again = [text.pop()]
    body_text = "\n\n".join(paragraphs_of(_with_blanks(block, text)))
    if not says_something(body_text):
        return None
    headline, byline, section = _titles(lines[:at])
    taken = [line for line in (headline, byline, section, day, source, *text) if line]
    return Draft(
        headline=headline.text.strip(),
        byline=without_by(byline.text) if byline else None,
        body_text=body_text,
        language=language_of(body_text),
        section=section.text.strip() if section else None,
        source=source.text.strip(),
        published=day_in(day.text.strip(), "the head of the document", today=today),
        first_line=block[0].number,
        last_line=block[-1].number,
        dropped=all_left_out(
            block, taken, left_out(again, "the source, again at the end"), "what Factiva says of the document"
        ),
    )


def _with_blanks(block: Sequence[Numbered], text: Sequence[Numbered]) -> list[str]:
    """Return the lines of the text as they stand in the document, with the blank ones between them."""
    if not text:
        return []
    return [line.text for line in block if text[0].number <= line.number <= text[-1].number]


def _same(line: Numbered, other: Numbered) -> bool:
    return line.text.strip().casefold() == other.text.strip().casefold()


def _titles(above: Sequence[Numbered]) -> tuple[Numbered, Numbered | None, Numbered | None]:
    """Return the headline, byline and section among the lines above the count: the longest that is not signed is the
    headline, the section stands ahead of it, the byline beneath."""
    signed = above[-1] if len(above) > 1 and byline_names(above[-1].text) else None
    titles = above[:-1] if signed else above
    headline = max(titles, key=lambda line: len(line.text.strip()))
    at = titles.index(headline)
    byline = signed or (titles[at + 1] if at + 1 < len(titles) else None)
    return headline, byline, titles[at - 1] if at else None


def _text_at(below: Sequence[Numbered]) -> int:
    """Return where the text begins among the lines below the source: behind the rights, else at the first line that is
    no short entry."""
    for at, line in enumerate(below[:_MOST_BELOW]):
        if _RIGHTS.match(line.text):
            return at + 1
        if is_prose(line.text) or len(line.text.split()) > _LONGEST_BELOW:
            return at
    return min(len(below), _MOST_BELOW)
