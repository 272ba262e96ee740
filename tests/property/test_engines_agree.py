"""Generated questions over generated articles: every engine finds, counts, folds and orders the same.

What may differ is numbered in DIVERGENCES.md: tantivy's order by relevance is compared where nothing is scored.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.article import ArticleId, StoryId
from app.domain.query import (
    NONE,
    Among,
    And,
    DayRange,
    Everything,
    Facet,
    Field,
    Flag,
    Fold,
    Has,
    Matches,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Place,
    Question,
    Sort,
    Term,
)
from app.engines.port import Engine, Entry, Shown
from app.engines.tantivy import TantivyEngine
from app.engines.tantivy_asking import steady_score
from app.engines.whoosh import WhooshEngine
from app.reasons import why
from tests.fakes import MemoryEngine

NAMES = [
    "Summit's",
    "U.S.",
    "US",
    "AT&T",
    "al-Sharaa",
    "O'Neill",
    "O´Neill",
    "Oʼneill’s",
    "€140",
    "140",
    "café",
    "19th",
    "10:30",
    "北京大",
    "서울에",
    "ที่กรุง",
    "Häuser",
    "Haus",
    "учителей",
    "учителя",
    "l'équipe",
    "équipes",
]
PLAIN = [
    "the",
    "board",
    "of",
    "directors",
    "summit",
    "summits",
    "company",
    "companies",
    "us",
    "ferry",
    "ferries",
    "x",
]
WORDS = NAMES + PLAIN

pytestmark = pytest.mark.usefixtures("few_are_many")


FIRST_DAY = date(2025, 10, 1)

words = st.sampled_from(WORDS)
text = st.lists(words, max_size=8).map(" ".join)
days = st.one_of(st.none(), st.integers(0, 9).map(lambda n: FIRST_DAY + timedelta(n)))
fields = st.sampled_from(
    [
        None,
        Field.HEADLINE,
        Field.DECK,
        Field.BODY,
        Field.BYLINE,
        Field.SOURCE,
        Field.URL,
        Field.DOMAIN,
        Field.SECTION,
    ]
)
patterns = st.sampled_from(
    [
        "s*",
        "*",
        "d*",
        "ha?s*",
        "*ser",
        "учит*",
        "compan?",
        "*s",
        "su?m*t*",
        "al-Sh*",
        "?",
        "u.s*",
        "O'N*",
        "€1*",
        "fer*es",
        "www.sum*.org",
        "**",
    ]
)

leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, text=words, field=fields),
    st.builds(Term, text=st.sampled_from(["1", "2", "x"]), field=st.just(Field.STORY)),
    st.builds(
        Phrase,
        text=st.lists(words, min_size=1, max_size=3).map(" ".join),
        field=fields,
        slop=st.integers(1, 3),
    ),
    st.builds(Pattern, pattern=patterns, field=fields),
    st.builds(DayRange, field=st.sampled_from([Field.PUBLISHED, Field.SEEN]), first=days, last=days),
    st.builds(Has, flag=st.sampled_from(Flag)),
    st.builds(Among, articles=st.frozensets(st.integers(1, 30).map(ArticleId), max_size=6)),
    st.sampled_from([Everything(), Nothing()]),
)


def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, children=several), st.builds(Or, children=several), st.builds(Not, child=children)
    )


values = st.sampled_from(
    ["summit", "us", "café", NONE, "en", "2025", "2025-10", "2025-10-03", "yes", "no", "1", "2-4", "nowhere"]
)
trees = st.recursive(leaves, branches, max_leaves=6)

entries = st.builds(
    Entry,
    article=st.just(ArticleId(0)),
    original=st.integers(1, 30).map(ArticleId),
    story=st.integers(1, 6).map(StoryId),
    headline=st.one_of(st.none(), text),
    deck=st.one_of(st.none(), text),
    body_text=text,
    byline=st.one_of(st.none(), text),
    sources=st.lists(text.filter(bool), max_size=3).map(tuple),
    language=st.sampled_from([None, "en", "de", "ru", "fr", "sk"]),
    section=st.one_of(st.none(), words, st.sampled_from(["", NONE])),
    domains=st.one_of(st.just(()), st.tuples(words.map(lambda word: f"www.{word.lower()}.org"))),
    url=st.one_of(st.none(), words, words.map(lambda word: f"https://www.{word.lower()}.org/x")),
    published=days,
    seen=days.map(lambda day: day or FIRST_DAY),
    stamp=st.just(""),
)


def write(engine: Engine, entries: list[Entry], dropped: set[int]) -> None:
    """Index in several commits, so that there are segments; then drop."""
    with engine.writing(timeout_s=5) as batch:
        for start in range(0, len(entries), 7):
            for one in entries[start : start + 7]:
                batch.put(one)
            batch.commit()
        for number in dropped:
            batch.drop(ArticleId(number))
        batch.commit()


def assert_agreement(engines: Mapping[str, Engine], asked: list[Question], entries: list[Entry]) -> None:
    published = {one.article: one.published for one in entries}
    for question in asked:
        theirs = engines["memory"].find(question)
        assert_tantivy_agrees(engines["tantivy"], theirs, question)
        ours = engines["whoosh"].find(question)
        assert [(row.article, row.folded) for row in ours.rows] == [
            (row.article, row.folded) for row in theirs.rows
        ], question
        assert [row.score for row in ours.rows] == pytest.approx([row.score for row in theirs.rows]), question
        assert replace(ours, rows=()) == replace(theirs, rows=()), question
        for sort in (Sort.BEST, Sort.RELEVANCE):
            assert_reasons_agree(engines, replace(question, sort=sort), published)


def assert_reasons_agree(
    engines: Mapping[str, Engine], question: Question, published: Mapping[ArticleId, date | None]
) -> None:
    """What the words of a question weigh, and the day, adds up to the score, in every engine."""
    for engine in engines.values():
        rows = engine.find(question).rows
        texts = [Shown(article=row.article, title="", body_text="") for row in rows]
        told = why(engine, question, texts, [published[row.article] for row in rows])
        for row, reasons in zip(rows, told, strict=True):
            assert row.score == pytest.approx(sum(each.score for each in reasons), rel=1e-4, abs=1e-4), (
                question
            )


def assert_tantivy_agrees(tantivy: Engine, theirs: Matches, question: Question) -> None:
    by_score = question.sort in (Sort.BEST, Sort.RELEVANCE) and steady_score(question.tree) != 0.0
    found = tantivy.find(question)
    assert replace(found, rows=()) == replace(theirs, rows=()), question
    rows = [(row.article, row.folded) for row in found.rows]
    expected = [(row.article, row.folded) for row in theirs.rows]
    if not by_score:
        assert rows == expected, question
    elif question.fold is Fold.NONE:
        assert sorted(rows) == sorted(expected), question
    else:  # another article may stand for the row
        assert sorted(folded for _, folded in rows) == sorted(folded for _, folded in expected), question


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agree")


questions = st.builds(
    Question,
    tree=trees,
    fold=st.sampled_from(Fold),
    sort=st.sampled_from(Sort),
    first_row=st.just(0),
    rows=st.just(100),
    chosen=st.dictionaries(st.sampled_from(Facet), st.frozensets(values, min_size=1, max_size=2), max_size=2),
    facets=st.frozensets(st.sampled_from(Facet)),
    until=st.one_of(st.none(), st.integers(0, 30).map(ArticleId)),
    given=st.lists(st.integers(1, 30).map(ArticleId), max_size=2).map(tuple),
    after=st.one_of(st.none(), st.builds(Place, day=days, article=st.integers(1, 30).map(ArticleId))),
    today=st.one_of(st.none(), st.integers(0, 2_000).map(lambda n: FIRST_DAY + timedelta(n))),
)


# Not shrunk: every step of it would write an index; the assertions name the question that fails.
@given(
    drawn=st.lists(entries, min_size=1, max_size=30),
    again=st.lists(entries, max_size=4),
    dropped=st.sets(st.integers(1, 35), max_size=5),
    asked=st.lists(questions, min_size=20, max_size=40),
)
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_engines_agree_on_every_question(
    place: Path, drawn: list[Entry], again: list[Entry], dropped: set[int], asked: list[Question]
) -> None:
    archive = [replace(one, article=ArticleId(number)) for number, one in enumerate(drawn, start=1)]
    rewritten = [replace(one, article=ArticleId(3 * number + 1)) for number, one in enumerate(again)]
    engines: dict[str, Engine] = {
        "memory": MemoryEngine(),
        "tantivy": TantivyEngine(place / "tantivy"),
        "whoosh": WhooshEngine(place / "whoosh"),
    }
    for engine in engines.values():
        engine.wipe()  # the last example
        engine.create()
        write(engine, archive, set())
    assert_agreement(engines, asked, archive)
    for engine in engines.values():
        write(engine, rewritten, dropped)
    assert_agreement(engines, asked, archive + rewritten)
