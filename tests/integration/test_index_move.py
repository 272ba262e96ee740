"""Moving the index to another engine: searches go on, nothing is lost, and every process follows."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.query import Matches, Question
from app.engines.whoosh import WhooshEngine
from app.errors import IndexBusyError, IndexUnavailableError, SettingsError
from app.web.app import create_app
from tests.factories import article, make_settings, write
from tests.integration.test_cli import Shell
from tests.serving import served


@pytest.fixture
def archive(home: Path, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(make_settings(home)) as opened:
        opened.ingest([write(tmp_path / "in", **{f"a{n}_txt": article(n) for n in range(5)})])
        yield opened


def total(archive: Archive) -> int:
    return archive.search("affair").total


def test_after_a_move_the_other_engine_answers_here_and_elsewhere(
    archive: Archive, home: Path, tmp_path: Path
) -> None:
    with open_archive(make_settings(home)) as elsewhere:
        before = elsewhere.search("affair")
        assert archive.move_index("tantivy:") == 5
        assert (home / "INDEX").read_text() == "tantivy:\n"
        assert not (home / "index").exists()
        for each in (archive, elsewhere):
            after = each.search("affair")
            assert (after.total, after.total_originals, after.total_stories) == (
                before.total,
                before.total_originals,
                before.total_stories,
            )
            assert {hit.article.id: hit.highlights for hit in after.hits} == {
                hit.article.id: hit.highlights for hit in before.hits
            }
        elsewhere.ingest([write(tmp_path / "more", b_txt=article(7))])
        assert total(archive) == 6
        elsewhere.decide(
            Ask(action=Action.WITHDRAW, article=ArticleId(1)), Reason(who="Ada", why="it was not ours")
        )
        assert total(archive) == 5
        assert archive.check().holds
    assert archive.move_index("whoosh:") == 5
    assert archive.check().holds
    assert not (home / "index-tantivy").exists()


def test_a_move_that_is_broken_off_leaves_the_index_and_is_resumed(archive: Archive, home: Path) -> None:
    def broken(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.move_index("tantivy:", progress=broken)
    assert total(archive) == 5
    assert not (home / "INDEX").exists()
    archive.move_index("tantivy:")
    assert total(archive) == 5
    assert archive.check().holds


def test_what_is_told_to_the_old_index_meanwhile_is_in_the_new_one(
    archive: Archive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that had the old engine in its hand when the index was moved settles its notes there."""
    wipe = WhooshEngine.wipe

    def late(engine: WhooshEngine) -> None:
        monkeypatch.setattr(WhooshEngine, "wipe", wipe)
        (home / "INDEX").rename(home / "LATER")
        with open_archive(make_settings(home)) as slow:
            slow.ingest([write(tmp_path / "late", c_txt=article(8))])
        (home / "LATER").rename(home / "INDEX")
        wipe(engine)

    monkeypatch.setattr(WhooshEngine, "wipe", late)
    archive.move_index("tantivy:")
    assert total(archive) == 6
    assert archive.check().holds


def test_an_old_index_that_somebody_writes_to_is_left_and_the_new_one_is_whole(
    archive: Archive, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(engine: WhooshEngine) -> None:
        raise IndexBusyError(engine.place, 1.0)

    monkeypatch.setattr(WhooshEngine, "wipe", busy)
    with pytest.raises(IndexBusyError):
        archive.move_index("tantivy:")
    assert (home / "INDEX").exists()
    assert archive.check().holds


def test_an_index_is_not_moved_to_where_it_is_or_to_nowhere(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="already"):
        archive.move_index("whoosh:")
    for nowhere in ("lucene:", "tantivy", "", ":x"):
        with pytest.raises(SettingsError, match="names no index"):
            archive.move_index(nowhere)
    named = make_settings(tmp_path / "named", index_url=f"tantivy:{tmp_path / 'there'}")
    with (
        open_archive(named) as other,
        pytest.raises(SettingsError, match="NEWSFOLD_INDEX_URL names the index"),
    ):
        other.move_index("whoosh:")


def test_where_tantivy_is_not_installed_it_says_what_to_install(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "app.engines.tantivy", None)
    with pytest.raises(SettingsError, match=r"Install newsfold\[tantivy\]"):
        archive.move_index("tantivy:")
    assert total(archive) == 5


def test_an_archive_that_has_outgrown_its_engine_says_so(
    archive: Archive, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not archive.outgrown
    monkeypatch.setattr("app.engines.whoosh._MOST_ARTICLES", 5)
    assert "newsfold index move tantivy:" in str(archive.outgrown)
    with served(create_app(archive)) as site:
        assert "newsfold index move tantivy:" in site.get("/", headers={"Accept": "text/html"}).text
    archive.move_index("tantivy:")
    assert archive.outgrown is None


def test_the_command_moves_and_tells_how_long(archive: Archive, home: Path) -> None:
    shell = Shell(home)
    moved = shell("index", "move", "tantivy:")
    assert moved.returncode == 0
    assert "The index of 5 articles was moved in" in moved.stdout
    assert shell.json("search", "affair")["total"] == 5
    assert shell("check").returncode == 0
    again = shell("index", "move", "tantivy:")
    assert (again.returncode, "already" in again.stderr) == (2, True)


def test_a_question_that_is_asked_while_the_index_moves_is_answered(
    archive: Archive, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is in hand already when another process moves the index, and finds nothing there any more."""
    find = WhooshEngine.find
    with open_archive(make_settings(home)) as elsewhere:

        def late(engine: WhooshEngine, question: Question) -> Matches:
            monkeypatch.setattr(WhooshEngine, "find", find)
            elsewhere.move_index("tantivy:")
            return find(engine, question)

        monkeypatch.setattr(WhooshEngine, "find", late)
        assert total(archive) == 5
        assert (home / "INDEX").exists()


def test_an_engine_without_a_folder_means_the_home_in_the_settings_too(home: Path, tmp_path: Path) -> None:
    with open_archive(make_settings(home, index_url="tantivy:")) as named:
        named.ingest([write(tmp_path / "in", a_txt=article(1))])
        assert total(named) == 1
    assert (home / "index-tantivy" / "CURRENT").is_file()
    with open_archive(make_settings(home)) as moved, pytest.raises(IndexUnavailableError):
        moved.search("affair")  # without the setting the index is whoosh: still, which is missing


@pytest.mark.parametrize("nowhere", ["foo:bar", "foo:", "elsewhere"])
def test_an_archive_with_articles_does_not_open_on_an_engine_that_there_is_not(
    archive: Archive, home: Path, nowhere: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{nowhere!r} names no index.*NEWSFOLD_INDEX_URL"):
        open_archive(make_settings(home, index_url=nowhere))


def test_an_archive_with_articles_does_not_open_on_an_engine_that_is_not_installed(
    archive: Archive, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "app.engines.tantivy", None)
    with pytest.raises(SettingsError, match=r"Install newsfold\[tantivy\].*NEWSFOLD_INDEX_URL=whoosh:"):
        open_archive(make_settings(home, index_url="tantivy:"))
