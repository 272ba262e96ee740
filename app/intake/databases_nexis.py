"""Reads one document of LexisNexis or Nexis Uni: titles and labels, the text, and the block that closes it.

Law: a label has a colon, or stands alone on its line. Within the text only what closes a document can end it, and
everything that is no part of the article is told as dropped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.article import Draft, DroppedLine
from app.intake.databases_lines import (
    Numbered,
    day_in,
    in_order,
    is_prose,
    left_out,
    paragraphs_of,
    says_something,
    without_by,
)
from app.intake.dates import date_line, read_dates
from app.intake.language import language_of


def _spelt(names: str) -> str:
    """Return the two ways in which labels are spelt, as a pattern; a "_" is a blank."""
    return "|".join(form(name.replace("_", " ")) for name in names.split() for form in (str.upper, str.title))


_TAKEN = "headline highlight byline section dateline source"
_WRAPPED = frozenset({"headline", "highlight"})
_ASIDE = "length series edition language load-date publication-type journal_code graphic url copyright"
_LABEL = re.compile(rf"\s*({_spelt(_TAKEN)}|{_spelt(_ASIDE)}):\s*(.*)$")
_BODY = re.compile(r"\s*(?:Body|BODY)(?::(.*)|\s*)$")
# Nobody begins a sentence with these, and a caption may be one.
_DATED = "load-date correction-date publication-type journal_code acc-no"
_SURE = re.compile(rf"\s*(?:({_spelt(_DATED)}|GRAPHIC):|(Graphic|GRAPHIC)\s*$)")
# These may open a paragraph ("Language: a short history"), so no sentence may follow them.
_CLOSING = (
    "classification subject industry geographic company organization person ticker language country state city url "
    "graphic"
)
_LIKELY = re.compile(rf"\s*(?:({_spelt(_CLOSING)}):|(Classification|CLASSIFICATION)\s*$)")
_LENGTH = re.compile(rf"\s*(?:{_spelt('length')}):\s*\d")
_RIGHTS = re.compile(
    r"\s*(?:(?:Copyright|\(c\)|©).{0,20}\b(?:19|20)\d\d\b|All Rights Reserved)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What stands ahead of the text: what the labels say, the lines without one, and where the text begins, with what
    stands beside its own label."""

    labels: dict[str, str]
    titles: list[Numbered]
    dropped: list[DroppedLine]
    text_at: int
    opening: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Titles:
    """The lines of a head that mean something without a label."""

    headline: Sequence[Numbered]
    source: Numbered | None
    day: Numbered | None


def read_nexis(block: Sequence[Numbered], *, today: date) -> Draft | None:
    """Return the article of a document; None where it is none (no length, no label of a text) or has no text."""
    has_body = _has_body(block)
    head = _head(block, has_body=has_body)
    if "length" not in head.labels and not has_body:
        return None
    text = block[head.text_at :]
    end = _closing_at(text)
    body_text = "\n\n".join(paragraphs_of([head.opening, *(line.text for line in text[:end])]))
    if not says_something(body_text):
        return None
    titles = _titles(head.titles, has_body=has_body, labelled="headline" in head.labels, today=today)
    named = {line.number for line in (*titles.headline, titles.source, titles.day) if line}
    unnamed = [line for line in head.titles if line.number not in named]
    told = {name: value for name, value in head.labels.items() if value}
    return Draft(
        headline=told.get("headline") or _joined(titles.headline),
        deck=told.get("highlight"),
        byline=without_by(told.get("byline")),
        dateline=told.get("dateline"),
        body_text=body_text,
        language=language_of(body_text),
        section=told.get("section"),
        source=told.get("source") or _joined([titles.source] if titles.source else []),
        published=day_in(
            _joined([titles.day] if titles.day else []), "the head of the document", today=today
        ),
        first_line=block[0].number,
        last_line=block[-1].number,
        dropped=in_order(
            [*head.dropped, *left_out(unnamed, "neither headline, source nor date"), *_closed(text[end:])]
        ),
    )


def _joined(lines: Sequence[Numbered]) -> str | None:
    return " ".join(line.text.strip() for line in lines) or None


def _has_body(block: Iterable[Numbered]) -> bool:
    """Return whether the text has a label of its own, ahead of the first sentence behind the length."""
    measured = False
    for line in block:
        if _BODY.match(line.text):
            return True
        found = _LABEL.match(line.text)
        measured = measured or bool(found and found[1].lower() == "length")
        if measured and not found and is_prose(line.text):
            return False
    return False


def _head(block: Sequence[Numbered], *, has_body: bool) -> _Head:
    """Read up to the label of the text; where it has none, up to the first line behind the length that is no label."""
    labels: dict[str, str] = {}
    titles: list[Numbered] = []
    dropped: list[DroppedLine] = []
    current = ""  # the label that a line directly beneath it goes on with
    for at, line in enumerate(block):
        if body := _BODY.match(line.text):
            return _Head(labels=labels, titles=titles, dropped=dropped, text_at=at + 1, opening=body[1] or "")
        found = _LABEL.match(line.text)
        if line.blank:
            current = ""
        elif found:
            again = found[1].lower() in labels
            current = found[1].lower()
            labels.setdefault(current, found[2].strip())
            if again or current not in _TAKEN.split():
                dropped += left_out([line], f"the label {found[1]}")
        elif current and (has_body or current in _WRAPPED):
            labels[current] = f"{labels[current]} {line.text.strip()}".strip()
            if current not in _TAKEN.split():
                dropped += left_out([line], f"the label {current}")
        elif "length" in labels and not has_body:
            return _Head(labels=labels, titles=titles, dropped=dropped, text_at=at)
        else:
            titles.append(line)
    return _Head(labels=labels, titles=titles, dropped=dropped, text_at=len(block))


def _titles(lines: Sequence[Numbered], *, has_body: bool, labelled: bool, today: date) -> _Titles:
    """Tell headline, source and date apart: Nexis Uni has them in this order, LexisNexis the headline last. Without a
    date between them the longest is the headline."""
    printed = [line for line in lines if not _RIGHTS.match(line.text)]
    day = next((line for line in printed if date_line(line.text, today=today)), None) or next(
        (line for line in printed if read_dates(line.text, today=today)[0]), None
    )
    if labelled:
        return _Titles(headline=(), source=next((line for line in printed if line is not day), None), day=day)
    above = [line for line in printed if day and line.number < day.number]
    beneath = [line for line in printed if not day or line.number > day.number]
    if above and (not beneath or (has_body and len(above) > 1)):
        is_named = len(above) > 1
        return _Titles(
            headline=above[:-1] if is_named else above, source=above[-1] if is_named else None, day=day
        )
    longest = max(beneath, key=lambda line: len(line.text.strip()), default=None)
    source = next(iter(above or [line for line in beneath if line is not longest]), None)
    return _Titles(headline=[longest] if longest else [], source=source, day=day)


def _closing_at(text: Sequence[Numbered]) -> int:
    """Return where the block that closes a document begins. It is read from its end: up to a label that a sentence
    follows, which opens a paragraph of the text then. A length is that of another document, which nothing parts from
    this one: its text is better kept here than dropped."""
    begins, sentence = len(text), False
    for at in range(len(text) - 1, -1, -1):
        line = text[at].text
        if _LENGTH.match(line):
            break
        if _SURE.match(line) or (not sentence and (_LIKELY.match(line) or _RIGHTS.match(line))):
            begins, sentence = at, False
        else:
            sentence = sentence or is_prose(line)
    return begins


def _closed(lines: Iterable[Numbered]) -> list[DroppedLine]:
    """Return the lines of the closing block as dropped, each by the label it stands under."""
    dropped: list[DroppedLine] = []
    rule = ""
    for line in lines:
        if found := _SURE.match(line.text) or _LIKELY.match(line.text):
            rule = f"the closing block: {found[1] or found[2]}"
        elif _RIGHTS.match(line.text):
            rule = "the closing block: rights"
        dropped += left_out([line], rule)
    return dropped
