"""Where an index lives on disk: a folder per generation, a pointer to the one in use, one lock.

Law: the pointer moves in one step (a rename) and only to a finished index; what nobody points at is older rubbish or a
rebuild to be resumed, told apart by its number and a mark. The lock is the operating system's, so that a kill frees it.
Removed is only what has a name that the engines give: a person may have put something beside it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

from whoosh.util.filelock import FileLock, try_for

from app.domain.status import Footprint
from app.engines.vouching import MANIFEST, replace
from app.errors import IndexBusyError, IndexUnavailableError, IndexUnwritableError

_POINTER, _LOCK, _UNFINISHED = "CURRENT", "LOCK", "UNFINISHED"
_GENERATION = re.compile(r"[0-9]{8}")
# What any engine, of this version or an older one, puts there, and what ``replace`` leaves behind when it is killed.
_OURS = re.compile(
    r"(CURRENT|MANIFEST)(\.new)?|UNFINISHED|_?MAIN_\w+(\.\w+)*|(carriers|sections)-[0-9]+\.(npy|json)"
    r"|view-[0-9]+|work|store"
)


class Generations:
    """The folder of one index. Methods raise ``IndexUnavailableError`` that names the place."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        """The folder, as a person would name it."""
        return str(self._root)

    def unavailable(self, reason: str) -> IndexUnavailableError:
        """Return the error for this place."""
        return IndexUnavailableError(self.place, reason)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Turn what a disk that is full or read-only raises into ``IndexUnwritableError``."""
        try:
            yield
        except OSError as error:
            raise IndexUnwritableError(self.place, error.strerror or str(error)) from error

    def current(self) -> Path:
        """Return the folder of the generation in use."""
        try:
            name = (self._root / _POINTER).read_text("ascii").strip()
        except FileNotFoundError:
            raise self.unavailable(
                "is damaged: it has lost its pointer" if self.numbers() else "is missing"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise self.unavailable(f"cannot be read ({error})") from error
        folder = self._root / name
        if not _GENERATION.fullmatch(name) or not folder.is_dir():
            raise self.unavailable("is damaged: the folder it points at is gone")
        return folder

    def numbers(self) -> list[int]:
        """Return the numbers of all generations there are, ascending."""
        if not self._root.is_dir():
            return []
        return sorted(
            int(entry.name)
            for entry in self._root.iterdir()
            if _GENERATION.fullmatch(entry.name) and entry.is_dir()
        )

    def is_to_be_made(self) -> bool:
        """Return whether there is no index, and none has been lost: nothing is there, or only what was cut off when the
        first was made."""
        return not (self._root / _POINTER).exists() and all(map(self._is_cut_off, self.numbers()))

    def _is_cut_off(self, number: int) -> bool:
        folder = self.folder(number)
        return (folder / _UNFINISHED).exists() or not any(_ours_in(folder))

    def folder(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self._root / f"{number:08d}"

    def number_in_use(self) -> int:
        """Return the number of the generation in use, or 0 where the pointer is missing or points at nothing."""
        try:
            return int(self.current().name)
        except IndexUnavailableError:
            return 0

    def begin(self, number: int) -> Path:
        """Make the folder of a new generation, marked as unfinished."""
        folder = self.folder(number)
        folder.mkdir(parents=True)
        (folder / _UNFINISHED).touch()
        return folder

    def unfinished(self) -> list[int]:
        """Return the numbers of the generations that were begun after the one in use, the latest first."""
        numbers = (number for number in reversed(self.numbers()) if number > self.number_in_use())
        return [number for number in numbers if (self.folder(number) / _UNFINISHED).exists()]

    def point_at(self, number: int) -> None:
        """Make a finished generation the one in use."""
        with self.changing():
            # The pointer first: one that is killed between the two has an index, and a mark that nobody reads any more.
            replace(self._root / _POINTER, f"{number:08d}\n")
            (self.folder(number) / _UNFINISHED).unlink(missing_ok=True)

    def stamp(self) -> tuple[int, ...]:
        """Return a value that changes with every commit and every swap; cheap enough for every question."""
        folder = self.current()
        try:
            stat = (folder / MANIFEST).stat()
        except FileNotFoundError:
            raise self.unavailable("is damaged: its manifest is gone") from None
        except OSError as error:
            raise self.unavailable(f"cannot be read ({error})") from error
        return (int(folder.name), stat.st_ino, stat.st_mtime_ns)

    def footprint(self) -> Footprint:
        """Return the number of the generation in use, and the bytes of its files."""
        folder = self.current()
        return Footprint(generation=int(folder.name), bytes=sum(map(_bytes_of, folder.rglob("*"))))

    def collect(self, below: int) -> None:
        """Remove the generations older than ``below``, and what a kill left beside the others. Call it with the lock
        held; what cannot be removed is left to the next writer."""
        for number in self.numbers():
            if number < below:
                _clear(self.folder(number))
        for stray in self._strays():
            _remove(stray)

    def _strays(self) -> list[Path]:
        """Return files outside of all generations, half-written ones, and a mark that nobody reads any more."""
        in_use = self.current()
        outside = (file for file in _ours_in(self._root) if file.is_file() and file.name != _POINTER)
        return [*outside, in_use / _UNFINISHED, in_use / f"{MANIFEST}.new"]

    def wipe(self) -> None:
        """Remove the index and all its generations. Call it with the lock held."""
        (self._root / _POINTER).unlink(missing_ok=True)
        for number in self.numbers():
            _clear(self.folder(number))
        for file in (*filter(Path.is_file, _ours_in(self._root)), self._root / _LOCK):
            _remove(file)
        with suppress(OSError):  # something else is in it
            self._root.rmdir()

    @contextmanager
    def locked(self, timeout_s: float) -> Iterator[None]:
        """Hold the index's one write lock; wait up to ``timeout_s`` seconds for it, then raise ``IndexBusyError``."""
        lock = FileLock(str(self._root / _LOCK))
        with self.changing():
            acquired = try_for(lambda: self._acquired(lock), timeout=timeout_s, delay=0.02)
        if not acquired:
            raise IndexBusyError(self.place, timeout_s)
        try:
            yield
        finally:
            lock.release()

    def _acquired(self, lock: FileLock) -> bool:
        """Try once to take the lock; one on a file that has been wiped away meanwhile keeps nobody out."""
        self._root.mkdir(parents=True, exist_ok=True)
        if not lock.acquire():
            return False
        file = self._root / _LOCK
        if lock.fd is not None and file.exists() and os.fstat(lock.fd).st_ino == file.stat().st_ino:
            return True
        lock.release()
        return False


def _ours_in(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if _OURS.fullmatch(entry.name)]


def _clear(folder: Path) -> None:
    """Remove a generation; what a person put into it stays, and then the folder."""
    for entry in _ours_in(folder):
        _remove(entry)
    with suppress(OSError):
        folder.rmdir()


def _remove(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _bytes_of(path: Path) -> int:
    """Return how large a file is; what is no file, or has gone meanwhile, takes nothing."""
    try:
        stat = path.lstat()
    except FileNotFoundError:
        return 0
    return stat.st_size if S_ISREG(stat.st_mode) else 0
