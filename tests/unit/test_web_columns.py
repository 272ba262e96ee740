"""Side by side: every row is shown, changes with a neighbour on each side, long stretches folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.diff import Row, RowKind, Stretch
from app.web.columns import blocks

KINDS = {
    "=": RowKind.EQUAL,
    "~": RowKind.CHANGED,
    ">": RowKind.MOVED,
    "-": RowKind.ONLY_HERE,
    "+": RowKind.ONLY_THERE,
}


def rows(signs: str) -> list[Row]:
    return [
        Row(kind=KINDS[sign], here=Stretch(first=nth, last=nth, text=str(nth)), there=None)
        for nth, sign in enumerate(signs, 1)
    ]


@pytest.mark.parametrize(
    ("signs", "shown"),
    [
        ("", ""),
        ("====", "[====]"),
        ("=", "="),
        ("==~", "== ~"),
        ("===~", "[==] = ~"),
        ("~===", "~ = [==]"),
        ("~====~", "~ = [==] = ~"),
        ("~===~", "~ === ~"),
        ("--++~~>>", "-- ++ ~ ~ > >"),
    ],
)
def test_equal_rows_far_from_a_change_are_folded(signs: str, shown: str) -> None:
    names = {kind: sign for sign, kind in KINDS.items()}
    drawn = [(names[block.kind] * len(block.rows), block.folded) for block in blocks(rows(signs))]
    assert " ".join(f"[{text}]" if folded else text for text, folded in drawn) == shown


@given(st.text(st.sampled_from("=~>-+"), max_size=30))
def test_every_row_is_in_one_block_with_rows_of_its_kind(signs: str) -> None:
    given_rows = rows(signs)
    found = blocks(given_rows)
    assert [row for block in found for row in block.rows] == given_rows
    assert all(row.kind is block.kind for block in found for row in block.rows)
    assert all(block.rows for block in found)
