"""What articles a story had that became part of another, and from which it had split: so that they get its id back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; of stories merged before, nothing is known."""
    op.add_column("alias", sa.Column("articles", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("alias", sa.Column("split_from", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("alias", "split_from")
    op.drop_column("alias", "articles")
