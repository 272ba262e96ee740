"""Asking the database for many keys at once, in steps that every database takes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Key = TypeVar("Key")

# SQLite takes 32,766 bound values in one statement, PostgreSQL 65,535.
STEP = 10_000


def in_steps(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Yield ``keys`` in lists of at most ``STEP``."""
    step: list[Key] = []
    for key in keys:
        step.append(key)
        if len(step) == STEP:
            yield step
            step = []
    if step:
        yield step
