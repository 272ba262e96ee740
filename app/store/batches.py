"""Asking the database for many keys at once, in steps that every database takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Insert, Update
from sqlalchemy.orm import Session

Key = TypeVar("Key")
Answer = TypeVar("Answer", bound=tuple[object, ...])

# SQLite takes 32,766 bound values in one statement, PostgreSQL 65,535.
STEP = 10_000
_MARKS = 1_000


def in_steps(keys: Iterable[Key], most: int = STEP) -> Iterator[Sequence[Key]]:
    """Yield ``keys`` in lists of at most ``most``."""
    left = iter(keys)
    while step := list(islice(left, most)):
        yield step


def in_bulk(session: Session, statement: Insert | Update, rows: Sequence[Mapping[str, object]]) -> None:
    """Run a statement once for each row, which names every parameter, in what the driver itself takes.

    For numbers, bytes and text alone: what a type would make of a value (a moment, JSON) is left out, and with it most
    of the time that thousands of rows take.
    """
    if not rows:
        return
    connection = session.connection()
    compiled = statement.compile(dialect=connection.dialect)
    names = compiled.positiontup
    given = [tuple(row[name] for name in names) for row in rows] if names else [dict(row) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


@dataclass(frozen=True, slots=True)
class ByNumbers(Generic[Answer]):
    """A statement with ``{}`` where a list of groups of numbers stands, ``group`` with ``?`` for each number of one.

    It is run in steps of one length, so that the driver has it ready: to read a statement anew for every length takes
    longer than to answer it. ``{by}`` stands behind a table of which the index ``by`` has all that is asked for: SQLite
    would read its rows, which are long, all the same; PostgreSQL sees it by itself.
    """

    statement: str
    group: str = "?"
    by: str = ""

    def rows(self, session: Session, numbers: Iterable[int]) -> Iterator[Answer]:
        """Yield the rows for the numbers of all groups, one after the other."""
        yield from chain.from_iterable(self._fetched(session, numbers))

    def table(self, session: Session, numbers: Iterable[int], width: int) -> NDArray[np.int64]:
        """Return the rows, which are numbers alone, as an array of ``width`` columns: for tens of thousands of rows."""
        told = chain.from_iterable(chain.from_iterable(self._fetched(session, numbers)))
        return np.fromiter(told, np.int64).reshape(-1, width)

    def _fetched(self, session: Session, numbers: Iterable[int]) -> Iterator[Sequence[Answer]]:
        connection = session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        group, width = self.group.replace("?", "?" if is_sqlite else "%s"), self.group.count("?")
        by = f"INDEXED BY {self.by}" if is_sqlite else ""
        for step in in_steps(numbers, _MARKS):
            statement = self.statement.format(",".join([group] * (len(step) // width)), by=by)
            cursor = connection.exec_driver_sql(statement, tuple(step)).cursor
            yield cast(
                "Sequence[Answer]", cursor.fetchall()
            )  # the driver's own rows: SQLAlchemy's take as long again
