"""What is marked is what the words of the whole text say, whatever was read before it and between which spaces."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.article import ArticleId
from app.domain.entry import Shown
from app.domain.query import Node, Pattern, Phrase, Term
from app.engines import analysis, vocabulary
from app.engines.highlights import Highlighter
from app.engines.vocabulary import Memory

_PIECES = st.sampled_from(
    [
        "ferry",
        "Ferries,",
        "U.S.",
        "O’Neill",
        "café",
        "AT&T",
        "北京大学",
        "서울에서",
        "กรุงเทพ",
        "x" * 60,
        "ferry-boats",
        "€140",
        "and",
        "to",
    ]
)
_SPACES = st.sampled_from([" ", "\n\n", "\u00a0", "\u2003", "\x1c", "\u200b", "\t "])
_ASKED = st.sampled_from(["ferry", "neill", "cafe", "us", "u.s.", "140", "at&t", "x" * 60, "to", "서", "รุ"])


def _marked(tree: Node, text: str) -> list[str]:
    (found,) = Highlighter(tree).highlights([Shown(article=ArticleId(1), title="", body_text=text)])
    return [
        unescape(each) for passage in found.passages for each in re.findall("<mark>(.*?)</mark>", passage)
    ]


@st.composite
def _texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(_PIECES, _SPACES), max_size=12))
    return "".join(piece + space for piece, space in pieces)


@given(text=_texts(), asked=_ASKED)
def test_the_words_that_are_marked_are_those_of_the_whole_text(text: str, asked: str) -> None:
    (word,) = analysis.ENGLISH.words(asked)
    held = zip(analysis.spans(text), analysis.ENGLISH.words(text), strict=True)
    expected = {text[start:end] for (start, end), each in held if word.asked in each.terms}
    marked = {*_marked(Term(text=asked), text)}
    assert marked == expected if len(text) < 150 else marked <= expected


@given(text=_texts(), prefix=st.sampled_from(["f", "fer", "c", "*er", "o", "xxx", "1"]))
def test_so_are_those_that_fit_a_pattern(text: str, prefix: str) -> None:
    (glob,) = analysis.globs(f"{prefix}*")
    held = zip(analysis.spans(text), analysis.ENGLISH.words(text), strict=True)
    expected = {text[start:end] for (start, end), word in held if glob.fits(word)}
    marked = {*_marked(Pattern(pattern=f"{prefix}*"), text)}
    assert marked == expected if len(text) < 150 else marked <= expected


def test_a_memory_that_is_full_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_CHARACTERS", 10)
    memory = Memory()
    first = memory.knowing("ferries harbours", ["ferries", "harbours"], analysis.ENGLISH)
    second = memory.knowing("ferry", ["ferry"], analysis.ENGLISH)
    assert second is not first
    assert second.holders(["ferry", "ferries"], {"ferri"}) == {"ferry"}
    assert first.holders(["ferry", "ferries"], {"ferri"}) == {"ferries"}


def test_texts_that_say_nothing_new_fill_a_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_CHARACTERS", 100)
    memory = Memory()
    first = memory.knowing("a", ["a"], analysis.ENGLISH)
    later = [memory.knowing("a" + " " * spaces, ["a"], analysis.ENGLISH) for spaces in range(1, 60)]
    assert later[0] is first
    assert later[-1] is not first


def test_all_tongues_share_the_room_and_the_least_recently_used_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_CHARACTERS", 40)
    memory = Memory()
    tongues = [analysis.tongue_of(language) for language in ("en", "de", "fr", "ru")]
    known = []
    for number, tongue in enumerate(tongues):
        known.append(memory.knowing(word := f"{number}" * 12, [word], tongue))
        assert memory.characters <= 40 + 14  # one text more than there is room for
        assert memory.knowing("0" * 12, ["0" * 12], tongues[0]) is known[0]
    assert memory.knowing("3" * 12, ["3" * 12], tongues[3]) is known[3]
    assert memory.knowing("1" * 12, ["1" * 12], tongues[1]) is not known[1]


def test_threads_share_it() -> None:
    memory = Memory()
    runs = [[f"word{number + step}" for number in range(400)] for step in range(40)]
    with ThreadPoolExecutor(8) as threads:
        known = list(
            threads.map(lambda asked: memory.knowing(" ".join(asked), asked, analysis.ENGLISH), runs)
        )
    for asked, vocabulary_ in zip(runs, known, strict=True):
        assert vocabulary_.holders(asked, {*asked}) == {*asked}
        assert all(vocabulary_.words[run] == 1 for run in asked)


@given(text=_texts(), enough=st.integers(0, 40))
def test_words_between_two_places_are_counted_as_far_as_it_matters(text: str, enough: int) -> None:
    runs = text.split()
    counted = Memory().knowing(text, runs, analysis.ENGLISH).count(text, enough)
    words = len(analysis.ENGLISH.words(text))
    assert counted == words if words < enough else enough <= counted <= words


@given(
    between=st.lists(st.sampled_from(["of", "the", "—", "blue-grey", "x.y.z", "…"]), max_size=30),
    slop=st.integers(1, 20),
)
@example(between=["the"] * 12, slop=10)
def test_a_phrase_is_marked_where_its_words_are_as_near_as_is_asked(between: list[str], slop: int) -> None:
    text = " ".join(["ferry", *between, "harbour"])
    marked = _marked(Phrase(text="ferry harbour", slop=slop), text)
    is_near = len(analysis.ENGLISH.words(text)) - 1 <= slop
    assert [*" ".join(marked).split()[:1], *" ".join(marked).split()[-1:]] == (
        ["ferry", "harbour"] if is_near else []
    )
