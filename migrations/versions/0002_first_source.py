"""An article's source is that of its first sighting that names one; it was that of its first sighting, named or not."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give articles that came without a source the first that was named since."""
    op.execute(
        "UPDATE article SET source_id = (SELECT source_id FROM sighting"
        " WHERE sighting.article_id = article.id AND sighting.source_id IS NOT NULL"
        " ORDER BY sighting.id LIMIT 1) WHERE source_id IS NULL"
    )


def downgrade() -> None:
    """Leave them: which were without one is not known any more."""
