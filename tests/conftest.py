"""Fixtures that every kind of test shares."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from app.archive import Archive, open_archive
from app.ingest import regroup
from app.store.database import Database
from tests.factories import make_settings

# Two busy cores take several times as long as idle ones; what must not take long has tests of its own.
hypothesis.settings.register_profile("newsfold", deadline=timedelta(seconds=5))
hypothesis.settings.load_profile("newsfold")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data (seeds and public data sets), or a skip that says where it was looked for."""
    folder = Path(os.environ.get("NEWSFOLD_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"no shared data at {folder}; set NEWSFOLD_SHARED to where it is")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of an archive that does not exist yet."""
    return tmp_path / "home"


_SERVER = os.environ.get("NEWSFOLD_TEST_DATABASE_URL")


@pytest.fixture(params=["sqlite", "postgresql"] if _SERVER else ["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The address of an empty database: None (SQLite in the home folder), and a fresh schema on the PostgreSQL
    server that NEWSFOLD_TEST_DATABASE_URL names, where it names one."""
    if _SERVER is None or request.param == "sqlite":
        yield None
        return
    schema = f"newsfold_test_{uuid4().hex}"
    engine = create_engine(_SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    yield f"{_SERVER}?options=-csearch_path%3D{schema}"
    with engine.connect() as connection:
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    engine.dispose()


@pytest.fixture
def archive(home: Path, database_url: str | None) -> Iterator[Archive]:
    """An empty archive, on every database there is."""
    with open_archive(make_settings(home, database_url=database_url)) as opened:
        yield opened


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives are large enough not to be grouped anew after a delivery."""
    monkeypatch.setattr(regroup, "_FEW", 0)


@pytest.fixture
def database(home: Path, database_url: str | None) -> Iterator[Database]:
    """An empty database, on every kind there is."""
    opened = Database(make_settings(home, database_url=database_url).database)
    yield opened
    opened.close()
