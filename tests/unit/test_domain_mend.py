"""What is put right around a story, under the ids that are there."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.domain.article import ArticleId, StoryId
from app.domain.changes import Change, Merge, Move
from app.domain.mend import Held, mend
from app.domain.profile import Profile, Vector
from app.domain.story import key_terms
from app.domain.terms import background
from tests.evaluation.stories import group, measure, seeds
from tests.evaluation.story_memory import DictMemory
from tests.unit.test_domain_story import toy

RED = {"a": 3.0, "b": 3.0}
BLUE = {"x": 3.0, "y": 3.0}


def red(mark: str) -> Vector:
    return toy(**RED, **{mark: 1.0})


def blue(mark: str) -> Vector:
    return toy(**BLUE, **{mark: 1.0})


@dataclass(slots=True)
class Whole(DictMemory):
    """A memory that keeps some stories whole."""

    whole: set[StoryId] = field(default_factory=set)

    def members(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Sequence[Held]]:
        return DictMemory.members(self, [story for story in stories if story not in self.whole])


def stored(*stories: Sequence[Vector], memory: DictMemory | None = None) -> DictMemory:
    """A memory whose stories 1, 2, … hold the given articles, numbered through."""
    memory = memory or DictMemory(background())
    for vectors in stories:
        memory.stories += 1
        story = StoryId(memory.stories)
        for told in vectors:
            article = ArticleId(len(memory.story_of) + 1)
            memory.held[article] = Held(article=article, vector=told, day=None)
            memory.profile_of[story] = memory.profile_of.get(story, Profile.empty()).added(told, None)
            memory.articles_of[story].add(article)
            memory.story_of[article] = story
            for term in key_terms(Profile.of(told, None)):
                memory.posted[term.key].append((article, term.weight))
    return memory


def changes(story: int, memory: DictMemory) -> list[Change]:
    return list(mend([StoryId(story)], memory))


def test_a_story_that_is_well_is_left_alone() -> None:
    memory = stored([red("c"), red("d")], [blue("z")])
    assert changes(1, memory) == []
    assert changes(2, memory) == []


def test_two_halves_of_one_story_become_one_under_the_id_of_the_larger() -> None:
    memory = stored([red("c")], [red("d"), red("e")])
    assert changes(1, memory) == [Merge(story=StoryId(1), into=StoryId(2))]


def test_of_equal_halves_the_older_id_stays() -> None:
    memory = stored([red("c")], [red("d")])
    assert changes(2, memory) == [Merge(story=StoryId(2), into=StoryId(1))]


def test_an_article_in_the_wrong_story_moves_to_the_right_one() -> None:
    memory = stored([red("c"), red("d"), blue("e")], [blue("z"), blue("v")])
    assert changes(1, memory) == [Move(story=StoryId(1), articles=(ArticleId(3),), into=StoryId(2))]


def test_a_story_of_two_events_is_split_and_the_larger_part_keeps_the_id() -> None:
    memory = stored([red("c"), red("d"), blue("e")])
    assert changes(1, memory) == [Move(story=StoryId(1), articles=(ArticleId(3),), into=None)]


def test_a_story_that_dissolves_ends_as_an_alias_of_where_most_of_it_went() -> None:
    memory = stored([red("c"), red("d"), blue("e")], [red("f"), red("g"), red("h")], [blue("v"), blue("w")])
    assert changes(1, memory) == [
        Move(story=StoryId(1), articles=(ArticleId(3),), into=StoryId(3)),
        Merge(story=StoryId(1), into=StoryId(2)),
    ]


def test_a_part_that_was_a_story_before_has_its_id_again() -> None:
    memory = stored([red("c"), red("d")], [blue("z")])
    memory.mend_around([])
    for change in [Merge(story=StoryId(1), into=StoryId(2))]:
        memory._apply(change)
    assert changes(2, memory) == [
        Move(story=StoryId(2), articles=(ArticleId(1), ArticleId(2)), into=StoryId(1))
    ]


def test_what_came_with_another_story_does_not_count_for_the_id_of_the_one_it_came_to() -> None:
    memory = stored([red("c"), red("d"), blue("v")], [blue("z")])
    memory._apply(Merge(story=StoryId(1), into=StoryId(2)))
    assert changes(2, memory) == [
        Move(story=StoryId(2), articles=(ArticleId(1), ArticleId(2)), into=StoryId(1))
    ]


def test_a_story_of_which_all_came_with_others_keeps_its_id_where_it_is_divided() -> None:
    memory = stored([red("c"), red("d"), blue("v")], [red("e")], [])
    memory.profile_of[StoryId(3)] = Profile.empty()
    memory._apply(Merge(story=StoryId(1), into=StoryId(3)))
    assert changes(3, memory) == [
        Move(story=StoryId(3), articles=(ArticleId(3),), into=StoryId(1)),
        Merge(story=StoryId(2), into=StoryId(3)),
    ]


def test_what_split_from_a_story_and_is_one_with_it_again_has_its_id() -> None:
    memory = stored([red("c")], [red("d"), red("e")])
    memory.origins[StoryId(2)] = StoryId(1)
    assert changes(2, memory) == [Merge(story=StoryId(2), into=StoryId(1))]


def test_a_story_whose_articles_are_withheld_stays_whole() -> None:
    memory = stored([red("c"), blue("e")], memory=Whole(background(), whole={StoryId(1)}))
    assert changes(1, memory) == []


def test_a_duplicate_is_grouped_with_its_original_however_unlike_they_are() -> None:
    memory = stored([red("c"), red("d"), blue("e")])
    memory.held[ArticleId(3)] = replace(memory.held[ArticleId(3)], original=ArticleId(1))
    assert changes(1, memory) == []
    memory.held[ArticleId(3)] = replace(memory.held[ArticleId(3)], original=ArticleId(9))
    assert len(changes(1, memory)) == 1


def test_two_stories_that_people_named_never_become_one() -> None:
    memory = stored([red("c")], [red("d")], [red("e")])
    memory.named = frozenset({StoryId(1), StoryId(2)})
    assert changes(2, memory) == [Merge(story=StoryId(3), into=StoryId(2))]
    memory.named = frozenset({StoryId(2)})
    assert len(changes(2, memory)) == 2


def test_an_unknown_story_needs_no_mending() -> None:
    assert changes(9, stored([red("c")])) == []


def test_the_changes_lead_to_a_state_that_needs_none() -> None:
    memory = stored([red("c"), blue("e")], [blue("z"), red("f")], [red("g")])
    assert memory.mend_around([ArticleId(1), ArticleId(3), ArticleId(5)]) > 0
    assert len({memory.story_of[ArticleId(number)] for number in (1, 4, 5)}) == 1
    assert len({memory.story_of[ArticleId(number)] for number in (2, 3)}) == 1
    assert memory.mend_around(list(memory.story_of)) == 0


@pytest.mark.shared
def test_the_seeds_in_any_order_are_nine_stories_once_mended(shared: Path) -> None:
    read = seeds(shared)
    for number in range(12):
        order = list(range(len(read)))
        random.Random(number).shuffle(order)  # noqa: S311 - an order, not a secret
        for batch in (1, len(read)):
            assert measure(read, group(read, order, batch=batch)).f1 == 1.0
