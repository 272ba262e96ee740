"""Every way into a process lets Python look for garbage seldom."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.opening import settings_of_environment
from app.web.app import create_app_from_environment

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
