"""What intake asks of many articles at once, in an index: their rows are long."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("article_brief", "article", ["id", "copy_of", "story_id", "wordcount"], unique=False)


def downgrade() -> None:
    """Remove it."""
    op.drop_index("article_brief", table_name="article")
