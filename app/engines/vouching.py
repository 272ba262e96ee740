"""What vouches for the files of an index: a manifest for each commit, with a digest of every file and a seal on it.

Law: a commit is what the manifest names, from the moment the manifest is in its place; what it does not name is
rubbish. A digest is taken of a file that has just been written and never again: whatever becomes of the file later is
held against it. A seal tells, without reading, that nobody has written to the file since.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import xxhash

MANIFEST = "MANIFEST"

_BLOCK_BYTES = 256 * 1024

# Inode, size, time of writing and time of change. A program can set the time of writing back, but not that of change.
Seal = tuple[int, ...]
_BROKEN: Seal = ()

Complain = Callable[[str], Exception]


class NotAsWrittenError(ValueError):
    """A file of the index is gone or holds other bytes than were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What a file was when it was written."""

    digest: str
    seal: Seal


class Files:
    """The files of one commit. Safe between threads; methods raise ``NotAsWrittenError`` that names the file."""

    def __init__(self, folder: Path, vouched: Mapping[str, Vouched]) -> None:
        self._vouched = dict(vouched)
        self._paths = {name: folder / name for name in vouched}

    def vouched(self) -> Mapping[str, Vouched]:
        """Return what vouches for each file, by name; the seals are those that were found good last."""
        return self._vouched

    def of_segment(self, segment: str) -> tuple[str, ...]:
        """Return the names of a segment's files."""
        return tuple(name for name in self._vouched if name.startswith(f"{segment}."))

    def check(self, names: Iterable[str] | None = None, *, opened: bool = False) -> None:
        """Vouch for these files, or all: by their seals, and where a seal is broken by the bytes.

        Files that are ``opened`` may be gone meanwhile; they can still be read as they were.
        """
        for name in self._vouched if names is None else names:
            try:
                seal = _seal(self._paths[name])
            except FileNotFoundError:
                if opened:
                    continue
                raise NotAsWrittenError(f"the file {name} is gone") from None
            if seal != self._vouched[name].seal:
                self._compare(name, seal)

    def verify(self, names: Iterable[str] | None = None) -> None:
        """Read these files, or all, from end to end and compare every byte with what was written."""
        for name in self._vouched if names is None else names:
            try:
                self._compare(name, _seal(self._paths[name]))
            except FileNotFoundError:
                raise NotAsWrittenError(f"the file {name} is gone") from None

    def _compare(self, name: str, seal: Seal) -> None:
        """Read a file; ``seal`` is from before that, so that a change meanwhile breaks it."""
        digest = self._vouched[name].digest
        if _digest(self._paths[name]) == digest:
            self._vouched[name] = Vouched(digest=digest, seal=seal)
            return
        self._vouched[name] = Vouched(digest=digest, seal=_BROKEN)
        with suppress(OSError):  # on a disk that cannot be written to, only this process knows
            os.utime(self._paths[name])  # breaks the seal for every process
        raise NotAsWrittenError(f"the file {name} is not as it was written")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit of an index: the folder of its generation and the one with its files, the versions that wrote it, its
    number, and its files."""

    folder: Path
    view: Path
    versions: Mapping[str, int]
    number: int
    files: Files


def read_commit(folder: Path) -> Commit:
    """Return the last commit in ``folder``; raises ``OSError`` or ``ValueError`` where there is no manifest to read."""
    read = json.loads((folder / MANIFEST).read_text("utf-8"))
    try:
        files = {
            name: Vouched(digest=digest, seal=tuple(seal))
            for name, (digest, seal) in read.get("files", {}).items()
        }
        versions, number, view = dict(read["versions"]), int(read["commit"]), str(read.get("view", "."))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"the manifest in {folder} is no manifest") from error
    at = folder / view
    return Commit(folder=folder, view=at, versions=versions, number=number, files=Files(at, files))


def no_commit(folder: Path, versions: Mapping[str, int]) -> Commit:
    """Return what precedes the first commit of an index."""
    return Commit(folder=folder, view=folder, versions=versions, number=-1, files=Files(folder, {}))


def write_commit(before: Commit, number: int, vouched: Mapping[str, Vouched], *, view: str = ".") -> Commit:
    """Make these files, which stand in ``view``, the commit that counts; return it."""
    at = before.folder / view
    told = {
        "versions": dict(before.versions),
        "commit": number,
        "view": view,
        "files": {name: [file.digest, file.seal] for name, file in vouched.items()},
    }
    replace(before.folder / MANIFEST, json.dumps(told))
    return Commit(
        folder=before.folder, view=at, versions=before.versions, number=number, files=Files(at, vouched)
    )


def replace(file: Path, text: str) -> None:
    """Write a small file so that readers, and a machine that loses power, see either the old text or the new."""
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


@contextmanager
def vouching(
    complain: Complain, damage: tuple[type[BaseException], ...] = (OSError, ValueError)
) -> Iterator[None]:
    """Turn what a damaged file makes the engine raise into the error that ``complain`` makes of a reason."""
    try:
        yield
    except NotAsWrittenError as error:
        raise complain(f"is damaged: {error}") from error
    except damage as error:
        raise complain(f"is damaged ({type(error).__name__}: {error})") from error


def vouch(file: Path) -> Vouched:
    """Vouch for a file just written, once the disk has it."""
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())
    seal = _seal(file)
    return Vouched(digest=_digest(file), seal=seal)


def resealed(file: Path, known: Vouched) -> Vouched:
    """Vouch for a file under another name. Call it only where the seal was good until that name was given."""
    return Vouched(digest=known.digest, seal=_seal(file))


def _seal(file: Path) -> Seal:
    stat = file.stat()
    return (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _digest(file: Path) -> str:
    digest = xxhash.xxh3_128()
    with file.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
