"""Reads office files: PDF and Word documents, as far as they hold text (the extra ``newsfold[office]``).

Law: nothing of a document is run or fetched; a scanned one is told as having no text.
"""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

from app.intake.decode import Decoded
from app.intake.plain import read_plain
from app.intake.reading import Reading, Split, Unreadable

try:
    import docx
    import pypdf

    _IS_INSTALLED = True
except ImportError:  # an extra, which need not be installed
    _IS_INSTALLED = False

_MOST_PAGES = 2_000
_MOST_UNPACKED = 256 * 1024 * 1024
_WORD = "word/document.xml"
_NOT_INSTALLED = "It is {kind}; to read such files install newsfold[office]. Or save its text."
_SCANNED = (
    "It has no text: its pages are pictures, as a scanner makes them. Put it through text recognition first."
)


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


def _read(content: bytes, kind: str, text_of: Callable[[bytes], str], *, today: date) -> Reading | Unreadable:
    if not _IS_INSTALLED:
        return Unreadable(reason=_NOT_INSTALLED.format(kind=kind))
    try:
        text = text_of(content)
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        return Unreadable(reason=f"It is {kind} that is damaged or locked ({told}); save its text."[:300])
    if not text.strip():
        return Unreadable(reason=_SCANNED if kind == "a PDF file" else "The document is empty.")
    decoded = Decoded(text=text, encoding=kind, notices=())
    found = read_plain(decoded, split=Split.NEVER, today=today)
    if isinstance(found, Unreadable):
        return found
    last = content.count(b"\n") + 1
    # Lines of the text that was taken out stand nowhere in the file.
    drafts = tuple(replace(draft, first_line=1, last_line=last, dropped=()) for draft in found.drafts)
    return Reading(encoding=kind, notices=(f"It was read as {kind}.",), drafts=drafts)


def _pdf_text(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "\n\n".join(page.extract_text() for _, page in zip(range(_MOST_PAGES), pages, strict=False))


def _docx_text(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
            raise ValueError("it unpacks to more than 256 MiB")
    paragraphs = docx.Document(BytesIO(content)).paragraphs
    return "\n\n".join(" ".join(each.text.split()) for each in paragraphs if each.text.strip())
