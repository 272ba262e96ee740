"""Numbers are counted the same whether they are marked or sorted."""

from collections import defaultdict
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.engines import numbering
from app.engines.numbering import are_among, distinct, numbered, pairs_by, places_of

_FAR = 2**62
_NUMBERS = st.lists(
    st.one_of(st.integers(-3, 20), st.integers(700_000, 740_000), st.sampled_from([-_FAR, _FAR, 0])),
    max_size=40,
).map(lambda drawn: np.array(drawn, np.int64))


@given(numbers=_NUMBERS)
def test_different_numbers_and_their_places(numbers: numbering.Numbers) -> None:
    found, places = numbered(numbers)
    assert found.tolist() == sorted({*numbers.tolist()})
    assert found[places].tolist() == numbers.tolist()
    assert distinct(numbers) == len(found)
    assert are_among(np.arange(-5, 25), found).tolist() == np.isin(np.arange(-5, 25), numbers).tolist()
    assert places_of(found)(numbers).tolist() == places.tolist()


@given(
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40),
    spare=st.sampled_from([-1_000, 0, 1_000_000]),
)
def test_every_group_counts_once_for_a_value(pairs: list[tuple[int, int]], spare: int) -> None:
    values, groups = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    beside = defaultdict(set)
    for value, group in pairs:
        beside[value].add(group)
    with patch.object(numbering, "_SPARE", spare):
        counts = pairs_by(values, groups, 5, 7)
    assert counts.tolist() == [len(beside[value]) for value in range(5)]
