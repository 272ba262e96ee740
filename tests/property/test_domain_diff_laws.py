"""The laws of comparison side by side, on texts of few words, which have much in common in every way there is."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import align as aligning
from app.domain import diff, wording
from app.domain.align import Block, align
from app.domain.diff import Row, RowKind, Stretch, compare_paragraphs
from app.domain.wording import Run, RunKind, compare_words

UNHURRIED = settings(deadline=None)  # a loaded machine pauses a test for longer than any text takes
LETTERS = st.lists(st.sampled_from("abcdefgh"), max_size=60)
SENTENCES = st.lists(
    st.sampled_from(["the", "ferry", "lay", "in", "12", "1,240", "harbours", "o'clock", "."]), max_size=14
).map(" ".join)
SEPARATORS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n\n\n", "\n", " "])
TEXTS = st.lists(st.tuples(SENTENCES, SEPARATORS), max_size=8).map(
    lambda pairs: "".join(text + separator for text, separator in pairs)
)
ANY = TEXTS | st.text(max_size=80)

OWN = {RunKind.EQUAL, RunKind.ONLY_HERE}
OTHER = {RunKind.EQUAL, RunKind.ONLY_THERE}
SWAPPED_RUN = {RunKind.ONLY_HERE: RunKind.ONLY_THERE, RunKind.ONLY_THERE: RunKind.ONLY_HERE}
SWAPPED_ROW = {RowKind.ONLY_HERE: RowKind.ONLY_THERE, RowKind.ONLY_THERE: RowKind.ONLY_HERE}


def printed(runs: Iterable[Run], kinds: set[RunKind]) -> str:
    return "".join(run.text for run in runs if run.kind in kinds)


def rebuilt(stretches: Iterable[Stretch | None]) -> str:
    held = sorted((each for each in stretches if each), key=lambda each: each.first)
    assert [number for each in held for number in range(each.first, each.last + 1)] == list(
        range(1, held[-1].last + 1)
    )
    return "\n\n".join(each.text for each in held)


def swapped(runs: Sequence[Run]) -> list[tuple[RunKind, str]]:
    """The same runs seen from the other side: in a change, what is then here comes first."""
    turned = [(SWAPPED_RUN.get(run.kind, run.kind), run.text) for run in runs]
    for nth, (first, second) in enumerate(pairwise(turned)):
        if (first[0], second[0]) == (RunKind.ONLY_THERE, RunKind.ONLY_HERE):
            turned[nth], turned[nth + 1] = second, first
    return turned


@UNHURRIED
@given(LETTERS, LETTERS)
def test_blocks_are_equal_and_increase_on_both_sides(a: list[str], b: list[str]) -> None:
    blocks = align(a, b)
    for here, there, length in blocks:
        assert length > 0
        assert a[here : here + length] == b[there : there + length]
    for first, second in pairwise(blocks):
        assert first.here + first.length <= second.here
        assert first.there + first.length <= second.there
        assert (first.here + first.length, first.there + first.length) != second[:2]


@UNHURRIED
@given(LETTERS, LETTERS)
def test_swapping_two_sequences_swaps_the_sides_of_the_blocks(a: list[str], b: list[str]) -> None:
    assert [Block(each.there, each.here, each.length) for each in align(a, b)] == align(b, a)


@UNHURRIED
@given(LETTERS, st.integers(0, 60))
def test_what_was_inserted_in_one_run_is_all_that_is_not_aligned(a: list[str], at: int) -> None:
    inserted = [*a[:at], "new", "words", *a[at:]]
    assert sum(each.length for each in align(a, inserted)) == len(a)


@UNHURRIED
@given(ANY, ANY)
def test_the_runs_of_one_side_are_its_text(a: str, b: str) -> None:
    runs = compare_words(a, b)
    assert printed(runs, OWN) == a
    assert printed(runs, OTHER) == b
    assert all(run.text for run in runs)
    order = [run.kind for run in runs]
    assert all(first is not second for first, second in pairwise(order))
    assert (RunKind.ONLY_THERE, RunKind.ONLY_HERE) not in pairwise(order)


@UNHURRIED
@given(ANY, ANY)
def test_swapping_two_wordings_swaps_the_sides_of_the_runs(a: str, b: str) -> None:
    assert swapped(compare_words(a, b)) == [(run.kind, run.text) for run in compare_words(b, a)]


@UNHURRIED
@given(ANY, ANY)
def test_either_text_can_be_rebuilt_from_the_rows(a: str, b: str) -> None:
    rows = compare_paragraphs(a, b)
    assert rebuilt(row.here for row in rows) == a
    assert rebuilt(row.there for row in rows) == b
    for row in rows:
        if row.here and row.there and row.words:
            assert printed(row.words, OWN) == row.here.text
            assert printed(row.words, OTHER) == row.there.text
        elif row.here and row.there:
            assert row.here.text == row.there.text


@UNHURRIED
@given(ANY, ANY)
def test_a_row_is_what_its_kind_says(a: str, b: str) -> None:
    rows = compare_paragraphs(a, b)
    for row in rows:
        assert (row.here is None) == (row.kind is RowKind.ONLY_THERE)
        assert (row.there is None) == (row.kind is RowKind.ONLY_HERE)
        assert bool(row.words) == (row.kind is RowKind.CHANGED) or row.kind is RowKind.MOVED
    in_place = [row for row in rows if row.kind in {RowKind.EQUAL, RowKind.CHANGED}]
    assert in_place == sorted(in_place, key=lambda row: row.there.first if row.there else 0)
    own = [row.here.first for row in rows if row.here]
    assert own == sorted(own)


@UNHURRIED
@given(ANY, ANY)
def test_swapping_two_texts_swaps_the_sides_of_the_rows(a: str, b: str) -> None:
    def sides(row: Row) -> tuple[RowKind, Stretch | None, Stretch | None, list[tuple[RunKind, str]]]:
        return row.kind, row.here, row.there, [(run.kind, run.text) for run in row.words]

    def turned(row: Row) -> tuple[RowKind, Stretch | None, Stretch | None, list[tuple[RunKind, str]]]:
        return SWAPPED_ROW.get(row.kind, row.kind), row.there, row.here, swapped(row.words)

    there = sorted((turned(row) for row in compare_paragraphs(a, b)), key=repr)
    assert sorted((sides(row) for row in compare_paragraphs(b, a)), key=repr) == there


@UNHURRIED
@given(ANY)
def test_a_text_beside_itself_is_equal_throughout(text: str) -> None:
    assert {row.kind for row in compare_paragraphs(text, text)} == {RowKind.EQUAL}


@UNHURRIED
@given(ANY, ANY, st.sampled_from(["chars", "paragraphs", "steps", "rounds"]))
def test_the_laws_hold_beyond_the_bounds(a: str, b: str, bound: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        match bound:
            case "chars":
                patch.setattr(diff, "MOST_CHARS", 30)
                patch.setattr(wording, "MOST_CHARS", 20)
            case "paragraphs":
                patch.setattr(diff, "MOST_PARAGRAPHS", 3)
            case "steps":
                patch.setattr(aligning, "MOST_STEPS", 12)
            case _:
                patch.setattr(aligning, "MOST_ROUNDS", 0)
        rows, back = compare_paragraphs(a, b), compare_paragraphs(b, a)
    assert rebuilt(row.here for row in rows) == a
    assert rebuilt(row.there for row in rows) == b
    kinds = sorted(SWAPPED_ROW.get(row.kind, row.kind) for row in back)
    assert sorted(row.kind for row in rows) == kinds
