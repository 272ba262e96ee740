"""Files and folders as they are given: what is there to read, in path order, within the limits."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to be read: ``place`` is its resolved path, ``file`` how it is shown (relative to what was given). One
    that ``is_whole`` is read as it is, even where it looks like a file that holds others."""

    place: str
    file: str
    path: Path
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Something that cannot be read, and why."""

    place: str
    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something in a folder that was passed over on purpose, and why."""

    file: str
    note: str


def walk(paths: Sequence[Path]) -> Iterator[Found | Refused | Skipped]:
    """Yield what there is under ``paths``: a file as itself, a folder with everything in it, in path order.

    Links inside a folder are not followed, and hidden names are passed over; both are said. A path that is
    itself given is always taken at its word. A file that is given twice is yielded once.
    """
    seen: set[str] = set()
    for given in paths:
        for each in _given(given):
            if isinstance(each, Found):
                if each.place in seen:
                    continue
                seen.add(each.place)
            yield each


def _given(path: Path) -> Iterator[Found | Refused | Skipped]:
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: links that lead in a circle
        name = printable(Path(path.name))
        return iter([Refused(place=name, file=name, reason=_LEADS_NOWHERE)])
    if resolved.is_dir():
        return _folder(resolved)
    return iter([_judge(resolved, printable(Path(resolved.name)))])


def open_file(found: Found) -> IO[bytes] | Refused:
    """Return a file opened for reading, or why it cannot be."""
    try:
        # Opened without blocking, and judged by what was opened: between the walk and now it may have been
        # exchanged for a pipe on which a reader waits for ever.
        descriptor = os.open(found.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        stream = open(descriptor, "rb")  # noqa: PTH123, SIM115 - a descriptor has no path; the caller closes
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return stream
        stream.close()
    except OSError as error:
        return Refused(place=found.place, file=found.file, reason=_unreadable(error))
    return Refused(place=found.place, file=found.file, reason=_NOT_REGULAR)


def too_large(max_bytes: int) -> str:
    """Say that a file is larger than it may be, and what to do."""
    mebibytes = max_bytes // (1024 * 1024)
    return f"It is larger than {mebibytes} MiB. Raise NEWSFOLD_MAX_FILE_MB, or cut it into parts."


# The place of a file stands in indexes of the database, and PostgreSQL's take some 2,700 bytes an entry.
LONGEST_PATH = 1_500
_PATH_TOO_LONG = f"Its path is longer than {LONGEST_PATH:,} bytes. Move it to a folder that is less deep."

_LEADS_NOWHERE = "It is a link that leads nowhere. Name a file or a folder."

_NOT_REGULAR = "It is not a regular file (a pipe, a socket or a device). Copy its content to a file."


def _unreadable(error: OSError) -> str:
    return f"It cannot be read: {error.strerror or error}. Check that it exists and that you may read it."


def _judge(path: Path, file: str) -> Found | Refused:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return Refused(place=printable(path), file=file, reason=_unreadable(error))
    if not stat.S_ISREG(mode):
        return Refused(place=printable(path), file=file, reason=_NOT_REGULAR)
    if len(os.fsencode(path)) > LONGEST_PATH:
        return Refused(place=printable(path), file=file, reason=_PATH_TOO_LONG)
    return Found(place=printable(path), file=file, path=path)


def _folder(root: Path) -> Iterator[Found | Refused | Skipped]:
    """Yield everything below ``root``; a folder that holds nothing to read is refused."""
    any_file = False
    ahead = [root]  # a stack and no recursion: folders nest deeper than Python's calls may
    while ahead:
        path = ahead.pop()
        passed_over = path != root and (_is_link(path) or path.name.startswith("."))
        if not passed_over and os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a path that is too long
            children = _children(path)
            if isinstance(children, OSError):
                yield Refused(place=printable(path), file=_shown(root, path), reason=_unreadable(children))
                any_file = True
            else:
                ahead.extend(reversed(children))
            continue
        each = _entry(root, path)
        any_file = any_file or not isinstance(each, Skipped)
        yield each
    if not any_file:
        yield Refused(
            place=printable(root),
            file=printable(Path(root.name or "/")),
            reason="The folder holds no files to read.",
        )


def _children(folder: Path) -> list[Path] | OSError:
    try:
        return sorted(folder.iterdir(), key=lambda child: child.name)
    except OSError as error:
        return error


def _entry(root: Path, path: Path) -> Found | Refused | Skipped:
    file = _shown(root, path)
    if _is_link(path):
        return Skipped(file=file, note="A link inside a folder is not followed.")
    if path.name.startswith("."):
        return Skipped(file=file, note="A hidden file or folder is passed over.")
    return _judge(path, file)


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 - Path.is_symlink raises for a path that is too long


def _shown(root: Path, path: Path) -> str:
    return printable(path.relative_to(root))


def relative(name: str) -> str:
    """Return a name from elsewhere as one that leads nowhere: with slashes, and without what goes up or to the root."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def printable(path: Path) -> str:
    """Return a path as text that can be stored and printed: bytes that are no UTF-8 are escaped."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
