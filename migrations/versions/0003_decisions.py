"""What people decide: the log of decisions, articles out of sight, captures with erased lines."""

import sqlalchemy as sa
from alembic import op

from app.store.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _item() -> sa.Table:
    """The table as 0001 made it: SQLite copies it to change a column."""
    return sa.Table(
        "item",
        sa.MetaData(),
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reading_id", sa.Integer(), sa.ForeignKey("reading.id"), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("repeats", sa.JSON(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "seq"),
        sa.Index("item_reading", "reading_id", "delivery_id"),
    )


def upgrade() -> None:
    """Add the log, and what decisions change in other tables."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("other_digest", sa.String(length=64), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["undoes"], ["decision.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("decision_digest", "decision", ["digest"], unique=False)
    op.create_index("decision_other", "decision", ["other_digest"], unique=False)
    op.create_index("decision_story", "decision", ["story_id"], unique=False)
    op.add_column("article", sa.Column("hidden", sa.Text(), nullable=True))
    op.add_column("capture", sa.Column("erased", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "pin",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(op.f("ix_pin_story_id"), "pin", ["story_id"], unique=False)
    op.add_column("story", sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("story", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("story", sa.Column("split_from", sa.Integer(), nullable=True))
    op.create_index("story_split", "story", ["split_from"], unique=False)
    with op.batch_alter_table("item", copy_from=_item()) as item:
        item.alter_column("story_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Remove them; items of articles out of sight are left without a line in the report."""
    op.execute("DELETE FROM item WHERE story_id IS NULL")
    with op.batch_alter_table("item", copy_from=_item()) as item:
        item.alter_column("story_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("story_split", table_name="story")
    for column in ("split_from", "named", "locked"):
        op.drop_column("story", column)
    op.drop_index(op.f("ix_pin_story_id"), table_name="pin")
    op.drop_table("pin")
    op.drop_column("capture", "erased")
    op.drop_column("article", "hidden")
    op.drop_index("decision_story", table_name="decision")
    op.drop_index("decision_other", table_name="decision")
    op.drop_index("decision_digest", table_name="decision")
    op.drop_table("decision")
