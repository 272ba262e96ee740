"""Reads what press databases export as text: LexisNexis, Nexis Uni and Factiva, an article per document, its headline,
source, date and byline from the block around it.

Law: a block that is not understood is read as plain text is; nothing of it is lost.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.article import UNDATED, Draft, Published
from app.intake.dates import read_dates
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.markup import markup_paragraphs
from app.intake.reading import Reading, Refusal, Unreadable

_COUNTER = re.compile(r"^\s*(?:Document )?\d{1,6} of \d{1,6}(?: DOCUMENTS?)?\s*$", re.IGNORECASE)
_END = re.compile(r"^\s*End of Document\s*$", re.IGNORECASE)
_FACTIVA_END = re.compile(r"^\s*Document [A-Z]{2,10}0*\d{10,16}[a-z0-9]{2,12}\s*$")
_FACTIVA_NAMES = "HD SE BY WC PD ET SN SC LA CY LP TD CR CO IN NS RE PUB AN ED PG IPC IPD CLM ART CT RF VOL"
_FACTIVA = re.compile(rf"^({_FACTIVA_NAMES.replace(' ', '|')})(?:\s{{1,8}}(.*))?$")
_NAMES = (
    "byline section length dateline headline load-date language publication-type graphic source copyright url "
    "highlight"
)
_SPELT = "|".join(form(name) for name in (*_NAMES.split(), "body") for form in (str.upper, str.title))
_LABEL = re.compile(rf"^\s*({_SPELT}):?\s*(.*)$")
_RIGHTS = re.compile(r"^\s*(?:Copyright|\(c\)|©|All Rights Reserved)", re.IGNORECASE)
_LENGTH = re.compile(r"^\s*LENGTH:\s*[\d,]+ words", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", "…", '"', "”", "’", ":")
_FEWEST_FIELDS = 3
_MARKS = re.compile(r"\d of \d{1,6} DOCUMENTS|End of Document|>\s*Document [A-Z]{2,10}0*\d{10,16}")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def read_database(decoded: Decoded, *, today: date) -> Reading | Unreadable | None:
    """Return the articles in an export of a press database; None where the text is none."""
    lines = [_Line(number, text) for number, text in enumerate(decoded.text.split("\n"), start=1)]
    factiva = sum(1 for line in lines if _FACTIVA_END.match(line.text))
    nexis = sum(1 for line in lines if _LENGTH.match(line.text))
    if not factiva and not (
        nexis and any(_COUNTER.match(each.text) or _END.match(each.text) for each in lines)
    ):
        return None
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    for block in _blocks(lines):
        draft = _factiva(block, today=today) or _nexis(block, today=today)
        span = (block[0].number, block[-1].number)
        if draft is None:
            refused.append(
                Refusal(first_line=span[0], last_line=span[1], reason="It is no document: it has no text.")
            )
        else:
            drafts.append(replace(draft, first_line=span[0], last_line=span[1]))
    if not drafts:
        return None
    name = "Factiva" if factiva else "LexisNexis"
    return Reading(
        encoding=decoded.encoding,
        notices=(f"It was read as an export of {name}, {len(drafts)} documents.", *decoded.notices),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def read_database_page(decoded: Decoded, *, today: date) -> Reading | Unreadable | None:
    """Return the articles in an export of a press database as an HTML page; None where the page is none. Each stands on
    the lines of the whole page."""
    if not _MARKS.search(decoded.text):
        return None
    text = "\n\n".join(markup_paragraphs(decoded.text))
    found = read_database(Decoded(text=text, encoding=decoded.encoding, notices=decoded.notices), today=today)
    if not isinstance(found, Reading):
        return None
    last = decoded.text.count("\n") + 1
    return replace(
        found, drafts=tuple(replace(draft, first_line=1, last_line=last) for draft in found.drafts)
    )


def _blocks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines of each document, without blank ones at either end; what holds next to nothing is a cover."""
    block: list[_Line] = []
    for line in lines:
        ends = _END.match(line.text) or _FACTIVA_END.match(line.text)
        if _COUNTER.match(line.text) or ends or "\f" in line.text:
            yield from _trimmed(block)
            block = []
            if "\f" in line.text and line.text.strip():
                block = [_Line(line.number, line.text.replace("\f", ""))]
        else:
            block.append(line)
    yield from _trimmed(block)


def _trimmed(block: list[_Line]) -> Iterator[list[_Line]]:
    kept = [at for at, line in enumerate(block) if line.text.strip()]
    if len(kept) >= _FEWEST_FIELDS:
        yield block[kept[0] : kept[-1] + 1]


def _factiva(block: Sequence[_Line], *, today: date) -> Draft | None:
    fields: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in block:
        found = _FACTIVA.match(line.text)
        if found:
            current = fields.setdefault(found[1], [])
            if found[2]:
                current.append(found[2])
        elif current is not None:
            current.append(line.text)
    if len(fields) < _FEWEST_FIELDS or not fields.keys() & {"LP", "TD"}:
        return None
    body = [*_paragraphs(fields.get("LP", [])), *_paragraphs(fields.get("TD", []))]
    told = {name: " ".join(" ".join(lines).split()) for name, lines in fields.items()}
    return _draft(body, headline=told.get("HD"), byline=told.get("BY"), source=told.get("SN"),
                  section=told.get("SE"), published=_day(told.get("PD"), "PD", today=today))  # fmt: skip


def _nexis(block: Sequence[_Line], *, today: date) -> Draft | None:
    """Read a document of LexisNexis or Nexis Uni: lines without a label, then labelled ones, then the text."""
    labels: dict[str, str] = {}
    head: list[str] = []
    body: list[str] = []
    for line in block:
        found = _LABEL.match(line.text)
        if found and (found[2] or found[1].lower() == "body"):
            labels.setdefault(found[1].lower(), found[2].strip())
            if found[1].lower() == "body" and found[2]:
                body.append(found[2])
        elif not labels.keys() & {"length", "body"}:
            head.append(line.text.strip())
        else:
            body.append("" if _RIGHTS.match(line.text) else line.text)
    if "length" not in labels:
        return None
    lines = [line for line in head if line and not _RIGHTS.match(line)]
    dated = next((line for line in lines if read_dates(line, today=today)[0]), None)
    titles = [line for line in lines if line != dated]
    headline = labels.get("headline") or _headline(titles)
    source = next((title for title in titles if title != headline), None)
    return _draft(_paragraphs(body), headline=headline, byline=labels.get("byline"), source=source,
                  section=labels.get("section"), dateline=labels.get("dateline"),
                  published=_day(dated, "the head of the document", today=today))  # fmt: skip


def _headline(titles: Sequence[str]) -> str | None:
    """Return the headline among the lines ahead of the labels: with the source beside it the longer of the two."""
    return max(titles, key=len, default=None)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Return paragraphs: some exports wrap lines at a width and part paragraphs by blank lines, others have one on each
    line. A line that ends no sentence goes on in the next."""
    found: list[str] = []
    goes_on = False
    for line in (" ".join(line.split()) for line in lines):
        if goes_on and line:
            found[-1] += f" {line}"
        elif line:
            found.append(line)
        goes_on = bool(line) and not line.endswith(_SENTENCE_ENDS)
    return found


def _day(told: str | None, name: str, *, today: date) -> Published:
    printed = read_dates(told, today=today)[0] if told else ()
    if not printed:
        return UNDATED
    return Published(at=printed[0].at, precision=printed[0].precision, found_in=f"{name}: {told}")


def _draft(body: Sequence[str], **fields: object) -> Draft | None:
    body_text = "\n\n".join(body)
    if not any(map(str.isalnum, body_text)):
        return None
    told: Mapping[str, object] = {
        name: value or None for name, value in fields.items() if name != "published"
    }
    published = fields["published"]
    assert isinstance(published, Published)  # noqa: S101 - named by every caller
    return Draft(
        body_text=body_text,
        language=language_of(body_text),
        published=published,
        first_line=1,
        last_line=1,
        **told,  # type: ignore[arg-type]  # texts or None
    )
