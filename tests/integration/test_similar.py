"""What is like an article: a question that can be read, asked again, and does not find the article itself."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.query import Or
from app.domain.similar import MOST_WORDS, question_like
from app.domain.terms import portrait
from app.questions import parse
from app.web.app import create_app
from tests.entries import TODAY
from tests.serving import filled_archive, served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled_archive(tmp_path_factory.mktemp("similar")) as archive:
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def articles(site: httpx.Client) -> list[Any]:
    hits = site.get("/api/v1/search", params={"fold": "none", "page_size": 100}).json()["hits"]
    return [hit["article"]["id"] for hit in hits]


def test_the_answer_is_that_of_the_question_it_shows(site: httpx.Client) -> None:
    for article in articles(site):
        found = site.get(f"/api/v1/articles/{article}/similar").json()
        again = site.get("/api/v1/search", params={"q": found["query"]}).json()
        assert again == found
        own = site.get(f"/api/v1/articles/{article}").json()["story"]
        assert own not in {hit["story"]["id"] for hit in found["hits"]}
        assert f"-story:{own}" in found["query"]


def test_the_page_leads_to_the_question(site: httpx.Client) -> None:
    assert 'href="/articles/1/similar"' in site.get("/articles/1").text
    answer = site.get("/articles/1/similar", follow_redirects=True)
    assert answer.url.path == "/"
    assert "-story:" in answer.url.params["q"]


def test_an_article_that_is_not_there_is_not_found(site: httpx.Client) -> None:
    assert site.get("/api/v1/articles/9999/similar").status_code == 404
    assert site.get("/articles/9999/similar").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "Ilse Marrable told the NOT-AND party that AT&T, U.S. and O’Neill (“not”) met: or else to be or not.",
        "Письмо учителям о школе и о будущем",
        "北京大学の学生",
        'a "quoted" *starred* field:name [2025 TO 2026] ~3 -minus',
        "word " * 5_000,
    ],
)
def test_every_question_can_be_asked(text: str) -> None:
    asked = question_like(portrait(None, None, text, None))
    parsed = parse(f"({asked}) -story:1", today=TODAY, max_chars=2_000)
    assert not parsed.notices
    tree = parse(asked, today=TODAY, max_chars=2_000).tree
    assert len(tree.children if isinstance(tree, Or) else [tree]) <= MOST_WORDS


def test_what_most_texts_have_is_not_asked_for() -> None:
    asked = question_like(
        portrait(None, None, "Regulators sue AT&T over Time Warner, and New rules say more.", None)
    )
    assert "Warner" in asked
    assert not {"at", "and", "new", "more"} & set(asked.casefold().split(" or "))


def test_a_text_without_a_word_asks_for_nothing(archive: Archive) -> None:
    assert question_like(portrait(None, None, "… — !", None)) == ""
    assert archive.search("-*").total == 0
    assert archive.similar_question(ArticleId(1)).startswith("(")


PASTED = (
    "The inquiry into the ferry opened in the harbour. The judge Tarrick asked the captain about the storm."
)


def test_what_is_like_a_text_is_found_by_a_question_that_is_shown(site: httpx.Client) -> None:
    found = site.post("/api/v1/similar", params={"page_size": 5}, json={"text": PASTED}).json()
    assert found["hits"]
    assert "Tarrick" in found["query"]
    assert site.get("/api/v1/search", params={"q": found["query"], "page_size": 5}).json() == found


def test_the_same_from_the_page_by_a_browser_anywhere(site: httpx.Client) -> None:
    assert 'action="/similar"' in site.get("/help").text
    elsewhere = {"sec-fetch-site": "same-origin", "origin": "http://192.0.2.7:8000", "host": "192.0.2.7:8000"}
    answer = site.post("/similar", data={"text": PASTED}, headers=elsewhere)
    assert answer.status_code == 303
    asked = httpx.URL(answer.headers["location"]).params["q"]
    assert asked == site.post("/api/v1/similar", json={"text": PASTED}).json()["query"]


@pytest.mark.parametrize("text", ["", " ", "?!", "—", "\u200b"])
def test_a_text_without_words_is_refused(site: httpx.Client, text: str) -> None:
    answer = site.post("/api/v1/similar", json={"text": text})
    assert answer.status_code == 422
    assert "text" in answer.json()["detail"]
    assert site.post("/similar", data={"text": text}).status_code == 422


def test_a_text_that_is_too_long_is_refused(site: httpx.Client) -> None:
    assert site.post("/api/v1/similar", json={"text": "word " * 60_000}).status_code == 413
    assert site.post("/api/v1/similar", json={"text": "word " * 40_000}).status_code == 200
