"""Vectors and profiles: what they weigh, and how they are stored."""

from datetime import date

import numpy as np
import pytest

from app.domain.profile import Profile, Vector, counted, vector
from app.domain.terms import (
    LANGUAGE_KIND,
    NAME_KIND,
    TITLE_KIND,
    WORD_KIND,
    TermKey,
    background,
    key_of,
    portrait,
)

TEXT = "The minister met Anna Kolb in Szohôd and spoke of the harvest. They praised Anna Kolb."


def weight(found: Vector, term: str, kind: int) -> float:
    return float(found.weights[found.keys == key_of(term, kind)].sum())


def test_a_vector_has_length_one() -> None:
    found = vector(portrait("A title here", None, TEXT), background(), {})
    assert float(found.weights @ found.weights) == pytest.approx(1.0, abs=0.002)


def test_the_parts_have_their_shares() -> None:
    read = portrait("A harvest story", None, TEXT)
    found = vector(read, background(), {})
    for terms, kind, share in (
        (read.terms, WORD_KIND, 0.5),
        (read.names, NAME_KIND, 0.3),
        (read.title_terms, TITLE_KIND, 0.2),
    ):
        assert sum(weight(found, term.casefold(), kind) ** 2 for term in terms) == pytest.approx(
            share, abs=0.002
        )


def test_a_text_without_names_shares_their_part_out() -> None:
    found = vector(portrait(None, None, "nothing but plain words about a harvest"), background(), {})
    assert float(found.weights @ found.weights) == pytest.approx(1.0, abs=0.002)


def test_rare_words_weigh_more_than_common_ones() -> None:
    found = vector(portrait("x", None, TEXT), background(), {})
    assert weight(found, "harvest", WORD_KIND) > 3 * weight(found, "the", WORD_KIND)


def test_a_word_the_archive_holds_often_loses_weight() -> None:
    read = portrait("x", None, TEXT)
    held = dict.fromkeys(counted(read)[:1], 5_000) | {key_of("harvest", WORD_KIND): 4_000}
    fresh, used = vector(read, background(), {}), vector(read, background(), held)
    assert weight(used, "harvest", WORD_KIND) < weight(fresh, "harvest", WORD_KIND)


def test_an_article_is_counted_under_its_language_its_words_and_its_names() -> None:
    keys = counted(portrait(None, None, TEXT, "en"))
    assert keys[0] == key_of("en", LANGUAGE_KIND)
    assert {key_of("harvest", WORD_KIND), key_of("anna kolb", NAME_KIND)} <= set(keys)
    assert len(keys) == len(set(keys))


def test_another_language_is_counted_apart() -> None:
    assert counted(portrait(None, None, "Haus", "de"))[0] != counted(portrait(None, None, "Haus", "en"))[0]


def test_an_empty_text_has_an_empty_vector_that_can_be_stored() -> None:
    found = vector(portrait(None, None, ""), background(), {})
    assert len(found.keys) == 0
    assert len(Vector.from_bytes(found.to_bytes()).keys) == 0


def test_days_are_those_of_the_dated_articles() -> None:
    told = vector(portrait("x", None, TEXT), background(), {})
    profile = Profile.of(told, None)
    assert (profile.first_day, profile.last_day) == (None, None)
    profile = profile.added(told, date(2026, 3, 2)).added(told, None).added(told, date(2026, 2, 1))
    assert (profile.size, profile.first_day, profile.last_day) == (4, date(2026, 2, 1), date(2026, 3, 2))
    assert profile.removed(told, date(2026, 2, 1)).first_day == date(2026, 3, 2)


@pytest.mark.parametrize("stored", [b"", b"\x09" + bytes(40), b"\x01\x02\x00\x00\x00\x00\x00\x00\x00"])
def test_bytes_of_another_format_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="story vector"):
        Vector.from_bytes(stored)
    with pytest.raises(ValueError, match="story vector"):
        Profile.from_bytes(stored)


def test_an_empty_profile_takes_its_first_article() -> None:
    told = vector(portrait("x", None, TEXT), background(), {})
    grown = Profile.empty().added(told, None)
    assert grown.size == 1
    assert np.array_equal(grown.keys, told.keys)
    assert TermKey(int(grown.keys[0])) in {TermKey(int(key)) for key in told.keys}
