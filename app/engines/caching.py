"""What was read from an index and is kept as long as there is room: the least recently used goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that says how much memory it takes."""

    @property
    def nbytes(self) -> int: ...


Kept = TypeVar("Kept", bound=Sized)
Key = TypeVar("Key", bound=Hashable)

_LIMIT_BYTES = 48 * 1024 * 1024
_OVERHEAD_BYTES = 200


class Cache(Generic[Kept]):
    """Values by any key, the least recently used dropped beyond a number of bytes; safe between threads."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Hashable, load: Callable[[], Kept]) -> Kept:
        """Return what is kept under ``key``, loading it where it is not."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        loaded = load()
        self.keep(key, loaded)
        return loaded

    def lacking(self, keys: Iterable[Key]) -> list[Key]:
        """Return those of some keys under which nothing is kept."""
        with self._lock:
            return [key for key in keys if key not in self._kept]

    def keep(self, key: Hashable, loaded: Kept) -> None:
        """Keep a value under a key that has none."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = loaded
                self._size += loaded.nbytes + _OVERHEAD_BYTES
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].nbytes + _OVERHEAD_BYTES
