"""What its publisher says of an article: that it was canceled or withheld."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is known of what came before."""
    op.add_column("article", sa.Column("status", sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("article", "status")
