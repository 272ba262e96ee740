"""Answers read to their end by cursor, in every engine, while articles arrive that change how rare each word is.

What a row stands for is written here by hand: the archive's own stories would change with what arrives.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from app import cursors
from app.cursors import Cursor, following
from app.domain.article import LARGEST_ID, ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import Fold, Match, Matches, Place, Question, Sort
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from app.errors import ParameterError
from app.questions import parse
from tests.entries import TODAY, entry, put
from tests.fakes import MemoryEngine

pytestmark = pytest.mark.usefixtures("few_are_many")

_WORDS = ["ferry"] * 8 + ["harbour"] * 4 + ["strike"] * 2 + ["union", "kelp"] + ["other"] * 6
_ASKED = ("ferry OR harbour OR kelp", "ferry OR strike OR union", "ferry harbour OR strike", "*")
_MOST_PAGES = 30
_ASIDE: dict[str, object] = {}  # what is asked beside the question makes no difference here


@pytest.fixture(params=["memory", "whoosh", "tantivy"], scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place = tmp_path_factory.mktemp("index")
    match request.param:
        case "whoosh":
            return WhooshEngine(place)
        case "tantivy":
            return TantivyEngine(place)
        case _:
            return MemoryEngine()


_texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14).map(" ".join)
_days = st.one_of(st.none(), st.sampled_from([0, 5, 40, 400]).map(lambda age: TODAY - timedelta(days=age)))
_groups = st.integers(1, 12)


@st.composite
def _entries(draw: st.DrawFn) -> Entry:
    return entry(
        1,
        draw(_texts),
        story=draw(_groups),
        original=draw(_groups),
        headline=draw(_texts),
        published=draw(_days),
    )


# What comes between two pages says one word again and again: nothing moves scores further.
_arriving = st.builds(
    lambda one, word, often: replace(one, body_text=" ".join([word] * often)),
    _entries(),
    st.sampled_from(_WORDS),
    st.sampled_from([1, 30]),
)


def numbered(entries: Sequence[Entry], first: int) -> list[Entry]:
    return [replace(one, article=ArticleId(number)) for number, one in enumerate(entries, first)]


def rows_of(found: Matches, fold: Fold) -> int:
    return {
        Fold.STORY: found.total_stories,
        Fold.ORIGINAL: found.total_originals,
        Fold.NONE: found.total,
    }[fold]


def group_of(one: Entry, fold: Fold) -> int:
    return {Fold.STORY: one.story, Fold.ORIGINAL: one.original, Fold.NONE: one.article}[fold]


def pages(engine: Engine, question: Question) -> Iterator[tuple[Match, ...]]:
    """Yield the pages of an answer, each by the cursor of the one before, in the form that a reader has it."""
    asked = question
    for _ in range(_MOST_PAGES):
        found = engine.find(asked)
        yield found.rows
        cursor = following(asked, found, TODAY, rows_of(found, question.fold))
        if cursor is None:
            return
        asked = Cursor.read(cursor.written(_ASIDE), _ASIDE).behind(question)
    pytest.fail("The answer has no end.")


def prepared(engine: Engine, entries: Sequence[Entry]) -> None:
    engine.wipe()  # the last example
    engine.create()
    put(engine, *entries)


_questions = st.builds(
    lambda text, fold, sort, rows: Question(
        tree=parse(text, today=TODAY, max_chars=100).tree,
        fold=fold,
        sort=sort,
        first_row=0,
        rows=rows,
        today=TODAY,
    ),
    st.sampled_from(_ASKED),
    st.sampled_from(Fold),
    st.sampled_from([Sort.BEST, Sort.RELEVANCE, Sort.BEST, Sort.RELEVANCE, Sort.NEWEST]),
    st.integers(2, 5),
)
_by_relevance = _questions.map(
    lambda question: replace(question, sort=Sort.BEST) if question.sort is Sort.NEWEST else question
)
_seldom = settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # each writes an index a page


@given(
    entries=st.lists(_entries(), min_size=10, max_size=30),
    arriving=st.lists(_arriving, min_size=4, max_size=8),
    question=_questions,
    most_given=st.sampled_from([1_000, 6]),
)
@_seldom
def test_every_row_comes_once_whatever_arrives_meanwhile(
    engine: Engine, entries: list[Entry], arriving: list[Entry], question: Question, most_given: int
) -> None:
    first = numbered(entries, 1)
    prepared(engine, first)
    whole = engine.find(replace(question, rows=100)).rows
    group = {one.article: group_of(one, question.fold) for one in first}
    given: list[ArticleId] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursors, "MOST_GIVEN", most_given)
        for nth, rows in enumerate(pages(engine, question)):
            given += [row.article for row in rows]
            put(engine, *numbered(arriving, 1_000 * (nth + 1)))
    assert sorted(group[each] for each in given) == sorted(group[row.article] for row in whole)
    if question.sort is Sort.NEWEST:
        assert given == [row.article for row in whole]


@given(
    entries=st.lists(_entries(), min_size=10, max_size=30),
    moved=st.lists(st.tuples(_groups, _groups), min_size=1, max_size=4),
    question=_by_relevance,
)
@_seldom
def test_by_relevance_no_article_is_left_out_although_stories_become_one_and_part(
    engine: Engine, entries: list[Entry], moved: list[tuple[int, int]], question: Question
) -> None:
    now = {one.article: one for one in numbered(entries, 1)}
    prepared(engine, list(now.values()))
    matching = [row.article for row in engine.find(replace(question, rows=100, fold=Fold.NONE)).rows]
    given: list[ArticleId] = []
    for rows in pages(engine, question):
        before = dict(now)
        given += [row.article for row in rows]
        assert len({group_of(before[row.article], question.fold) for row in rows}) == len(rows)
        for which, into in moved:
            chosen = [one for one in now.values() if one.article % 3 == which % 3 and one.story != into]
            for one in chosen[:2]:
                now[one.article] = replace(one, story=StoryId(into), original=ArticleId(into))
        put(engine, *now.values())
    assert len({*given}) == len(given)
    told = {group_of(before[each], question.fold) for each in given}
    assert {group_of(before[each], question.fold) for each in matching} <= told


@given(
    until=st.integers(1, 2**63 - 1),
    today=st.dates(),
    held=st.sets(st.integers(1, 2**31), max_size=1_099),
    place=st.one_of(
        st.none(),
        st.builds(Place, day=st.one_of(st.none(), st.dates()), article=st.integers(1, 2**31).map(ArticleId)),
    ),
)
@example(until=2**63 - 1, today=TODAY, held={*range(1, 2**31, 2**31 // 1_098)}, place=None)
def test_a_cursor_is_read_as_it_was_written_and_is_no_longer_than_is_said(
    until: int, today: date, held: set[int], place: Place | None
) -> None:
    cursor = Cursor(
        until=ArticleId(until), today=today, given=tuple(map(ArticleId, sorted(held))), after=place
    )
    text = cursor.written(_ASIDE)
    assert Cursor.read(text, _ASIDE) == cursor
    assert len(text) <= cursors.LONGEST


@given(
    held=st.one_of(st.binary(max_size=80), st.lists(st.integers(0, 2**70), max_size=8).map(cursors._packed))
)
def test_a_forged_cursor_holds_what_an_archive_can_have_or_is_refused(held: bytes) -> None:
    forged = urlsafe_b64encode(cursors._seal(held, _ASIDE) + held).decode()
    try:
        cursor = Cursor.read(forged, _ASIDE)
    except ParameterError:
        return
    assert 0 <= max(cursor.until, *cursor.given, cursor.after.article if cursor.after else 0) <= LARGEST_ID
