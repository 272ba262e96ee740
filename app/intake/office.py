"""Reads office files: PDF and Word documents, as far as they hold text (the extra ``newsfold[office]``).

Law: nothing of a document is run or fetched; a scanned one is told as having no text.
"""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from itertools import groupby

from app.domain.article import Draft
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.plain import read_plain
from app.intake.reading import Line, Reading, Role, Split, Unreadable

try:
    import docx
    import pypdf
    from docx.oxml.ns import qn
    from docx.oxml.text.paragraph import CT_P
    from docx.oxml.xmlchemy import BaseOxmlElement

    _IS_INSTALLED = True
except ImportError:  # an extra, which need not be installed: types of it stand in quotes below
    _IS_INSTALLED = False

_MOST_PAGES = 2_000
_MOST_UNPACKED = 256 * 1024 * 1024
_WORD = "word/document.xml"
_BETWEEN_CELLS = " | "
_IN_BODY = frozenset({Role.DATELINE, Role.BODY, Role.SUBHEAD})
_NOT_INSTALLED = "It is {kind}; to read such files install newsfold[office]. Or save its text."
_SCANNED = (
    "It has no text: its pages are pictures, as a scanner makes them. Put it through text recognition first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The running text, and the rows of tables by the number of the line of it that they stand behind (0: ahead)."""

    running: str
    rows: Mapping[int, Sequence[str]] = field(default_factory=dict)


def read_office(content: bytes, *, today: date) -> Reading | Unreadable | None:
    """Return the article in a PDF or Word document, or why there is none; None where the file is neither."""
    if content.startswith(b"%PDF-"):
        return _read(content, "a PDF file", _pdf_text, today=today)
    if content.startswith(b"PK\x03\x04") and _is_word(content):
        return _read(content, "a Word document", _docx_text, today=today)
    return None


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _WORD in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _read(
    content: bytes, kind: str, text_of: Callable[[bytes], _Text], *, today: date
) -> Reading | Unreadable:
    if not _IS_INSTALLED:
        return Unreadable(reason=_NOT_INSTALLED.format(kind=kind))
    try:
        text = text_of(content)
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        return Unreadable(reason=f"It is {kind} that is damaged or locked ({told}); save its text."[:300])
    if not text.running.strip() and not text.rows:
        return Unreadable(reason=_SCANNED if kind == "a PDF file" else "The document is empty.")
    found = _laid_out(text, kind, today=today)
    if isinstance(found, Unreadable):
        return found
    last = content.count(b"\n") + 1
    # Lines of the text that was taken out stand nowhere in the file.
    drafts = tuple(replace(draft, first_line=1, last_line=last, dropped=()) for draft in found.drafts)
    return Reading(encoding=kind, notices=(f"It was read as {kind}.",), drafts=drafts)


def _laid_out(text: _Text, kind: str, *, today: date) -> Reading | Unreadable:
    """Read the running text as plain text is read, and put the rows of tables into the body at their places.

    They are not read with it: rows look like the menus of web pages, and the text ahead of them like a teaser.
    """
    decoded = Decoded(text=text.running, encoding=kind, notices=())
    found = read_plain(decoded, split=Split.NEVER, today=today)
    if not text.rows:
        return found
    if isinstance(found, Unreadable):  # all of the text stands in tables, but for a title perhaps
        lines = [
            Line(number=number, text=line, role=Role.BODY if line else Role.BLANK, rule="beside a table")
            for number, line in enumerate(text.running.split("\n"), start=1)
        ]
        draft = Draft(body_text="", first_line=1, last_line=1)
        return Reading(encoding=kind, notices=(), drafts=(_with_rows(draft, lines, text.rows),))
    return replace(found, drafts=tuple(_with_rows(draft, found.lines, text.rows) for draft in found.drafts))


def _with_rows(draft: Draft, lines: Sequence[Line], rows: Mapping[int, Sequence[str]]) -> Draft:
    body = list(rows.get(0, ()))
    for line in lines:
        if line.role in _IN_BODY:
            body.append(line.text.strip())
        body += rows.get(line.number, ())
    body_text = "\n\n".join(body)
    return replace(draft, body_text=body_text, language=draft.language or language_of(body_text))


def _pdf_text(content: bytes) -> _Text:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return _Text(
        running="\n\n".join(page.extract_text() for _, page in zip(range(_MOST_PAGES), pages, strict=False))
    )


def _docx_text(content: bytes) -> _Text:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
            raise ValueError("it unpacks to more than 256 MiB")
    body = docx.Document(BytesIO(content)).element.body
    # Text boxes stand in a paragraph, and twice: for newer and for older programs.
    outer = (each for each in body.iter(qn("w:p")) if _above(each, "w:p") is None)
    lines: list[str] = []
    rows: dict[int, list[str]] = {}
    for table, group in groupby(outer, key=lambda each: _above(each, "w:tbl")):
        found = [list(row) for _, row in groupby(group, key=lambda each: _above(each, "w:tr"))]
        told = [line for row in found for line in _told(row)]
        # A table with one cell in each row is a frame around a text, as newsletters have it.
        if table is None or all(len({_above(each, "w:tc") for each in row}) == 1 for row in found):
            lines += (line for text in told for line in (text, ""))
        else:
            rows.setdefault(max(0, len(lines) - 1), []).extend(
                told
            )  # behind the last line that says anything
    return _Text(running="\n".join(lines), rows=rows)


def _told(row: "Sequence[CT_P]") -> list[str]:
    """Return what a row says: one line, or the paragraphs as they are where a cell has several.

    Not by the tables of python-docx, which repeat a merged cell in each row and leave content controls out.
    """
    told = [(_above(each, "w:tc"), text) for each in row if (text := " ".join(each.text.split()))]
    texts = [text for _, text in told]
    cells = {cell for cell, _ in told}
    return [_BETWEEN_CELLS.join(texts)] if len(cells) == len(told) > 0 else texts


def _above(element: "BaseOxmlElement", name: str) -> "BaseOxmlElement | None":
    """Return the nearest element of a name around another."""
    return next(element.iterancestors(qn(name)), None)
