"""What the Whoosh engine promises beyond the contract: it tells damage, survives kills, is shared by processes."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import Everything, Fold, Or, Question, Sort, Term
from app.engines.generations import Generations
from app.engines.vouching import Files
from app.engines.whoosh import WhooshEngine
from app.errors import IndexUnavailableError
from tests.entries import ask, entry, found, generation, put

ALL = Question(tree=Everything(), fold=Fold.NONE, sort=Sort.RELEVANCE, first_row=0, rows=10_000)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


def made(place: Path, *entries: Entry) -> WhooshEngine:
    engine = WhooshEngine(place)
    engine.create()
    put(engine, *(entries or (entry(1, "ferry"), entry(2, "ferry and bridge"))))
    return engine


def remove(file: Path) -> bool:
    file.unlink()
    return True


def another_version(manifest: Path) -> None:
    told = json.loads(manifest.read_text())
    told["versions"]["analysis"] += 1
    manifest.write_text(json.dumps(told))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the folder is gone": shutil.rmtree,
    "the pointer is gone": lambda place: remove(place / "CURRENT"),
    "the pointer is nonsense": lambda place: (place / "CURRENT").write_text("../.."),
    "the generation is gone": lambda place: shutil.rmtree(generation(place)),
    "the table of contents is gone": lambda place: [remove(file) for file in generation(place).glob("*.toc")],
    "the postings are gone": lambda place: [remove(file) for file in generation(place).glob("*.pst")],
    "the manifest is gone": lambda place: remove(generation(place) / "MANIFEST"),
    "the manifest is empty": lambda place: (generation(place) / "MANIFEST").write_text(""),
    "the manifest is nonsense": lambda place: (generation(place) / "MANIFEST").write_text("[1]"),
    "another version made it": lambda place: another_version(generation(place) / "MANIFEST"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_says_so_and_a_rebuild_mends_it(
    place: Path, damage: Callable[[Path], object]
) -> None:
    made(place)
    damage(place)
    engine = WhooshEngine(place)
    with pytest.raises(IndexUnavailableError, match="reindex"):
        ask(engine, "ferry")
    with engine.rebuilding(timeout_s=1) as batch:
        batch.put(entry(3, "ferry"))
        batch.commit()
    assert found(engine, "ferry") == [3]
    assert len(list(place.glob("0*"))) == 1


def test_an_index_deleted_while_it_is_open_is_told_at_the_next_question(place: Path) -> None:
    engine = made(place)
    assert len(found(engine, "ferry")) == 2
    shutil.rmtree(place)
    with pytest.raises(IndexUnavailableError, match="is missing"):
        ask(engine, "ferry")


def test_an_index_of_another_version_is_not_written_either(place: Path) -> None:
    made(place)
    another_version(generation(place) / "MANIFEST")
    with (
        pytest.raises(IndexUnavailableError, match="another version"),
        WhooshEngine(place).writing(timeout_s=1),
    ):
        pass


def test_creating_does_not_hide_a_lost_pointer_behind_an_empty_index(place: Path) -> None:
    made(place)
    (place / "CURRENT").unlink()
    engine = WhooshEngine(place)
    engine.create()
    with pytest.raises(IndexUnavailableError, match="damaged"):
        ask(engine, "ferry")


def test_an_unfinished_rebuild_of_another_version_is_thrown_away(place: Path) -> None:
    engine = made(place)
    shutil.copytree(place / "00000001", place / "00000002")
    (place / "00000002" / "UNFINISHED").touch()
    another_version(place / "00000002" / "MANIFEST")
    with engine.rebuilding(timeout_s=1) as batch:
        assert list(batch.stamps()) == []
    assert ask(engine, "*").total == 0
    assert [folder.name for folder in place.glob("0*")] == ["00000003"]


def test_a_commit_by_another_opening_is_seen_at_once(place: Path) -> None:
    first, second = made(place), WhooshEngine(place)
    assert len(found(second, "ferry")) == 2
    put(first, entry(3, "ferry"))
    assert len(found(second, "ferry")) == 3


def test_many_small_commits_leave_few_segments_and_no_rubbish(place: Path) -> None:
    engine = made(place)
    for number in range(3, 63):
        put(engine, entry(number, f"ferry number{number}"))
        put(engine, entry(number - 1, f"ferry number{number - 1} again"))
    segments = {file.name.split(".")[0] for file in generation(place).glob("MAIN_*.pst")}
    assert len(segments) <= 8
    assert {file.name.split(".")[0] for file in generation(place).glob("MAIN_*.*")} == segments
    assert ask(engine, "ferry").total == 62
    assert found(engine, "number30 again") == [30]


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
    assert totals
    assert set(totals) <= set(range(10, 151, 10))
    assert ask(engine, "ferry").total == 150


def test_a_rebuild_killed_before_the_swap_leaves_the_old_index(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = made(place)

    def killed(_: Generations, __: int) -> None:
        raise InterruptedError

    monkeypatch.setattr(Generations, "point_at", killed)
    with pytest.raises(InterruptedError), engine.rebuilding(timeout_s=5):
        pass
    assert len(found(WhooshEngine(place), "ferry")) == 2


def test_a_long_article_and_an_endless_word_are_taken(place: Path) -> None:
    engine = made(place, entry(1, "ferry " * 100_000), entry(2, "x" * 1_000_000), entry(3, ""))
    assert found(engine, "ferry") == [1]
    assert engine.find(replace(ALL, tree=Term(text="x" * 1_000_000))).rows[0].article == 2


def test_ids_may_be_as_large_as_a_database_makes_them(place: Path) -> None:
    large = 2**62
    engine = made(place, entry(large, "ferry", story=StoryId(large)))
    row = engine.find(
        Question(tree=Term(text="ferry"), fold=Fold.STORY, sort=Sort.NEWEST, first_row=0, rows=1)
    )
    assert row.rows[0].article == ArticleId(large)


def test_many_words_are_read_at_once_and_vouched_for_as_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = made(place)
    found(engine, "ferry")
    check, calls = Files.check, []

    def counted(*args: object, **named: bool) -> None:
        calls.append(args)
        check(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Files, "check", counted)
    many = Or(children=tuple(Term(text=f"word{number}") for number in range(200)))
    assert not engine.find(replace(ALL, tree=many)).total
    assert len(calls) < 20
