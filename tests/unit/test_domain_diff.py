"""Two texts side by side: what a reader is told of a correction, a move, a new break, a rewriting."""

import random
import time
from functools import cache

import pytest

from app.domain import diff
from app.domain.diff import Row, RowKind, compare_paragraphs
from app.domain.wording import MOST_CHARS, RunKind, compare_words
from tests.factories import paragraph, words

FIRST, SECOND, THIRD = (paragraph(seed) for seed in (1, 2, 3))


def changes(here: str, there: str) -> list[tuple[str, str]]:
    """The runs that differ, as (here, there) where one took the place of the other."""
    found: list[tuple[str, str]] = []
    for run in compare_words(here, there):
        match run.kind:
            case RunKind.ONLY_HERE:
                found.append((run.text, ""))
            case RunKind.ONLY_THERE if found and not found[-1][1]:
                found[-1] = (found[-1][0], run.text)
            case RunKind.ONLY_THERE:
                found.append(("", run.text))
            case RunKind.EQUAL:
                pass
    return found


def numbers(row: Row) -> tuple[object, object]:
    """Which paragraphs stand in a row, here and there."""
    return tuple((side.first, side.last) if side else None for side in (row.here, row.there))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("here", "there", "changed"),
    [
        ("It cost 1,240 crowns in all.", "It cost 1,420 crowns in all.", [("1,240", "1,420")]),
        ("It rose by 2.5% in May.", "It rose by 3.5% in May.", [("2.5", "3.5")]),
        ("The 12-year-old swam.", "The 13-year-old swam.", [("12", "13")]),
        ("At 10:30 the ferry left.", "At 10:45 the ferry left.", [("10:30", "10:45")]),
        ("Twelve sailed, four stayed.", "Twelve sailed; four stayed.", [(",", ";")]),
        ("The ferry left.", "The old ferry left.", [("", " old")]),
        ("The old ferry left.", "The ferry left.", [(" old", "")]),
        ("the crew’s boat", "the crew's boat", [("crew’s", "crew's")]),
        ("船が港を出た。", "船が島を出た。", [("港", "島")]),
        ("One line\nand another", "One line and another", [("\n", " ")]),
        ("The ferry left.", "the ferry left.", [("The", "the")]),
        ("", "All new.", [("", "All new.")]),
        ("From 10 to 20 boats.", "From 11 to 21 boats.", [("10", "11"), ("20", "21")]),
        (
            "It rained on the northern coast.",
            "It snowed heavily in the southern hills.",
            [("rained on the northern coast", "snowed heavily in the southern hills")],
        ),
        ("The same.", "The same.", []),
    ],
)
def test_exactly_what_is_changed_is_told(here: str, there: str, changed: list[tuple[str, str]]) -> None:
    assert changes(here, there) == changed


def test_a_correction_of_one_number_is_one_changed_paragraph_with_that_number() -> None:
    here = f"{FIRST}\n\nThe works employs 1,204 people on two shifts.\n\n{THIRD}"
    rows = compare_paragraphs(here, here.replace("1,204", "1,240"))
    assert [row.kind for row in rows] == [RowKind.EQUAL, RowKind.CHANGED, RowKind.EQUAL]
    assert [run.text for run in rows[1].words if run.kind is not RunKind.EQUAL] == ["1,204", "1,240"]


def test_a_correction_in_a_paragraph_of_four_words_is_a_change_and_no_exchange() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\nPrice: 12 crowns.", f"{FIRST}\n\nPrice: 14 crowns.")
    assert [row.kind for row in rows] == [RowKind.EQUAL, RowKind.CHANGED]


def test_a_paragraph_added_or_dropped_is_on_one_side_only() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND}", f"{FIRST}\n\n{THIRD}\n\n{SECOND}")
    assert [(row.kind, *numbers(row)) for row in rows] == [
        (RowKind.EQUAL, (1, 1), (1, 1)),
        (RowKind.ONLY_THERE, None, (2, 2)),
        (RowKind.EQUAL, (2, 2), (3, 3)),
    ]
    back = compare_paragraphs(f"{FIRST}\n\n{THIRD}\n\n{SECOND}", f"{FIRST}\n\n{SECOND}")
    assert [row.kind for row in back] == [RowKind.EQUAL, RowKind.ONLY_HERE, RowKind.EQUAL]


def test_another_paragraph_in_its_place_is_one_on_either_side() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND}", f"{FIRST}\n\n{THIRD}")
    assert [row.kind for row in rows] == [RowKind.EQUAL, RowKind.ONLY_HERE, RowKind.ONLY_THERE]


@pytest.mark.parametrize("change", ["", "Then it rained. "])
def test_a_paragraph_that_moved_is_told_as_moved_with_its_changes(change: str) -> None:
    others = "\n\n".join(paragraph(seed) for seed in (4, 5, 6))
    rows = compare_paragraphs(f"{FIRST}\n\n{others}", f"{others}\n\n{change}{FIRST}")
    moved = next(row for row in rows if row.kind is RowKind.MOVED)
    assert numbers(moved) == ((1, 1), (4, 4))
    assert [run.text.strip() for run in moved.words if run.kind is RunKind.ONLY_THERE] == (
        [change.strip()] if change else []
    )
    assert [row.kind for row in rows].count(RowKind.EQUAL) == 3


def test_two_paragraphs_that_changed_places_are_told_once_each() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND} End.", f"{SECOND}\n\n{FIRST} End.")
    assert sorted(row.kind for row in rows) == [RowKind.CHANGED, RowKind.MOVED]


def backwards(text: str) -> str:
    """The sentences of a paragraph from the last to the first: the same words, hardly any in order."""
    return " ".join(f"{each}." for each in reversed(text.rstrip(".").split(". ")))


def test_a_paragraph_with_its_sentences_in_another_order_has_not_moved() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND}\n\n{THIRD}", f"{FIRST}\n\n{backwards(SECOND)}\n\n{THIRD}")
    assert [row.kind for row in rows] == [RowKind.EQUAL, RowKind.CHANGED, RowKind.EQUAL]


def test_of_two_reordered_paragraphs_that_changed_places_neither_is_said_to_have_stayed() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND}", f"{backwards(SECOND)}\n\n{backwards(FIRST)}")
    assert [(row.kind, *numbers(row)) for row in rows] == [
        (RowKind.MOVED, (1, 1), (2, 2)),
        (RowKind.MOVED, (2, 2), (1, 1)),
    ]


def test_a_paragraph_that_stands_twice_elsewhere_is_not_said_to_have_moved_to_one_of_the_places() -> None:
    rows = compare_paragraphs(f"{FIRST}\n\n{SECOND}", f"{SECOND}\n\n{FIRST}\n\n{FIRST}")
    assert [row.kind for row in rows] == [
        RowKind.ONLY_HERE,
        RowKind.EQUAL,
        RowKind.ONLY_THERE,
        RowKind.ONLY_THERE,
    ]


def test_a_line_of_three_words_does_not_move() -> None:
    rows = compare_paragraphs(f"By our correspondent\n\n{FIRST}", f"{FIRST}\n\nBy our correspondent")
    assert [row.kind for row in rows] == [RowKind.ONLY_HERE, RowKind.EQUAL, RowKind.ONLY_THERE]


def test_a_paragraph_broken_in_two_is_one_row_in_which_only_the_break_is_new() -> None:
    here = f"{FIRST} {SECOND}\n\n{THIRD}"
    rows = compare_paragraphs(here, f"{FIRST}\n\n{SECOND}\n\n{THIRD}")
    assert [(row.kind, *numbers(row)) for row in rows] == [
        (RowKind.CHANGED, (1, 1), (1, 2)),
        (RowKind.EQUAL, (2, 2), (3, 3)),
    ]
    assert [(run.kind, run.text) for run in rows[0].words if run.kind is not RunKind.EQUAL] == [
        (RunKind.ONLY_HERE, " "),
        (RunKind.ONLY_THERE, "\n\n"),
    ]


def test_a_short_line_is_not_taken_for_the_paragraph_that_holds_its_words() -> None:
    rows = compare_paragraphs("the deal\n\nOne.", "They said that the deal would be signed.\n\nOne.")
    assert [row.kind for row in rows] == [RowKind.ONLY_HERE, RowKind.ONLY_THERE, RowKind.EQUAL]


def test_a_separator_that_is_repeated_stays_where_it_is() -> None:
    here = f"***\n\n{FIRST}\n\n***\n\n{SECOND}\n\n***"
    rows = compare_paragraphs(here, f"{FIRST}\n\n***\n\n{SECOND}\n\n***")
    assert [row.kind for row in rows] == [RowKind.ONLY_HERE, *[RowKind.EQUAL] * 4]


@pytest.mark.parametrize(("old", "new"), [("177", "178"), ("177", "277")])
def test_a_text_too_long_for_words_still_tells_the_first_and_the_last_change(old: str, new: str) -> None:
    long = f"A ferry of {old} berths lay in the harbour. " * (MOST_CHARS // 70)
    at = long.index(old, len(long) // 2)
    runs = compare_words(long, f"{long[:at]}{new}{long[at + len(old) :]}")
    assert [(run.kind, run.text) for run in runs if run.kind is not RunKind.EQUAL] == [
        (RunKind.ONLY_HERE, old),
        (RunKind.ONLY_THERE, new),
    ]


def test_what_is_compared_by_words_is_bounded_for_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"At 10 the 30 left. Day one.\n\n{FIRST}\n\nAt 11 the 40 left. Day two."
    there = here.replace("At", "Till").replace("left", "came")
    assert [len(row.words) for row in compare_paragraphs(here, there)] == [6, 0, 6]
    monkeypatch.setattr(diff, "MOST_CHARS", 70)
    assert [len(row.words) for row in compare_paragraphs(here, there)] == [6, 0, 3]


@cache
def hostile() -> dict[str, tuple[str, str]]:
    """Pairs of texts that make a careless comparison take for ever."""
    chance = random.Random(7)  # noqa: S311 - no secret is made of it
    two = [" ".join(chance.choices(["a", "b"], k=60_000)) for _ in range(2)]
    lines = ["\n\n".join(chance.choices(["a", "b", "c d e"], k=30_000)) for _ in range(2)]
    signs = ["".join(chance.choices("!?.", k=60_000)) for _ in range(2)]
    article = list(words(3, 60_000))
    other = [word if chance.random() < 0.7 else "changed" for word in article]
    return {
        "one paragraph of two words": (two[0], two[1]),
        "many paragraphs of few words": (lines[0], lines[1]),
        "signs only": (signs[0], signs[1]),
        "white space only": ("\n" * 200_000, " " * 200_000),
        "one paragraph, every third word changed": (" ".join(article), " ".join(other)),
    }


@pytest.mark.parametrize("name", hostile())
def test_no_pair_of_texts_takes_for_ever(name: str) -> None:
    here, there = hostile()[name]
    started = time.process_time()
    rows = compare_paragraphs(here, there)
    assert time.process_time() - started < 10  # about one second on the machine it was written on
    assert "\n\n".join(row.here.text for row in rows if row.here) == here
