"""Where an index lives on disk: a folder per generation, a pointer to the one in use, a manifest in each, one lock.

Law: the pointer moves in one step (a rename) and only to a finished index; what nobody points at is older rubbish or a
rebuild to be resumed, told apart by its number and a mark. The lock is the operating system's, so that a kill frees it.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from app.errors import IndexBusyError, IndexUnavailableError

_POINTER, _LOCK, _MANIFEST, _UNFINISHED = "CURRENT", "LOCK", "MANIFEST", "UNFINISHED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a finished commit left: the versions that wrote it, its number, and the size of every file in bytes."""

    versions: Mapping[str, int]
    commit: int
    sizes: Mapping[str, int]


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
        if not name.isdigit() or not folder.is_dir():
            raise self.unavailable("is damaged: the folder it points at is gone")
        return folder

    def numbers(self) -> list[int]:
        """Return the numbers of all generations there are, ascending."""
        if not self._root.is_dir():
            return []
        return sorted(
            int(entry.name) for entry in self._root.iterdir() if entry.name.isdigit() and entry.is_dir()
        )

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
        _replace(self._root / _POINTER, f"{number:08d}\n")
        (self.folder(number) / _UNFINISHED).unlink(missing_ok=True)

    def stamp(self) -> tuple[int, ...]:
        """Return a value that changes with every commit and every swap; cheap enough for every question."""
        folder = self.current()
        try:
            stat = (folder / _MANIFEST).stat()
        except FileNotFoundError:
            raise self.unavailable("is damaged: its manifest is gone") from None
        return (int(folder.name), stat.st_ino, stat.st_mtime_ns)

    def collect(self, below: int) -> None:
        """Remove the generations older than ``below``; one that cannot be removed is left to the next writer."""
        for number in self.numbers():
            if number < below:
                shutil.rmtree(self.folder(number), ignore_errors=True)

    def wipe(self) -> None:
        """Remove everything. Call it with the lock held."""
        (self._root / _POINTER).unlink(missing_ok=True)
        shutil.rmtree(self._root, ignore_errors=True)

    @contextmanager
    def locked(self, timeout_s: float) -> Iterator[None]:
        """Hold the index's one write lock; wait up to ``timeout_s`` seconds for it, then raise ``IndexBusyError``."""
        lock = FileLock(str(self._root / _LOCK))
        if not try_for(lambda: self._acquired(lock), timeout=timeout_s, delay=0.02):
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


def write_manifest(folder: Path, versions: Mapping[str, int], commit: int) -> None:
    """Note down what the commit just made left in ``folder``."""
    sizes = {file.name: file.stat().st_size for file in folder.iterdir() if _belongs(file)}
    _replace(folder / _MANIFEST, json.dumps({"versions": versions, "commit": commit, "sizes": sizes}))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation; raises ``OSError`` or ``ValueError`` where there is none to read."""
    read = json.loads((folder / _MANIFEST).read_text("utf-8"))
    try:
        return Manifest(versions=read["versions"], commit=read["commit"], sizes=read["sizes"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"the manifest in {folder} is no manifest") from error


def cut_file(folder: Path, manifest: Manifest) -> str | None:
    """Return the name of a file that has another size than the manifest says, or None."""
    there = ((name, size) for name, size in manifest.sizes.items() if (folder / name).exists())
    return next((name for name, size in there if (folder / name).stat().st_size != size), None)


def missing_file(folder: Path, manifest: Manifest) -> str | None:
    """Return the name of a file that the manifest knows and that is gone, or None."""
    return next((name for name in manifest.sizes if not (folder / name).exists()), None)


def _belongs(file: Path) -> bool:
    """Whether a file is Whoosh's, and not one of ours or a lock."""
    return (
        file.is_file()
        and not file.name.startswith((_MANIFEST, _UNFINISHED))
        and not file.name.endswith("LOCK")
    )


def _replace(file: Path, text: str) -> None:
    """Write a small file so that readers, and a machine that loses power, see either the old text or the new."""
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
