"""Web archives (WARC, ARC): every page in them as a record of its own (warcio).

Law: a record is kept as it stands in the archive, headers and all, so that the same bytes give the same article again;
what is no page is counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import IO

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

from app.intake.files import Found, Refused, Skipped
from app.intake.moments import moment
from app.intake.reading import Unreadable

_MARKS = (b"WARC/", b"filedesc://")
_ARC_RECORD = re.compile(rb"https?://[^\n]{1,4000} [\d.:a-f]{2,45} \d{14} \S{1,100} \d{1,12}\n")
_PAGES = ("text/html", "application/xhtml+xml")
_TAKEN = frozenset({"response", "resource", "conversion"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LONGEST_ADDRESS = 300  # of an address in the name of a record; the record has it whole
# What warcio and the decoders under it raise for records that are broken in one way or another.
_BROKEN = (ArchiveLoadFailed, ValueError, TypeError, KeyError, AttributeError, EOFError, OSError)


def is_web_archive(head: bytes) -> bool:
    """Return whether a file that begins like this is a WARC or an ARC file of several records."""
    return head.startswith(_MARKS)


def is_record(content: bytes) -> bool:
    """Return whether these bytes are one record, as ``pages_in`` yields them."""
    return content.startswith(b"WARC/") or _ARC_RECORD.match(content) is not None


def pages_in(
    stream: IO[bytes], found: Found, *, largest: int
) -> Iterator[tuple[str, bytes | Refused | Skipped]]:
    """Yield the pages of an uncompressed web archive, each as the record it is with its name: number and address."""
    records = ArchiveIterator(stream, arc2warc=True)
    others: Counter[str] = Counter()
    number = 0
    try:
        for number, record in enumerate(records, start=1):
            kind = str(record.rec_type or "unknown")
            if kind not in _TAKEN or not _is_page(record):
                others[kind if kind not in _TAKEN else f"{kind} that is no page"] += 1
                continue
            address = str(record.rec_headers.get_header("WARC-Target-URI") or "")
            name = f"record {number}, {address[:_LONGEST_ADDRESS]}"
            taken = _taken(stream, records, largest=largest)
            yield name, taken if taken is not None else _too_large(found, name)
    except _BROKEN as error:
        reason = f"Record {number + 1} is broken, and what stands after it cannot be found: {_told(error)}"
        yield "", Refused(place=found.place, file=found.file, reason=reason)
    if records.err_count:
        note = f"Records that do not end where they say: {records.err_count}."
        yield "", Skipped(file=found.file, note=note)
    if others:
        told = ", ".join(f"{count} × {kind}" for kind, count in sorted(others.items()))
        yield "", Skipped(file=found.file, note=f"Records of the web archive that are no pages: {told}.")


def _too_large(found: Found, name: str) -> Refused:
    reason = "The record is larger than a file may be. Raise NEWSFOLD_MAX_FILE_MB."
    return Refused(place=found.place, file=f"{found.file}, {name}", reason=reason)


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is_page(record: ArcWarcRecord) -> bool:
    headers = record.http_headers or record.rec_headers
    media_type = str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return media_type in _PAGES


def _taken(stream: IO[bytes], records: ArchiveIterator, *, largest: int) -> bytes | None:
    """Return the bytes of the record that is being read; None where they are too many."""
    start, length = records.get_record_offset(), records.get_record_length()
    if length > largest:
        return None
    behind = stream.tell()
    stream.seek(start)
    content = stream.read(length)
    stream.seek(behind)
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a record holds: the page or file itself, its address, the character set it was sent as, and the day it was
    fetched; ``first_line`` is where it begins in the record, None where it is packed there."""

    content: bytes
    url: str | None
    charset: str | None
    fetched: date | None
    first_line: int | None


def payload_of(content: bytes, *, today: date) -> Payload | Unreadable:
    """Return what one record holds, or why that is nothing."""
    try:
        record = next(iter(ArchiveIterator(BytesIO(content), arc2warc=True)))
        payload = record.content_stream().read()
    except (*_BROKEN, StopIteration) as error:
        return Unreadable(reason=f"The record is broken: {_told(error)}")
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if not str(status).startswith("2"):
        return Unreadable(reason=f"The server answered {status}: there was no page.")
    headers = record.http_headers or record.rec_headers
    charset = _CHARSET.search(str(headers.get_header("Content-Type") or ""))
    begins = content.find(payload) if payload else -1
    return Payload(
        content=payload,
        url=record.rec_headers.get_header("WARC-Target-URI"),
        charset=charset[1] if charset else None,
        fetched=moment(record.rec_headers.get_header("WARC-Date"), "", today=today).day,
        first_line=content.count(b"\n", 0, begins) + 1 if begins >= 0 else None,
    )
