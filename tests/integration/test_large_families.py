"""A family of ten thousand copies: one more costs what it costs in a family of hundreds, and a page asks for twenty."""

import time
from pathlib import Path

from sqlalchemy import select, text, update

from app.archive import Archive
from app.domain.article import ArticleId
from app.intake import Manner, Split
from app.store.database import Database, Session
from app.store.tables import ArticleRecord, Base, RepeatRecord, SightingRecord, StoryRecord
from tests.factories import write
from tests.integration.test_repeats_cases import copy

MANY = 10_000
FEW = 220


def take(archive: Archive, folder: Path, first: int, last: int) -> tuple[list[ArticleId | None], float]:
    """Take in some copies; return the originals they were given, and the CPU time it took."""
    files = {f"c{nth:04}_txt": f"Headline {nth}\n\n{copy(nth).body_text}\n" for nth in range(first, last)}
    given = write(folder / str(first), **files)
    started = time.process_time()
    report = archive.ingest([given], manner=Manner(split=Split.NEVER))
    return [each.duplicate_of for each in report.items], time.process_time() - started


def again(session: Session, table: type[Base], own: str, values: list[object], last: int) -> None:
    """Put the rows of an article into a table once more for each of some values of a column."""
    columns = ", ".join(set(table.__table__.columns.keys()) - {"id", own})
    of = "id" if table is ArticleRecord else "article_id"
    only = " AND other_id = 1" if table is RepeatRecord else ""
    told = f"SELECT :own, {columns} FROM {table.__tablename__} WHERE {of} = :last{only}"  # noqa: S608 - names of columns
    copied = text(f"INSERT INTO {table.__tablename__} ({own}, {columns}) {told}")
    session.execute(copied, [{"own": value, "last": last} for value in values])


def multiply(database: Database, last: int) -> None:
    """Put the last of some copies into its family again under other digests, until there are ``MANY``."""
    with database.write() as session:
        again(session, ArticleRecord, "digest", [f"{nth:064}" for nth in range(MANY - last)], last)
        fresh = list(session.scalars(select(ArticleRecord.id).where(ArticleRecord.id > last)))
        for table in (RepeatRecord, SightingRecord):
            again(session, table, "article_id", [*fresh], last)
        session.execute(update(StoryRecord).values(size=MANY))


def test_one_more_of_ten_thousand_copies_costs_what_one_more_of_hundreds_does(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    take(archive, tmp_path, 0, FEW - 20)
    _, small = take(archive, tmp_path, FEW - 20, FEW)
    multiply(database, FEW)
    originals, large = take(archive, tmp_path, FEW, FEW + 20)
    assert originals == [1] * 20
    assert large < 2 * small + 0.5  # the work of other tests beside it is in both
    started = time.process_time()
    original = archive.article(ArticleId(1), most_repeats=20)
    assert time.process_time() - started < 1
    assert (len(original.repeats), original.duplicate_of) == (20, None)
    assert original.repeats_total > MANY - FEW
    assert archive.totals().articles - archive.totals().originals == MANY + 19
    assert len(archive.article(ArticleId(1)).repeats) == original.repeats_total
