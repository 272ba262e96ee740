"""Erasing as the disk sees it: no byte of an erased text is left in SQLite's files while a program has them open."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import IndexState, Outcome
from app.store import database
from app.worker import Upkeep
from tests.factories import article, make_settings, paragraph, write

WHY = Reason(who="Ada Marsh", why="The agency recalled it.")
SECRET = article(1, paragraphs=20, headline="The secret of the brown house")


@pytest.fixture
def kept(home: Path) -> Iterator[Archive]:
    with open_archive(make_settings(home)) as archive:
        yield archive


def erase(archive: Archive, number: int) -> None:
    archive.decide(Ask(action=Action.ERASE, article=ArticleId(number)), WHY)


def files(home: Path) -> dict[str, bytes]:
    """SQLite's files as they are on the disk."""
    return {name: (home / name).read_bytes() for name in ("archive.db", "archive.db-wal")}


def traces(home: Path, text: str) -> set[tuple[str, bytes]]:
    """The places of SQLite's files, and what stands there, where 32 bytes of a text are left."""
    told = "\n".join(line for line in text.splitlines() if line).encode()
    pieces = {told[at : at + 32] for at in range(0, len(told) - 31, 8)}
    return {(name, piece) for name, content in files(home).items() for piece in pieces if piece in content}


def reader(home: Path) -> closing[sqlite3.Connection]:
    """A connection of another program, which looks at the archive as it is now until it is closed."""
    connection = sqlite3.connect(home / "archive.db", isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM article").fetchone()
    return closing(connection)


@pytest.mark.parametrize("folded", [True, False], ids=["in the database", "in the log"])
def test_an_erased_text_leaves_no_byte_in_the_files_of_an_archive_that_is_open(
    kept: Archive, home: Path, tmp_path: Path, folded: bool
) -> None:
    kept.ingest([write(tmp_path / "in", a_txt=SECRET, b_txt=article(2))])
    if folded:
        assert kept.empty_log()
    before = {name for name, _ in traces(home, SECRET)}
    assert before == {"archive.db" if folded else "archive.db-wal"}
    with open_archive(make_settings(home)) as other:
        assert other.totals().articles == 2
        erase(kept, 1)
        assert kept.log_emptied
        assert traces(home, SECRET) == set()
        assert traces(home, article(2)) != set()


def test_texts_erased_among_many_that_were_moved_about_leave_no_byte(
    kept: Archive, home: Path, tmp_path: Path
) -> None:
    chance = random.Random(5)  # noqa: S311 - no secret is made of it
    texts = {nth: article(nth, paragraphs=chance.choice([1, 2, 6, 30])) for nth in range(100, 160)}
    copies = {nth: f"{text}\n\n{paragraph(nth)}" for nth, text in texts.items() if nth % 3 == 0}
    arrivals = [(f"f{nth}_txt", text) for nth, text in texts.items()]
    arrivals += [(f"g{nth}_txt", text) for nth, text in copies.items()]
    chance.shuffle(arrivals)
    for at in range(0, len(arrivals), 20):
        kept.ingest([write(tmp_path / f"in{at}", **dict(arrivals[at : at + 20]))])
    gone = [nth for nth in texts if nth % 3 == 1]
    number = {texts[nth].partition("\n")[0]: nth for nth in gone}
    for row in range(1, len(arrivals) + 1):
        if kept.article(ArticleId(row)).headline in number:
            erase(kept, row)
    assert kept.totals().articles == len(arrivals) - len(gone)
    left = [nth for nth in gone if traces(home, texts[nth])]
    assert left == []


def test_an_erased_text_that_comes_again_leaves_no_byte_either(
    kept: Archive, home: Path, tmp_path: Path
) -> None:
    kept.ingest([write(tmp_path / "in", a_txt=SECRET)])
    erase(kept, 1)
    again = "\n\x0c\n".join([SECRET, *(article(nth, paragraphs=1) for nth in range(200, 450))])
    report = kept.ingest([write(tmp_path / "more", b_txt=again)])
    assert report.count(Outcome.WITHDRAWN) == 1
    assert traces(home, SECRET) == set()


def test_what_a_reader_kept_in_the_log_goes_with_the_upkeep_that_follows_it(
    kept: Archive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_EMPTYING_S", 0.1)
    kept.ingest([write(tmp_path / "in", a_txt=SECRET, b_txt=article(2))])
    upkeep = Upkeep(lambda: IndexState.CURRENT, lambda: None, kept.empty_log)
    with reader(home):
        erase(kept, 1)
        assert upkeep(lambda: False)
        assert [kept.log_emptied, bool(traces(home, SECRET))] == [False, True]
    assert upkeep(lambda: False)
    assert kept.log_emptied
    assert traces(home, SECRET) == set()


def test_what_a_reader_kept_in_the_log_goes_with_the_next_erasure(
    kept: Archive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_EMPTYING_S", 0.1)
    kept.ingest([write(tmp_path / "in", a_txt=SECRET, b_txt=article(2))])
    with reader(home):
        erase(kept, 1)
    erase(kept, 2)
    assert kept.log_emptied
    assert traces(home, SECRET) == set()
