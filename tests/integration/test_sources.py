"""Who carried a text: every source that was named for a sighting finds the article; the first of them is its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import IndexState
from app.domain.query import Fold
from app.intake import Unreadable
from app.store.database import Database
from app.store.tables import OutboxRecord
from tests.factories import article, write
from tests.integration.conftest import Reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one text."""
    return write(tmp_path / "in", a_txt=article(1))


def found(archive: Archive, question: str) -> list[int]:
    return [hit.article.id for hit in archive.search(question, fold=Fold.NONE).hits]


def source_of(archive: Archive, number: int) -> str | None:
    return archive.article(ArticleId(number)).source


def test_an_article_is_found_under_every_source_that_carried_it(archive: Archive, folder: Path) -> None:
    for source in ("The Herald", "The Post", "The Courier"):
        assert archive.ingest([folder], source=source).index is IndexState.CURRENT
    assert [found(archive, f'source:"{name}"') for name in ("The Herald", "The Post", "The Courier")] == [
        [1]
    ] * 3
    assert found(archive, "source:herald source:post") == [1]
    assert found(archive, 'source:"Herald The"') == []
    assert archive.check().holds


def test_the_source_of_an_article_is_the_first_that_carried_it(archive: Archive, folder: Path) -> None:
    archive.ingest([folder], source="The Post")
    archive.ingest([folder], source="The Herald")
    assert source_of(archive, 1) == "The Post"
    (hit,) = archive.search("source:herald").hits
    assert hit.article.source == "The Post"


def test_an_article_that_came_without_a_source_takes_the_first_that_is_named(
    archive: Archive, folder: Path
) -> None:
    archive.ingest([folder])
    assert source_of(archive, 1) is None
    archive.ingest([folder], source="The Post")
    archive.ingest([folder], source="The Herald")
    assert source_of(archive, 1) == "The Post"
    assert found(archive, "source:post") == found(archive, "source:herald") == [1]
    assert archive.check().holds


def test_only_the_first_sighting_at_a_source_is_told_to_the_index(
    archive: Archive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest([folder], source="The Post")
    monkeypatch.setattr(archive, "catch_up", lambda **_: IndexState.BEHIND)
    archive.ingest([write(tmp_path / "again", a_txt=article(1))], source="The Post")
    archive.ingest([write(tmp_path / "third", a_txt=article(1))])
    assert archive.check().waiting == 0
    archive.ingest([folder], source="The Herald")
    assert archive.check().waiting == 1


def test_check_notices_a_source_that_the_index_was_not_told_of_and_repair_mends_it(
    archive: Archive, folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest([folder], source="The Post")
    with monkeypatch.context() as changed:
        changed.setattr(archive, "catch_up", lambda **_: IndexState.BEHIND)
        archive.ingest([folder], source="The Herald")
    with database.write() as session:
        session.execute(delete(OutboxRecord))
    assert archive.check().stale == (1,)
    assert archive.repair().holds
    assert found(archive, "source:herald") == [1]


def test_the_list_of_sources_counts_what_a_search_for_them_finds(archive: Archive, tmp_path: Path) -> None:
    both = write(tmp_path / "both", a_txt=article(1), b_txt=article(2))
    archive.ingest([both])
    archive.ingest([both], source="Herald")
    archive.ingest([write(tmp_path / "one", c_txt=article(2), d_txt=article(3))], source="Post")
    counts = {row.name: row.articles for row in archive.sources(page=1, page_size=10).rows}
    assert counts == {"Herald": 2, "Post": 2}
    assert counts == {name: archive.search(f'source:"{name}"').total for name in counts}
    reason = Reason(who="Ada Marsh", why="The agency recalled it.")
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(2)), reason)
    counts = {row.name: row.articles for row in archive.sources(page=1, page_size=10).rows}
    assert counts == {"Herald": 1, "Post": 1}
    assert counts == {name: archive.search(f'source:"{name}"').total for name in counts}


def test_a_source_whose_sighting_is_read_no_longer_carries_the_article_no_longer(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    text = article(1).encode()
    archive.ingest([write(tmp_path / "one", a_txt=text)], source="The Post")
    archive.ingest([write(tmp_path / "two", a_txt=text + b"\n\n")], source="The Herald")
    new_rules(lambda content, reading: Unreadable(reason="no more") if content == text else reading)
    archive.reread(everything=False)
    assert source_of(archive, 1) == "The Herald"
    assert (found(archive, "source:post"), found(archive, "source:herald")) == ([], [1])
    assert [row.articles for row in archive.sources(page=1, page_size=10).rows] == [1, 0]
    assert archive.check().holds
