"""The command line keeps its contract: names, JSON on standard output alone, exit status."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.archive import open_archive
from app.web.app import create_app
from tests.factories import article, make_settings, write
from tests.serving import served

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    """Runs `newsfold` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("NEWSFOLD_")
        } | {"NEWSFOLD_HOME": str(home), "PYTHONPATH": str(ROOT)}

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from app.cli.main import main; main()", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def json(self, *arguments: str | Path) -> Any:
        """Run a command with --json and return the one object it prints."""
        done = self(*arguments, "--json")
        return json.loads(done.stdout)


@pytest.fixture
def newsfold(home: Path) -> Shell:
    return Shell(home)


def test_ingest_prints_the_object_that_was_promised(newsfold: Shell, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(1), c_txt=b"")
    done = newsfold("ingest", folder, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert {
        "delivery", "drafts", "articles_new", "sightings_new", "duplicates", "stories_new", "rejected", "dropped",
        "index", "items",
    } <= set(report)  # fmt: skip
    assert report["drafts"] == len(report["items"]) == 2
    assert set(report["items"][0]) == {
        "file", "first_line", "last_line", "outcome", "article", "duplicate_of", "repeats", "story",
    }  # fmt: skip
    assert [item["outcome"] for item in report["items"]] == ["new", "seen"]
    assert report["index"] == "current"
    assert [set(each) for each in report["rejected"]] == [{"file", "reason"}]


def test_status_is_0_when_all_was_taken_and_2_for_wrong_usage(newsfold: Shell, tmp_path: Path) -> None:
    assert newsfold("ingest", write(tmp_path / "in", a_txt=article(1))).returncode == 0
    assert newsfold("ingest", tmp_path / "nowhere").returncode == 2
    assert newsfold("ingest").returncode == 2
    assert newsfold("ingest", tmp_path, "--split", "sometimes").returncode == 2
    assert newsfold("search", '"never closed').returncode == 2
    assert newsfold("show", "0").returncode == 2
    assert newsfold("show", "99").returncode == 1


def test_errors_go_to_standard_error_and_say_what_to_do(newsfold: Shell) -> None:
    done = newsfold("search", '"never closed', "--json")
    assert done.stdout == ""
    assert "^" in done.stderr
    assert "Traceback" not in newsfold("story", "7").stderr


def test_the_command_and_the_api_print_the_same_object(newsfold: Shell, home: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1, headline="The harbour affair"), b_txt=article(2))
    newsfold("ingest", folder)
    with open_archive(make_settings(home)) as archive, served(create_app(archive)) as client:
        pairs = [
            (("search", "harbour"), "/api/v1/search?q=harbour"),
            (
                ("search", "*", "--fold", "none", "--page-size", "1"),
                "/api/v1/search?q=*&fold=none&page_size=1",
            ),
            (("show", "1"), "/api/v1/articles/1"),
            (("story", "1"), "/api/v1/stories/1"),
        ]
        for command, path in pairs:
            assert newsfold.json(*command) == client.get(path).json(), path


def test_split_shows_the_rule_behind_every_line_and_takes_nothing_in(newsfold: Shell, tmp_path: Path) -> None:
    text = article(1) + "\nLEAVE A REPLY\n"
    preview = newsfold.json("split", write(tmp_path / "in", a_txt=text) / "a.txt")
    assert len(preview["drafts"]) == 1
    assert all(line["rule"] for line in preview["lines"])
    assert preview["lines"][-1]["role"] == "dropped"
    assert newsfold.json("search", "*")["total"] == 0


def test_check_tells_by_its_status_whether_the_index_agrees(
    newsfold: Shell, home: Path, tmp_path: Path
) -> None:
    newsfold("ingest", write(tmp_path / "in", a_txt=article(1)))
    assert newsfold("check").returncode == 0
    for path in sorted((home / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    broken = newsfold("check")
    assert broken.returncode == 1
    assert "reindex" in broken.stdout
    refused = newsfold("search", "anything")
    assert refused.returncode == 1
    assert "reindex" in refused.stderr
    assert newsfold("check", "--repair").returncode == 0
    assert newsfold.json("search", "*")["total"] == 1


def test_reindex_mends_a_damaged_index(newsfold: Shell, home: Path, tmp_path: Path) -> None:
    newsfold("ingest", write(tmp_path / "in", a_txt=article(1)))
    for path in (home / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert newsfold("search", "*").returncode == 1
    assert newsfold("reindex").returncode == 0
    assert newsfold.json("search", "*")["total"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "FILE"),
        ("ingest", "FILE", "--dry-run"),
        ("split", "FILE"),
        ("search", "*"),
        ("show", "1"),
        ("story", "1"),
        ("reindex",),
        ("check",),
        ("reread",),
        ("migrate",),
    ],
    ids=" ".join,
)
def test_every_command_creates_and_migrates_a_fresh_home(
    newsfold: Shell, home: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = write(tmp_path / "in", a_txt=article(1)) / "a.txt"
    done = newsfold(*(file if each == "FILE" else each for each in arguments))
    assert done.returncode == (1 if arguments[0] in {"show", "story"} else 0), done.stderr
    with closing(sqlite3.connect(home / "archive.db")) as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    assert (home / "index" / "CURRENT").is_file()


def test_the_place_of_an_error_is_pointed_at_whatever_stands_before_it(newsfold: Shell) -> None:
    pointed = newsfold("search", "北京\tx (ab").stderr.splitlines()
    assert pointed[-2:] == ["  北京 x (ab", "         ^"]


def test_an_article_is_shown_with_everyone_who_carried_it(newsfold: Shell, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    newsfold("ingest", folder)
    newsfold("ingest", folder, "--source", "The Post")
    seen = [line for line in newsfold("show", "1").stdout.splitlines() if line.startswith("Seen")]
    assert seen == [
        "Seen in delivery 1, a.txt, lines 1–11",
        "Seen at The Post in delivery 2, a.txt, lines 1–11",
    ]


def test_a_setting_that_cannot_work_is_named(newsfold: Shell) -> None:
    newsfold.environment["NEWSFOLD_MAX_FILE_MB"] = "plenty"
    done = newsfold("search", "*")
    assert done.returncode == 2
    assert "NEWSFOLD_MAX_FILE_MB" in done.stderr
    newsfold.environment["NEWSFOLD_MAX_FILE_MB"] = "64"
    newsfold.environment["NEWSFOLD_INDEX_URL"] = "elsewhere"
    assert "NEWSFOLD_INDEX_URL" in newsfold("search", "*").stderr


def test_control_characters_of_a_text_do_not_reach_the_terminal(newsfold: Shell, tmp_path: Path) -> None:
    text = article(1, headline="A headline \x1b[31mwith colour and bell\x07 in it")
    newsfold("ingest", write(tmp_path / "in", a_txt=text))
    shown = newsfold("show", "1")
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout
    assert "\x07" not in shown.stdout


def test_rereading_changes_nothing_where_the_rules_have_not(newsfold: Shell, tmp_path: Path) -> None:
    newsfold("ingest", write(tmp_path / "in", a_txt=article(1), b_txt=article(2)))
    assert newsfold.json("reread")["items"] == []
    report = newsfold.json("reread", "--all")
    assert [item["outcome"] for item in report["items"]] == ["unchanged", "unchanged"]
    assert [item["article"] for item in report["items"]] == [1, 2]
    assert newsfold("check").returncode == 0


def test_json_is_utf8_and_tables_are_printed_where_the_terminal_knows_only_ascii(
    newsfold: Shell, tmp_path: Path
) -> None:
    newsfold.environment["PYTHONIOENCODING"] = "ascii"
    folder = write(tmp_path / "in", a_txt=article(1, headline="Der Fluß führt Hochwasser"))
    assert newsfold("ingest", folder).returncode == 0
    assert newsfold("show", "1").returncode == 0
    assert newsfold.json("show", "1")["headline"] == "Der Fluß führt Hochwasser"


def test_arguments_that_are_no_text_are_wrong_usage(newsfold: Shell, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    for arguments in (("search", "\udcff"), ("ingest", folder, "--source", "\udcff")):
        done = newsfold(*arguments)
        assert done.returncode == 2
        assert "UTF-8" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_home_with_odd_signs_in_its_name_is_used_as_it_is(newsfold: Shell, tmp_path: Path) -> None:
    home = tmp_path / "what?now%20 #1"
    newsfold.environment["NEWSFOLD_HOME"] = str(home)
    assert newsfold("ingest", write(tmp_path / "in", a_txt=article(1))).returncode == 0
    assert (home / "archive.db").is_file()
    assert newsfold.json("search", "*")["total"] == 1
