"""The section of the paper an article stood in, and an index by which the versions at one address are found."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WITH_ADDRESS = sa.text("url <> ''")


def upgrade() -> None:
    """Add both; what was read before has no section until it is read again."""
    op.add_column("article", sa.Column("section", sa.Text(), nullable=True))
    op.create_index(
        "sighting_url",
        "sighting",
        ["url", "article_id"],
        unique=False,
        sqlite_where=_WITH_ADDRESS,
        postgresql_where=_WITH_ADDRESS,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("sighting_url", table_name="sighting")
    op.drop_column("article", "section")
