"""The name by which its publisher tells an article from all others, whatever its address: versions are found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WITH_NAME = sa.text("name <> ''")


def upgrade() -> None:
    """Add the column and its index; what was read before has no name until it is read again."""
    op.add_column("sighting", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "sighting_name",
        "sighting",
        ["name", "article_id"],
        unique=False,
        sqlite_where=_WITH_NAME,
        postgresql_where=_WITH_NAME,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("sighting_name", table_name="sighting")
    op.drop_column("sighting", "name")
