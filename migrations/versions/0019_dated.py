"""The date of publication that each sighting tells. Of a text that was seen several times the archive kept only that of
the first, which is given to that sighting; `newsfold reread --all` reads the others again."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COLUMNS = ("published", "precision", "not_after", "found_in")


def upgrade() -> None:
    """Add the columns, and give the first sighting of each article the article's date."""
    op.add_column("sighting", sa.Column("published", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sighting", sa.Column("precision", sa.Text(), nullable=True))
    op.add_column("sighting", sa.Column("not_after", sa.Date(), nullable=True))
    op.add_column("sighting", sa.Column("found_in", sa.Text(), nullable=True))
    sighting = sa.table("sighting", sa.column("id"), sa.column("article_id"), *map(sa.column, _COLUMNS))
    article = sa.table("article", sa.column("id"), *map(sa.column, _COLUMNS))
    first = sa.select(sa.func.min(sighting.c.id)).group_by(sighting.c.article_id)
    told = {
        name: sa.select(article.c[name]).where(article.c.id == sighting.c.article_id).scalar_subquery()
        for name in _COLUMNS
    }
    op.execute(sa.update(sighting).where(sighting.c.id.in_(first)).values(told))


def downgrade() -> None:
    """Remove them."""
    for name in reversed(_COLUMNS):
        op.drop_column("sighting", name)
