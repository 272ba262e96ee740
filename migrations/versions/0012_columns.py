"""Which columns a person named for which fields, as part of how a file was read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SOURCE = sa.text("coalesce(source_id, 0)")


def upgrade() -> None:
    """Add the column to readings, and to what tells them apart; none were named before."""
    op.add_column("reading", sa.Column("columns", sa.Text(), nullable=False, server_default=""))
    op.drop_index("reading_identity", table_name="reading")
    op.create_index(
        "reading_identity", "reading", ["sha256", _SOURCE, "place", "split", "columns"], unique=True
    )


def downgrade() -> None:
    """Remove it; of readings that differ in nothing else the first stays."""
    op.execute("DELETE FROM item WHERE reading_id IN (SELECT id FROM reading WHERE columns <> '')")
    op.execute("DELETE FROM reading WHERE columns <> ''")
    op.drop_index("reading_identity", table_name="reading")
    op.drop_column("reading", "columns")
    op.create_index("reading_identity", "reading", ["sha256", _SOURCE, "place", "split"], unique=True)
