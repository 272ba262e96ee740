"""The articles that a look-up of fingerprints must know more of than their number, in an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ODD = sa.text("copy_of IS NOT NULL OR wordcount < 320")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "article_odd",
        "article",
        ["id", "copy_of", "wordcount"],
        unique=False,
        sqlite_where=_ODD,
        postgresql_where=_ODD,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_index("article_odd", table_name="article")
