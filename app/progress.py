"""What long work asks of the edge that started it: the time, and somebody to tell how far it has come."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Clock = Callable[[], datetime]


class Progress(Protocol):
    """Called now and then: what is being done, how much of it is done, and how much there is (None: not known)."""

    def __call__(self, what: str, done: int, total: int | None) -> None: ...


def silent(what: str, done: int, total: int | None) -> None:
    """Tell nobody."""


class StoppedError(Exception):
    """What a ``Progress`` raises to break off what it is told of; whoever gave it knows what to do then."""
