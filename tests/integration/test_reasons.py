"""Why rows stand in their order, over a real server and a real archive of the samples."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.web.app import create_app
from tests.integration.test_cli import Shell
from tests.serving import filled_archive, served

QUESTION = 'ferry OR (minister -judge) OR "prime minister" published:2025'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reasons")


@pytest.fixture(scope="module")
def site(place: Path) -> Iterator[httpx.Client]:
    with filled_archive(place) as archive, served(create_app(archive)) as client:
        yield client


def test_the_reasons_add_up_to_the_score_and_say_what_is_there(site: httpx.Client) -> None:
    asked: dict[str, str | int] = {"q": QUESTION, "explain": 1, "fold": "none", "sort": "relevance"}
    found = site.get("/api/v1/search", params=asked).json()
    assert len(found["hits"]) > 2
    for hit in found["hits"]:
        assert sum(each["score"] for each in hit["reasons"]) == pytest.approx(hit["score"], abs=1e-3)
        assert [each["score"] for each in hit["reasons"]] == sorted(
            (e["score"] for e in hit["reasons"]), reverse=True
        )
        for each in hit["reasons"]:
            assert bool(each["in_title"] + each["in_body"]) == (each["score"] > 0)
            assert "judge" not in each["asked"]
            assert "published" not in each["asked"]
        ferry = next((each for each in hit["reasons"] if each["asked"] == "ferry"), None)
        text = site.get(f"/api/v1/articles/{hit['article']['id']}").json()["body_text"]
        assert (ferry["in_body"] if ferry else 0) >= text.count("ferry ")
    rarity = {each["asked"]: each["articles"] for hit in found["hits"] for each in hit["reasons"]}
    assert rarity["ferry"] == site.get("/api/v1/search", params={"q": "ferry"}).json()["total"]


def test_without_being_asked_nobody_is_told(site: httpx.Client) -> None:
    found = site.get("/api/v1/search", params={"q": QUESTION}).json()
    assert {hit["reasons"] for hit in found["hits"]} == {None}


def test_the_next_page_is_explained_as_this_one(site: httpx.Client) -> None:
    found = site.get("/api/v1/search", params={"q": "the", "explain": 1, "page_size": 2}).json()
    assert site.get(found["next"]).json()["hits"][0]["reasons"]


def test_the_page_and_the_command_line_tell_it(site: httpx.Client, place: Path) -> None:
    plain = site.get("/", params={"q": "ferry"}).text
    assert "explain=1" in plain
    assert "In the title" not in plain
    page = site.get("/", params={"q": "ferry", "explain": 1}).text
    assert "In the title" in page
    assert "in the text, in " in Shell(place / "home")("search", "ferry", "--explain").stdout


def test_a_recent_article_says_what_its_day_adds_and_only_in_that_order(site: httpx.Client) -> None:
    of = {
        sort: site.get(
            "/api/v1/search", params={"q": QUESTION, "explain": 1, "fold": "none", "sort": sort}
        ).json()["hits"]
        for sort in ("best", "relevance")
    }
    days = {
        sort: [each for hit in hits for each in hit["reasons"] if each["asked"].startswith("published")]
        for sort, hits in of.items()
    }
    assert not days["relevance"]
    assert days["best"]
    assert all(each["articles"] > 0 and each["score"] > 0 for each in days["best"])
