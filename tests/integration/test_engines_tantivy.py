"""What the tantivy engine promises beyond the contract: it tells damage, survives kills, is shared by processes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import Everything, Field, Fold, Or, Pattern, Phrase, Question, Sort, Term
from app.engines import tantivy, tantivy_blocks, tantivy_commits, vouching
from app.engines.analysis import Glob
from app.engines.lexicon import Lexicon
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from app.errors import IndexUnavailableError, IndexUnwritableError
from tests.conftest import ROOT
from tests.entries import ask, entry, found, generation, put

ALL = Question(tree=Everything(), fold=Fold.NONE, sort=Sort.RELEVANCE, first_row=0, rows=10_000)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


def made(place: Path, *entries: Entry) -> TantivyEngine:
    engine = TantivyEngine(place)
    engine.create()
    put(engine, *(entries or (entry(1, "ferry"), entry(2, "ferry and bridge"))))
    return engine


def views(place: Path) -> list[Path]:
    return sorted(folder for folder in generation(place).iterdir() if folder.name.startswith("view-"))


def kinds(place: Path) -> set[str]:
    """The kinds of file of a commit with two segments and a deleted article."""
    engine = made(place, *(entry(number, f"ferry number{number}") for number in range(1, 20)))
    put(engine, entry(5, "tram"), entry(20, "bridge"))
    return {file.suffix or file.name for file in views(place)[0].iterdir() if "lock" not in file.name}


def overwrite(file: Path, changed: bytes) -> None:
    """Write over a file, in its place where it stays as long: what cuts a file short that is mapped kills who reads it
    (DIVERGENCES.md), so that one is put in its place."""
    if len(changed) >= file.stat().st_size:
        with file.open("r+b") as stream:  # opened to be written anew, it would be cut short first
            stream.write(changed)
        return
    fresh = file.with_name(f"{file.name}.fresh")
    fresh.write_bytes(changed)
    fresh.replace(file)


def test_every_file_of_a_commit_is_vouched_for_and_its_damage_is_told(place: Path) -> None:
    assert {".json", ".del", ".store", ".idx", ".pos", ".term", ".fieldnorm", ".fast", ".npy"} == kinds(place)
    (view,) = views(place)
    for file in [each.resolve() for each in view.iterdir() if "lock" not in each.name]:
        own = file.read_bytes()
        opened = TantivyEngine(place)
        assert ask(opened, "tram").total == 1
        for changed in (b"", own[:-1], own + b"\0", own[:-1] + bytes([own[-1] ^ 4])):
            overwrite(file, changed)
            for engine in (opened, TantivyEngine(place)):
                with pytest.raises(IndexUnavailableError, match="damaged"):
                    ask(engine, "ferry")
            with pytest.raises(IndexUnavailableError), TantivyEngine(place).writing(timeout_s=1):
                pass
        overwrite(file, own)
        assert ask(TantivyEngine(place), "tram").total == 1
        file.unlink()
        with pytest.raises(IndexUnavailableError, match="is gone"):
            ask(TantivyEngine(place), "ferry")
        file.write_bytes(own)
    (generation(place) / "MANIFEST").write_text("[1]")
    engine = TantivyEngine(place)
    with pytest.raises(IndexUnavailableError, match="reindex"):
        ask(engine, "ferry")
    with engine.rebuilding(timeout_s=1) as batch:
        batch.put(entry(3, "ferry"))
        batch.commit()
    assert found(engine, "ferry") == [3]
    engine.verify()


def test_an_index_of_whoosh_or_of_another_archive_is_refused(place: Path, tmp_path: Path) -> None:
    made(place)
    with pytest.raises(IndexUnavailableError, match="another version"):
        ask(WhooshEngine(place), "ferry")
    with pytest.raises(IndexUnavailableError, match="another archive"):
        ask(TantivyEngine(place, archive=7), "ferry")
    WhooshEngine(tmp_path / "whoosh").create()
    with pytest.raises(IndexUnavailableError, match="another version"):
        ask(TantivyEngine(tmp_path / "whoosh"), "ferry")


def test_many_small_commits_leave_one_folder_and_few_segments(place: Path) -> None:
    engine = made(place)
    for number in range(3, 43):
        put(engine, entry(number, f"ferry number{number}"))
        put(engine, entry(number - 1, f"ferry number{number - 1} again"))
    (view,) = views(place)
    segments = {file.name.partition(".")[0] for file in view.glob("*.idx")}
    assert len(segments) <= 16
    assert {file.name.partition(".")[0] for file in view.glob("*.store")} == segments
    assert ask(engine, "ferry").total == 42
    assert found(engine, "number30 again") == [30]


def test_what_a_killed_commit_left_is_no_part_of_the_index(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = made(place)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tantivy_commits, "write_commit", killed)
        with pytest.raises(KeyboardInterrupt):
            put(engine, entry(3, "ferry"))
    assert len(views(place)) > 1
    assert found(TantivyEngine(place), "ferry") == [1, 2]
    put(engine, entry(4, "ferry"))
    assert sorted(found(TantivyEngine(place), "ferry")) == [1, 2, 4]
    (view,) = views(place)
    named = {file.name for file in view.iterdir() if file.is_symlink()}
    assert named == {file.name for file in (generation(place) / "store").iterdir()}


def test_no_file_is_read_again_because_of_a_commit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(file: Path) -> str:
        raise AssertionError(f"{file} is read from end to end")

    engine = made(place)
    put(engine, entry(3, "tram"), entry(1, "bridge"))
    with monkeypatch.context() as patch:
        patch.setattr(vouching, "_digest", read)
        assert found(TantivyEngine(place), "tram") == [3]
    held = {file.name: file.stat() for file in (generation(place) / "store").iterdir()}
    put(engine, entry(4, "tram"))
    kept = {file.name: file.stat() for file in (generation(place) / "store").iterdir() if file.name in held}
    assert kept
    assert all(kept[name].st_ctime_ns == held[name].st_ctime_ns for name in kept)


def test_where_a_disk_knows_no_links_files_are_copied(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    engine = made(place)
    monkeypatch.setattr(os, "symlink", refuse)
    put(engine, entry(3, "ferry"))
    put(engine, entry(1, "bridge"))
    assert sorted(found(TantivyEngine(place), "ferry")) == [2, 3]
    TantivyEngine(place).verify()


def test_a_full_disk_is_told_and_loses_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    engine = made(place)
    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        with pytest.raises(IndexUnwritableError, match="No space left"):
            put(engine, entry(3, "ferry"))
    assert len(found(engine, "ferry")) == 2
    put(engine, entry(3, "ferry"))
    assert len(found(engine, "ferry")) == 3


def test_pages_of_many_equal_scores_follow_each_other(place: Path) -> None:
    engine = made(place, *(entry(number, "ferry", story=number % 400 + 1) for number in range(1, 1201)))
    pages = [
        row.article
        for first in range(0, 1200, 100)
        for row in ask(engine, "ferry", first=first, rows=100).rows
    ]
    assert pages == list(range(1, 1201))
    folded = ask(engine, "ferry", fold=Fold.STORY, first=380, rows=50).rows
    assert [(row.article, row.folded) for row in folded] == [(number, 2) for number in range(381, 401)]


def test_readers_in_threads_see_only_whole_commits(place: Path) -> None:
    engine = made(place, *(entry(number, "ferry") for number in range(1, 11)))
    totals: list[int] = []
    done: list[bool] = []

    def read() -> None:
        while not done:
            totals.append(engine.find(ALL).total)
            assert ask(engine, "ferry").total % 10 == 0

    threads = [Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for start in range(11, 151, 10):
        put(engine, *(entry(number, "ferry") for number in range(start, start + 10)))
    done.append(True)
    for thread in threads:
        thread.join()
    assert set(totals) <= set(range(10, 151, 10))
    assert ask(engine, "ferry").total == 150


def test_long_texts_endless_words_and_large_ids_are_taken(place: Path) -> None:
    large = 2**62
    engine = made(
        place,
        entry(1, "ferry " * 100_000),
        entry(2, "x" * 1_000_000),
        entry(3, ""),
        entry(large, "bridge", story=StoryId(large)),
    )
    assert found(engine, "ferry") == [1]
    assert engine.find(replace(ALL, tree=Term(text="x" * 1_000_000))).rows[0].article == 2
    assert found(engine, f"story:{large}") == [ArticleId(large)]


def test_words_of_a_phrase_may_stand_as_far_apart_as_it_says_in_their_order(place: Path) -> None:
    engine = made(place, entry(1, "one two x three"), entry(2, "three two one"), entry(3, "one x x x three"))
    assert found(engine, '"one three"~3') == [1]
    assert sorted(found(engine, '"one three"~4')) == [1, 3]
    assert found(engine, '"one two three"~40') == [1]
    # What no question asks for: neighbours alone.
    assert [
        row.article for row in engine.find(replace(ALL, tree=Phrase(text="one two three", slop=40))).rows
    ] == [1]


def test_words_that_come_again_in_a_wide_phrase_take_no_memory(place: Path) -> None:
    engine = made(place, entry(1, "to be or not " * 200), entry(2, "to or not be"))
    began = time.process_time()
    assert found(engine, f'"{"to be or not " * 5}"~30') == [1]
    wide = engine.find(replace(ALL, tree=Phrase(text="to be or not " * 5, slop=30)))
    assert [row.article for row in wide.rows] == [1]
    assert time.process_time() - began < 5


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


WRITER = """
import sys
from pathlib import Path
from app.engines.analysis import Glob
from app.engines.lexicon import Lexicon
from app.engines.tantivy import TantivyEngine
from tests.entries import entry

engine = TantivyEngine(Path(sys.argv[1]))
first, commits = int(sys.argv[2]), int(sys.argv[3])
for start in range(first, first + 5 * commits, 5):
    with engine.writing(timeout_s=60) as batch:
        for number in range(start, start + 5):
            batch.put(entry(number, "ferry " * 50 + f"number{number}"))
        batch.commit()
    print(start + 4, flush=True)
"""


def test_two_processes_writing_at_once_lose_nothing_while_a_third_reads(place: Path) -> None:
    engine = made(place)
    writers = [run(WRITER, place, first, 8) for first in (100, 200)]
    while any(writer.poll() is None for writer in writers):
        assert ask(engine, "ferry").total % 5 == 2
    for writer in writers:
        _, complaints = writer.communicate(timeout=120)
        assert writer.returncode == 0, complaints
    assert sorted(a for a, _ in engine.stamps()) == [1, 2, *range(100, 140), *range(200, 240)]


def test_a_kill_while_writing_leaves_the_last_commit_and_no_lock(place: Path) -> None:
    engine = made(place)
    first = 10
    for pause_s in (0.0, 0.005, 0.011, 0.018, 0.03):
        writer = run(WRITER, place, first, 10_000)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(3)]
        time.sleep(pause_s)
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate(timeout=30)
        last_told = max([*told, *(int(line) for line in rest.split())])
        numbers = sorted(article for article, _ in TantivyEngine(place).stamps() if article >= first)
        assert numbers == list(range(first, first + len(numbers)))
        assert numbers[-1] in (last_told, last_told + 5)
        put(engine, entry(1, "ferry again"))
        assert ask(engine, f"number{numbers[-1]}").total == 1
        first = numbers[-1] + 1


def test_an_index_deleted_while_it_is_open_is_told_at_the_next_question(place: Path) -> None:
    engine = made(place)
    assert len(found(engine, "ferry")) == 2
    shutil.rmtree(place)
    with pytest.raises(IndexUnavailableError, match="is missing"):
        ask(engine, "ferry")


def test_all_articles_of_very_many_blocks_are_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_blocks, "_MOST_BLOCKS", 2)
    monkeypatch.setattr(tantivy, "_FEW", 1)
    articles = [1, 51, 52, 53, 103, 104, 5_000, 2**40, 2**40 + 51]
    engine = made(place, *(entry(each, "ferry" if each % 2 else "ferry bridge") for each in articles))
    assert sorted(found(engine, "ferry")) == articles
    assert found(engine, "bridge") == [each for each in articles if not each % 2]


def test_patterns_are_looked_up_once_for_all_pages_and_orders(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    fitting = Lexicon.fitting

    def counted(lexicon: Lexicon, field: str, glob: Glob, read: Callable[..., Iterable[str]]) -> list[str]:
        looked_up.append(field)
        return fitting(lexicon, field, glob, read)

    monkeypatch.setattr(Lexicon, "fitting", counted)
    monkeypatch.setattr(tantivy, "_FEW", 2)
    engine = made(place, *(entry(number, f"ferry ferried {'x ' * number}") for number in range(9)))
    tree = Or(children=(Pattern(pattern="*err*", field=Field.BODY), Term(text="x")))
    for sort in (Sort.RELEVANCE, Sort.BEST, Sort.NEWEST):
        for first in (0, 4):
            asked = Question(tree=tree, fold=Fold.NONE, sort=sort, first_row=first, rows=4)
            assert len(engine.find(asked).rows) == 4
    assert looked_up == ["body", "body_forms"]
