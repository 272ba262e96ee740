"""Who was first, how coverage grew, who took part."""

from datetime import UTC, datetime

from app.domain.article import ArticleId, Precision, Published, TitleFrom
from app.domain.coverage import coverage, first_of, shares
from app.domain.profile import Profile
from app.domain.query import Brief
from app.domain.story import key_words
from tests.factories import drawn


def brief(number: int, day: int | None = None, source: str | None = None, of: int | None = None) -> Brief:
    at = datetime(2025, 10, day, tzinfo=UTC) if day else None
    return Brief(
        id=ArticleId(number),
        title=f"Article {number}",
        title_from=TitleFrom.HEADLINE,
        source=source,
        published=Published(at=at, precision=Precision.DAY if at else None),
        duplicate_of=ArticleId(of) if of else None,
    )


STORY = [
    brief(1, 3, "The Bee"),
    brief(2, 1, "The Post"),
    brief(3, 3, "The Bee", of=1),
    brief(4),
    brief(5, 3, "The Ant"),
]


def test_every_day_says_how_many_articles_originals_and_sources_it_had() -> None:
    told = [
        (each.day.day, each.articles, each.originals, each.sources, each.so_far)
        for each in coverage(STORY, ())
    ]
    assert told == [(1, 1, 1, 1, 1), (3, 3, 2, 2, 4)]


def test_the_first_is_the_earliest_published_else_the_first_received() -> None:
    first = first_of(STORY)
    assert first is not None
    assert first.id == 2
    undated = first_of([brief(9), brief(7)])
    assert undated is not None
    assert undated.id == 7
    assert first_of([]) is None


def test_sources_come_by_their_number_of_articles() -> None:
    assert [(each.name, each.articles) for each in shares(STORY, ())] == [
        ("The Bee", 2),
        ("The Ant", 1),
        ("The Post", 1),
    ]


def test_what_a_story_is_about_is_told_in_whole_names_once() -> None:
    told = "The ferry of Tarrick Sound met Casimir Thorold on the Sound, where Casimir waited"
    text = "Tarrick Sound lies still. " + " ".join(f"{told} {nth} hours." for nth in range(9))
    names, terms = key_words(Profile.of(drawn(text), None))
    assert {"Tarrick Sound", "Casimir Thorold"} <= set(names)
    assert not {"Sound", "Tarrick", "Casimir", "Thorold"} & set(names)
    assert "ferry" in terms
