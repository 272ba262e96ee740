"""gzip files of one member or of many, also damaged ones (RFC 1952).

Law: what does not match its checksum does not come out. Behind a damage it goes on only where a record of a web archive
begins: of other files, what is before and what is behind would be glued together.
"""

import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from app.intake.webrecords import begins_record

_STEP = 8 * 1024  # what is lost before a damage is at most what so many bytes unpack to
_MOST_OUT = 1024 * 1024
_SEARCHED = 1024 * 1024
_SIP = 64
_MARK = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_LONGEST_MARK = 4
_WITH_HEADER = (
    16 + zlib.MAX_WBITS
)  # so that zlib reads a member's header, and holds it to its checksum and size
_WRONG = {
    "incorrect data check": "what comes out does not match its checksum",
    "incorrect length check": "what comes out is not as long as it says",
    "incorrect header check": "no gzip member begins there",
}
_MOST_DAMAGES = 1_000
_MOST_TRIED = 1_000  # marks that turn out to be none; by chance there is one in 500 MB
# What begins a record is told by its first lines, of which the first address is the longest.
_BEGINNING = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A damaged member: which it is (from 1), the byte of the file it begins at, and what is wrong. What came out of
    it before the damage was taken where ``is_taken``."""

    member: int
    offset: int
    reason: str
    is_taken: bool


def gunzip(stream: IO[bytes], target: IO[bytes], charge: Callable[[int], None]) -> list[Damage]:
    """Write to ``target`` what the members hold, and return those that are damaged: at most a thousand, at the last of
    which reading ends.

    ``charge`` is told of all bytes before they come out, and of those that are read in vain; it may raise.
    """
    damages: list[Damage] = []
    at: int | None = 0
    member = 0
    while at is not None and len(damages) < _MOST_DAMAGES:
        member += 1
        offset, kept = at, target.tell()
        try:
            end = _unpack(stream, offset, target, charge)
            if target.tell() == kept:
                charge(end - offset)  # or members that hold nothing would cost nothing
            at = _behind_zeros(stream, end)
        except (EOFError, zlib.error) as error:
            read = stream.tell() - offset
            at = _next_member(stream, offset + 1) if _is_web_archive(target) else None
            if at is not None:
                charge(read)  # or a crafted file would be read as often as it has members
            is_taken = at is None and _is_right_before(error, is_only=member == 1)
            if not is_taken:
                target.seek(kept)
                target.truncate()
            reason = _told(error)
            if len(damages) + 1 == _MOST_DAMAGES:
                reason += "; so many are damaged that reading ends here"
            damages.append(Damage(member=member, offset=offset, reason=reason, is_taken=is_taken))
    return damages


def _is_right_before(error: EOFError | zlib.error, *, is_only: bool) -> bool:
    """Return whether to take what came out before an error: all is right before a cut, and most of a file that is one
    large member before the place where it cannot be unpacked any more."""
    return isinstance(error, EOFError) or (is_only and _told(error) not in _WRONG.values())


def _told(error: EOFError | zlib.error) -> str:
    if isinstance(error, EOFError):
        return "it is cut off"
    message = str(error).partition(": ")[2] or str(error)
    return _WRONG.get(message, f"it cannot be unpacked ({message})")


def _unpack(stream: IO[bytes], at: int, target: IO[bytes], charge: Callable[[int], None]) -> int:
    """Write what one member holds, and return where it ends."""
    stream.seek(at)
    unpacker = zlib.decompressobj(_WITH_HEADER)
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail or stream.read(_STEP)
        content = unpacker.decompress(packed, _MOST_OUT)
        if not packed and not content:
            raise EOFError
        charge(len(content))
        target.write(content)
    return stream.tell() - len(unpacker.unused_data)


def _behind_zeros(stream: IO[bytes], at: int) -> int | None:
    """Return where something stands behind a member; None where there are only zeros, which fill some files up."""
    stream.seek(at)
    while step := stream.read(_STEP):
        if rest := step.lstrip(b"\x00"):
            return stream.tell() - len(rest)
    return None


def _next_member(stream: IO[bytes], at: int) -> int | None:
    """Return where the next member stands that begins with a record of a web archive."""
    return next(
        (place for place in islice(_marks(stream, at), _MOST_TRIED) if _is_record(stream, place)), None
    )


def _is_web_archive(target: IO[bytes]) -> bool:
    """Return whether what came out so far is a web archive, or nothing; its end stays the place to write at."""
    target.seek(0)
    begun = target.read(_BEGINNING)
    target.seek(0, os.SEEK_END)
    return not begun or begins_record(begun)


def _is_record(stream: IO[bytes], at: int) -> bool:
    """Return whether a member begins there that begins with a record, be it damaged later on."""
    stream.seek(at)
    unpacker = zlib.decompressobj(_WITH_HEADER)
    begun = b""
    try:
        for _ in range(_BEGINNING // _SIP):
            begun += unpacker.decompress(stream.read(_SIP), _BEGINNING)
            if unpacker.eof or begins_record(begun):
                break
    except zlib.error:
        pass
    return begins_record(begun)


def _marks(stream: IO[bytes], at: int) -> Iterator[int]:
    """Yield where a member may begin; the stream may be moved in between."""
    window = b""
    stream.seek(at)
    while step := stream.read(_SEARCHED):
        window += step
        behind = stream.tell()
        yield from (behind - len(window) + found.start() for found in _MARK.finditer(window))
        stream.seek(behind)
        window = window[-_LONGEST_MARK + 1 :]
