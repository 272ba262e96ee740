"""A folder that is watched: which files in it are new or changed, and written to their end."""

from collections.abc import Iterator
from pathlib import Path

from app.intake.files import Found, walk

_Look = tuple[int, int]  # time of change, size


class Watched:
    """A folder, as it was when it was looked at last. Files are left where they are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[Path, _Look] = {}
        self._taken: dict[Path, _Look] = {}

    def fresh(self) -> list[Path]:
        """Return the files that are as they were at the last look, and have not been returned like that before: what is
        still being written changes between two looks."""
        now = dict(self._look())
        fresh = [
            path
            for path, look in now.items()
            if self._before.get(path) == look and self._taken.get(path) != look
        ]
        self._before = now
        self._taken = {path: look for path, look in self._taken.items() if path in now}
        self._taken.update((path, now[path]) for path in fresh)
        return fresh

    def _look(self) -> Iterator[tuple[Path, _Look]]:
        for each in walk([self._folder]):
            if isinstance(each, Found):
                try:
                    status = each.path.stat()
                except OSError:  # gone since
                    continue
                yield each.path, (status.st_mtime_ns, status.st_size)
