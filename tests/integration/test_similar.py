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


def test_a_text_without_a_word_asks_for_nothing(archive: Archive) -> None:
    assert question_like(portrait(None, None, "… — !", None)) == ""
    assert archive.search("-*").total == 0
    assert archive.similar_question(ArticleId(1)).startswith("(")
