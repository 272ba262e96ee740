"""Whatever is typed, the parser answers with a tree or with troubles inside the text, and never with anything else."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.query import And, DayRange, Node, Not, Or, Parsed, Pattern, Phrase, Term
from app.engines import analysis
from app.errors import QueryError, Trouble
from app.questions import parse, plain_words

PIECES = [
    "a", "summit", "AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "-", "(", ")", '"', "“", "”", "'", "~2", "*",
    "?", "headline:", "published:", "[", "]", "{", "TO", "2025-10", "9999", "9999-12-31", "story:", "is:",
    "has:date", "foo:", "^2", ":",
    "\\", ",", "…", "O'Neill", "\u200f", "\u0301", "\x00", "é", "北京", "서울", "ที่", "ุ", "!", "+", "&&", "||", "<",
    "published:[TO]", "‘", "’", "`", "||", "Headline:", "published:*", "domain:www.", "東京*", "～", "-", "–", "~0",
    "is:*", "}", "OR[", "ANDNOT\x00",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from([*PIECES, " ", " "]), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join),
    st.text(max_size=40),
)


def leaves(node: Node) -> list[Node]:
    match node:
        case And(children=children) | Or(children=children):
            return [leaf for child in children for leaf in leaves(child)]
        case Not(child=child):
            return leaves(child)
        case _:
            return [node]


def outcome(text: str) -> Parsed | tuple[Trouble, ...]:
    try:
        return parse(text, today=date(2025, 11, 5), max_chars=2000)
    except QueryError as error:
        return error.troubles


@given(text=texts)
@example(text="0 ANDNOT\x00ANDNOT ")
@example(text="OR[‘ANDNOT\x00ANDNOT\x00")
@example(text="?\u0e38")
@settings(max_examples=400, deadline=None)
def test_the_parser_never_crashes_and_its_positions_lie_inside_the_text(text: str) -> None:
    parsed = outcome(text)
    if not isinstance(parsed, Parsed):
        assert parsed
        for trouble in parsed:
            assert 0 <= trouble.start <= trouble.end <= len(text)
            assert trouble.detail
        return
    assert parsed.interpretation
    for leaf in leaves(parsed.tree):
        match leaf:
            case Term(text=asked) | Phrase(text=asked):
                assert analysis.ENGLISH.words(asked), "a leaf without a word would match nothing in silence"
            case Pattern(pattern=pattern):
                assert analysis.globs(pattern)
            case _:
                pass


@given(text=st.text(max_size=60))
def test_a_text_has_a_word_exactly_when_it_has_a_letter_or_digit(text: str) -> None:
    assert bool(analysis.ENGLISH.words(text)) == any(character.isalnum() for character in text)
    assert len(analysis.ENGLISH.words(text)) == len(analysis.EXACT.words(text)) == len(analysis.spans(text))


@given(text=st.text(max_size=60))
def test_what_is_asked_for_is_among_the_terms_that_are_indexed(text: str) -> None:
    for word in (*analysis.ENGLISH.words(text), *analysis.EXACT.words(text)):
        assert word.asked in word.terms
        assert all(word.terms)
        assert word.form


@given(text=texts)
@settings(max_examples=400, deadline=None)
def test_the_plain_words_of_a_question_can_be_asked(text: str) -> None:
    words = plain_words(text)
    parsed = outcome(words)
    assert isinstance(parsed, Parsed)
    assert all(word in text for word in words.split())
    assert not any(isinstance(leaf, Not | DayRange | Pattern) for leaf in leaves(parsed.tree))


def test_of_a_question_without_a_fault_only_the_words_stay() -> None:
    assert plain_words("ferry published:[2025-10-01 TO") == "ferry"
    assert (
        plain_words("Published:[2025 TO 2026 ferry seen:'last month' storm is:dup story:x") == "ferry storm"
    )
    assert plain_words("published:2025 TO 2026 Headline:ferry published:'2025 storm") == "ferry storm"
    assert plain_words('headline:(ferry OR "storm warning) -U.S. AT&T foo:bar [2025 TO') == (
        "ferry OR storm warning AT&T foo bar 2025"
    )
    assert plain_words('"(*') == ""
    assert plain_words("OR ferry OR OR storm OR (") == "ferry OR storm"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("ferry NOT (storm", "ferry"),
        ('ferry -"storm warning" tide (', "ferry tide"),
        ('ferry -"storm warning', "ferry"),
        ("is:original -storm", ""),
        ('ferry OR "storm', "ferry OR storm"),
        ("published:2025-02-30 -ferry headline:storm", "storm"),
        ("-(ferry (storm OR tide) surge) harbour )", "harbour"),
        ("ferry ANDNOT storm -headline:tide - harbour (", "ferry harbour"),
        ("well-known (", "well known"),
    ],
)
def test_what_was_to_be_left_out_is_not_asked_for(question: str, words: str) -> None:
    assert plain_words(question) == words
    assert plain_words("word " * 5_000) == "word " * 39 + "word"
