"""What a kill leaves in the folder of an index is collected by the next writer, and what a person put there is not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from tests.entries import entry, found, generation, put

ENGINES: dict[str, Callable[[Path], Engine]] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}

AT_ROOT = ("CURRENT.new", "MANIFEST", "_MAIN_7.toc", "MAIN_k1ll3d.pst", "sections-4.npy")
IN_USE = ("UNFINISHED", "MANIFEST.new")
OWN = {
    "whoosh": ("MAIN_k1ll3d.pst", "_MAIN_99.toc", "carriers-99.npy", "sections-99.json"),
    "tantivy": ("view-99/x", "work/x", "store/0123456789abcdef0123456789abcdef.idx"),
}
OF_A_PERSON = ("notes.txt", "backup/CURRENT", "2024/MANIFEST", "20251021/read me.txt", "CURRENT.old", "²/x")


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(kind: str, place: Path) -> Iterator[Engine]:
    made = ENGINES[kind](place)
    made.create()
    put(made, entry(1, "ferry"))
    yield made
    made.close()


def touch(folder: Path, *names: str) -> list[Path]:
    files = [folder / name for name in names]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
    return files


def rebuild(engine: Engine) -> None:
    with engine.rebuilding(timeout_s=5) as batch:
        batch.put(entry(1, "ferry"))
        batch.commit()


def there(files: list[Path]) -> list[str]:
    return [str(file) for file in files if file.exists()]


def test_what_a_kill_left_is_collected_by_the_next_writer(engine: Engine, kind: str, place: Path) -> None:
    strays = touch(place, *AT_ROOT) + touch(generation(place), *IN_USE, *OWN[kind])
    put(engine, entry(2, "ferry"))
    assert there(strays) == []
    engine.verify()
    assert set(found(engine, "ferry")) == {1, 2}


def test_what_a_person_put_there_stays_and_changes_nothing(engine: Engine, place: Path) -> None:
    kept = touch(place, *OF_A_PERSON) + touch(generation(place), "notes.txt", "old/MAIN_x.pst")
    for _ in range(2):
        put(engine, entry(2, "ferry"))
        assert set(found(engine, "ferry")) == {1, 2}
        rebuild(engine)
        assert found(engine, "ferry") == [1]
        assert there(kept) == [str(file) for file in kept]
    assert engine.footprint().generation > 1


def test_a_generation_that_is_collected_goes_whole(engine: Engine, place: Path) -> None:
    before = generation(place)
    touch(before, *IN_USE)
    rebuild(engine)
    assert not before.exists()
    assert {file.name for file in place.iterdir()} == {"CURRENT", "LOCK", generation(place).name}


def test_wiping_leaves_what_a_person_put_there_and_an_index_can_be_made_again(
    engine: Engine, place: Path
) -> None:
    kept = touch(place, *OF_A_PERSON) + touch(generation(place), "notes.txt")
    engine.wipe()
    assert there(kept) == [str(file) for file in kept]
    assert not (place / "CURRENT").exists()
    engine.create()
    put(engine, entry(3, "ferry"))
    assert found(engine, "ferry") == [3]


def test_wiping_removes_the_folder_where_nothing_else_is_in_it(engine: Engine, place: Path) -> None:
    engine.wipe()
    assert not place.exists()
