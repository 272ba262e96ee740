"""Fixtures that every kind of test shares."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data (seeds and public data sets), or a skip that says where it was looked for."""
    folder = Path(os.environ.get("NEWSFOLD_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"no shared data at {folder}; set NEWSFOLD_SHARED to where it is")
    return folder
