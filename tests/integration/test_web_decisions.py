"""Deciding over the web: what the API answers, and who may change anything at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.archive import open_archive
from app.web.app import create_app
from tests.factories import article, make_settings, paragraph, write
from tests.serving import served

SAID = {"who": "Ada Marsh", "why": "I know both."}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[httpx.Client]:
    """Articles 1 and 2 repeat each other, article 3 stands alone."""
    body = "\n\n".join(paragraph(nth) for nth in range(8))
    given = write(
        tmp_path / "in",
        a_txt=f"Form one of it\n\n{body}",
        b_txt=f"Form two of it\n\n{body}",
        c_txt=article(9),
    )
    with open_archive(make_settings(tmp_path / "home")) as archive:
        archive.ingest([given])
        with served(create_app(archive)) as client:
            yield client


def test_a_decision_is_made_shown_listed_and_undone(site: httpx.Client) -> None:
    made = site.post("/api/v1/decisions", json={"action": "apart", "article": 2, "other": 1, **SAID})
    assert made.status_code == 201
    assert site.get(made.headers["Location"]).json() == made.json()
    assert site.get("/api/v1/articles/2").json()["duplicate_of"] is None
    undone = site.post(f"{made.headers['Location']}/undo", json=SAID)
    assert undone.status_code == 201
    assert undone.json()["undoes"] == made.json()["id"]
    assert site.get("/api/v1/articles/2").json()["duplicate_of"] == 1
    listed = site.get("/api/v1/decisions?article=2&page_size=1").json()
    assert (listed["total"], listed["decisions"][0]["action"]) == (2, "undo")
    assert listed["next"] == "/api/v1/decisions?page=2&page_size=1&article=2"
    assert site.get(listed["next"]).json()["decisions"][0]["undone_by"] == undone.json()["id"]
    assert site.get("/api/v1/decisions?article=3").json()["total"] == 0


def test_a_withdrawn_article_is_answered_with_410_and_the_reason(site: httpx.Client) -> None:
    assert (
        site.post("/api/v1/decisions", json={"action": "withdraw", "article": 3, **SAID}).status_code == 201
    )
    for path in ("/api/v1/articles/3", "/api/v1/articles/3/capture", "/articles/3"):
        answer = site.get(path)
        assert answer.status_code == 410
        assert "I know both" in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"action": "apart", "article": 2, "other": 1}, 422),
        ({"action": "apart", "article": 2, **SAID}, 422),
        ({"action": "apart", "article": 0, "other": 1, **SAID}, 422),
        ({"action": "burn", "article": 2, **SAID}, 422),
        ({"action": "undo", "article": 2, **SAID}, 422),
        ({"action": "withdraw", "article": 3, "color": "red", **SAID}, 422),
        ({"action": "withdraw", "article": 3, "story": 1, **SAID}, 422),
        ({"action": "withdraw", "article": "3", **SAID}, 422),
        ({"action": "withdraw", "article": True, **SAID}, 422),
        ({"action": "withdraw", "article": 2**63, **SAID}, 422),
        ({"action": "move", "story": 1, "articles": [3, -1], **SAID}, 422),
        ({"action": "rename", "story": 1, "headline": " ", **SAID}, 422),
        ({"action": "withdraw", "article": 3, "who": "Ada", "why": "a\0b"}, 422),
        ({"action": "withdraw", "article": 3, "who": "Ada\ud800", "why": "x"}, 422),
        ({"action": "withdraw", "article": 99, **SAID}, 404),
        ({"action": "restore", "article": 3, **SAID}, 409),
        ({"action": "withdraw", "article": 3, "who": "Ada", "why": "x" * 70_000}, 413),
    ],
)
def test_what_cannot_be_decided_is_refused(site: httpx.Client, body: dict[str, object], status: int) -> None:
    answer = site.post(
        "/api/v1/decisions", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert site.get("/api/v1/decisions").json()["total"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://192.168.1.5", "Host": "192.168.1.5"},
    ],
)
def test_a_page_elsewhere_changes_nothing(site: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("/decisions", "/api/v1/decisions"):
        answer = site.post(path, json={"action": "withdraw", "article": 3, **SAID}, headers=headers)
        assert answer.status_code == 403
    assert site.get("/api/v1/articles/3").status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"action": "withdraw"', b"\xff", b"1" * 5_000])
def test_a_body_that_is_no_decision_is_refused_in_a_sentence(site: httpx.Client, body: bytes) -> None:
    answer = site.post("/api/v1/decisions", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#parameter")
    told = answer.json()["errors"]
    assert [part["parameter"] for part in told] == ["body"]
    assert told[0]["detail"].startswith("body: ")


def test_the_log_of_what_is_not_there_is_empty(site: httpx.Client) -> None:
    site.post("/api/v1/decisions", json={"action": "lock", "story": 1, **SAID})
    assert site.get("/api/v1/decisions?article=99").json()["total"] == 0
    assert site.get("/api/v1/decisions?story=99").json()["total"] == 0
    assert site.get("/api/v1/decisions?story=1").json()["total"] == 1
    assert site.get("/api/v1/decisions/99").status_code == 404
    assert site.post("/api/v1/decisions/99/undo", json=SAID).status_code == 404


def test_the_id_of_a_merged_story_is_taken_in_decisions_and_in_the_log(site: httpx.Client) -> None:
    site.post("/api/v1/decisions", json={"action": "merge", "story": 2, "into": 1, **SAID})
    named = site.post("/api/v1/decisions", json={"action": "rename", "story": 2, "headline": "A", **SAID})
    assert (named.status_code, named.json()["story"]) == (201, 1)
    assert site.get("/api/v1/decisions?story=2").json()["total"] == 2
    assert "called “A”" in site.get("/decisions?story=2").text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_decision_is_never_changed_or_removed(site: httpx.Client, method: str) -> None:
    assert site.request(method, "/api/v1/decisions/1").status_code == 405
