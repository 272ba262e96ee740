"""Properties of vectors, profiles and placing that hold for every text and day."""

import random
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.article import ArticleId
from app.domain.profile import Profile, Vector
from app.domain.story import place, shared
from app.domain.terms import background, portrait
from tests.evaluation.story_memory import DictMemory
from tests.factories import drawn, nearness

_ALPHABET = st.sampled_from(
    ["summit", "Putin", "flood", "the", "Elm", "U.S.", "al-Sharaa", "北京大", ". ", "bridge", "O'Neill"]
)
texts = st.lists(_ALPHABET, max_size=40).map(" ".join)
days = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
articles = st.tuples(texts, days)


@given(st.text(max_size=300), st.sampled_from([None, "en", "de", "zh"]))
def test_any_text_has_a_vector_that_survives_storage(text: str, language: str | None) -> None:
    told = drawn(text, text[:40], language)
    again = Vector.from_bytes(told.to_bytes())
    assert np.array_equal(again.keys, told.keys)
    assert np.array_equal(again.weights, told.weights)
    assert again.words == told.words
    assert np.all(np.diff(told.keys) > 0)


@given(st.lists(articles, min_size=1, max_size=5))
def test_a_profile_survives_storage(members: list[tuple[str, date | None]]) -> None:
    profile = Profile.empty()
    for text, day in members:
        profile = profile.added(drawn(text), day)
    again = Profile.from_bytes(profile.to_bytes())
    assert (again.size, dict(again.days), again.words) == (profile.size, dict(profile.days), profile.words)
    assert np.array_equal(again.keys, profile.keys)
    assert np.array_equal(again.sums, profile.sums)


@given(st.lists(articles, min_size=1, max_size=5), articles)
def test_taking_an_article_out_undoes_putting_it_in(
    members: list[tuple[str, date | None]], newcomer: tuple[str, date | None]
) -> None:
    before = Profile.empty()
    for text, day in members:
        before = before.added(drawn(text), day)
    text, day = newcomer
    after = before.added(drawn(text), day).removed(drawn(text), day)
    assert (after.size, dict(after.days)) == (before.size, dict(before.days))
    assert np.array_equal(after.keys, before.keys)
    assert np.allclose(after.sums, before.sums, atol=1e-5)


@given(st.lists(articles, max_size=5), texts)
def test_an_undated_article_never_moves_the_days_of_a_story(
    members: list[tuple[str, date | None]], newcomer: str
) -> None:
    before = Profile.empty()
    for text, day in members:
        before = before.added(drawn(text), day)
    after = before.added(drawn(newcomer), None)
    assert (after.first_day, after.last_day) == (before.first_day, before.last_day)


@given(articles, articles)
def test_similarity_is_the_same_from_both_sides_and_within_bounds(
    one: tuple[str, date | None], other: tuple[str, date | None]
) -> None:
    first, second = (Profile.of(drawn(text), day) for text, day in (one, other))
    near = nearness(first, second)
    assert 0.0 <= near <= 1.0
    assert abs(near - nearness(second, first)) < 1e-6
    assert set(shared(first, second)) == set(shared(second, first))


@settings(max_examples=40)
@given(st.lists(articles, max_size=8), articles, st.randoms(use_true_random=False))
def test_placing_is_decided_by_what_is_remembered_alone(
    held: list[tuple[str, date | None]], newcomer: tuple[str, date | None], shuffled: random.Random
) -> None:
    memory, again = DictMemory(background()), DictMemory(background())
    for each in (memory, again):
        for number, (text, day) in enumerate(held, 1):
            each.remember(ArticleId(number), portrait(None, None, text), day)
    # The order in which a memory happens to keep its rows must not decide anything.
    for rows in again.posted.values():
        shuffled.shuffle(rows)
    text, day = newcomer
    one = Profile.of(drawn(text), day)
    assert place(one, memory) == place(one, again)
