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
    "inserting",
    "migrations_folder",
]  # use cases pass a Session on, and do no more

_BUSY_TIMEOUT_S = 60

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
        """One transaction that may change things: it commits when the block ends, rolls back on an exception."""
        with (
            _explained(self.place),
            Session(self._writer(), expire_on_commit=False) as session,
            session.begin(),
        ):
            self._lock(session.connection())
            yield session

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
