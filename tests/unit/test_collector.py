"""Every way into a process lets Python look for garbage seldom; what is free goes back to the system."""

import gc
import platform
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.archive import Archive
from app.cli.opening import settings_of_environment
from app.collector import give_back
from app.ingest import deliver
from app.web.app import create_app_from_environment
from tests.factories import article, write

_PYTHONS_OWN = 700


@pytest.fixture(autouse=True)
def as_python_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NEWSFOLD_HOME", str(tmp_path))
    before = gc.get_threshold()
    gc.set_threshold(_PYTHONS_OWN)
    yield
    gc.set_threshold(*before)


def test_a_command_does() -> None:
    settings_of_environment()
    assert gc.get_threshold()[0] > _PYTHONS_OWN


def test_a_process_of_a_server_does() -> None:
    create_app_from_environment()
    assert gc.get_threshold()[0] > _PYTHONS_OWN


def resident() -> int:
    """Bytes of memory that the process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries keep or give back as they like"
)
def test_what_is_free_between_what_is_not_goes_back_to_the_system() -> None:
    held = [np.ones(8_000) for _ in range(2_000)]  # too small for the C library to ask the system for each
    del held[:-1]
    before = resident()
    give_back()
    assert before - resident() > 50_000_000


def test_a_delivery_gives_back_after_every_batch(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[None] = []
    monkeypatch.setattr(deliver, "_BATCH_DRAFTS", 2)
    monkeypatch.setattr(deliver, "give_back", lambda: called.append(None))
    archive.ingest([write(tmp_path / "in", **{f"n{nth}_txt": article(nth) for nth in range(5)})])
    assert len(called) == 3
