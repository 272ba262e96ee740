"""The migrations make exactly the tables that the code uses."""

import sqlite3
import warnings
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, select, text

from app.archive import open_archive
from app.domain.article import ArticleId
from app.errors import DatabaseUnavailableError, SettingsError
from app.store.database import Database, migrations_folder
from app.store.tables import Base, StoryRecord
from tests.factories import article, make_settings, write

_OF_TERMS = ("posting", "frequency")


def test_the_migrated_schema_is_the_one_in_the_code(database: Database) -> None:
    with database.read() as session, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index.*")
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_the_indexes_over_expressions_are_there(database: Database) -> None:
    with database.read() as session, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression.*")
        inspector = inspect(session.connection())
        if session.get_bind().dialect.name == "sqlite":
            names = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'")))
        else:
            names = {
                index["name"] for table in ("sighting", "reading") for index in inspector.get_indexes(table)
            }
    assert {"sighting_identity", "reading_identity"} <= names


def migrate_to(revision: str, connection: Connection) -> None:
    script = Config()
    script.set_main_option("script_location", str(migrations_folder()))
    script.attributes["connection"] = connection
    command.downgrade(script, revision)


def test_the_tables_can_be_taken_back_and_made_again(home: Path, database_url: str | None) -> None:
    settings = make_settings(home, database_url=database_url)
    Database(settings.database).close()
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        migrate_to("base", connection)
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()
    with open_archive(settings) as archive:
        assert archive.totals().articles == 0


def test_an_article_that_came_without_a_source_is_given_the_first_named_since(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    settings = make_settings(home, database_url=database_url)
    with open_archive(settings) as archive:
        for source in (None, "The Post", "The Herald"):
            archive.ingest([write(tmp_path / "in", a_txt=article(1))], source=source)
    engine = create_engine(settings.database)
    with engine.begin() as connection:  # as version 0001 left it
        migrate_to("0001", connection)
        connection.execute(text("UPDATE article SET source_id = NULL"))
    engine.dispose()
    with open_archive(settings) as archive:
        assert archive.article(ArticleId(1)).source == "The Post"


@pytest.mark.usefixtures("grown")  # the way back knows only the order of arrival
def test_what_is_kept_of_terms_survives_the_way_back_and_forth(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    settings = make_settings(home, database_url=database_url)
    with open_archive(settings) as archive:
        archive.ingest([write(tmp_path / "in", a_txt=article(1), b_txt=article(2), c_txt=article(1, 4))])
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        kept = {table: connection.execute(text(f"SELECT * FROM {table}")).all() for table in _OF_TERMS}  # noqa: S608 - our own names
        migrate_to("0003", connection)
        assert connection.scalar(text("SELECT count(*) FROM posting")) > len(kept["posting"]) > 0
    Database(settings.database).close()
    with engine.begin() as connection:
        for table, rows in kept.items():
            assert set(connection.execute(text(f"SELECT * FROM {table}")).all()) == set(rows)  # noqa: S608
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(home: Path) -> None:
    settings = make_settings(home)
    Database(settings.database).close()
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseUnavailableError, match="newer Newsfold"):
        Database(settings.database)


def test_locked_stories_are_found_without_reading_all_stories(home: Path) -> None:
    database = Database(make_settings(home).database)
    with database.read() as session:
        asked = select(StoryRecord.id).where(StoryRecord.locked).compile(session.get_bind())
        plan = " ".join(row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}")))
    assert "USING INDEX story_locked" in plan
    database.close()


def test_a_file_that_is_no_database_is_told_in_a_sentence(home: Path) -> None:
    home.mkdir()
    (home / "archive.db").write_bytes(
        b"this is no database, only text that is long enough to be read as one" * 20
    )
    with pytest.raises(DatabaseUnavailableError, match="not a readable database"):
        Database(make_settings(home).database)


def test_an_address_nobody_understands_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="NEWSFOLD_DATABASE_URL"):
        Database("oracle-of-delphi")


def test_a_home_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands here")
    with pytest.raises(DatabaseUnavailableError, match="NEWSFOLD_HOME"):
        Database(make_settings(tmp_path / "home").database)


def test_sqlite_keeps_foreign_keys_and_a_write_ahead_log(home: Path) -> None:
    settings = make_settings(home)
    database = Database(settings.database)
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2
    database.close()
    assert sqlite3.connect(home / "archive.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
