"""What is marked in a headline and in the passages of a body, and what never is."""

import re
from datetime import date

import pytest

from app.domain.article import ArticleId
from app.domain.entry import Shown
from app.domain.query import Highlights, Or, Pattern
from app.engines.analysis import Glob, Word
from app.engines.highlights import PASSAGES, WIDTH, Highlighter
from app.questions import parse


def marked(question: str, body: str, *, title: str = "title") -> Highlights:
    tree = parse(question, today=date(2025, 11, 5), max_chars=2000).tree
    return Highlighter(tree).highlights([Shown(article=ArticleId(1), title=title, body_text=body)])[0]


def passage(question: str, body: str) -> str:
    (only,) = marked(question, body).passages
    return only


@pytest.mark.parametrize(
    ("question", "body", "shown"),
    [
        ("summit", "Two summits were held", "Two <mark>summits</mark> were held"),
        ("cafe", "The café opened", "The <mark>café</mark> opened"),
        ("U.S.", "the U.S. told us", "the <mark>U.S.</mark> told us"),
        ("O'Neill", "Then O’Neill’s car", "Then <mark>O’Neill’s</mark> car"),
        ('"prime minister"', "prime time; the prime minister", "prime time; the <mark>prime minister</mark>"),
        ("al-Sharaa", "Sharaa: al-Sharaa", "Sharaa: <mark>al-Sharaa</mark>"),
        ('"a c"~2', "a b c then a", "<mark>a</mark> b <mark>c</mark> then a"),
        ("summ*", "summary of a summit", "<mark>summary</mark> of a <mark>summit</mark>"),
        ("a OR b", "a b c", "<mark>a</mark> <mark>b</mark> c"),
        ("a -b", "a b c", "<mark>a</mark> b c"),
        ("-(a OR b) c", "a b c", "a b <mark>c</mark>"),
        ("-(-a)", "a b", "<mark>a</mark> b"),
        ("headline:a source:b c", "a b c", "a b <mark>c</mark>"),
        ("body:a", "a b", "<mark>a</mark> b"),
        ('a "a b"', "a b", "<mark>a b</mark>"),
        ("b", "<b>'x'</b>", "&lt;<mark>b</mark>&gt;&#x27;x&#x27;&lt;/<mark>b</mark>&gt;"),
        ("b", "one\n\ntwo b\tthree", "one two <mark>b</mark> three"),
        ("*", "all of it", "all of it"),
        ("summit", "nothing of it", "nothing of it"),
        ("大学", "北京大学の", "北京<mark>大学</mark>の"),
    ],
)  # fmt: skip
def test_a_passage_marks_what_was_asked_for(question: str, body: str, shown: str) -> None:
    assert passage(question, body) == shown


def test_patterns_are_asked_once_of_what_several_texts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fits = Glob.fits

    def counted(glob: Glob, word: Word) -> bool:
        asked.append(word.form)
        return fits(glob, word)

    monkeypatch.setattr(Glob, "fits", counted)
    texts = [f"tables of summits cable {number}" for number in range(9)]
    shown = [Shown(article=ArticleId(1), title="", body_text=text) for text in texts]
    tree = Or(children=(Pattern(pattern="*b*l*"), Pattern(pattern="*l*b*")))
    answered = Highlighter(tree).highlights(shown)
    assert [each.passages for each in answered] == [
        (text.replace("tables", "<mark>tables</mark>").replace("cable", "<mark>cable</mark>"),)
        for text in texts
    ]
    assert {*asked} == {"tables", "cable"}
    assert len(asked) <= 2 * 2 + 2 * len(texts)  # once of each run and pattern, and where one is marked


def test_the_headline_is_shown_whole_however_long() -> None:
    title = "ferry " + "word " * 100 + "end"
    assert marked("ferry body:end", "x", title=title).headline == title.replace("ferry", "<mark>ferry</mark>")


def test_without_a_match_in_the_body_its_opening_is_the_passage() -> None:
    opening = passage("ferry", "word " * 200)
    assert opening.endswith("word …")
    assert len(opening) <= WIDTH + 2


def test_an_empty_body_has_no_passage() -> None:
    assert marked("ferry", "").passages == ()
    assert marked("ferry", " \n").passages == ()


def test_there_are_at_most_three_passages_apart_from_each_other_in_the_order_of_the_text() -> None:
    body = " ".join(f"{'filler ' * 60}ferry{number}" for number in range(10))
    passages = marked("ferry*", body).passages
    assert len(passages) == PASSAGES
    numbers = [int(text.split("<mark>ferry")[1][0]) for text in passages]
    assert numbers == sorted(set(numbers))


def test_the_passage_with_more_of_the_question_is_chosen_first() -> None:
    body = f"ferry {'x ' * 400} ferry {'x ' * 400} ferry storm {'x ' * 400} ferry {'x ' * 400} ferry {'x ' * 400}"
    assert any(
        "<mark>ferry</mark> <mark>storm</mark>" in text for text in marked("ferry storm", body).passages
    )


def test_a_cut_passage_begins_and_ends_between_words_and_says_so() -> None:
    text = passage("ferry", f"{'before ' * 100}ferry{' behind' * 100}")
    assert text.startswith("… before")
    assert text.endswith("behind …")
    assert len(text) <= WIDTH + len("… <mark></mark> …")


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert len(passage("大", "北" * 5000 + "大" + "京" * 5000)) <= WIDTH + len("… <mark></mark> …")


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_text_without_spaces_is_not_cut_between_a_letter_and_its_signs(shift: int) -> None:
    syllables = "ที่" * WIDTH
    shown = passage("summit", f"{syllables}{'ก' * shift}summit{'ก' * shift}{syllables}")
    cut = shown.removeprefix("…").removesuffix("…").strip()
    assert re.fullmatch(r"(ที่)+ก*<mark>summit</mark>ก*(ที่)+", cut)


def test_without_its_marks_a_passage_is_the_text() -> None:
    body = "The ferry left at 10:30. " * 40
    for text in marked("ferry 10:30", body).passages:
        plain = text.replace("<mark>", "").replace("</mark>", "").removeprefix("… ").removesuffix(" …")
        assert plain in body
