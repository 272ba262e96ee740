"""Deciding on the command line: one object for programs, a line for people, nothing erased unasked."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import article, write


@pytest.fixture
def run(tmp_path: Path):  # type: ignore[no-untyped-def]  # a fixture that gives a function
    """Run a command in a home of its own that holds two articles."""
    environment = {**os.environ, "NEWSFOLD_HOME": str(tmp_path / "home")}
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(2))

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from app.cli.main import main; main()", *words],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )

    command("ingest", str(folder))
    return command


def test_a_decision_is_printed_logged_and_undone(run) -> None:  # type: ignore[no-untyped-def]
    made = json.loads(run("repeats", "2", "1", "--reason", "the same", "--who", "Ada", "--json").stdout)
    assert (made["id"], made["action"], made["article"], made["other"], made["who"]) == (
        1,
        "repeats",
        2,
        1,
        "Ada",
    )
    assert json.loads(run("show", "2", "--json").stdout)["duplicate_of"] == 1
    assert (
        "Decision 1 is undone. Ada: a slip" in run("undo", "1", "--reason", "a slip", "--who", "Ada").stdout
    )
    log = run("decisions", "--article", "1").stdout.splitlines()
    assert [line.split()[0] for line in log] == ["2", "1"]
    assert "(holds no more)" in log[1]
    renamed = run("rename", "1", "The affair", "--reason", "clearer", "--who", "Ada")
    assert "Story 1 is called “The affair”. Ada: clearer" in renamed.stdout


def test_the_id_of_a_merged_story_is_taken(run) -> None:  # type: ignore[no-untyped-def]
    run("merge", "2", "1", "--reason", "one event")
    locked = run("lock", "2", "--reason", "done")
    assert (locked.returncode, "Story 1 is locked" in locked.stdout) == (0, True)
    assert len(run("decisions", "--story", "2").stdout.splitlines()) == 2


def test_nothing_is_erased_without_a_word(run) -> None:  # type: ignore[no-untyped-def]
    refused = run("erase", "1", "--reason", "asked for")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert run("show", "1").returncode == 0
    assert run("erase", "1", "--reason", "asked for", "--yes").returncode == 0
    gone = run("show", "1")
    assert (gone.returncode, "asked for" in gone.stderr) == (1, True)
    assert run("undo", "1", "--reason", "please").returncode == 1
    assert run("withdraw", "2").returncode == 2


def test_erasing_tells_that_a_reader_keeps_the_text_in_the_log(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with closing(sqlite3.connect(tmp_path / "home" / "archive.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        held = run("erase", "1", "--yes", "--reason", "recalled", "--json")
    free = run("erase", "2", "--yes", "--reason", "recalled", "--json")
    assert [json.loads(each.stdout)["action"] for each in (held, free)] == ["erase", "erase"]
    assert "still in archive.db-wal" in held.stderr
    assert free.stderr == ""
