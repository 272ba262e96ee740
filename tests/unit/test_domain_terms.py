"""What is read from a text: words, names, title terms, and how common they are."""

import numpy as np
import pytest

from app.domain.terms import (
    NAME_KIND,
    WORD_KIND,
    Background,
    background,
    key_of,
    portrait,
    usual_share,
)


def names_in(text: str) -> set[str]:
    return set(portrait(None, None, text).names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Talks with Ahmad al-Sharaa went on.", "al-Sharaa"),
        ("He met al-Sharaa twice.", "al-Sharaa"),
        ("She asked O'Neill and O’Brien.", "O'Neill"),
        ("Then the U.S. said no.", "US"),
        ("Then the US said no.", "US"),
        ("They saw Vladimir Putin there.", "Vladimir Putin"),
        ("It was Putin’s idea.", "Putin"),
        ("They asked Mr. Smith.", "Smith"),
        ("They asked George W. Bush.", "George Bush"),
        ("Им звонил Владимир Путин вчера.", "Владимир Путин"),
        ("She was known as 'Mrs. Thatcher'.", "Mrs Thatcher"),
        ("They didn't. Then Anna Berg came.", "Anna Berg"),
    ],
)
def test_a_capitalised_word_inside_a_sentence_is_a_name(text: str, name: str) -> None:
    assert name in names_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Critics said no.",
        "He left. Critics said no.",
        "He said: “Critics are wrong.”",
        "What then? Critics said no.",
        "A first line\nCritics said no.",
        "They didn't. Critics said no.",
        "They sold an iCritics phone.",
    ],
)
def test_a_word_that_only_opens_sentences_is_no_name(text: str) -> None:
    assert "Critics" not in names_in(text)


def test_a_word_that_opens_a_sentence_is_a_name_where_it_is_one_elsewhere() -> None:
    assert portrait(None, None, "Putin spoke. They heard Putin.").names["Putin"] == 2


def test_names_do_not_reach_over_a_comma_or_a_full_stop() -> None:
    found = names_in("He saw Anna Berg, Boris Kohl and others in Rome. Milan was next, then Rome.")
    assert {"Anna Berg", "Boris Kohl"} <= found
    assert not {"Berg Boris", "Rome Milan"} & found


def test_a_line_in_title_case_names_nobody() -> None:
    assert names_in("Growing Frustration Over Diplomatic Deadlock Here") == set()


def test_a_text_without_capitals_has_no_names() -> None:
    assert names_in("北京大学生昨天在上海见面。他们说很好。") == set()


def test_unspaced_scripts_are_read_as_pairs_of_characters() -> None:
    assert {"北京", "京大", "大学"} <= set(portrait(None, None, "北京大学").terms)


def test_words_lose_case_possessives_and_hyphens() -> None:
    assert set(portrait(None, None, "Trump’s Trump-Putin talks, James’ U.S. visit").terms) == {
        "trump",
        "putin",
        "talks",
        "james",
        "us",
        "visit",
    }


def test_vowel_signs_stay_in_their_word() -> None:
    assert "हिन्दी" in portrait(None, None, "वह हिन्दी बोलता है", "hi").terms


@pytest.mark.parametrize(
    ("headline", "deck", "titled"),
    [("One headline", "A deck", "headline"), (None, "A deck", "deck"), (None, None, "opening")],
)
def test_title_terms_come_from_the_headline_else_the_deck_else_the_first_sentence(
    headline: str | None, deck: str | None, titled: str
) -> None:
    assert titled in portrait(headline, deck, "The opening sentence. The second.").title_terms


def test_the_beginning_and_the_title_weigh_more() -> None:
    body = " ".join(f"word{number}" for number in range(80))
    terms = portrait("titleword", None, body).terms
    assert (terms["titleword"], terms["word0"], terms["word59"], terms["word60"]) == (3, 2, 2, 1)


def test_only_the_first_500_words_count() -> None:
    terms = portrait("t0", None, " ".join(f"w{number}" for number in range(900))).terms
    assert "w499" in terms
    assert "w500" not in terms


def test_an_empty_text_has_an_empty_portrait() -> None:
    found = portrait(None, None, "")
    assert not found.terms
    assert not found.names
    assert not found.title_terms


def test_the_keys_of_a_word_and_a_name_differ_and_fit_into_63_bits() -> None:
    keys = {key_of("bush", WORD_KIND), key_of("bush", NAME_KIND)}
    assert len(keys) == 2
    assert all(0 <= key < 2**63 for key in keys)


def test_the_keys_never_change() -> None:
    assert key_of("summit", WORD_KIND) == 381806985643556375


def test_the_background_knows_common_words_and_says_where_it_is_from() -> None:
    known = background()
    assert known.frequency(key_of("the", WORD_KIND)) > 0.9 * known.documents
    assert 0 < known.frequency(key_of("budapest", WORD_KIND)) < 0.01 * known.documents
    assert known.frequency(key_of("xyzzyplugh", WORD_KIND)) == 0
    assert "none of allsides-stories" in known.provenance


def test_a_background_without_words_knows_nothing() -> None:
    empty = Background(
        documents=0, keys=np.zeros(0, np.int64), counts=np.zeros(0, np.int32), provenance="none"
    )
    assert empty.frequency(key_of("the", WORD_KIND)) == 0


def test_short_words_are_taken_for_common_ones() -> None:
    shares = [usual_share(word, WORD_KIND) for word in ("de", "der", "sein", "waren", "Bundeskanzler")]
    assert shares == sorted(shares, reverse=True)
    assert usual_share("北京", WORD_KIND) < usual_share("de", WORD_KIND)
