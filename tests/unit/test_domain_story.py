"""Which story an article joins, what is related to it, and why."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile, Vector
from app.domain.story import KEY_TERMS, RULES, Member, headline_of, key_terms, place, shared
from app.domain.terms import background, portrait
from tests.evaluation.stories import group, measure, seeds
from tests.evaluation.story_memory import DictMemory
from tests.factories import drawn, nearness

SUMMIT = (
    "The leaders of Ruritania and Borduria will meet in Szohôd for a summit on the border war. The foreign minister "
    "of Ruritania, Anna Kolb, told reporters that talks with Borduria about a ceasefire had gone well."
)
AGAIN = (
    "A summit of Ruritania and Borduria in Szohôd was called off on the eve of the talks. The foreign minister, Anna "
    "Kolb, said that Borduria had refused a ceasefire in the border war."
)
FLOOD = (
    "Heavy rain flooded the valley of the Elm on Sunday and cut off two villages. The mayor of Elmford, Carl Boss, "
    "asked farmers to lend their tractors until the railway bridge was repaired."
)
DAY = date(2026, 3, 1)


def toy(**weights: float) -> Vector:
    """A vector over single letters of length 1."""
    keys = np.array([ord(letter) for letter in weights], dtype=np.int64)
    values = np.array(list(weights.values()))
    words = {ord(letter): letter for letter in weights}
    return Vector(keys=keys, weights=(values / np.sqrt(values @ values)).astype(np.float32), words=words)


def alone(vector: Vector) -> Profile:
    return Profile.of(vector, None)


def together(*members: Member) -> str:
    whole = Profile.empty()
    for member in members:
        whole = whole.added(member.vector, None)
    return headline_of(whole, members)


def remembered(*texts: str, days: Sequence[date | None] = ()) -> DictMemory:
    memory = DictMemory(background())
    for number, text in enumerate(texts):
        day = days[number] if days else None
        memory.remember(ArticleId(number + 1), portrait(None, None, text), day)
    return memory


def test_the_first_article_opens_a_story() -> None:
    placement = place(alone(drawn(SUMMIT)), DictMemory(background()))
    assert placement.story is None
    assert placement.related == ()


def test_an_article_joins_the_story_of_its_event() -> None:
    memory = remembered(SUMMIT, FLOOD)
    placement = place(alone(drawn(AGAIN)), memory)
    assert placement.story == memory.story_of[ArticleId(1)]
    assert placement.similarity >= RULES.join


def test_an_article_of_another_event_opens_its_own_story() -> None:
    assert place(alone(drawn(FLOOD)), remembered(SUMMIT)).story is None


def test_a_story_that_is_near_but_not_near_enough_is_related_and_says_why() -> None:
    near = (RULES.join + RULES.related) / 2
    memory = DictMemory(background())
    story = StoryId(1)
    memory.profile_of[story] = Profile.of(toy(a=near, b=(1 - near**2) ** 0.5), None)
    memory.story_of[ArticleId(1)] = story
    memory.posted[key_terms(alone(toy(a=1.0)))[0].key] = [(ArticleId(1), near)]
    placement = place(alone(toy(a=1.0)), memory)
    assert placement.story is None
    assert [(each.story, each.shared) for each in placement.related] == [(story, ("a",))]
    assert placement.related[0].similarity == pytest.approx(near, abs=0.001)


def test_the_story_that_is_joined_is_not_related_to_itself() -> None:
    memory = remembered(SUMMIT)
    assert place(alone(drawn(AGAIN)), memory).related == ()


def test_of_two_equal_stories_the_older_id_is_joined() -> None:
    memory = DictMemory(background())
    for story in (7, 3):
        memory.profile_of[StoryId(story)] = alone(toy(a=1.0))
        memory.story_of[ArticleId(story)] = StoryId(story)
        memory.posted[key_terms(alone(toy(a=1.0)))[0].key].append((ArticleId(story), 1.0))
    assert place(alone(toy(a=1.0)), memory).story == 3


def test_a_text_without_words_stands_alone() -> None:
    memory = remembered("", SUMMIT)
    assert place(alone(drawn("")), memory).story is None


def test_days_between_make_two_stories_less_near() -> None:
    one = Profile.of(toy(a=1.0, b=2.0), DAY)
    gaps = (0, 1, 7, 60)
    near = [nearness(one, Profile.of(toy(a=2.0, b=1.0, c=3.0), DAY + timedelta(gap))) for gap in gaps]
    assert near == sorted(near, reverse=True)
    assert len(set(near)) == len(gaps)


def test_a_missing_date_neither_helps_nor_harms() -> None:
    one, other = toy(a=1.0, b=2.0), toy(a=2.0, b=1.0, c=3.0)
    undated = nearness(Profile.of(one, None), Profile.of(other, None))
    assert nearness(Profile.of(one, DAY), Profile.of(other, None)) == undated
    assert undated < nearness(Profile.of(one, DAY), Profile.of(other, DAY))


def test_the_gap_of_a_story_is_counted_from_its_nearest_end() -> None:
    story = Profile.of(toy(a=1.0), DAY).added(toy(a=1.0), DAY + timedelta(40))
    inside = nearness(Profile.of(toy(a=1.0, b=1.0), DAY + timedelta(20)), story)
    assert inside == nearness(Profile.of(toy(a=1.0, b=1.0), DAY), story)
    assert inside > nearness(Profile.of(toy(a=1.0, b=1.0), DAY + timedelta(50)), story)


def test_similarity_lies_between_the_average_link_and_the_cosine_of_the_centroid() -> None:
    story = alone(toy(a=1.0, b=1.0)).added(toy(a=1.0, c=1.0), None)
    newcomer = toy(a=1.0)
    average = 0.5**0.5
    cosine = 2 * average / story.length
    assert average < nearness(Profile.of(newcomer, None), story) < cosine


def test_key_terms_are_the_heaviest() -> None:
    kept = key_terms(alone(drawn(SUMMIT, "Kolb in Szohôd")))
    assert len(kept) == KEY_TERMS
    assert [term.weight for term in kept] == sorted((term.weight for term in kept), reverse=True)


def test_what_is_shared_is_said_once_and_in_full() -> None:
    told = shared(alone(drawn(SUMMIT)), alone(drawn(AGAIN)))
    assert "Anna Kolb" in told
    assert "Kolb" not in told
    assert len({word.casefold() for word in told}) == len(told)


def test_the_headline_is_that_of_the_most_central_article() -> None:
    middle = Member(vector=toy(a=1.0, b=1.0), headline="Middle", title="Middle")
    edge = Member(vector=toy(a=1.0, c=3.0), headline="Edge", title="Edge")
    other = Member(vector=toy(b=1.0, d=3.0), headline="Other", title="Other")
    assert together(edge, middle, other) == "Middle"


def test_of_equally_central_articles_the_earliest_names_the_story() -> None:
    twins = [Member(vector=toy(a=1.0), headline=name, title=name) for name in ("First", "Second")]
    assert together(*twins) == "First"


def test_a_printed_headline_goes_before_a_title_made_of_the_text() -> None:
    central = Member(vector=toy(a=1.0, b=1.0), headline=None, title="Its first sentence.")
    printed = Member(vector=toy(a=1.0), headline="Printed", title="Printed")
    assert together(central, printed) == "Printed"
    assert together(central) == "Its first sentence."


@pytest.mark.parametrize("language", ["de", "ja"])
def test_two_texts_of_an_unknown_language_are_not_joined_by_its_common_words(language: str) -> None:
    texts = {
        "de": (
            "Der Rat der Stadt hat in der Nacht über die neue Brücke und das Geld für die Schulen beraten.",
            "Die Polizei hat in der Nacht einen Mann und das Auto der Familie auf der Autobahn gefunden.",
        ),
        "ja": (
            "市議会は昨夜、新しい橋の建設について話し合った。",
            "警察は昨夜、高速道路で盗まれた車を発見した。",
        ),
    }[language]
    one, other = (alone(drawn(text, language=language)) for text in texts)
    assert nearness(one, other) < RULES.join


@pytest.mark.shared
def test_the_seeds_in_the_order_of_files_are_nine_stories(shared: Path) -> None:
    read = seeds(shared)
    found = group(read, range(len(read)), batch=None)
    assert measure(read, found).f1 == 1.0
    assert len(set(found)) == 9


@pytest.mark.shared
def test_the_tomahawk_article_is_related_to_the_summit(shared: Path) -> None:
    memory = DictMemory(background())
    links = set()
    for number, article in enumerate(seeds(shared), 1):
        for related in memory.remember(ArticleId(number), article.portrait, None).related:
            links.add(frozenset((memory.story_of[ArticleId(number)], related.story)))
    assert frozenset((memory.story_of[ArticleId(6)], memory.story_of[ArticleId(9)])) in links
