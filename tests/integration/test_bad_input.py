"""Bad input is rejected with a clear reason, the rest of the delivery goes on, and nothing is half-written."""

import os
import shutil
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.archive import Archive, open_archive
from app.domain.delivery import IndexState, Outcome, Report
from app.errors import IndexUnavailableError, IndexUnwritableError
from app.store.database import Database
from app.store.tables import CaptureRecord
from tests.factories import article, make_settings, paragraph, write


def rejection(report: Report, file: str) -> str:
    """The reason why ``file`` was rejected."""
    (reason,) = [each.reason for each in report.rejected if each.file == file]
    return reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary"),
        (b"Comments\nPost a Comment\nLEAVE A REPLY\nSponsored\n", "furniture"),
        (
            b"<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>y</p></body></html>",
            "no article in this page",
        ),
    ],
    ids=["empty", "blank", "binary", "all chrome", "html"],
)
def test_a_file_without_an_article_is_rejected_and_its_bytes_are_kept(
    archive: Archive, database: Database, tmp_path: Path, content: bytes, said: str
) -> None:
    folder = write(tmp_path / "in", a_txt=content, b_txt=article(1))
    report = archive.ingest([folder])
    assert said.casefold() in rejection(report, "a.txt").casefold()
    assert [each.outcome for each in report.items] == [Outcome.NEW]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(CaptureRecord)) == 2
    again = archive.ingest([folder])
    assert rejection(again, "a.txt") == rejection(report, "a.txt")
    assert archive.delivery(again.delivery).rejected == again.rejected  # type: ignore[arg-type]


def test_a_file_over_the_limit_is_rejected_unread(home: Path, tmp_path: Path) -> None:
    with open_archive(make_settings(home, max_file_mb=1)) as archive:
        report = archive.ingest([write(tmp_path / "in", a_txt=b"word " * 300_000, b_txt=article(1))])
    assert "NEWSFOLD_MAX_FILE_MB" in rejection(report, "a.txt")
    assert report.articles_new == 1


def test_a_folder_without_files_is_rejected(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (only,) = archive.ingest([tmp_path / "in"]).rejected
    assert "no files" in only.reason


def test_pipes_and_sockets_are_rejected_and_nobody_waits_for_them(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(folder)  # the path of a socket has to be short
        listener.bind("s")
        report = archive.ingest([folder])
    assert {each.file for each in report.rejected} == {"pipe", "s"}
    assert report.articles_new == 1


def test_links_in_a_folder_are_not_followed_and_said(archive: Archive, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", a_txt=article(1))
    folder = write(tmp_path / "in", b_txt=article(2))
    (folder / "loop").symlink_to(folder)
    (folder / "c.txt").symlink_to(outside / "a.txt")
    report = archive.ingest([folder])
    assert [each.file for each in report.items] == ["b.txt"]
    assert {note.file for note in report.notes} == {"c.txt", "loop"}
    assert not report.rejected


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_rejected(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    (folder / "a.txt").chmod(0)
    assert "cannot be read" in rejection(archive.ingest([folder]), "a.txt")


def test_bad_bytes_and_nuls_are_marked_and_told(archive: Archive, tmp_path: Path) -> None:
    text = article(1, headline="“The café affair”, déjà vu").encode()
    middle = text.index(b"\n\n", len(text) // 2) + 2
    broken = (
        text[:middle]
        + b"A stray \xff byte"
        + b"\x00"
        + b" stands in this sentence of the text. "
        + text[middle:]
    )
    report = archive.ingest([write(tmp_path / "in", a_txt=broken)])
    (only,) = report.items
    assert only.article is not None
    body = archive.article(only.article).body_text
    assert "\ufffd" in body
    assert "\x00" not in body
    assert report.notes
    assert archive.capture(only.article).content == broken


def test_a_line_of_ten_megabytes_is_taken_in_bounded_time(archive: Archive, tmp_path: Path) -> None:
    line = " ".join(paragraph(nth % 50) for nth in range(30_000))[: 10 * 1024 * 1024]
    folder = write(tmp_path / "in", a_txt=line, b_txt=article(1))
    started = time.process_time()
    report = archive.ingest([folder])
    assert time.process_time() - started < 90
    assert len(report.items) == 2
    assert not report.rejected


def test_names_that_are_no_text_are_shown_escaped(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(name)).write_text(article(1))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    (only,) = archive.ingest([folder]).items
    assert only.file == "caf\\xe9.txt"


def test_links_in_a_circle_are_rejected(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (only,) = archive.ingest([tmp_path / "loop"]).rejected
    assert "link" in only.reason


def test_a_missing_index_is_said_even_when_nothing_was_new(
    archive: Archive, home: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    archive.ingest([folder])
    shutil.rmtree(home / "index")
    assert archive.ingest([folder]).index is IndexState.BEHIND
    archive.reindex()
    assert archive.ingest([folder]).index is IndexState.CURRENT


def test_the_index_of_another_archive_is_refused(home: Path, tmp_path: Path) -> None:
    with open_archive(make_settings(home)) as archive:
        archive.ingest([write(tmp_path / "in", a_txt=article(1))])
    for path in home.glob("archive.db*"):
        path.unlink()
    with open_archive(make_settings(home)) as archive:
        with pytest.raises(IndexUnavailableError, match="another archive"):
            archive.search("*")
        archive.reindex()
        assert archive.search("*").total == 0


def test_a_full_disk_leaves_the_index_behind_and_the_articles_safe(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("app.engines.whoosh_writing.next_commit", full)
        report = archive.ingest([write(tmp_path / "in", a_txt=article(1))])
        assert (report.articles_new, report.index) == (1, IndexState.BEHIND)
        with pytest.raises(IndexUnwritableError, match="No space left on device"):
            archive.repair()
        with pytest.raises(IndexUnwritableError, match="No space left on device"):
            archive.reindex()
        assert archive.search("*").total == 0
    assert archive.catch_up() is IndexState.CURRENT
    assert archive.check().holds


def test_an_index_that_cannot_be_written_still_answers_and_says_what_to_do(
    archive: Archive, home: Path, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=article(1))])
    lock = home / "index" / "LOCK"
    lock.unlink()
    lock.mkdir()  # as good as a disk that is read-only, for whoever may write everywhere
    assert archive.ingest([write(tmp_path / "more", b_txt=article(2))]).index is IndexState.BEHIND
    assert archive.search("*").total == 1
    assert archive.check().waiting == 1
    for mend in (archive.repair, archive.reindex):
        with pytest.raises(IndexUnwritableError, match="make room on its disk or its folder writable"):
            mend()
    lock.rmdir()
    assert archive.repair().holds


def test_a_file_of_hundreds_of_articles_is_taken_in_pieces_and_known_afterwards(
    archive: Archive, tmp_path: Path
) -> None:
    dump = "\n\x0c\n".join(article(nth, paragraphs=2) for nth in range(430))
    folder = write(tmp_path / "in", a_txt=dump, b_txt=article(1000))
    report = archive.ingest([folder])
    assert (report.drafts, report.articles_new) == (431, 431)
    again = archive.ingest([folder])
    assert {each.outcome for each in again.items} == {Outcome.UNCHANGED}
    assert [each.article for each in again.items] == [each.article for each in report.items]
    assert archive.check().holds
