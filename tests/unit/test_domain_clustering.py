"""All stories of an archive at once: what is grouped, what never is, and what is related."""

import pytest

from app.domain.article import StoryId
from app.domain.clustering import Clusters, cluster
from app.domain.profile import Profile, Vector
from app.progress import silent
from tests.evaluation.stories import Listed, measure, regrouped, seeds
from tests.factories import drawn, nearness
from tests.unit.test_domain_story import toy

RED = {"a": 3.0, "b": 3.0}
BLUE = {"x": 3.0, "y": 3.0}


def red(mark: str) -> Vector:
    return toy(**RED, **{mark: 1.0})


def blue(mark: str) -> Vector:
    return toy(**BLUE, **{mark: 1.0})


def clustered(
    *vectors: Vector, whole: frozenset[int] = frozenset(), named: dict[int, StoryId] | None = None
) -> Clusters:
    return cluster(Listed([Profile.of(each, None) for each in vectors], whole, named or {}), progress=silent)


def test_nothing_makes_no_group() -> None:
    assert clustered() == Clusters(groups=[], related=[])


def test_an_article_without_any_term_is_alone() -> None:
    assert clustered(drawn(""), red("c"), red("d"), drawn("")).groups == [[0], [1, 2], [3]]


def test_what_is_near_is_together_wherever_it_stands() -> None:
    assert clustered(red("c"), blue("z"), red("d"), blue("v"), red("e")).groups == [[0, 2, 4], [1, 3]]


def test_there_is_no_largest_story() -> None:
    found = clustered(*(red(chr(1000 + number)) for number in range(150)), blue("z"))
    assert found.groups == [list(range(150)), [150]]


def test_nothing_is_added_to_a_story_that_people_put_together() -> None:
    found = clustered(red("c"), red("d"), red("e"), whole=frozenset({1}))
    assert found.groups == [[0, 2], [1]]
    ((one, other, near),) = found.related
    assert (one, other) == (0, 1)
    assert near > 0.28


@pytest.mark.parametrize("second", [1, 2])
def test_two_stories_that_people_named_never_become_one(second: int) -> None:
    found = clustered(red("c"), red("c"), red("c"), named={0: StoryId(7), second: StoryId(8)})
    assert all(not {0, second} <= set(group) for group in found.groups)
    assert sorted(map(len, found.groups)) == [1, 2]
    assert clustered(red("c"), red("c"), red("c"), named={0: StoryId(7), second: StoryId(7)}).groups == [
        [0, 1, 2]
    ]


def test_what_is_less_near_is_related_and_stays_so_when_one_of_both_grows() -> None:
    one, between, far = toy(a=1.0, b=1.0), toy(a=1.0, b=1.0, c=1.0), toy(c=1.0, d=2.5)
    assert nearness(Profile.of(one, None), Profile.of(between, None)) > 0.28
    assert 0.18 < nearness(Profile.of(between, None), Profile.of(far, None)) < 0.28
    found = clustered(one, between, far, toy(a=1.0, b=1.0, e=0.5))
    together = Profile.of(one, None).added(between, None)
    assert nearness(together, Profile.of(far, None)) < 0.18
    assert found.groups == [[0, 1, 3], [2]]
    ((one_group, other_group, near),) = found.related
    assert (one_group, other_group) == (0, 1)
    assert near == pytest.approx(nearness(Profile.of(between, None), Profile.of(far, None)))


def test_the_nearest_two_come_first() -> None:
    first, middle, last = toy(x=1.0), toy(a=1.0, x=0.6), toy(a=1.0)
    assert clustered(first, middle).groups == [[0, 1]]
    assert clustered(first, middle, last).groups == [[0], [1, 2]]


def test_only_those_before_it_are_candidates_and_of_them_the_last() -> None:
    between = [
        toy(a=1.0, b=1.0, **{chr(1000 + 9 * nth + part): 4.0 for part in range(9)}) for nth in range(60)
    ]
    apart = clustered(toy(a=1.0, b=1.0), *between, toy(a=1.0, b=1.0))
    assert [0, 61] not in apart.groups
    assert [0, 1] in clustered(toy(a=1.0, b=1.0), toy(a=1.0, b=1.0), *between).groups


@pytest.mark.shared
def test_the_seeds_are_grouped_exactly_in_every_order(shared: object) -> None:
    read = seeds()
    for turn in range(len(read)):
        order = [*read[turn:], *read[:turn]]
        assert measure(order, regrouped(order)).f1 == 1.0
