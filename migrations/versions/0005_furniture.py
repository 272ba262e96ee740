"""Furniture: what sources print in one article after the other, and what of it is left out of which article."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; `newsfold furniture` fills them."""
    op.create_table(
        "furniture",
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "line"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mask",
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )


def downgrade() -> None:
    """Remove them. What was compared without its furniture stays so until it comes in again."""
    op.drop_table("mask")
    op.drop_table("furniture")
