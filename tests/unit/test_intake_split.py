"""The splitter's own laws: what overrules the learnt evidence, the exact optimum, the shipped weights."""

import itertools
from datetime import date
from random import Random

import numpy as np
import pytest

from app.intake.cohesion import likelihoods_of
from app.intake.gaps import FEATURES, features_of
from app.intake.lines import Judged, Kind, judge
from app.intake.paragraphs import paragraphs
from app.intake.passages import Habits, Passage, gap_between, habits_of, passage_of
from app.intake.split import best_cuts, by_habit, evidence, weights
from app.intake.terms import Terms, names_in

TODAY = date(2025, 11, 1)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."
DECK = "The bridge over the river has been closed for two years and the shops beside it have suffered"


def surveyed(*lines: str) -> tuple[Passage, Habits]:
    units: list[Judged] = [judge(paragraph, today=TODAY) for paragraph in paragraphs(lines)]
    texts = [at for at, unit in enumerate(units) if unit.kind is Kind.TEXT]
    gaps = [gap_between(units, before, after) for before, after in itertools.pairwise(texts)]
    return passage_of(units, texts, gaps, Terms("en")), habits_of(units, gaps)


def test_in_an_untrained_language_only_a_line_that_can_be_a_head_opens_an_article() -> None:
    passage, habits = surveyed(TEXT, TEXT, "Bridge to be rebuilt", TEXT)
    learnt = np.array([2.0, 2.0])
    assert by_habit(passage, learnt, habits, trained=True).tolist() == [2.0, 2.0]
    assert by_habit(passage, learnt, habits, trained=False).tolist() == [-np.inf, 2.0]


def test_decks_are_certain_where_the_file_opens_with_one_and_has_three_more() -> None:
    passage, habits = surveyed(DECK, TEXT, TEXT, DECK, TEXT, DECK, TEXT, DECK, TEXT)
    lifted = by_habit(passage, np.full(4, -9.0), habits, trained=True)
    assert (lifted > 0).tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    "lines",
    [
        (TEXT, DECK, TEXT, DECK, TEXT, DECK, TEXT),  # does not open with one
        (DECK, TEXT, DECK, TEXT, DECK, TEXT),  # only two more
        (
            DECK,
            TEXT,
            DECK,
            TEXT,
            DECK,
            TEXT,
            DECK,
            TEXT,
            "A subhead",
            TEXT,
            "A subhead",
            TEXT,
        ),  # subheads as well
    ],
)
def test_decks_are_no_habit_otherwise(lines: tuple[str, ...]) -> None:
    passage, habits = surveyed(*lines)
    logits = np.full(len(passage.gaps), -9.0)
    assert by_habit(passage, logits, habits, trained=True).tolist() == logits.tolist()


def test_the_programme_finds_the_best_of_all_ways_to_cut() -> None:
    random = Random(3)  # noqa: S311
    words = ["bridge", "river", "council", "whale", "survey", "ship", "chess", "rook", "title", "champion"]
    lines = [" ".join(random.choices(words, k=12)) + "." for _ in range(7)]
    passage, _ = surveyed(*lines)
    learnt = weights()
    logits = np.array([random.uniform(-3, 3) for _ in range(6)])
    counts = [60] * 7
    table = list(likelihoods_of(passage.counts, passage.share, learnt.concentration))

    def worth(cuts: tuple[int, ...]) -> float:
        starts = [0, *(cut + 1 for cut in cuts), 7]
        told = sum(learnt.cohesion * table[end - 1][start] for start, end in itertools.pairwise(starts))
        return float(told + sum(learnt.evidence * logits[cut] - learnt.price for cut in cuts))

    ways = [cuts for size in range(7) for cuts in itertools.combinations(range(6), size)]
    best = max(ways, key=worth)
    assert best_cuts(counts, table, logits, learnt, opened=True) == frozenset(best)
    earned = worth(best) - worth(())
    assert best_cuts(counts, table, logits, learnt) == (
        frozenset(best) if earned >= learnt.opening else frozenset()
    )


def test_an_article_has_its_fewest_words() -> None:
    passage, _ = surveyed(TEXT, TEXT, TEXT)
    table = list(likelihoods_of(passage.counts, passage.share, 100.0))
    assert best_cuts([60, 10, 60], table, np.array([50.0, 40.0]), weights(), opened=True) == {0}


def test_the_shipped_weights_name_every_feature() -> None:
    assert len(weights().coefficients) == len(FEATURES)


def test_the_evidence_is_higher_where_the_subject_changes_under_a_title() -> None:
    whales = "Marine biologists counted 412 whales off the northern coast this summer, Tomas Reyes said."
    passage, habits = surveyed(TEXT, TEXT, TEXT, "More whales counted in the north", whales, whales, whales)
    logits = evidence(features_of(passage, habits), weights())
    assert int(np.argmax(logits)) == 2


def test_names_are_full_or_bare_and_an_opening_capital_is_none() -> None:
    names = names_in(
        "Yesterday Anna Harwell said that Reyes had agreed. Engineers of the White House listened."
    )
    assert names.full == {"Harwell", "House"}
    assert names.bare == {"Reyes"}
