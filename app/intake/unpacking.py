"""Files that hold files: compressed ones, archives and web archives are opened on the way in.

Law: whatever is inside, no more comes out than the limits allow: bytes of a file, bytes of all, depth. Names of what
is inside are labels; nothing is ever written under them. What comes out is kept; so is the file around it if damaged.
"""

import bz2
import hashlib
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BufferedIOBase
from tempfile import SpooledTemporaryFile
from typing import IO

from app.intake.containers import ENCRYPTED, SNIFFED, Container, container_of, is_document
from app.intake.files import LONGEST_PATH, Found, Refused, Skipped, open_file, relative, too_large
from app.intake.gzipped import gunzip
from app.intake.webarchive import Broken, pages_in

_DEEPEST = 4
_IN_MEMORY = 32 * 1024 * 1024  # what is larger is unpacked to a temporary file
_STEP = 1024 * 1024
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DAMAGE = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    ValueError,  # names that are not what their flag says
    RuntimeError,
)
_UNPACK = "Unpack it, and take in what is inside."
_NAME_TOO_LONG = "Its name is too long. Unpack the archive, and rename it."
INSIDE = " » "
_EMPTY = "It is empty: there is nothing in it to read."
_MOST_TOLD = 1_000  # broken records of one web archive that are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may come out, in bytes: of one file, and of one file that holds files."""

    file: int
    unpacked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file as it is to be read, with where it stands; ``trouble`` says why it cannot be read, and is only kept."""

    found: Found
    content: bytes
    trouble: str | None = None


Files = Iterator[Member | Refused | Skipped]


class _TooMuchError(Exception):
    """More would come out than the limits allow."""


def members(found: Found, limits: Limits) -> Files:
    """Yield the files in a file: itself, where it holds none."""
    opened = open_file(found)
    if isinstance(opened, Refused):
        yield opened
        return
    with opened:
        yield from _Unpacking(limits).files_in(opened, found, depth=0)


class _Unpacking:
    """One file being opened, with what has come out of it so far."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.unpacked

    def files_in(self, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        """Yield the files in a stream."""
        head = stream.read(SNIFFED)
        stream.seek(0)
        opener = None if found.is_whole else container_of(head)
        if opener is None or (opener == Container.ZIP and _is_document(stream)):
            yield self._whole(stream, found)
            return
        if depth >= _DEEPEST:
            yield _refused(found, f"Files are packed more than {_DEEPEST} deep in it. {_UNPACK}")
            return
        if depth == 0:
            told = f"It was opened: {opener} with the SHA-256 {_digest(stream)}. What is inside is kept."
            yield Skipped(file=found.file, note=told)
        try:
            yield from self._unpacked(opener, stream, found, depth=depth)
        except _TooMuchError:
            mebibytes = self._limits.unpacked // (1024 * 1024)
            told = (
                f"More than {mebibytes:,} MiB come out of it. Raise NEWSFOLD_MAX_UNPACKED_MB, or unpack it."
            )
            yield _refused(found, told)
        except _DAMAGE as error:
            told = f"It is damaged, and only what stands before the damage was read: {error}."
            yield self._whole(stream, found, trouble=told)

    def _unpacked(self, opener: Container, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        if opener == Container.ZIP:
            yield from self._zip(stream, found, depth=depth)
        elif opener == Container.TAR:
            yield from self._tar(stream, found, depth=depth)
        elif opener == Container.WEB_ARCHIVE:
            yield from self._web_archive(stream, found)
        elif opener == Container.GZIP:
            yield from self._gzip(stream, found, depth=depth)
        else:
            yield from self._compressed(opener, stream, found, depth=depth)

    def _web_archive(self, stream: IO[bytes], found: Found) -> Files:
        broken = 0
        for name, page in pages_in(stream, found, largest=self._limits.file):
            where = _labelled(found, _UNPRINTABLE.sub("�", name))
            match page:
                case bytes() if len(where.place.encode()) > LONGEST_PATH:
                    yield _refused(where, _NAME_TOO_LONG)
                case bytes():
                    yield Member(found=where, content=page)
                case Broken(reason=reason):
                    broken += 1
                    if broken <= _MOST_TOLD:
                        yield _refused(where, reason)
                case _:
                    yield page
        if broken:
            told = (
                f"It is damaged, and only what is whole in it was read. Records that are broken: {broken:,}."
            )
            yield self._whole(stream, found, trouble=told)

    def _gzip(self, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        with self._spool() as spool:
            damages = gunzip(stream, spool, self._charge)
            yield from self._unless_empty(spool, found, depth=depth, is_whole=not damages)
        for each in damages:
            if not each.is_taken:
                where = _labelled(found, f"member {each.member} at byte {each.offset:,}")
                yield _refused(where, f"It is damaged, and nothing of it was read: {each.reason}.")
        if damages:
            is_cut = len(damages) == 1 and damages[0].is_taken
            what = "stands before the damage" if is_cut else "is whole in it"
            told = f"It is damaged, and only what {what} was read: {damages[0].reason}."
            yield self._whole(stream, found, trouble=told)

    def _compressed(self, opener: Container, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        with self._spool() as spool, closing(_decompressed(opener, stream)) as source:
            damage: Exception | None = None
            try:
                self._copy(source, spool)
            except _DAMAGE as error:
                damage = error
            yield from self._unless_empty(spool, found, depth=depth, is_whole=damage is None)
            if damage is not None:
                raise damage

    def _unless_empty(
        self, spool: SpooledTemporaryFile[bytes], found: Found, *, depth: int, is_whole: bool
    ) -> Files:
        """Yield the files in what was unpacked; where that is nothing, say so of one that is whole."""
        is_empty = spool.tell() == 0
        spool.seek(0)
        if not is_empty:
            yield from self.files_in(spool, found, depth=depth + 1)
        elif is_whole:
            yield _refused(found, _EMPTY)

    def _zip(self, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        with zipfile.ZipFile(stream) as archive:
            # A collection of web archives (WACZ) has indexes and lists of pages beside them.
            folder = "archive/" if "datapackage.json" in archive.namelist() else ""
            locked = 0
            files = [
                info for info in archive.infolist() if not info.is_dir() and info.filename.startswith(folder)
            ]
            if not files:
                yield _refused(found, _EMPTY)
            for info in files:
                where = inside(found, info.filename)
                if info.flag_bits & ENCRYPTED:
                    locked += 1
                    continue
                try:
                    with archive.open(info) as source:
                        yield from self._inside(source, where, depth=depth)
                except _DAMAGE as error:
                    yield _refused(where, f"It is damaged: {error}.")
        if locked:
            yield self._whole(
                stream, found, trouble=f"Files in it are locked with a password: {locked}. {_UNPACK}"
            )

    def _tar(self, stream: IO[bytes], found: Found, *, depth: int) -> Files:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for info in archive:
                where = inside(found, info.name)
                source = archive.extractfile(info) if info.isfile() else None
                if source is not None:
                    yield from self._inside(source, where, depth=depth)
                elif not info.isdir():
                    yield Skipped(
                        file=where.file, note="A link or a device inside an archive is passed over."
                    )

    def _inside(self, source: IO[bytes] | BufferedIOBase, found: Found, *, depth: int) -> Files:
        name = found.file.rpartition(INSIDE)[2]
        if any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            yield Skipped(file=found.file, note="A hidden file or folder is passed over.")
            return
        if len(found.place.encode()) > LONGEST_PATH:
            yield _refused(found, _NAME_TOO_LONG)
            return
        with self._spool() as spool:
            self._copy(source, spool)
            spool.seek(0)
            yield from self.files_in(spool, found, depth=depth + 1)

    def _spool(self) -> SpooledTemporaryFile[bytes]:
        return SpooledTemporaryFile(max_size=_IN_MEMORY)

    def _copy(self, source: IO[bytes] | BufferedIOBase, target: IO[bytes]) -> None:
        read = getattr(source, "read1", source.read)  # which gives what stands before a damage
        while step := read(_STEP):
            self._charge(len(step))
            target.write(step)

    def _charge(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _TooMuchError

    def _whole(self, stream: IO[bytes], found: Found, *, trouble: str | None = None) -> Member | Refused:
        stream.seek(0)
        content = stream.read(self._limits.file + 1)
        if len(content) > self._limits.file:
            return _refused(found, trouble or too_large(self._limits.file))
        return Member(found=found, content=content, trouble=trouble)


def inside(found: Found, name: str) -> Found:
    """Return where a file stands that is inside another one."""
    return _labelled(found, relative(_UNPRINTABLE.sub("�", name)))


def _labelled(found: Found, label: str) -> Found:
    return replace(found, place=f"{found.place}{INSIDE}{label}", file=f"{found.file}{INSIDE}{label}")


def holds_files(content: bytes) -> bool:
    """Return whether some content is a file that holds files."""
    return container_of(content[:SNIFFED]) is not None


def _decompressed(opener: Container, stream: IO[bytes]) -> BufferedIOBase:
    return bz2.BZ2File(stream) if opener == Container.BZIP2 else lzma.LZMAFile(stream)


def _is_document(stream: IO[bytes]) -> bool:
    try:
        return is_document(stream)
    except _DAMAGE:
        return False
    finally:
        stream.seek(0)


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # asks for more than it uses
    stream.seek(0)
    return digest


def _refused(found: Found, reason: str) -> Refused:
    return Refused(place=found.place, file=found.file, reason=reason)
