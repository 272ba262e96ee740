"""Several processes on one Whoosh index: they wait for each other, lose nothing, and survive a kill or a swap."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.domain.entry import Entry
from app.engines.whoosh import WhooshEngine
from tests.conftest import ROOT
from tests.entries import ask, entry, put


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


def made(place: Path, *entries: Entry) -> WhooshEngine:
    engine = WhooshEngine(place)
    engine.create()
    put(engine, *(entries or (entry(1, "ferry"), entry(2, "ferry and bridge"))))
    return engine


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python program in a process of its own, from the root of the project."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


WRITER = """
import sys
from pathlib import Path
from app.engines.whoosh import WhooshEngine
from tests.entries import entry

engine = WhooshEngine(Path(sys.argv[1]))
first, commits = int(sys.argv[2]), int(sys.argv[3])
for start in range(first, first + 5 * commits, 5):
    with engine.writing(timeout_s=60) as batch:
        for number in range(start, start + 5):
            batch.put(entry(number, "ferry " * 50 + f"number{number}"))
        batch.commit()
    print(start + 4, flush=True)
"""


def test_two_processes_writing_at_once_lose_nothing(place: Path) -> None:
    engine = made(place)
    writers = [run(WRITER, place, first, 8) for first in (100, 200)]
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
        numbers = sorted(article for article, _ in WhooshEngine(place).stamps() if article >= first)
        assert len(numbers) % 5 == 0
        assert numbers == list(range(first, first + len(numbers)))
        assert numbers[-1] in (last_told, last_told + 5)
        put(engine, entry(1, "ferry again"))
        assert ask(engine, f"number{numbers[-1]}").total == 1
        first = numbers[-1] + 1


READER = """
import sys
from pathlib import Path
from app.engines.whoosh import WhooshEngine
from tests.entries import ask

engine = WhooshEngine(Path(sys.argv[1]))
seen = set()
print("reading", flush=True)
for _ in range(100_000):
    answer = ask(engine, "ferry")
    assert answer.total == 20, answer.total
    seen.add(answer.rows[0].article // 1000)
    if 5 in seen:
        break
print(*sorted(seen))
"""


def test_a_swap_is_no_interruption_for_another_process(place: Path) -> None:
    engine = made(place, *(entry(number, "ferry") for number in range(1, 21)))
    reader = run(READER, place)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    for generation_number in range(1, 6):
        with engine.rebuilding(timeout_s=5) as batch:
            for number in range(20):
                batch.put(entry(1000 * generation_number + number, "ferry"))
            batch.commit()
        time.sleep(0.1)
    told, complaints = reader.communicate(timeout=60)
    assert reader.returncode == 0, complaints
    assert told.split()[-1] == "5"
