"""The newest articles under a term in one row; terms as SQLite's own row numbers; locked stories found by an index."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEWEST = 100
_STEP = 5_000
_TERM = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_POSTING = np.dtype([("article", "<i8"), ("weight", "<f4")])


def upgrade() -> None:
    """Make both tables anew and copy what they hold."""
    op.rename_table("posting", "old_posting")
    op.rename_table("frequency", "old_frequency")
    posting = op.create_table(
        "posting",
        sa.Column("term", _TERM, autoincrement=False, nullable=False),
        sa.Column("articles", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("term", name="posting_by_term"),
    )
    op.create_table(
        "frequency",
        sa.Column("term", _TERM, autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name="frequency_by_term"),
    )
    _copy(
        posting,
        _gathered(_rows("SELECT term, article_id, weight FROM old_posting ORDER BY term, article_id")),
    )
    op.execute(
        "INSERT INTO frequency (term, articles) SELECT term, articles FROM old_frequency ORDER BY term"
    )
    op.drop_table("old_posting")
    op.drop_table("old_frequency")
    op.create_index(
        "story_locked",
        "story",
        ["id"],
        sqlite_where=sa.text("locked = 1"),
        postgresql_where=sa.text("locked"),
    )


def downgrade() -> None:
    """Give every posting a row of its own again; those beyond the newest of a term are not brought back."""
    op.drop_index("story_locked", table_name="story")
    op.rename_table("posting", "new_posting")
    op.rename_table("frequency", "new_frequency")
    posting = op.create_table(
        "posting",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("term", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "frequency",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term"),
    )
    _copy(posting, _taken_apart(_rows("SELECT term, articles FROM new_posting ORDER BY term")))
    op.execute("INSERT INTO frequency (term, articles) SELECT term, articles FROM new_frequency")
    op.drop_table("new_posting")
    op.drop_table("new_frequency")


def _rows(statement: str) -> Iterable[sa.Row[tuple[int, ...]]]:
    return op.get_bind().execute(sa.text(statement)).yield_per(_STEP)


def _gathered(rows: Iterable[sa.Row[tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    for term, held in groupby(rows, key=lambda row: row.term):
        newest = [(row.article_id, row.weight) for row in held][-_NEWEST:]
        yield {"term": term, "articles": np.array(newest, dtype=_POSTING).tobytes()}


def _taken_apart(rows: Iterable[sa.Row[tuple[int, ...]]]) -> Iterator[dict[str, object]]:
    for row in rows:
        for article, weight in np.frombuffer(row.articles, dtype=_POSTING).tolist():
            yield {"term": row.term, "article_id": article, "weight": weight}


def _copy(table: sa.Table, rows: Iterator[dict[str, object]]) -> None:
    while step := list(islice(rows, _STEP)):
        op.bulk_insert(table, step)
