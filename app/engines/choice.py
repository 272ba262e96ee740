"""Which index an archive has: the one that its settings name, or that a file in its home has named since it was moved.

Law: the file is looked at before every use, so that a server follows a move made by another process.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from app.engines.port import Engine
from app.engines.vouching import replace
from app.errors import IndexUnavailableError, SettingsError

_FILE = "INDEX"

_FOLDERS = {"whoosh": "index", "tantivy": "index-tantivy"}  # in the home, by engine

Answer = TypeVar("Answer")


class Choice:
    """The engine in use. Safe between threads.

    ``named`` is the address in the settings, None where they name none; without a path it means the folder ``home``.
    """

    def __init__(self, home: Path, named: str | None, opened: Callable[[str], Engine]) -> None:
        """``opened`` opens an address of an engine and a path; see ``archive.open_engine``."""
        self._home = home
        self._named = named
        self._opened = opened
        self._lock = Lock()
        self._engine: tuple[str, Engine] | None = None

    @property
    def address(self) -> str:
        """The address of the index in use."""
        return self.resolve(self._named or self._moved_to() or "whoosh:")

    @property
    def engine(self) -> Engine:
        """The engine in use, opened once."""
        with self._lock:
            address = self.address
            if self._engine is None or self._engine[0] != address:
                self._shut()
                self._engine = address, self._opened(address)
            return self._engine[1]

    def ask(self, question: Callable[[Engine], Answer]) -> Answer:
        """Put a question to the engine in use; where the index was moved meanwhile, to the one that took its place."""
        engine = self.engine
        try:
            return question(engine)
        except IndexUnavailableError:
            if self.engine is engine:
                raise
            return question(self.engine)

    def resolve(self, address: str) -> str:
        """Return an address in full: one without a path means a folder in the home, by the engine's name. What names no
        engine is returned as it is, so that trouble with it is told in the reader's own words."""
        name, colon, path = address.partition(":")
        if not colon or name not in _FOLDERS:
            return address
        return f"{name}:{Path(path).absolute() if path else self._home / _FOLDERS[name]}"

    def check_free(self) -> None:
        """Raise ``SettingsError`` where the settings name the index: nothing but they can name another."""
        if self._named:
            raise SettingsError(
                f"NEWSFOLD_INDEX_URL names the index ({self._named}). To move it, set NEWSFOLD_INDEX_URL to the new "
                "address and run `newsfold reindex`."
            )

    def choose(self, address: str) -> None:
        """Use another index from now on, in this process and in others. A home can be copied with what is in it."""
        in_home = f"{address.partition(':')[0]}:"
        replace(self._home / _FILE, (in_home if address == self.resolve(in_home) else address) + "\n")

    def close(self) -> None:
        """Give back what is open."""
        with self._lock:
            self._shut()

    def _shut(self) -> None:
        if self._engine is not None:
            self._engine[1].close()
            self._engine = None

    def _moved_to(self) -> str | None:
        try:
            return (self._home / _FILE).read_text("utf-8").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"The file {self._home / _FILE}, which names the index, cannot be read ({error}). Remove it and run "
                "`newsfold reindex`."
            ) from error
