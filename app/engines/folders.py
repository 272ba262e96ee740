"""An engine whose index is a folder: made, written, rebuilt beside itself, opened at its last commit, refused when it
cannot be vouched for.

Law: an index that cannot be vouched for raises ``IndexUnavailableError`` and never answers. What an engine adds is how
a commit is written and read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Generic, Protocol, TypeVar

from app.domain.status import Footprint
from app.engines.generations import Generations
from app.engines.port import Batch
from app.engines.vouching import Commit, Files, read_commit, vouching
from app.errors import IndexUnavailableError

# A reader that opens the index in the instant a commit replaces its files finds some gone: it looks again.
_LOOKS = 5

_WIPE_WAIT_S = 10.0


class Opened(Protocol):
    """An index opened at one commit, of whose files it tells."""

    @property
    def files(self) -> Files: ...


Reader = TypeVar("Reader", bound=Opened)
Found = TypeVar("Found")


class FolderEngine(ABC, Generic[Reader]):
    """The part of ``port.Engine`` that is the same for every index in a folder.

    ``versions`` name what wrote an index: one of other versions is refused. ``archive`` is the number of the archive it
    belongs to: an index that another archive made is refused.
    """

    def __init__(
        self,
        path: Path,
        *,
        versions: Mapping[str, int],
        archive: int,
        damage: tuple[type[BaseException], ...],
    ) -> None:
        self._ours = dict(versions)
        self._versions = self._ours | {"archive": archive}
        self._damage = damage
        self._generations = Generations(path)
        self._lock = Lock()
        self._seen: tuple[int, ...] = ()
        self._commit: Commit | None = None
        self._reader: Reader | None = None

    @abstractmethod
    def _make(self, folder: Path, versions: Mapping[str, int]) -> None:
        """Make an empty index in a folder, and its first commit."""

    @abstractmethod
    def _batch(self, commit: Commit) -> Batch:
        """Return a batch that begins where a commit left the index."""

    @abstractmethod
    def _open(self, commit: Commit, before: Reader | None) -> Reader:
        """Open a commit; what it shares with the one opened ``before`` may be kept."""

    @property
    def place(self) -> str:
        """The folder of the index."""
        return self._generations.place

    def create(self) -> None:
        """Make an empty index where there is none; do nothing where there is one, whatever its state."""
        if not self._generations.is_to_be_made():
            return
        with self._generations.locked(_WIPE_WAIT_S):
            if self._generations.is_to_be_made():
                self._generations.point_at(self._begin())

    @contextmanager
    def writing(self, *, timeout_s: float) -> Iterator[Batch]:
        """Yield a batch on the index in use, holding the one write lock."""
        self._generations.current()  # taking the lock makes the folder, and a missing index is not to be hidden
        with self._generations.locked(timeout_s):
            commit = self._read(self._generations.current())
            self._generations.collect(below=int(commit.folder.name))
            yield self._batch(commit)

    @contextmanager
    def rebuilding(self, *, timeout_s: float) -> Iterator[Batch]:
        """Yield a batch on an index beside the one in use; at the end of the block it takes its place."""
        with self._generations.locked(timeout_s):
            number = self._resumable() or self._begin()
            yield self._batch(self._read(self._generations.folder(number)))
            self._generations.point_at(number)
            self._generations.collect(below=number)

    def footprint(self) -> Footprint:
        """Return which generation is in use, and how many bytes its files take."""
        return self._generations.footprint()

    def verify(self) -> None:
        """Compare every byte of the index with what was written."""
        try:
            self._patiently(self._verify)
        except IndexUnavailableError:
            with self._lock:
                self._reader = None  # it may have answered from what is wrong
            raise

    def _verify(self) -> None:
        with self._lock:
            commit = self._latest()
        with vouching(self._damaged, self._damage):
            commit.files.verify()

    def wipe(self) -> None:
        """Remove the index and everything beside it."""
        with self._generations.locked(_WIPE_WAIT_S):
            self._generations.wipe()
        self.close()

    def close(self) -> None:
        """Give back the files of the index; a later question opens them again."""
        with self._lock:
            self._seen, self._commit, self._reader = (), None, None

    def _current(self) -> Reader:
        """Return the index as of the last commit, opened anew if there was one since we looked."""
        with self._lock:
            return self._patiently(self._look)

    def _patiently(self, look: Callable[[], Found]) -> Found:
        """Look, and where that fails look again as long as somebody else commits: that removes files."""
        for _ in range(_LOOKS - 1):
            before = self._stamp()
            try:
                return look()
            except IndexUnavailableError:
                if self._stamp() == before:
                    raise
        return look()

    def _stamp(self) -> tuple[int, ...]:
        try:
            return self._generations.stamp()
        except IndexUnavailableError:
            return ()

    def _look(self) -> Reader:
        commit = self._latest()
        if self._reader is None or self._reader.files is not commit.files:
            before, self._reader = self._reader, None
            self._reader = self._open(commit, before)
        return self._reader

    def _latest(self) -> Commit:
        """Return the last commit of the generation in use: the same object until there is another."""
        seen = self._generations.stamp()
        if self._commit is None or seen != self._seen:
            self._commit, self._seen = self._read(self._generations.current()), seen
        return self._commit

    def _read(self, folder: Path) -> Commit:
        """Return the last commit of a generation of our version, or raise ``IndexUnavailableError``."""
        try:
            commit = read_commit(folder)
        except (OSError, ValueError) as error:
            raise self._damaged(f"is damaged: {error}") from error
        if commit.versions.keys() != self._versions.keys() or any(
            commit.versions[name] != number for name, number in self._ours.items()
        ):
            raise self._damaged("was made by another version")
        if commit.versions != self._versions:
            raise self._damaged("belongs to another archive")
        return commit

    def _damaged(self, reason: str) -> IndexUnavailableError:
        return self._generations.unavailable(reason)

    def _begin(self) -> int:
        """Make an empty generation behind all there are; return its number."""
        number = max(self._generations.numbers(), default=0) + 1
        with self._generations.changing():
            self._make(self._generations.begin(number), self._versions)
        return number

    def _resumable(self) -> int | None:
        """Return the number of a rebuild that was interrupted and can go on, or None."""
        for number in self._generations.unfinished():
            with suppress(IndexUnavailableError), vouching(self._damaged, self._damage):
                self._read(self._generations.folder(number)).files.verify()
                return number
        return None
