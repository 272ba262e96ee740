"""How doubtful links are."""

from dataclasses import replace

import pytest

from app.domain.article import RepeatKind
from app.domain.doubt import doubt
from app.domain.fingerprint import fingerprint
from app.domain.likeness import DEFAULT, Measures, compare, judge
from tests.factories import paragraph

SAME = Measures(
    words=400,
    other_words=400,
    jaccard=1.0,
    containment=1.0,
    shared=400,
    other_shared=400,
    longest=400,
    own=0,
    other_own=0,
    added=0,
)


def test_of_the_same_text_there_is_no_doubt() -> None:
    assert doubt(RepeatKind.COPY, SAME) == 0.0


def test_what_folds_nothing_has_no_doubt_to_tell() -> None:
    assert doubt(RepeatKind.SHARES, SAME) is None


def test_the_less_two_copies_have_in_common_the_more_doubtful_they_are() -> None:
    doubts = [
        doubt(
            RepeatKind.COPY,
            replace(SAME, jaccard=share, shared=int(400 * share), other_shared=int(400 * share)),
        )
        for share in (1.0, 0.9, 0.7, 0.5, 0.4)
    ]
    assert doubts == sorted(doubts, key=lambda each: each or 0.0)
    assert doubts[-1] is not None
    assert doubts[-1] > 0.95


def test_copies_with_long_runs_of_their_own_are_doubtful_whatever_they_share() -> None:
    near = replace(SAME, own=DEFAULT.apart_run - 5, other_own=DEFAULT.apart_run - 5, jaccard=0.9)
    assert judge(near) is RepeatKind.COPY
    assert (doubt(RepeatKind.COPY, near) or 0.0) > 0.9


@pytest.mark.parametrize("kind", [RepeatKind.PART, RepeatKind.CONTAINS])
def test_a_part_is_the_more_doubtful_the_less_of_it_is_in_the_whole(kind: RepeatKind) -> None:
    whole = replace(SAME, other_words=900, other_own=400, other_shared=400)
    most = doubt(kind, replace(whole, shared=round(DEFAULT.held * 400)))
    assert doubt(kind, whole) == 0.0
    assert most is not None
    assert most > 0.2


def test_the_doubt_of_a_link_is_the_same_from_both_sides() -> None:
    here = "\n\n".join(paragraph(number) for number in range(6))
    there = "\n\n".join(paragraph(number) for number in (0, 1, 2, 3, 4, 9))
    found = compare(fingerprint(here), fingerprint(there))
    assert found is not None
    assert doubt(found.kind, found.measures) == doubt(found.inverse.kind, found.inverse.measures)
