"""Reads what press databases export as text: LexisNexis, Nexis Uni and Factiva, an article per document, its headline,
source, date and byline from the block around it.

Law: a block that is not understood is read as plain text is; nothing of it is lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.domain.article import Draft
from app.intake.databases_displayed import read_displayed
from app.intake.databases_factiva import ACCESSION, read_fields
from app.intake.databases_lines import Numbered, in_order, is_prose, left_out
from app.intake.databases_nexis import read_nexis
from app.intake.decode import Decoded
from app.intake.markup import markup_paragraphs
from app.intake.plain import read_plain
from app.intake.reading import Reading, Refusal, Split, Unreadable

_COUNTER = re.compile(r"^\s*(?:Document )?\d{1,6} of \d{1,6}(?: DOCUMENTS?)?\s*$", re.IGNORECASE)
_END = re.compile(r"^\s*End of Document\s*$", re.IGNORECASE)
_FACTIVA_END = re.compile(rf"^\s*(?:AN\s{{1,40}})?{ACCESSION}\s*$")
_LENGTH = re.compile(r"^\s*LENGTH:\s*[\d,]+ words", re.IGNORECASE)
_FEWEST_LINES = 3
_MARKS = re.compile(rf"\d of \d{{1,6}} DOCUMENTS|End of Document|{ACCESSION}\s*<")


def read_database(decoded: Decoded, *, today: date) -> Reading | Unreadable | None:
    """Return the articles in an export of a press database; None where the text is none."""
    lines = [Numbered(number, text) for number, text in enumerate(decoded.text.split("\n"), start=1)]
    factiva = any(_FACTIVA_END.match(line.text) for line in lines)
    nexis = any(_LENGTH.match(line.text) for line in lines)
    if not factiva and not (
        nexis and any(_COUNTER.match(each.text) or _END.match(each.text) for each in lines)
    ):
        return None
    drafts: list[Draft] = []
    odd: list[list[Numbered]] = []
    for block in _blocks(lines):
        draft = _document(block, today=today)
        if draft:
            drafts.append(draft)
        else:
            odd.append(block)
    if not drafts:
        return None
    read_as_text, refused = _as_text(odd, today=today)
    documents = len(drafts)
    drafts = sorted([*drafts, *read_as_text], key=lambda draft: draft.first_line)
    name = "Factiva" if factiva else "LexisNexis"
    return Reading(
        encoding=decoded.encoding,
        notices=(f"It was read as an export of {name}, {documents} documents.", *decoded.notices),
        drafts=tuple(_with_lines_outside(drafts, refused, lines)),
        refused=tuple(refused),
    )


def _document(block: Sequence[Numbered], *, today: date) -> Draft | None:
    return (
        read_fields(block, today=today)
        or read_nexis(block, today=today)
        or read_displayed(block, today=today)
    )


def _as_text(blocks: Sequence[Sequence[Numbered]], *, today: date) -> tuple[list[Draft], list[Refusal]]:
    """Read blocks that are no documents: those with a sentence as plain text, the rest (covers, lists) not at all."""
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    for block in blocks:
        first, last = block[0].number, block[-1].number
        text = Decoded(text="\n".join(line.text for line in block), encoding="", notices=())
        found = (
            read_plain(text, split=Split.NEVER, today=today)
            if any(is_prose(line.text) for line in block)
            else None
        )
        if isinstance(found, Reading):
            drafts += [_lower(draft, first, last) for draft in found.drafts]
        else:
            refused.append(
                Refusal(first_line=first, last_line=last, reason="It is no document: it has no text.")
            )
    return drafts, refused


def _lower(draft: Draft, first: int, last: int) -> Draft:
    """Return what was read of some lines of a file with the numbers that they have in the file."""
    dropped = tuple(replace(each, line=each.line + first - 1) for each in draft.dropped)
    return replace(draft, first_line=first, last_line=last, dropped=dropped)


def _with_lines_outside(
    drafts: Sequence[Draft], refused: Sequence[Refusal], lines: Sequence[Numbered]
) -> Iterator[Draft]:
    """Yield the drafts with what stands outside all documents as dropped: each line goes to the last that begins before
    it, those ahead of all to the first."""
    spans = [(each.first_line, each.last_line) for each in drafts]
    spans += [(each.first_line, each.last_line) for each in refused]
    told = {number for first, last in spans for number in range(first, last + 1)}
    outside = left_out((line for line in lines if line.number not in told), "between the documents")
    at = 0
    for draft, following in zip(drafts, [*drafts[1:], None], strict=True):
        begins = at
        while at < len(outside) and (following is None or outside[at].line < following.first_line):
            at += 1
        yield replace(draft, dropped=in_order([*draft.dropped, *outside[begins:at]]))


def read_database_page(decoded: Decoded, *, today: date) -> Reading | Unreadable | None:
    """Return the articles in an export of a press database as an HTML page; None where the page is none. Each stands on
    the lines of the whole page, and what was left out is only counted: its paragraphs have no lines of their own."""
    if not _MARKS.search(decoded.text):
        return None
    text = "\n\n".join(markup_paragraphs(decoded.text))
    found = read_database(Decoded(text=text, encoding=decoded.encoding, notices=decoded.notices), today=today)
    if not isinstance(found, Reading):
        return None
    last = decoded.text.count("\n") + 1
    count = sum(len(draft.dropped) for draft in found.drafts)
    left = f"Lines around the texts that were left out: {count}."
    return replace(
        found,
        notices=(found.notices[0], left, *found.notices[1:]) if count else found.notices,
        drafts=tuple(replace(draft, first_line=1, last_line=last, dropped=()) for draft in found.drafts),
        refused=tuple(replace(each, first_line=1, last_line=last) for each in found.refused),
    )


def _blocks(lines: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Yield the lines of each document, without blank ones at either end; what holds next to nothing and no
    sentence is none."""
    block: list[Numbered] = []
    for line in lines:
        ends = _END.match(line.text) or _FACTIVA_END.match(line.text)
        if _COUNTER.match(line.text) or ends or "\f" in line.text:
            yield from _trimmed(block)
            block = []
            if "\f" in line.text and line.text.strip():
                block = [Numbered(line.number, line.text.replace("\f", ""))]
        else:
            block.append(line)
    yield from _trimmed(block)


def _trimmed(block: list[Numbered]) -> Iterator[list[Numbered]]:
    kept = [at for at, line in enumerate(block) if not line.blank]
    if len(kept) >= _FEWEST_LINES or any(is_prose(block[at].text) for at in kept):
        yield block[kept[0] : kept[-1] + 1]
