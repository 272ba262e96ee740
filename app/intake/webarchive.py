"""Web archives (WARC, ARC): every page in them as a record of its own (warcio).

Law: a record is kept as it stands in the archive, headers and all, so that the same bytes give the same article again;
what is no page is counted, and a record that is broken costs no other.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import IO

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

from app.intake.content import Kind, kind_of
from app.intake.files import Found, Refused, Skipped
from app.intake.moments import moment
from app.intake.reading import Unreadable
from app.intake.webrecords import LONGEST_HEAD, Span, begins_record, spans

_MARKS = (b"WARC/", b"filedesc://")
_PAGES = ("text/html", "application/xhtml+xml")
_TAKEN = frozenset({"response", "resource", "conversion"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LONGEST_ADDRESS = 300  # of an address in the name of a record; the record has it whole
_HEAD = LONGEST_HEAD + 64 * 1024  # of a record, in which its headers are and enough of a page to know one
_SNIFFED = 4 * 1024
_MOST_UNPACKED = 256 * 1024 * 1024
_WIDTHS = {
    "gzip": (16 + zlib.MAX_WBITS,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}  # some servers leave the frame out
# What warcio and the decoders under it raise for records that are broken in one way or another.
_BROKEN = (ArchiveLoadFailed, ValueError, TypeError, KeyError, AttributeError, EOFError, OSError, zlib.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A record that cannot be read, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the head of a record says: its address, and what it is where that is no page."""

    address: str
    passed_over: str | None


def is_web_archive(head: bytes) -> bool:
    """Return whether a file that begins like this is a WARC or an ARC file of several records."""
    return head.startswith(_MARKS)


def is_record(content: bytes) -> bool:
    """Return whether these bytes are one record, as ``pages_in`` yields them."""
    return begins_record(content)


def pages_in(
    stream: IO[bytes], found: Found, *, largest: int
) -> Iterator[tuple[str, bytes | Broken | Refused | Skipped]]:
    """Yield the pages of an uncompressed web archive, each as the record it is with its name: number and address; and
    its broken records, with number and place (bytes from the beginning of the archive)."""
    others: Counter[str] = Counter()
    for number, span in enumerate(spans(stream), start=1):
        seen = _seen(stream, span)
        if isinstance(seen, Broken):
            yield f"record {number} at byte {span.start:,}", seen
        elif seen.passed_over is not None:
            others[seen.passed_over] += 1
        else:
            name = f"record {number}, {seen.address[:_LONGEST_ADDRESS]}"
            size = span.end - span.start
            yield name, _read(stream, span, size) if size <= largest else _too_large(found, name)
    if others:
        told = ", ".join(f"{count} × {kind}" for kind, count in sorted(others.items()))
        yield "", Skipped(file=found.file, note=f"Records of the web archive that are no pages: {told}.")


def _too_large(found: Found, name: str) -> Refused:
    reason = "The record is larger than a file may be. Raise NEWSFOLD_MAX_FILE_MB."
    return Refused(place=found.place, file=f"{found.file}, {name}", reason=reason)


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _read(stream: IO[bytes], span: Span, most: int) -> bytes:
    stream.seek(span.start)
    return stream.read(min(most, span.end - span.start))


def _record(content: bytes) -> ArcWarcRecord:
    return next(iter(ArchiveIterator(BytesIO(content), arc2warc=True)))


def _seen(stream: IO[bytes], span: Span) -> _Seen | Broken:
    if span.broken is not None:
        return Broken(reason=f"The record is broken. {span.broken}")
    try:
        record = _record(_read(stream, span, _HEAD))
        kind = str(record.rec_type or "unknown")
        if kind not in _TAKEN:
            return _Seen(address="", passed_over=kind)
        address = str(record.rec_headers.get_header("WARC-Target-URI") or "")
        return _Seen(address=address, passed_over=None if _is_page(record) else f"{kind} that is no page")
    except (*_BROKEN, StopIteration) as error:
        return Broken(reason=f"The record is broken: {_told(error)}")


def _is_page(record: ArcWarcRecord) -> bool:
    headers = record.http_headers or record.rec_headers
    media_type = str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    if not media_type:  # some servers do not say what they send
        begins = _body(record, _SNIFFED).decode("utf-8-sig", "replace").lstrip()
        return begins.startswith("<") and kind_of(begins) is Kind.PAGE
    # The texts of pages, as Common Crawl has them (WET); a text that a server sent is some program's: robots.txt.
    return media_type in _PAGES or (record.rec_type == "conversion" and media_type == "text/plain")


def _body(record: ArcWarcRecord, most: int) -> bytes:
    """Return what a record holds without the codings of HTTP: ``most`` bytes of it at most.

    Not as warcio unpacks it: that writes to standard error where a body is damaged, and takes it for whole.
    """
    headers = record.http_headers
    coding = str(headers.get_header("Content-Encoding") or "").strip().lower() if headers else ""
    if coding not in _WIDTHS:
        return bytes(record.content_stream().read(most))
    is_chunked = headers.get_header("Transfer-Encoding") == "chunked"
    packed = (ChunkedDataReader(record.raw_stream) if is_chunked else record.raw_stream).read()
    for width in _WIDTHS[coding]:
        unpacker = zlib.decompressobj(width)
        try:
            content = unpacker.decompress(packed, most)
            if len(content) < most and not unpacker.eof and coding == "gzip":
                raise EOFError("the body is cut off")
            return content
        except zlib.error as error:
            damage = error
    # Nothing of it is packed, whatever its server said; else it is damaged, and no text of it is right for sure.
    if coding == "gzip" and packed.startswith(b"\x1f\x8b"):
        raise damage
    return bytes(packed[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a record holds: the page or file itself, its address, the character set it was sent as, and the day it was
    fetched; ``begins`` is the byte of the record it begins at, None where it is packed there."""

    content: bytes
    url: str | None
    charset: str | None
    fetched: date | None
    begins: int | None


def payload_of(content: bytes, *, today: date) -> Payload | Unreadable:
    """Return what one record holds, or why that is nothing."""
    try:
        record = _record(content)
        payload = _body(record, _MOST_UNPACKED + 1)
    except (*_BROKEN, StopIteration) as error:
        return Unreadable(reason=f"The record is broken: {_told(error)}")
    if len(payload) > _MOST_UNPACKED:
        return Unreadable(reason="What the record holds unpacks to more than 256 MiB, which no page does.")
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
        begins=begins if begins >= 0 else None,
    )
