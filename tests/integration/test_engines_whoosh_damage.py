"""Damage to the bytes of an index: whatever happens to whichever file, a wrong answer is never given."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.query import Fold, Nothing, Question, Sort
from app.engines.port import Engine
from app.engines.whoosh import WhooshEngine
from app.errors import IndexUnavailableError
from tests.entries import ask, entry, found, generation, keep_seals, put

KINDS = ("_stored.col", "row.col", "pst", "trm", "toc")

# Other bytes in the place of a file's own; ``old`` are those of an earlier file of its kind.
CHANGES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "zeroed": lambda own, _: bytes(len(own)),
    "one bit flipped": lambda own, _: own[: len(own) // 2] + bytes([own[len(own) // 2] ^ 4]) + own[len(own) // 2 + 1 :],
    "cut": lambda own, _: own[: len(own) // 2],
    "emptied": lambda *_: b"",
    "longer": lambda own, _: own + b"\0",
    "an older copy": lambda _, old: old,
}  # fmt: skip

# What the index of ``place`` answers as long as it is whole.
RIGHT = {"ferry": 18, "bridge": 10, "tram": 1, "number5": 0, "*": 29, "num* -bridge": 18}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two segments, with a deleted article in the first, and earlier files in ``old``."""
    folder = tmp_path_factory.mktemp("made")
    engine = WhooshEngine(folder / "index")
    engine.create()
    put(engine, *(entry(number, f"ferry number{number}") for number in range(1, 20)))
    shutil.copytree(folder / "index", folder / "old")
    put(engine, entry(5, "tram"), *(entry(number, f"bridge number{number}") for number in range(20, 30)))
    assert {text: ask(engine, text).total for text in RIGHT} == RIGHT
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """The index, to be damaged."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    keep_seals(tmp_path / "index")
    return tmp_path / "index"


def of_kind(folder: Path, kind: str) -> list[Path]:
    """Return the files of a kind, the oldest first."""
    files = [file for file in folder.iterdir() if file.name.endswith(f".{kind}")]
    return sorted(files, key=lambda file: file.stat().st_mtime_ns)


def damage(place: Path, kind: str, change: str, *, keep_time: bool = True) -> None:
    """Write other bytes into the newest file of a kind, and set its time back."""
    file = of_kind(generation(place), kind)[-1]
    before = file.stat()
    old = of_kind(generation(place.parent / "old"), kind)[0].read_bytes()
    with file.open("r+b") as stream:
        fresh = CHANGES[change](stream.read(), old)
        stream.seek(0)
        stream.write(fresh)
        stream.truncate()
    if keep_time:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def told_or_right(engine: Engine, *, at_once: bool) -> None:
    """Ask everything: each answer is right or is the error, and with ``at_once`` all are the error."""
    for text, total in RIGHT.items():
        try:
            assert ask(engine, text).total == total
        except IndexUnavailableError as error:
            assert "is damaged" in str(error)  # noqa: PT017
        else:
            assert not at_once


def rebuild(engine: Engine) -> None:
    with engine.rebuilding(timeout_s=1) as batch:
        batch.put(entry(3, "ferry"))
        batch.commit()
    assert found(engine, "ferry") == [3]
    engine.verify()


def test_every_kind_of_file_is_damaged_below(place: Path) -> None:
    names = {
        file.name.split(".", 1)[1]
        for file in generation(place).iterdir()
        if "MAIN_" in file.name and "LOCK" not in file.name
    }
    assert names == set(KINDS)


@pytest.mark.parametrize("keep_time", [True, False], ids=["time set back", "time left"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", KINDS)
def test_changed_bytes_are_told_at_opening_and_by_the_next_reading(
    place: Path, kind: str, change: str, keep_time: bool
) -> None:
    opened, warm = WhooshEngine(place), WhooshEngine(place)
    assert ask(opened, "tram").total == 1
    told_or_right(warm, at_once=False)
    damage(place, kind, change, keep_time=keep_time)
    told_or_right(WhooshEngine(place), at_once=True)
    told_or_right(opened, at_once=False)
    told_or_right(warm, at_once=False)
    with pytest.raises(IndexUnavailableError), WhooshEngine(place).writing(timeout_s=1) as batch:
        list(batch.stamps())
    with pytest.raises(IndexUnavailableError, match="damaged"):
        warm.verify()
    told_or_right(warm, at_once=True)
    if keep_time:
        rebuild(warm)


@pytest.mark.parametrize("change", ["zeroed", "one bit flipped"])
@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_a_failing_disk_changed_are_told_by_verifying_and_from_then_on(
    place: Path, kind: str, change: str
) -> None:
    damage(place, kind, change)
    keep_seals(place)
    with pytest.raises(IndexUnavailableError, match="not as it was written"):
        WhooshEngine(place).verify()
    told_or_right(WhooshEngine(place), at_once=True)
    rebuild(WhooshEngine(place))


def test_a_file_that_cannot_be_marked_is_refused_by_the_process_that_read_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    damage(place, "pst", "one bit flipped")
    keep_seals(place)
    engine = WhooshEngine(place)
    ask(engine, "*")  # opened, and the damage not seen
    monkeypatch.setattr(os, "utime", refuse)
    with pytest.raises(IndexUnavailableError):
        engine.verify()
    told_or_right(engine, at_once=True)


def test_every_question_says_so_whether_it_was_asked_before_or_not(place: Path) -> None:
    engine = WhooshEngine(place)
    told_or_right(engine, at_once=False)
    damage(place, "pst", "one bit flipped", keep_time=False)
    told_or_right(engine, at_once=True)
    with pytest.raises(IndexUnavailableError, match="is damaged"):
        engine.find(Question(tree=Nothing(), fold=Fold.NONE, sort=Sort.NEWEST, first_row=0, rows=1))


def test_an_index_that_was_copied_touched_or_linked_is_whole(place: Path) -> None:
    engine = WhooshEngine(place)
    assert ask(engine, "tram").total == 1
    for number, file in enumerate(sorted(generation(place).glob("MAIN_*.*"))):
        if number % 3 == 0:
            os.utime(file)
        elif number % 3 == 1:
            file.with_suffix(".link").hardlink_to(file)
        else:
            copy = file.with_suffix(".copy")
            copy.write_bytes(file.read_bytes())
            copy.replace(file)
    for each in (engine, WhooshEngine(place)):
        assert {text: ask(each, text).total for text in RIGHT} == RIGHT
    put(engine, entry(30, "ferry"))
    assert ask(engine, "ferry").total == 19


def test_merging_copies_nothing_that_was_not_written(place: Path) -> None:
    damage(place, "pst", "one bit flipped")
    keep_seals(place)
    engine = WhooshEngine(place)

    def write_until_it_merges() -> None:
        for number in range(30, 60):
            put(engine, entry(number, "ferry"))

    with pytest.raises(IndexUnavailableError, match="not as it was written"):
        write_until_it_merges()
    assert [folder.name for folder in place.glob("0*")] == ["00000001"]
    rebuild(engine)


def test_what_a_killed_commit_left_is_no_part_of_the_index(place: Path) -> None:
    """A later table of contents than the manifest knows, as after a kill between the two, or a stray copy."""
    (contents,) = of_kind(generation(place), "toc")
    number = int(contents.name.split("_")[-1].split(".")[0])
    (generation(place) / f"_MAIN_{number + 1}.toc").write_bytes(contents.read_bytes())
    (generation(place) / "MAIN_killed.pst").write_bytes(b"half")
    engine = WhooshEngine(place)
    assert {text: ask(engine, text).total for text in RIGHT} == RIGHT
    put(engine, entry(30, "ferry"))
    assert ask(WhooshEngine(place), "ferry").total == 19
    assert not (generation(place) / "MAIN_killed.pst").exists()


def test_a_rebuild_is_not_resumed_on_damaged_bytes(place: Path) -> None:
    engine = WhooshEngine(place)

    def rebuild_and_stop() -> None:
        with engine.rebuilding(timeout_s=1) as batch:
            batch.put(entry(2, "ferry"))
            batch.commit()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuild_and_stop()
    current = (place / "CURRENT").read_text()
    (place / "CURRENT").write_text("00000002\n")
    damage(place, "pst", "zeroed")
    keep_seals(place)
    (place / "CURRENT").write_text(current)
    with engine.rebuilding(timeout_s=1) as batch:
        assert list(batch.stamps()) == []
    assert ask(engine, "*").total == 0
