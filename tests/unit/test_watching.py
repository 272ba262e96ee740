"""A watched folder: files are taken when they are whole, and again when they change."""

from pathlib import Path

from app.ingest.watching import Watched


def test_a_file_is_taken_when_it_is_as_it_was_at_the_last_look(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("half")
    assert watched.fresh() == []
    file.write_text("half, and the rest")
    assert watched.fresh() == []
    assert watched.fresh() == [file]
    assert watched.fresh() == []


def test_a_file_that_changes_or_comes_back_is_taken_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    file = tmp_path / "a.txt"
    for text in ("one", "another"):
        file.write_text(text)
        watched.fresh()
        assert watched.fresh() == [file]
    file.unlink()
    assert watched.fresh() == []
    file.write_text("another")
    watched.fresh()
    assert watched.fresh() == [file]


def test_hidden_files_and_an_empty_folder_are_passed_over(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / ".part").write_text("x")
    watched.fresh()
    assert watched.fresh() == []
