"""The index becomes a true copy whatever crashes and whoever writes meanwhile: random histories, on the fake engine."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app import indexing
from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.engines.port import Batch
from app.store import outbox
from app.store.database import Database
from app.store.tables import ArticleRecord, OutboxRecord, StoryRecord
from tests.factories import make_settings
from tests.fakes import MemoryEngine

NOW = datetime(2026, 1, 1, tzinfo=UTC)

Step = tuple[str, int]


class CrashError(Exception):
    """The process dies here."""


class FragileEngine(MemoryEngine):
    """Dies before or after a commit when told to, and lets another process write in the middle of a batch."""

    def __init__(self, world: "World") -> None:
        super().__init__()
        self.world = world
        self.crash: str | None = None

    @contextmanager
    def writing(self, *, timeout_s: float) -> Iterator[Batch]:
        with super().writing(timeout_s=timeout_s) as batch:
            yield FragileBatch(self, batch)


class FragileBatch:
    """A batch of the engine above."""

    def __init__(self, engine: FragileEngine, batch: Batch) -> None:
        self.engine = engine
        self.batch = batch

    def put(self, entry: Entry) -> None:
        self.batch.put(entry)
        self.engine.world.meanwhile()

    def drop(self, article: ArticleId) -> None:
        self.batch.drop(article)

    def stamps(self) -> Iterator[tuple[ArticleId, str]]:
        return self.batch.stamps()

    def commit(self) -> None:
        crash, self.engine.crash = self.engine.crash, None
        if crash == "before":
            raise CrashError
        self.batch.commit()
        if crash == "after":
            raise CrashError


class World:
    """A database, an index, and changes that come between."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = FragileEngine(self)
        self.pending: list[int] = []
        self.version = 0
        self.engine.create()
        with database.write() as session:
            for table in (OutboxRecord, ArticleRecord, StoryRecord):
                session.execute(delete(table))
            session.add(StoryRecord(id=1, headline="", size=0, touched=NOW, profile=b""))

    def change(self, number: int) -> None:
        """Write an article, another version of it, or its removal."""
        self.version += 1
        with self.database.write() as session:
            record = session.get(ArticleRecord, number)
            if record is not None and self.version % 4 == 0:
                session.delete(record)
            elif record is not None:
                record.digest = f"{self.version:064}"
                record.body_text = f"version {self.version}"
            else:
                session.add(_article(number, self.version))
            session.flush()
            outbox.note(session, [ArticleId(number)])

    def meanwhile(self) -> None:
        if self.pending:
            self.change(self.pending.pop())

    def catch_up(self, crash: str | None) -> None:
        self.engine.crash = crash
        with suppress(CrashError):
            indexing.catch_up(self.database, self.engine, timeout_s=0)
        self.engine.crash = None


def _article(number: int, version: int) -> ArticleRecord:
    return ArticleRecord(
        id=number,
        digest=f"{version:064}",
        title="t",
        title_from="text",
        body_text=f"version {version}",
        wordcount=2,
        received=NOW,
        story_id=StoryId(1),
        vector=b"",
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    home: Path = tmp_path_factory.mktemp("indexing")
    opened = Database(make_settings(home).database)
    yield opened
    opened.close()


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["change", "meanwhile"]), st.integers(1, 4)),
        st.tuples(st.sampled_from(["before", "after", "none"]), st.just(0)),
    ),
    max_size=20,
)


@given(history=steps)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_history_the_index_agrees_with_the_database(
    database: Database, history: list[Step]
) -> None:
    world = World(database)
    for what, number in history:
        match what:
            case "change":
                world.change(number)
            case "meanwhile":
                world.pending.append(number)
            case crash:
                world.catch_up(None if crash == "none" else crash)
    world.pending.clear()
    world.catch_up(None)
    agreement = indexing.check(database, world.engine)
    assert agreement.holds, agreement


@given(history=steps)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_repair_mends_an_index_that_was_never_told(database: Database, history: list[Step]) -> None:
    world = World(database)
    for what, number in history:
        if what == "change":
            world.change(number)
    with database.write() as session:
        session.execute(delete(OutboxRecord))
    world.engine.world.pending.clear()
    assert indexing.repair(database, world.engine, timeout_s=0).holds
