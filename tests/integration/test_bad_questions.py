"""Questions that nobody should ask, over a real server: each is answered, or refused with what is wrong, in time."""

import shutil
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.query import Fold, Matches, Question
from app.web.app import create_app
from tests.serving import filled_archive, served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled_archive(tmp_path_factory.mktemp("bad")) as archive:
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def everything(site: httpx.Client) -> int:
    return int(site.get("/api/v1/search").json()["total"])


@pytest.mark.parametrize(
    ("question", "status", "told"),
    [
        ("x" * 20_001, 400, "20001 characters"),
        (" OR ".join(f"w{number}*" for number in range(101)), 400, "100 words with wildcards"),
        (" OR ".join(f"*w{number}" for number in range(11)), 400, "10 words with a wildcard at"),
        ('"', 400, "quotation mark"),
        ("(", 400, "parenthesis"),
        ("published:[2025-12-01 TO 2025-01-01]", 400, "upside down"),
        ("published:2025-02-30", 400, "no day"),
        ("story:twelve", 400, "is no number"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(
    site: httpx.Client, question: str, status: int, told: str
) -> None:
    answer = site.get("/api/v1/search", params={"q": question})
    assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text[:300]
    assert site.get("/", params={"q": question}).status_code == status


@pytest.mark.parametrize("question", ["*", "**", "* *", "-zyzzyva", "NOT zyzzyva", "*:*"])
def test_what_asks_for_everything_finds_everything(site: httpx.Client, question: str) -> None:
    assert site.get("/api/v1/search", params={"q": question}).json()["total"] == everything(site)


@pytest.mark.parametrize("question", ["...", "— … !", "&", "\u200b\u200f", "-", "~", "^"])
def test_what_holds_no_word_finds_nothing_and_says_so(site: httpx.Client, question: str) -> None:
    found = site.get("/api/v1/search", params={"q": question}).json()
    assert found["total"] == 0 or found["interpretation"] == "all articles"
    assert found["notices"] or found["total"]


def test_stop_words_and_unknown_fields_are_words(site: httpx.Client) -> None:
    assert site.get("/api/v1/search", params={"q": "the of and"}).json()["total"] > 0
    found = site.get("/api/v1/search", params={"q": "colour:ferry"}).json()
    assert any("colour" in notice for notice in found["notices"])


def test_directions_and_what_cannot_be_seen_change_nothing(site: httpx.Client) -> None:
    plain = site.get("/api/v1/search", params={"q": "ferry"}).json()["total"]
    for question in ("\u200ffer\u200bry\u200e", "fer\u00adry", "\ufeffferry"):
        assert site.get("/api/v1/search", params={"q": question}).json()["total"] == plain > 0, question


def test_a_thousand_alternatives_are_answered(site: httpx.Client) -> None:
    question = " OR ".join(f"wording{number}" for number in range(999)) + " OR ferry"
    assert len(question) > 10_000
    found = site.get("/api/v1/search", params={"q": question, "explain": 1}).json()
    assert found["total"] == site.get("/api/v1/search", params={"q": "ferry"}).json()["total"] > 0
    assert "ferry" in site.get("/", params={"q": question}).text


def test_ten_thousand_letters_are_a_word_that_nothing_has(site: httpx.Client) -> None:
    assert site.get("/api/v1/search", params={"q": "x" * 10_000}).json()["total"] == 0


def told(site: httpx.Client, question: str) -> int:
    """Return the status of an answer of the site itself, to an address that httpx holds to be too long."""
    server = HTTPConnection(site.base_url.host, site.base_url.port)
    server.request("GET", f"/api/v1/search?q={quote(question)}")
    answer = server.getresponse()
    assert "json" in answer.headers["content-type"]
    answer.read()
    server.close()
    return answer.status


@pytest.mark.parametrize("letter", ["é", "字", "𠀋"])
def test_the_longest_question_arrives_however_it_is_written(site: httpx.Client, letter: str) -> None:
    assert told(site, " ".join([letter] * 10_000)) == 200
    assert told(site, letter * 20_000) == 200
    assert told(site, letter * 20_001) == 400


def test_a_page_past_the_end_is_empty_with_the_right_totals(site: httpx.Client) -> None:
    found = site.get("/api/v1/search", params={"q": "ferry", "page": 1_000_000}).json()
    assert (found["hits"], found["next"], found["next_cursor"]) == ([], None, None)
    assert found["total"] > 0


def test_what_is_withdrawn_between_index_and_page_is_not_shown(archive: Archive) -> None:
    engine, taken = archive._engine, ArticleId(1)
    find = engine.find

    def withdrawing(question: Question) -> Matches:
        found = find(question)
        engine.find = find  # type: ignore[method-assign]
        archive.decide(Ask(action=Action.WITHDRAW, article=taken), Reason(who="A", why="B"))
        return found

    engine.find = withdrawing  # type: ignore[method-assign]
    found = archive.search("*", fold=Fold.NONE, page_size=100)
    assert found.total == len(found.hits) + 1
    assert taken not in {hit.article.id for hit in found.hits}


def test_an_index_that_is_removed_while_serving_is_told_and_made_again(tmp_path: Path) -> None:
    with filled_archive(tmp_path) as archive, served(create_app(archive)) as site:
        assert site.get("/api/v1/search", params={"q": "ferry"}).status_code == 200
        shutil.rmtree(tmp_path / "home" / "index")
        answer = site.get("/api/v1/search", params={"q": "ferry"})
        assert (answer.status_code, "newsfold reindex" in answer.json()["detail"]) == (503, True)
        archive.reindex()
        assert site.get("/api/v1/search", params={"q": "ferry"}).status_code == 200
