"""How the archive is, over the API and as a page: counts, deliveries that wait or failed, index and database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.errors import IndexUnavailableError
from app.store import deliveries
from app.web.app import create_app
from tests.factories import NOW, article, make_settings, write
from tests.serving import served


@pytest.fixture
def archive(home: Path, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(make_settings(home)) as opened:
        texts = {f"a{n}_txt": article(n) for n in range(3)}
        opened.ingest([write(tmp_path / "in", **texts)], source="Bee")
        yield opened


@pytest.fixture
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def told(site: httpx.Client) -> Any:
    answer = site.get("/api/v1/status")
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(site: httpx.Client) -> str:
    answer = site.get("/status", headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_the_status_counts_what_the_archive_holds(site: httpx.Client, archive: Archive) -> None:
    found = told(site)
    assert (found["articles"], found["originals"], found["stories"], found["sources"]) == (3, 3, 3, 1)
    assert (found["database"], found["index"]["engine"]) == ("sqlite", "whoosh")
    assert found["deliveries"] == {"total": 1, "waiting": 0, "unfinished": 0, "failed": 0}
    assert found["index"]["generation"] == 1
    assert found["index"]["bytes"] > 1_000
    html = shown(site)
    assert "The search index is up to date." in html
    assert f"<dd>{found['version']}</dd>" in html
    assert '<a href="/status">Status</a>' in html
    archive.reindex()
    assert told(site)["index"]["generation"] == 2
    archive.move_index("tantivy:")
    assert told(site)["index"]["engine"] == "tantivy"
    assert "<dd>tantivy</dd>" in shown(site)


def test_deliveries_that_wait_failed_or_were_cut_off_are_told_apart(archive: Archive, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for number in range(2):
        (empty / f"nothing{number}.txt").write_bytes(b" " * number)
        archive.ingest([empty])
    archive.ingest([write(tmp_path / "in", a0_txt=article(0)), empty])  # has a text, so it did not fail
    with archive._database.write() as session:
        deliveries.open_delivery(session, started=NOW, source=None, origin=("x",), split="auto")
    archive.retry_later(archive.deliveries(page=1, page_size=9).rows[-2].id)
    counts = archive.status().deliveries
    assert (counts.total, counts.waiting, counts.unfinished, counts.failed) == (6, 1, 1, 2)


def test_it_says_how_far_the_index_is_behind(
    archive: Archive, site: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Archive, "catch_up", lambda *_, **__: None)
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(1)), Reason(who="Ada", why="not ours"))
    assert told(site)["index"]["behind"] == 1
    assert "by 1 change" in shown(site)


def test_it_says_why_the_index_cannot_answer(archive: Archive, site: httpx.Client, home: Path) -> None:
    (home / "index" / "CURRENT").unlink()
    with pytest.raises(IndexUnavailableError):
        archive.search("affair")
    index = told(site)["index"]
    assert (index["generation"], index["bytes"]) == (None, None)
    assert "lost its pointer" in index["trouble"]
    html = shown(site)
    assert "The search index cannot answer." in html
    assert "lost its pointer" in html


def test_it_says_when_the_archive_has_outgrown_its_engine_and_the_command_to_move(
    archive: Archive, site: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(site)["outgrown"] is None
    monkeypatch.setattr("app.engines.whoosh._MOST_ARTICLES", 3)
    assert "newsfold index move tantivy:" in told(site)["outgrown"]
    assert "<code>newsfold index move tantivy:</code>" in shown(site)
