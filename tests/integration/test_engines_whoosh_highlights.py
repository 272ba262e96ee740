"""Highlights of long articles: the passages are those that reading the whole text would find, without reading it."""

from collections.abc import Iterator

import pytest

from app.domain.article import ArticleId
from app.domain.entry import Shown
from app.domain.query import Node
from app.engines import analysis
from app.engines.guide import LONG
from app.engines.highlights import Highlighter
from app.engines.whoosh import WhooshEngine
from app.questions import parse
from tests.entries import TODAY, entry, put
from tests.factories import paragraph

MIDDLE = "The companies' prime minister, O’Neill of the U.S., saw the café at 北京大学 and the café at home."
END = "In the end a zyzzyva flew over the ferries, and the ferry came home with a prime old minister."


def long_text(seed: int) -> str:
    """Some 200,000 code points of invented prose around the two sentences, and two words far before the second."""
    filler = [paragraph(seed * 1_000 + number, sentences=10) for number in range(240)]
    signs = ["A harbinger.", paragraph(1, sentences=6), "A portent.", paragraph(2, sentences=6)]
    return "\n\n".join([*filler[:120], MIDDLE, *filler[120:], *signs, END])


BODIES = {1: long_text(1), 2: "ferry " * 20_000 + END, 3: "… — ! \n" * LONG, 4: f"ferry {END}"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(tmp_path_factory.mktemp("long") / "index")
    opened.create()
    put(opened, *(entry(number, body) for number, body in BODIES.items()))
    put(opened, entry(5, BODIES[1]), entry(4, BODIES[4]))
    yield opened
    opened.close()


def asked(question: str) -> Node:
    return parse(question, today=TODAY, max_chars=10_000).tree


def shown(number: int, body: str) -> Shown:
    return Shown(article=ArticleId(number), title="title", body_text=body)


QUESTIONS = [
    "zyzzyva",
    "ferry",
    "company",
    "cafe",
    "U.S.",
    "neill",
    "大学",
    '"prime minister"',
    '"prime minister"~2',
    '"zyzzyva ferry"~900',
    '"harbinger portent zyzzyva"~100',
    "prime minister",
    "zyz*",
    "compan?",
    "zyzzyva -ferry",
    "body:ferry cafe",
    "headline:zyzzyva",
    "source:zyzzyva cafe",
    "zyzzyva OR cafe OR ferry OR home",
    '"in the end a zyzzyva flew over the ferries and the ferry came home"',
    "nowhere",
    "title",
    "*",
    "body:*",
    "-zyzzyva",
    " OR ".join(f"absent{number}" for number in range(300)) + " OR zyzzyva",
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[:40])
@pytest.mark.parametrize("number", [1, 5, 3, 4])
def test_a_guided_reading_marks_what_a_whole_one_marks(
    engine: WhooshEngine, number: int, question: str
) -> None:
    texts = [shown(number, BODIES.get(number, BODIES[1]))]
    assert engine.highlight(asked(question), texts) == Highlighter(asked(question)).highlights(texts)


@pytest.mark.parametrize(
    "question", ["ferry", "the ferry", "ferr*", '"ferry ferry ferry"', "ferry OR zyzzyva"]
)
def test_of_countless_places_those_that_show_most_are_read(engine: WhooshEngine, question: str) -> None:
    texts = [shown(2, BODIES[2])]
    (guided,) = engine.highlight(asked(question), texts)
    (whole,) = Highlighter(asked(question)).highlights(texts)
    assert [text.count("<mark>") for text in guided.passages] == [
        text.count("<mark>") for text in whole.passages
    ]
    assert ("zyzzyva" in question) == any("<mark>zyzzyva" in text for text in guided.passages)


@pytest.mark.parametrize("question", QUESTIONS[:-1], ids=lambda question: question[:40])
def test_of_a_long_article_a_bounded_part_is_read(
    engine: WhooshEngine, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    spans = analysis.spans

    def counted(text: str, start: int = 0, most: int | None = None) -> list[tuple[int, int]]:
        nonlocal read
        found = spans(text, start, most)
        read += len(found)
        return found

    monkeypatch.setattr(analysis, "spans", counted)
    for number in (1, 2):
        engine.highlight(asked(question), [shown(number, BODIES[number])])
    assert read < 20_000


def test_a_text_that_is_not_the_one_indexed_is_read_whole(engine: WhooshEngine) -> None:
    respaced = [shown(1, "  \n" * 700 + BODIES[1].replace("zyzzyva", "\n zyzzyva"))]
    assert engine.highlight(asked("zyzzyva"), respaced) == Highlighter(asked("zyzzyva")).highlights(respaced)
    unknown = [shown(99, BODIES[1])]
    assert engine.highlight(asked("cafe"), unknown) == Highlighter(asked("cafe")).highlights(unknown)
