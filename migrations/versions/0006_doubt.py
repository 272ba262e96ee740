"""How doubtful links are, for a list of those that are worth a look."""

from itertools import islice

import sqlalchemy as sa
from alembic import op

from app.domain.article import RepeatKind
from app.domain.doubt import doubt
from app.domain.likeness import Measures

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STEP = 5_000
_REPEATS = sa.table(
    "repeats",
    sa.column("article_id", sa.Integer),
    sa.column("other_id", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("evidence", sa.JSON),
    sa.column("doubt", sa.Double),
)


def upgrade() -> None:
    """Add the column, and work it out for the links there are; those of early versions do not say what they were judged
    by, and have none."""
    op.add_column("repeats", sa.Column("doubt", sa.Double(), nullable=True))
    connection = op.get_bind()
    kept = iter(connection.execute(sa.select(_REPEATS)).all())
    change = (
        sa.update(_REPEATS)
        .where(_REPEATS.c.article_id == sa.bindparam("here"), _REPEATS.c.other_id == sa.bindparam("there"))
        .values(doubt=sa.bindparam("found"))
    )
    while step := list(islice(kept, _STEP)):
        connection.execute(change, [_doubted(row) for row in step])
    op.create_index("repeats_doubt", "repeats", ["doubt"], unique=False)


def _doubted(
    row: sa.Row[tuple[int, int, str, dict[str, dict[str, float]], float | None]],
) -> dict[str, object]:
    measures = row.evidence.get("measures")
    found = doubt(RepeatKind(row.kind), Measures(**measures)) if measures else None
    return {"here": row.article_id, "there": row.other_id, "found": found}


def downgrade() -> None:
    """Remove it."""
    op.drop_index("repeats_doubt", table_name="repeats")
    op.drop_column("repeats", "doubt")
