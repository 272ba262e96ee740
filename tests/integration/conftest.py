"""Fixtures of the tests that run the whole of intake."""

from collections.abc import Callable
from datetime import date

import pytest

from app.ingest import pieces, record, reread
from app.intake import Manner, Reading, Unreadable, read

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
