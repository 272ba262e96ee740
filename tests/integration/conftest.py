"""Fixtures of the tests that run the whole of intake, and those of engines."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.archive import Archive
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from app.ingest import pieces, record, reread
from app.intake import Manner, Reading, Unreadable, read
from tests.factories import article, report, write
from tests.fakes import MemoryEngine

Reader = Callable[[bytes, Reading | Unreadable], Reading | Unreadable]


@pytest.fixture
def new_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reader], None]:
    """Install a newer reader: the real one, and a change to what it gives."""

    def install(change: Reader) -> None:
        def newer(content: bytes, *, manner: Manner, today: date) -> Reading | Unreadable:
            return change(content, read(content, manner=manner, today=today))

        monkeypatch.setattr(pieces, "read", newer)
        monkeypatch.setattr(record, "READER_VERSION", 99)
        monkeypatch.setattr(reread, "READER_VERSION", 99)

    return install


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "whoosh": WhooshEngine,
    "tantivy": TantivyEngine,
    "memory": lambda _: MemoryEngine(),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = ENGINES[request.param](tmp_path / "index")
    made.create()
    yield made
    made.close()


@pytest.fixture
def folder(archive: Archive, tmp_path: Path) -> Path:
    """What an archive took in: story 1 has articles 1 and 2, story 2 article 3, story 3 article 4."""
    given = write(tmp_path / "in", a_txt=report(1, 1), b_txt=report(1, 2), c_txt=article(7), d_txt=article(8))
    archive.ingest([given])
    assert archive.stories(page=1, page_size=10).total == 3
    return given
