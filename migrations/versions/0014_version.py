"""The number its publisher gave the version that a text is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is known of what came before until it is read again."""
    op.add_column("article", sa.Column("version", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("article", "version")
