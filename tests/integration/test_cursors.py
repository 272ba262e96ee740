"""Answers read to their end while articles arrive: no row twice, none left out, none that came later."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app import cursors
from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.query import Facet, Fold, Sort
from app.errors import ParameterError
from app.web.app import create_app
from tests.factories import article, make_settings
from tests.serving import served

_FIRST = 23
_LATE = 1_000
_SORTS = (Sort.BEST, Sort.RELEVANCE, Sort.NEWEST)
_ASKED = "harbour OR quay OR pilot"


@pytest.fixture(params=["whoosh", "tantivy"])
def archive(request: pytest.FixtureRequest, tmp_path: Path, database_url: str | None) -> Iterator[Archive]:
    index_url = f"{request.param}:{tmp_path / 'index'}"
    settings = make_settings(tmp_path / "home", database_url=database_url, index_url=index_url)
    with open_archive(settings) as opened:
        arrive(opened, tmp_path, range(_FIRST))
        yield opened


def arrive(archive: Archive, place: Path, seeds: range) -> None:
    """File articles; every third repeats the one before it, every one speaks of a harbour, some of a quay, fewer of a
    pilot: of whom those speak again and again that come late."""
    texts = {seed: article(seed - seed % 3 // 2, headline=f"Harbour report {seed}") for seed in seeds}
    folder = place / f"from{seeds.start}"
    folder.mkdir()
    for seed, text in texts.items():
        quay, pilot = "the quay, " * (seed % 4 == 0), "the pilot, " * (30 if seed >= _LATE else seed % 5 == 0)
        (folder / f"n{seed}.txt").write_text(f"{text}\n\nThe harbour, {quay}{pilot}{seed % 7}.\n")
    archive.ingest([folder])


def read_to_the_end(archive: Archive, place: Path, *, fold: Fold, sort: Sort, start: int) -> list[int]:
    """Return the articles that stand for the rows; between any two pages others arrive."""
    seen: list[int] = []
    cursor: str | None = None
    while True:
        found = archive.search(_ASKED, fold=fold, sort=sort, page_size=4, cursor=cursor)
        seen += [hit.article.id for hit in found.hits]
        if found.next_cursor is None:
            return seen
        cursor = found.next_cursor
        arrive(archive, place, range(start, start + 2))
        start += 2


def test_what_arrives_meanwhile_is_not_in_the_answer_and_shifts_nothing(
    archive: Archive, tmp_path: Path
) -> None:
    start = _LATE
    for fold, sort in zip((Fold.STORY, Fold.NONE, Fold.ORIGINAL), _SORTS, strict=True):
        before = archive.search(_ASKED, fold=fold, sort=sort, page_size=100)
        last = archive.totals().articles
        seen = read_to_the_end(archive, tmp_path, fold=fold, sort=sort, start=start)
        assert len(seen) == len({*seen}) == before.rows
        assert max(seen) <= last
        if sort is Sort.NEWEST:
            assert seen == [hit.article.id for hit in before.hits]
        start += 100


def test_totals_and_facets_stay_those_of_the_first_page(archive: Archive, tmp_path: Path) -> None:
    first = archive.search("harbour", fold=Fold.NONE, page_size=4, facets=[Facet.LANGUAGE])
    arrive(archive, tmp_path, range(500, 510))
    second = archive.search(
        "harbour", fold=Fold.NONE, page_size=4, facets=[Facet.LANGUAGE], cursor=first.next_cursor
    )
    assert (second.total, second.facets, second.page) == (first.total, first.facets, 2)
    assert archive.search("harbour", fold=Fold.NONE).total == first.total + 10


def test_the_last_article_may_be_withdrawn_meanwhile(archive: Archive) -> None:
    whole = [
        hit.article.id
        for hit in archive.search("harbour", fold=Fold.NONE, sort=Sort.NEWEST, page_size=100).hits
    ]
    first = archive.search("harbour", fold=Fold.NONE, sort=Sort.NEWEST, page_size=4)
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(whole[3])), Reason(who="A", why="B"))
    second = archive.search(
        "harbour", fold=Fold.NONE, sort=Sort.NEWEST, page_size=4, cursor=first.next_cursor
    )
    assert [hit.article.id for hit in second.hits] == whole[4:8]


def test_a_cursor_of_another_question_or_of_nobody_is_refused(archive: Archive) -> None:
    cursor = archive.search("harbour", fold=Fold.NONE, page_size=4).next_cursor
    assert cursor
    with pytest.raises(ParameterError, match="another question"):
        archive.search("ferry", fold=Fold.NONE, cursor=cursor)
    with pytest.raises(ParameterError, match="another question"):
        archive.search("harbour", fold=Fold.ORIGINAL, cursor=cursor)
    for wrong in (
        "x",
        cursor[:-3],
        "é",
        "W10",
        "bnVsbA",
        "WzEsMiwzLDRd",
        "=" * 400,
        "A" * 9_000,
        cursor + cursor,
    ):
        with pytest.raises(ParameterError, match="cursor"):
            archive.search("harbour", fold=Fold.NONE, cursor=wrong)


def test_behind_the_best_rows_the_newest_of_the_others_follow(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursors, "MOST_GIVEN", 8)
    best, newest = (
        [hit.article.id for hit in archive.search(_ASKED, fold=Fold.NONE, sort=sort, page_size=100).hits]
        for sort in (Sort.BEST, Sort.NEWEST)
    )
    found = archive.search(_ASKED, fold=Fold.NONE, page_size=5)
    seen, told = [hit.article.id for hit in found.hits], [found.notices]
    while found.next_cursor:
        found = archive.search(_ASKED, fold=Fold.NONE, page_size=5, cursor=found.next_cursor)
        seen += [hit.article.id for hit in found.hits]
        told.append(found.notices)
        assert (found.page, found.sort) == (len(told), Sort.BEST)
    assert seen == best[:10] + [each for each in newest if each not in best[:10]]
    assert [" ".join(each) for each in told[:2]] == ["", ""]
    assert all("the newest of the others come first" in " ".join(each) for each in told[2:])


def test_behind_a_page_by_number_a_cursor_goes_on_while_it_can_hold_the_rows_before(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [hit.article.id for hit in archive.search(_ASKED, fold=Fold.NONE, page_size=100).hits]
    monkeypatch.setattr(cursors, "MOST_GIVEN", 16)
    second = archive.search(_ASKED, fold=Fold.NONE, page_size=5, page=2)
    third = archive.search(_ASKED, fold=Fold.NONE, page_size=5, cursor=second.next_cursor)
    assert [hit.article.id for hit in third.hits] == whole[10:15]
    monkeypatch.setattr(cursors, "MOST_GIVEN", 8)
    far = archive.search(_ASKED, fold=Fold.NONE, page_size=5, page=3)
    assert (far.has_next, far.next_cursor) == (True, None)
    by_time = archive.search(_ASKED, fold=Fold.NONE, sort=Sort.OLDEST, page_size=5, page=3)
    assert by_time.next_cursor


def test_no_story_is_left_out_although_those_that_were_shown_became_one(archive: Archive) -> None:
    whole = archive.search(_ASKED, page_size=100).hits
    found = archive.search(_ASKED, page_size=2)
    one, other = (hit.story.id for hit in found.hits)
    archive.decide(Ask(action=Action.MERGE, story=one, into=other), Reason(who="A", why="B"))
    seen = [hit.article.id for hit in found.hits]
    while found.next_cursor:
        found = archive.search(_ASKED, page_size=2, cursor=found.next_cursor)
        seen += [hit.article.id for hit in found.hits]
    assert sorted(seen) == sorted(hit.article.id for hit in whole)


def test_over_the_web(archive: Archive) -> None:
    with served(create_app(archive)) as site:
        seen = []
        asked = {"q": "harbour", "page_size": "9", "fold": "none"}
        answer = site.get("/api/v1/search", params=asked).json()
        while answer["hits"]:
            seen += [hit["article"]["id"] for hit in answer["hits"]]
            asked |= {"cursor": answer["next_cursor"] or "none"}
            answer = (
                site.get("/api/v1/search", params=asked).json() if answer["next_cursor"] else {"hits": []}
            )
        assert len(seen) == len({*seen}) == _FIRST
        first = site.get("/api/v1/search", params=asked | {"cursor": ""}).json()
        following = site.get("/api/v1/search", params=asked | {"cursor": first["next_cursor"]}).json()
        assert "cursor=" in following["next"]
        assert len(site.get(following["next"]).json()["hits"]) == _FIRST - 2 * 9
        both = site.get("/api/v1/search", params=asked | {"cursor": first["next_cursor"], "page": "2"})
        assert "not both" in both.json()["detail"]
        page = site.get("/", params=asked | {"cursor": first["next_cursor"]}).text
        assert "cursor=" not in page.partition('class="pager"')[2].partition("</nav>")[0]
        refused: httpx.Response = site.get("/api/v1/search", params={"q": "harbour", "cursor": "x"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["parameter"] == "cursor"


def test_days_count_from_that_of_the_first_page(archive: Archive, tmp_path: Path) -> None:
    first = archive.search("harbour seen:today", fold=Fold.NONE, page_size=4)
    assert first.next_cursor
    whole = archive.search("harbour seen:today", fold=Fold.NONE, page_size=100)
    clock = archive._clock
    archive._clock = lambda: clock() + timedelta(days=31)
    try:
        second = archive.search("harbour seen:today", fold=Fold.NONE, page_size=4, cursor=first.next_cursor)
    finally:
        archive._clock = clock
    shown = [hit.article.id for hit in (*first.hits, *second.hits)]
    assert shown == [hit.article.id for hit in whole.hits][:8]
    assert [hit.score for hit in second.hits] == [hit.score for hit in whole.hits][4:8]
