"""How two articles are laid out side by side: which rows are shown together, and which are folded away.

Law: every row is in one block, in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.diff import Row, RowKind

# Equal paragraphs are folded away but for one beside each change, where at least so many go.
_FOLDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one kind that are shown together: one that is changed or moved, several that are equal or on one side
    only. ``folded`` are equal ones far from any change."""

    kind: RowKind
    rows: tuple[Row, ...]
    folded: bool = False


def blocks(rows: Sequence[Row]) -> tuple[Block, ...]:
    """Return rows in blocks."""
    return tuple(_blocks(rows))


def _blocks(rows: Sequence[Row]) -> Iterator[Block]:
    at = 0
    for kind, run in groupby(rows, key=lambda row: row.kind):
        found = tuple(run)
        first, last = int(at > 0), len(found) - int(at + len(found) < len(rows))
        at += len(found)
        if kind in {RowKind.CHANGED, RowKind.MOVED}:
            yield from (Block(kind=kind, rows=(row,)) for row in found)
        elif kind is RowKind.EQUAL and last - first >= _FOLDED:
            yield from _folded(found, first, last)
        else:
            yield Block(kind=kind, rows=found)


def _folded(rows: tuple[Row, ...], first: int, last: int) -> Iterator[Block]:
    """Yield equal rows in three blocks, of which the one in the middle is folded; empty ones are left out."""
    for piece, folded in ((rows[:first], False), (rows[first:last], True), (rows[last:], False)):
        if piece:
            yield Block(kind=RowKind.EQUAL, rows=piece, folded=folded)
