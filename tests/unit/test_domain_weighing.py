"""How portraits become vectors: what weighs, and under which keys an archive counts."""

import numpy as np
import pytest

from app.domain.profile import Vector
from app.domain.terms import LANGUAGE_KIND, NAME_KIND, TITLE_KIND, WORD_KIND, background, key_of, portrait
from app.domain.weighing import Keyed, keyed, vector
from tests.factories import drawn

TEXT = "The minister met Anna Kolb in Szohôd and spoke of the harvest. They praised Anna Kolb."


def weight(found: Vector, term: str, kind: int) -> float:
    return float(found.weights[found.keys == key_of(term, kind)].sum())


def read(text: str, language: str = "en") -> Keyed:
    return keyed(portrait(None, None, text, language), background())


def test_a_vector_has_length_one() -> None:
    found = drawn(TEXT, "A title here")
    assert float(found.weights @ found.weights) == pytest.approx(1.0, abs=0.002)


def test_the_parts_have_their_shares() -> None:
    seen = portrait("A harvest story", None, TEXT)
    found = drawn(TEXT, "A harvest story")
    for terms, kind, share in (
        (seen.terms, WORD_KIND, 0.5),
        (seen.names, NAME_KIND, 0.3),
        (seen.title_terms, TITLE_KIND, 0.2),
    ):
        assert sum(weight(found, term.casefold(), kind) ** 2 for term in terms) == pytest.approx(
            share, abs=0.002
        )


def test_a_text_without_names_shares_their_part_out() -> None:
    found = drawn("nothing but plain words about a harvest")
    assert float(found.weights @ found.weights) == pytest.approx(1.0, abs=0.002)


def test_rare_words_weigh_more_than_common_ones() -> None:
    found = drawn(TEXT, "x")
    assert weight(found, "harvest", WORD_KIND) > 3 * weight(found, "the", WORD_KIND)


def test_a_word_the_archive_holds_often_loses_weight() -> None:
    told = read(TEXT)
    fresh = np.ones(len(told.counted), np.int64)
    used = np.where(told.counted == key_of("harvest", WORD_KIND), 4_000, fresh)
    used[0] = 5_000
    assert weight(vector(told, used), "harvest", WORD_KIND) < weight(
        vector(told, fresh), "harvest", WORD_KIND
    )


def test_a_name_printed_in_two_ways_is_counted_once() -> None:
    told = read("They met Anna KOLB there. Later Anna Kolb and Kolb spoke.")
    assert len(set(told.counted.tolist())) == len(told.counted)
    assert key_of("kolb", NAME_KIND) in told.counted


def test_a_pair_of_names_is_as_rare_as_the_rarer_of_the_two() -> None:
    told = keyed(portrait(None, None, "They met Anna Kolb and Carl Boss.", "de"), background())
    held = np.ones(len(told.counted), np.int64)
    held[0] = 100
    held[told.counted == key_of("anna", NAME_KIND)] = 60
    found = vector(told, held)
    assert weight(found, "anna", NAME_KIND) < weight(found, "kolb", NAME_KIND)
    assert weight(found, "anna kolb", NAME_KIND) == weight(found, "kolb", NAME_KIND)


def test_an_article_is_counted_under_its_language_its_words_and_its_names() -> None:
    keys = read(TEXT).counted.tolist()
    assert keys[0] == key_of("en", LANGUAGE_KIND)
    assert {key_of("harvest", WORD_KIND), key_of("anna", NAME_KIND), key_of("kolb", NAME_KIND)} <= set(keys)
    assert key_of("anna kolb", NAME_KIND) not in keys
    assert len(keys) == len(set(keys))


def test_another_language_is_counted_apart() -> None:
    assert read("Haus", "de").counted[0] != read("Haus", "en").counted[0]


def test_an_empty_text_has_an_empty_vector_that_can_be_stored() -> None:
    found = drawn("")
    assert len(found.keys) == 0
    assert len(Vector.from_bytes(found.to_bytes()).keys) == 0
