"""Which words a text has, what each is indexed under, and what a pattern fits."""

import re
import time
from itertools import product

import pytest

from app.engines import analysis


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("companies", [("compani",)]),
        ("U.S.", [("us", "u.s.")]),
        ("U.S.A", [("usa", "u.s.a.")]),
        ("US", [("us", "u.s.")]),
        ("us", [("us",)]),
        ("p.m.", [("pm", "p.m.")]),
        ("AT&T", [("at&t",)]),
        ("AT & T", [("at", "a.t."), ("t",)]),
        ("C++", [("c++",)]),
        ("C#", [("c#",)]),
        ("O'Neill's", [("oneil", "neill")]),
        *((f"O{mark}Neill{mark}s", [("oneil", "neill")]) for mark in "’‘‛´`′ʻʼ＇"),
        ("ʼ", [("ʼ",)]),
        ("don't", [("don",)]),
        ("€140", [("140", "€140")]),
        ("$1.5bn", [("1.5bn", "$1.5bn")]),
        ("1,000,000", [("1000000",)]),
        ("1,2", [("1",), ("2",)]),
        ("19th", [("19th",)]),
        ("state-of-the-art", [("state",), ("of",), ("the",), ("art",)]),
        ("snake_case", [("snake",), ("case",)]),
        ("#MeToo", [("metoo",)]),
        ("北京x", [("北",), ("京",), ("x",)]),
        ("서울에", [("서",), ("울",), ("에",)]),
        ("\u1109\u1165\u110b\u116e\u11af", [("서",), ("울",)]),
        ("삼성SDI가", [("삼",), ("성",), ("sdi", "s.d.i."), ("가",)]),
        ("2025년 5月", [("2025",), ("년",), ("5",), ("月",)]),
        ("C#을 U.S는", [("c#",), ("을",), ("us", "u.s."), ("는",)]),
        ("กรุงเทพ", [("ก",), ("รุ",), ("ง",), ("เ",), ("ท",), ("พ",)]),
        ("ที่\u200bทำ", [("ที่",), ("ทํา",)]),
        ("๒๕๖๘ปี", [("2568",), ("ปี",)]),
        ("٢٠٢٥ ۲۰۲۵", [("2025",), ("2025",)]),
        ("ｻｯｶｰ", [("サ",), ("ッ",), ("カ",), ("ー",)]),
        ("ｶﾞｽ ﾊﾟ", [("カ",), ("ス",), ("ハ",)]),
        ("ガス パ", [("カ",), ("ス",), ("ハ",)]),
        ("ﾟ ͺ ﹰ", [("ﾟ",), ("ͺ",), ("ﹰ",)]),
        ("d'aujourd'hui", [("daujourdhui", "aujourdhui", "hui")]),
        ("ວຽງຈັນ", [("ວຽ",), ("ງ",), ("ຈັ",), ("ນ",)]),
        ("ភ្នំពេញ", [("ភ្នំ",), ("ពេ",), ("ញ",)]),
        ("မြန်မာ", [("မြ",), ("န်",), ("မာ",)]),
        ("e\u0301te\u0301", [("ete",)]),
        ("co\u00adoperate", [("cooper",)]),
        ("İstanbul", [("istanbul",)]),
        ("नमस्ते", [("नमसत",)]),
        ("… & — €", []),
    ],
)
def test_a_text_has_these_words_under_these_terms(text: str, terms: list[tuple[str, ...]]) -> None:
    assert [word.terms for word in analysis.ENGLISH.words(text)] == terms


def test_a_name_is_not_stemmed() -> None:
    assert [word.terms for word in analysis.EXACT.words("Reuters Companies")] == [
        ("reuters",),
        ("companies",),
    ]


def test_an_endless_run_of_letters_is_a_short_term() -> None:
    (word,) = analysis.ENGLISH.words("x" * 1_000_000)
    assert len(word.asked) == 80


def test_a_letter_with_endless_signs_is_a_short_term() -> None:
    (word,) = analysis.ENGLISH.words("ก" + "ุ" * 1_000_000)
    assert len(word.asked) == 80


@pytest.mark.parametrize(
    "text", ["서울에서 ㅋㅋ 국제", "การประชุมที่\u200bกรุงเทพ ๒๕๖๘", "មហាវិទ្យាល័យ ក្រុង", "ရန်ကုန်မြို့ 2025"]
)
def test_what_stands_between_the_words_of_such_scripts_is_space_alone(text: str) -> None:
    assert "".join(text[start:end] for start, end in analysis.spans(text)) == re.sub(r"[\s\u200b]", "", text)
    assert len(analysis.spans(text)) == len(analysis.ENGLISH.words(text))


@pytest.mark.parametrize(
    ("pattern", "globs"),
    [
        ("Summ*", ["summ*"]),
        ("al-Shar*", ["al", "shar*"]),
        ("O'N*", ["on*"]),
        ("É?é", ["e?e"]),
        ("e\u0301t*", ["et*"]),
        ("۲۰*", ["20*"]),
        ("*.example.org", ["*", "example", "org"]),
        ("exam*.org", ["exam*", "org"]),
        ("U.S*", ["u.s*"]),
        ("1.5*", ["1.5*"]),
        ("...", []),
        ("-", []),
    ],
)
def test_a_pattern_is_folded_and_parted_like_a_text(pattern: str, globs: list[str]) -> None:
    assert [glob.pattern for glob in analysis.globs(pattern)] == globs


def test_a_pattern_fits_the_word_as_written_and_its_stem() -> None:
    (word,) = analysis.ENGLISH.words("Companies")
    fitting = [
        p for p in ("companies*", "compani", "compan?", "c*s", "company*") if analysis.globs(p)[0].fits(word)
    ]
    assert fitting == ["companies*", "compani", "compan?", "c*s"]


@pytest.mark.parametrize(
    ("places", "slop", "chains"),
    [
        ([[1, 5], [2, 9]], 1, [{1}, {2}]),
        ([[1], [3]], 1, [set(), set()]),
        ([[1], [3]], 2, [{1}, {3}]),
        ([[0], [1, 3], [5]], 3, [{0}, {3}, {5}]),
        ([[0], [1, 3], [2]], 3, [{0}, {1}, {2}]),
        ([[4], [2]], 5, [set(), set()]),
        ([[1, 2], [1, 2]], 1, [{1}, {2}]),
    ],
)
def test_a_phrase_is_found_by_the_positions_of_its_words(
    places: list[list[int]], slop: int, chains: list[set[int]]
) -> None:
    assert analysis.chains(places, slop) == chains


@pytest.mark.parametrize("pattern", ["a*", "*a", "a*b?", "*a*b*", "**a?*", "?", "*?*", "a*a*a"])
def test_a_pattern_fits_as_one_that_tries_everything_does(pattern: str) -> None:
    plain = re.compile(pattern.replace("*", ".*").replace("?", "."))
    forms = ("".join(letters) for length in range(6) for letters in product("ab", repeat=length))
    glob = analysis.Glob(pattern)
    assert all(glob.fits_form(form) == (plain.fullmatch(form) is not None) for form in forms)


def test_a_pattern_of_many_stars_takes_no_time_over_a_long_word() -> None:
    glob = analysis.Glob("*a*a*a*a*a*a*a*a*a*a*b")
    began = time.process_time()
    assert not glob.fits_form("a" * 80)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "word",
    ["ferry", "Ferries", "NATO", "a", "Überfall", "19th", "U.S.", "C++", "C#", "O’Neill", "dogs'", "x_y"],
)
@pytest.mark.parametrize(
    ("before", "behind"), [("(", ")"), ("“", ",”"), ('"', '."'), ("[", "]:"), ("", "!?")]
)
def test_what_stands_around_a_word_changes_nothing(word: str, before: str, behind: str) -> None:
    assert analysis.tongue_of("en").words(f"{before}{word}{behind}") == analysis.tongue_of("en").words(
        f"{before} {word} {behind}"
    )
