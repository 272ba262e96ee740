"""Reads one document of Factiva with its field codes (HD, BY, WC, …, LP, TD, …, AN).

Law: a word that is spelt like a code is one only where codes stand, and in their order; what is in no field that an
article has is told as dropped.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from app.domain.article import Draft, DroppedLine
from app.intake.databases_lines import (
    Numbered,
    day_in,
    left_out,
    paragraphs_of,
    says_something,
    without_by,
)
from app.intake.language import language_of

# The codes in the order of their parts: what is said ahead of the text, the text, what is said after it.
_HEAD, _TEXT, _TAIL = 0, 1, 2
_PARTS = (
    "CLM SE HD BY CR WC PD ET SN SC ED PG VOL LA CY",
    "LP TD",
    "ART RF CT CO IN NS RE IPD IPC CLS PUB AN",
)
_PART = {code: part for part, codes in enumerate(_PARTS) for code in codes.split()}
_FIELD = re.compile(rf"({'|'.join(_PART)})(?:(\s{{1,40}})(\S.*))?\s*$")
_TAKEN = frozenset({"HD", "BY", "PD", "SN", "SE", "LP", "TD"})
_FEWEST_FIELDS = 3
ACCESSION = r"Do[ck]umento? [A-Z][A-Z0-9]{0,9}\d{10,16}[a-z0-9]{2,12}"
# Values that no sentence has: "uk : United Kingdom" of the indexing, and the number of the document.
_UNMISTAKABLE = re.compile(rf"\w{{1,12}} : \S|{ACCESSION}\s*$")


def read_fields(block: Sequence[Numbered], *, today: date) -> Draft | None:
    """Return the article of a document with field codes; None where it is none or has no text."""
    placed = list(_fields(block))
    fields: dict[str, list[str]] = {}
    for code, _, value in placed:
        fields.setdefault(code, []).append(value)
    texts = [paragraph for code in ("LP", "TD") for paragraph in paragraphs_of(fields.get(code, ()))]
    body_text = "\n\n".join(texts)
    if len(fields.keys() - {""}) < _FEWEST_FIELDS or not says_something(body_text):
        return None
    told = {code: " ".join(" ".join(values).split()) or None for code, values in fields.items()}
    published = day_in(told.get("PD"), "PD", today=today)
    taken = _TAKEN if published.at else _TAKEN - {"PD"}
    return Draft(
        headline=told.get("HD"),
        byline=without_by(told.get("BY")),
        body_text=body_text,
        language=language_of(body_text),
        section=told.get("SE"),
        source=told.get("SN"),
        published=published,
        first_line=block[0].number,
        last_line=block[-1].number,
        dropped=tuple(_dropped(placed, taken)),
    )


def _dropped(placed: Sequence[tuple[str, Numbered, str]], taken: Collection[str]) -> Iterator[DroppedLine]:
    for code, line, _ in placed:
        if code not in taken:
            yield from left_out([line], f"the field {code} of Factiva" if code else "ahead of the fields")


def _fields(block: Sequence[Numbered]) -> Iterator[tuple[str, Numbered, str]]:
    """Yield every line with the code of the field it is in ("" ahead of all) and what it says there."""
    narrow = _is_narrow(block)
    code, part = "", _HEAD
    for line in block:
        value = line.text
        found = _FIELD.match(line.text)
        if found and _opens(found, part, narrow=narrow):
            code, value = found[1], found[3] or ""
            # A code of the tail ahead of the text is out of its place and ends nothing.
            if part != _HEAD or _PART[code] != _TAIL:
                part = max(part, _PART[code]) if code not in ("LP", "TD") else _TEXT
        yield code, line, value


def _is_narrow(block: Sequence[Numbered]) -> bool:
    """Return whether a single blank parts codes and values, as it does in the first field."""
    first = next((found for line in block if (found := _FIELD.match(line.text))), None)
    return first is not None and first[2] == " "


def _opens(found: re.Match[str], part: int, *, narrow: bool) -> bool:
    """Return whether what is spelt like a code is one, in that part of a document. A word in capitals often opens a
    text ("AN elderly man"), so within it a single blank is too little, and no code of the head is one."""
    code, gap, value = found.groups()
    if part == _TEXT and _PART[code] == _HEAD:
        return False
    if gap != " " or _UNMISTAKABLE.match(value):
        return True
    # Where values are set in a column, a code of three letters has but one blank.
    near = narrow or len(code) == len("PUB")
    return near and part != _TEXT and (part == _TAIL) == (_PART[code] == _TAIL)
