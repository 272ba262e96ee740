"""The client's five files, exactly: what ingest, the API's shapes and the stories make of them."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app import shapes
from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.delivery import Report
from app.domain.query import Fold
from app.intake import Manner, Reading, Split, read
from tests.factories import make_settings

pytestmark = pytest.mark.shared

DUMP_STARTS = [1, 11, 23, 30, 39, 49, 58, 81, 97]
CHROME = {
    "000": {38},
    "001": {3, 37, 87, 89, 91, 93},
    "002": {16, 17},
    "003": {1, 2, 3, 7, 43, 45, 47, 49, 50, 52, 54},
    "004": {1, 2, 8, 26},
}


@pytest.fixture(scope="module")
def delivered(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Report]]:
    home = tmp_path_factory.mktemp("seeds")
    with open_archive(make_settings(home)) as archive:
        yield archive, archive.ingest([shared / "seeds"])


def by_place(report: Report) -> dict[tuple[str, int], int]:
    """(file number, first line) → article."""
    return {(each.file[:3], each.first_line): each.article or 0 for each in report.items}


def test_thirteen_articles_start_where_they_start(delivered: tuple[Archive, Report]) -> None:
    _, report = delivered
    assert report.drafts == report.articles_new == report.sightings_new == 13
    assert report.duplicates == 0
    assert not report.rejected
    starts = [(each.file[:3], each.first_line) for each in report.items]
    assert starts == [("000", line) for line in DUMP_STARTS] + [
        ("001", 1),
        ("002", 1),
        ("003", 5),
        ("004", 4),
    ]


def test_every_line_of_chrome_is_gone_and_none_of_the_text(
    delivered: tuple[Archive, Report], shared: Path
) -> None:
    archive, report = delivered
    for number, chrome in CHROME.items():
        (path,) = (shared / "seeds").glob(f"{number}_*.txt")
        lines = path.read_text("utf-8").split("\n")
        ids = dict.fromkeys(each.article for each in report.items if each.file == path.name)
        views = [archive.article(ArticleId(id_)) for id_ in ids if id_]
        assert {line.line for view in views for line in view.dropped} == chrome
        kept = [
            part
            for view in views
            for part in (view.headline, view.deck, *view.body_text.split("\n\n"))
            if part
        ]
        expected = [line.strip() for n, line in enumerate(lines, 1) if line.strip() and n not in chrome]
        assert [" ".join(part.split()) for part in kept] == [" ".join(line.split()) for line in expected]


def test_headlines_decks_and_titles(delivered: tuple[Archive, Report], shared: Path) -> None:
    archive, report = delivered
    places = by_place(report)

    def line(number: str, at: int) -> str:
        (path,) = (shared / "seeds").glob(f"{number}_*.txt")
        return path.read_text("utf-8").split("\n")[at - 1].strip()

    for start in DUMP_STARTS:
        view = archive.article(ArticleId(places["000", start]))
        assert (view.headline, view.deck, view.title_from.value) == (None, line("000", start), "deck")
        assert view.title == view.deck
    one = archive.article(ArticleId(places["001", 1]))
    assert (one.headline, one.deck) == (line("001", 1), line("001", 5))
    assert line("001", 7) in one.body_text.split("\n\n")
    two = archive.article(ArticleId(places["002", 1]))
    assert (two.headline, two.deck, two.title_from.value) == (None, None, "text")
    assert line("002", 1).startswith(two.title.rstrip("…"))
    three = archive.article(ArticleId(places["003", 5]))
    assert three.headline == line("003", 5)
    four = archive.article(ArticleId(places["004", 4]))
    assert (four.headline, four.deck) == (line("004", 4), line("004", 6))


def test_the_only_date_is_a_bound(delivered: tuple[Archive, Report]) -> None:
    archive, report = delivered
    for (number, _), id_ in by_place(report).items():
        published = archive.article(ArticleId(id_)).published
        assert published.at is None
        assert str(published.not_after) == ("2025-10-21" if number == "003" else "None")


def test_the_summit_is_one_story_of_five_and_every_other_article_stands_alone(
    delivered: tuple[Archive, Report],
) -> None:
    archive, report = delivered
    places = by_place(report)
    summit = {places[key] for key in (("000", 97), ("001", 1), ("002", 1), ("003", 5), ("004", 4))}
    stories = {int(each.article or 0): each.story for each in report.items}
    assert report.stories_new == archive.totals().stories == 9
    (story,) = {stories[article] for article in summit}
    assert story is not None
    view = archive.story(story)
    assert {brief.id for brief in view.articles} == summit
    assert (view.first_day, view.last_day) == (None, None)
    assert stories[places["000", 49]] in {related.id for related in view.related}


def test_a_search_finds_the_story_once_with_all_totals(delivered: tuple[Archive, Report]) -> None:
    archive, report = delivered
    found = shapes.shape_results(archive.search("putin trump summit OR meeting"))
    (story,) = {each.story for each in report.items if each.file.startswith("001")}
    (hit,) = [hit for hit in found.hits if hit.story.id == story]
    assert (hit.story.size, hit.folded) == (5, 4)
    everything = archive.search("*", fold=Fold.NONE, page_size=100)
    assert (everything.total, everything.total_originals, everything.total_stories) == (13, 13, 9)
    assert len(everything.hits) == 13


def test_the_same_again_is_unchanged(delivered: tuple[Archive, Report], shared: Path) -> None:
    archive, report = delivered
    again = archive.ingest([shared / "seeds"])
    assert {each.outcome.value for each in again.items} == {"unchanged"}
    assert [(each.article, each.story, each.first_line) for each in again.items] == [
        (each.article, each.story, each.first_line) for each in report.items
    ]


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("seed", range(4))
def test_the_stories_are_the_same_in_any_order_of_the_thirteen_articles(
    shared: Path, tmp_path: Path, seed: int
) -> None:
    drafts = []
    for path in sorted((shared / "seeds").glob("*.txt")):
        reading = read(path.read_bytes(), today=date(2026, 11, 23))
        assert isinstance(reading, Reading)
        drafts += [(path.name[:3], draft) for draft in reading.drafts]
    random.Random(seed).shuffle(drafts)  # noqa: S311 - no secret
    with open_archive(make_settings(tmp_path / "home")) as archive:
        for nth, (_, draft) in enumerate(drafts):
            lines = [draft.headline, draft.deck, *draft.body_text.split("\n\n")]
            (tmp_path / f"{nth}.txt").write_text("\n".join(line for line in lines if line))
            archive.ingest([tmp_path / f"{nth}.txt"], manner=Manner(split=Split.NEVER))
        sizes = sorted(row.size for row in archive.stories(page=1, page_size=50).rows)
        assert archive.check().holds
    assert sizes == [1] * 8 + [5]
