"""The laws of evidence: places are where the words are, whatever the text is made of, and sides can be swapped."""

import unicodedata
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.evidence import Span, find_common
from app.domain.fingerprint import fingerprint, word_spans
from app.domain.likeness import compare

# Signs in every form there is, but no mark without its letter: canonical ordering may exchange such marks.
ODD = st.lists(
    st.sampled_from(
        [
            *"ab é ß09.,-'’\u02bc\n \u00adﬁ\ufdfa각日本",
            "e\u0301",
            "a\u0323\u0307",
            "\u304b\u3099",
            "\u0915\u093f",
        ]
    ),
    max_size=60,
).map("".join)
UNHURRIED = settings(deadline=None)  # a loaded machine pauses a test for longer than any text takes
ANY = ODD | st.text(st.characters(exclude_categories=["Mn", "Cs"]), max_size=60)
WORDS = st.lists(st.sampled_from(["the", "of", "café", "cafe\u0301"]), max_size=12)
RUNS = st.builds(
    lambda start, length: [f"b{(start + place) % 61}é" for place in range(length)],
    st.integers(0, 60),
    st.integers(1, 40),
)
TEXTS = st.lists(RUNS | WORDS, max_size=5).map(lambda runs: " ".join(word for run in runs for word in run))


@UNHURRIED
@given(ANY)
@example("\u02bc")
@example("e\u0323\u0301a \ufdfa")
def test_there_is_a_span_for_every_word_of_the_fingerprint_and_it_holds_that_word(text: str) -> None:
    spans = word_spans(text)
    hashes = fingerprint(text).line.hashes.tolist()
    assert len(spans) == len(hashes)
    for span, number in zip(spans, hashes, strict=True):
        # A word that is counted as several (a ligature of words) holds them all.
        assert number in fingerprint(text[span[0] : span[1]]).line.hashes.tolist()
    for (start, end), (next_start, next_end) in pairwise(spans):
        assert start < end
        assert (start, end) == (next_start, next_end) or end <= next_start


@UNHURRIED
@given(TEXTS)
def test_a_text_and_its_decomposition_have_the_same_words_in_the_same_places(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    printed = [composed[start:end] for start, end in word_spans(composed)]
    assert [
        unicodedata.normalize("NFC", decomposed[start:end]) for start, end in word_spans(decomposed)
    ] == printed


@UNHURRIED
@given(TEXTS, TEXTS)
def test_swapping_the_texts_swaps_the_sides(a: str, b: str) -> None:
    there, back = find_common(a, b), find_common(b, a)
    assert (there.jaccard, there.containment, there.shared_words) == (
        back.jaccard,
        back.containment,
        back.shared_words,
    )
    assert (there.only_here, there.only_there) == (back.only_there, back.only_here)
    assert sorted((each.there.start, each.here.start, each.words) for each in there.passages) == sorted(
        (each.here.start, each.there.start, each.words) for each in back.passages
    )


@UNHURRIED
@given(TEXTS, TEXTS)
def test_the_figures_are_those_of_the_link(a: str, b: str) -> None:
    link = compare(fingerprint(a), fingerprint(b))
    if link:
        found = find_common(a, b)
        assert (found.jaccard, found.containment, found.shared_words) == (
            link.jaccard,
            link.containment,
            link.shared_words,
        )
        assert len(found.passages) == len(link.passages)


@UNHURRIED
@given(TEXTS, TEXTS)
def test_a_passage_begins_and_ends_alike_and_what_is_only_on_one_side_is_in_none(a: str, b: str) -> None:
    found = find_common(a, b)
    for passage in found.passages:
        here = a[passage.here.start : passage.here.end].split()
        there = b[passage.there.start : passage.there.end].split()
        assert len(here) == len(there) == passage.words
        assert unicodedata.normalize("NFC", here[0]) == unicodedata.normalize("NFC", there[0])
        assert unicodedata.normalize("NFC", here[-1]) == unicodedata.normalize("NFC", there[-1])

    def apart(own: Span, passage: Span) -> bool:
        return own.end <= passage.start or passage.end <= own.start

    assert all(apart(own, passage.here) for own in found.only_here for passage in found.passages)
    words = sum(len(a[own.start : own.end].split()) for own in found.only_here)
    assert words <= len(a.split())
