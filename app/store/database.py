"""The database: opening it, migrating it, and the two kinds of transaction there are.

Law: transactions begin and end in use cases, through ``Database.write()`` and ``Database.read()``; no other module
of the store commits. Every difference between SQLite and PostgreSQL is in this file.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

import app
from app.errors import DatabaseUnavailableError, SettingsError

__all__ = [
    "Database",
    "Session",
    "erasing",
    "inserting",
    "migrations_folder",
]  # use cases pass a Session on, and do no more

_BUSY_TIMEOUT_S = 60
_EMPTYING_S = 5  # how long an erasure waits for readers that began before it, and writers for it

_ALL_OF_IT = (0, 0, 0)  # what SQLite answers: nobody was in the way, and the log has no pages any more

# What a transaction notes in ``Session.info`` when it removes text for good.
_ERASES = "erases"

# One writer at a time on PostgreSQL as well: whether a text is new, whose copy it is and to which story it belongs
# are decided over what the archive holds, and two deciders who do not see each other would both say "new".
_WRITER_LOCK = 0x6E657773  # "news" in ASCII


class Database:
    """An open database, migrated to this version. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Open ``url`` (an SQLAlchemy address), make it if it is not there, and migrate it.

        Raises ``SettingsError`` for an address nobody understands and ``DatabaseUnavailableError`` when the database
        cannot be opened or was written by a newer Newsfold.
        """
        try:
            self.url = make_url(url)
            self._sqlite = self.url.get_backend_name() == "sqlite"
            self._engine = _sqlite_engine(url) if self._sqlite else create_engine(url, pool_pre_ping=True)
        except (ArgumentError, ModuleNotFoundError) as error:
            raise SettingsError(
                f"NEWSFOLD_DATABASE_URL {url!r} cannot be used: {error}. "
                "Give an SQLAlchemy address such as sqlite:////srv/newsfold/archive.db; "
                "for PostgreSQL install newsfold[postgresql] and write postgresql+psycopg://..."
            ) from error
        self._emptied = True
        with _explained(self.place):
            if self._sqlite and self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._migrate()

    @property
    def kind(self) -> str:
        """Which database it is: ``sqlite`` or ``postgresql``."""
        return self.url.get_backend_name()

    @property
    def place(self) -> str:
        """Where the database is, without a password."""
        return self.url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may change things: it commits when the block ends, rolls back on an exception.

        Where it erased something (``erasing``), the write-ahead log is emptied after it; ``emptied`` says whether it
        could be.
        """
        with (
            _explained(self.place),
            Session(self._writer(), expire_on_commit=False) as session,
            session.begin(),
        ):
            self._lock(session.connection())
            yield session
        if session.info.get(_ERASES):
            self.empty_log(wait_s=_EMPTYING_S)

    @property
    def emptied(self) -> bool:
        """Whether nothing that was erased through this object was left in the write-ahead log, as far as it knows."""
        return self._emptied

    def empty_log(self, *, wait_s: float) -> bool:
        """Write what SQLite's write-ahead log holds into the database and cut the log to nothing: pages as they were
        before an erasure are in neither then. Return whether it could be done within ``wait_s`` seconds; a reader that
        began earlier, or a writer, stands in the way. PostgreSQL's log is its administrator's: nothing is done there.
        """
        if self._sqlite:
            with _explained(self.place), contextlib.closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                try:
                    cursor.execute(f"PRAGMA busy_timeout = {wait_s * 1000:.0f}")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._emptied = cursor.fetchone() == _ALL_OF_IT
                finally:
                    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
        return self._emptied

    @contextlib.contextmanager
    def rehearse(self) -> Iterator[Session]:
        """One transaction that sees its own changes and is always rolled back."""
        with _explained(self.place), Session(self._writer(), expire_on_commit=False) as session:
            self._lock(session.connection())
            yield session
            session.rollback()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the database."""
        engine = self._engine
        if not self._sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _explained(self.place), Session(engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def _writer(self) -> Engine:
        return self._engine.execution_options(newsfold_writes=True)

    def _lock(self, connection: Connection) -> None:
        if not self._sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})

    def _migrate(self) -> None:
        """Bring the schema to this version, once, even when several processes open a fresh database together."""
        script = Config()
        script.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
        head = ScriptDirectory.from_config(script).get_current_head()
        with self._engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return
        with self._writer().begin() as connection:
            self._lock(connection)
            known = {revision.revision for revision in ScriptDirectory.from_config(script).walk_revisions()}
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in known:
                raise DatabaseUnavailableError(
                    f"The database {self.place} was written by a newer Newsfold (schema {current}). "
                    "Use that version or a later one."
                )
            script.attributes["connection"] = connection
            command.upgrade(script, "head")


def migrations_folder() -> Path:
    """Return where the migrations are: inside the installed package, or beside it in a checkout."""
    package = Path(app.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def erasing(session: Session) -> None:
    """Note that a transaction removes text for good, so that ``Database.write`` leaves no trace of it in the log."""
    session.info[_ERASES] = True


def inserting(session: Session, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can be told what to do when the row is there already."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _sqlite_engine(url: str) -> Engine:
    """An engine on SQLite with write-ahead log and honest transactions.

    The driver's own habit of beginning late is switched off; a writer takes the write lock at once (BEGIN IMMEDIATE),
    since a reader that turns writer half-way fails with "database is locked" however long it would wait.
    """
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - tells mypy which driver this is
        connection.isolation_level = None
        _set_write_ahead_log(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a commit that was reported survives a power cut
        connection.execute("PRAGMA cache_size = -16384")  # 16 MiB: four times as much took no time off
        # 64 MiB: most pages that one delivery writes the next writes again, and they go into the database once.
        connection.execute("PRAGMA wal_autocheckpoint = 16384")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves no trace in free pages

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("newsfold_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; two processes that make a database at once get in each other's way here, and
    SQLite does not wait for this one lock, so we do."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


@contextlib.contextmanager
def _explained(place: str) -> Iterator[None]:
    """Translate the driver's complaints into one that says what to do."""
    try:
        yield
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The folder of the database {place} cannot be made or read: {error.strerror or error}. "
            "Set NEWSFOLD_HOME to a folder you may write to."
        ) from error
    except OperationalError as error:
        raise DatabaseUnavailableError(
            f"The database {place} cannot be used just now: {error.orig}. "
            "Check that the folder may be written to, that the disk is not full and that no other program holds it."
        ) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise DatabaseUnavailableError(
                f"The file {place} is not a readable database: {error.orig}. Restore it from a backup."
            ) from error
        raise
