"""A page is the same whether all articles are put in order or only as many as it takes."""

from datetime import date
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.article import ArticleId
from app.domain.query import Everything, Fold, Place, Question, Sort
from app.engines import ranking
from app.engines.ranking import Matched, given_groups, page
from app.engines.rows import ROW, Rows

_LARGE = 2**40
_DAYS = st.integers(0, 4).map(lambda day: date.fromordinal(day) if day else None)


@st.composite
def _matched(draw: st.DrawFn) -> Matched:
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=40))
    rows = np.zeros(len(numbers), ROW)
    rows["article"] = numbers
    for column, largest in (("original", 30), ("story", 10), ("published", 4)):
        rows[column] = draw(st.lists(st.integers(0, largest), min_size=len(numbers), max_size=len(numbers)))
    rows["story"] += draw(st.sampled_from([0, _LARGE]))
    scores = draw(
        st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), min_size=len(numbers), max_size=len(numbers))
    )
    return Matched(rows=Rows.of(rows), scores=np.array(scores, np.float64))


_QUESTIONS = st.builds(
    Question,
    tree=st.just(Everything()),
    fold=st.sampled_from(Fold),
    sort=st.sampled_from(Sort),
    first_row=st.sampled_from([0, 0, 1, 2, 7, 40]),
    rows=st.integers(0, 9),
    given=st.lists(st.integers(1, 40).map(ArticleId), max_size=3).map(tuple),
    after=st.one_of(
        st.none(),
        st.builds(Place, day=_DAYS, article=st.integers(1, 40).map(ArticleId)),
    ),
)


@given(matched=_matched(), question=_QUESTIONS)
@settings(max_examples=600)
def test_a_page_is_the_same_however_few_are_put_in_order(matched: Matched, question: Question) -> None:
    with patch.object(ranking, "_FIRST_BEST", 1), patch.object(ranking, "_MORE_BEST", 2):
        few = page(matched, question, given_groups(matched.rows, question))
    with patch.object(ranking, "_FIRST_BEST", 10_000):
        assert few == page(matched, question, given_groups(matched.rows, question))
    assert few.total_stories == len({*matched.rows["story"].tolist()})
    assert few.total_originals == len({*matched.rows["original"].tolist()})
