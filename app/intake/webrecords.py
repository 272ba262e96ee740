"""Where the records of a web archive begin and end, also where it is broken (WARC: ISO 28500; ARC: its first version).

Law: no byte is in two records. What stands from a broken record to the next line that begins one is that broken record.
Memory does not grow with the archive, and time is linear in it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_STEP = 1024 * 1024
LONGEST_HEAD = 1024 * 1024  # addresses with data in them stand in heads
_LONGEST_BEGINNING = 8 * 1024  # longer than what a match of a beginning can be
_ARC_LINE = (
    rb"(?:https?|ftp|dns|filedesc):[^\n]{1,4000} [\d.:a-f]{2,45} \d{14} \S{1,100} (?P<length>\d{1,12})\r?\n"
)
_BEGINNING = rb"(?:WARC/[01]\.\d{1,2}[ \t]*\r?\n[\w-]{1,100}[ \t]*:|" + _ARC_LINE + rb")"
_BEGINS = re.compile(_BEGINNING)
_BEGINS_LATER = re.compile(rb"(?<=\n)" + _BEGINNING)
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n?", re.IGNORECASE)
_HAS_ENDED = {
    True: re.compile(rb"\r?\n"),
    False: re.compile(rb"\r\n\r\n"),
}  # a record of an ARC file, of a WARC file


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bytes of one record, from ``start`` up to ``end``; ``broken`` says what is wrong with it."""

    start: int
    end: int
    broken: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the head of a record says: that its block is in the bytes from ``block`` up to ``end``."""

    block: int
    end: int
    is_arc: bool


def begins_record(head: bytes) -> bool:
    """Return whether these bytes begin as a record does."""
    return _BEGINS.match(head) is not None


def spans(stream: IO[bytes]) -> Iterator[Span]:
    """Yield the records of an uncompressed web archive in their order; the stream may be moved in between."""
    size = stream.seek(0, os.SEEK_END)
    at = _behind_blanks(stream, 0)
    while at < size:
        span = _span(stream, at, size)
        yield span
        at = _behind_blanks(stream, span.end)


def _span(stream: IO[bytes], at: int, size: int) -> Span:
    head = _head(stream, at)
    if isinstance(head, str):
        return Span(start=at, end=_next_beginning(stream, at + 1, size) or size, broken=head)
    if head.end <= size and _ends_as_it_says(stream, head, size):
        return Span(start=at, end=head.end)
    later = _next_beginning(stream, head.block, size)
    if head.end > size and later is None:
        return Span(start=at, end=size, broken=f"It is cut off: {head.end - size:,} bytes of it are missing.")
    return Span(start=at, end=later or size, broken="It does not end where it says.")


def _head(stream: IO[bytes], at: int) -> _Head | str:
    """Read the head of a record; or return what is wrong with it."""
    stream.seek(at)
    begins = _BEGINS.match(stream.read(_LONGEST_BEGINNING))
    if begins is None:
        return "It does not begin as a record does."
    if begins["length"]:
        block = at + begins.end()
        return _Head(block=block, end=block + int(begins["length"]), is_arc=True)
    stream.seek(at)
    stream.readline()
    length: int | None = None
    while (line := stream.readline(LONGEST_HEAD)).strip():
        # Where the next record begins, this one's head has ended; to read on would make time quadratic.
        if line.startswith(b"WARC/") or stream.tell() - at > LONGEST_HEAD:
            return "Its head has no end."
        if length is None and (found := _LENGTH.fullmatch(line)):
            length = int(found[1])
    if length is None:
        return "It does not say how long it is."
    block = stream.tell()
    return _Head(block=block, end=block + length, is_arc=False)


def _ends_as_it_says(stream: IO[bytes], head: _Head, size: int) -> bool:
    stream.seek(head.end)
    behind = stream.read(_LONGEST_BEGINNING * 2)
    rest = behind.lstrip(b"\r\n")
    if _BEGINS.match(rest) or (not rest and head.end + len(behind) == size):
        return True
    # What stands behind it is broken, or its own length is: then another record begins in what it claims.
    has_ended = _HAS_ENDED[head.is_arc].match(behind) is not None
    return has_ended and _next_beginning(stream, head.block, head.end) is None


def _next_beginning(stream: IO[bytes], start: int, end: int) -> int | None:
    """Return where the first line stands between two places that begins a record."""
    at = start - 1  # for the line feed before it
    stream.seek(at)
    window = b""
    step = _LONGEST_BEGINNING  # and longer from then on: most that are looked for are near, and some a gigabyte away
    while at + len(window) < end and (read := stream.read(step)):
        window += read
        step = min(step * 2, _STEP)
        if found := _BEGINS_LATER.search(window):
            return at + found.start() if at + found.start() < end else None
        behind = max(0, len(window) - _LONGEST_BEGINNING)
        at, window = at + behind, window[behind:]
    return None


def _behind_blanks(stream: IO[bytes], at: int) -> int:
    stream.seek(at)
    while step := stream.read(_LONGEST_BEGINNING):
        rest = step.lstrip(b"\r\n")
        at += len(step) - len(rest)
        if rest:
            break
    return at
