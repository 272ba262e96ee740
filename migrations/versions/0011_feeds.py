"""Subscriptions: feeds that are asked from time to time, and how they are."""

import sqlalchemy as sa
from alembic import op

from app.store.tables import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False, unique=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("whole_pages", sa.Boolean(), nullable=False),
        sa.Column("added", Moment(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.String(64), nullable=True),
        sa.Column("asked", Moment(), nullable=True),
        sa.Column("ask_next", Moment(), nullable=False),
        sa.Column("brought", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("feed_next", "feed", ["ask_next"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("feed")
