"""Where the articles of a decision about stories stood before, in a table of its own instead of in JSON: so that it
follows a text that is read anew, and the log of an article has it, which two more indexes answer. No headline is kept
with a decision any more."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_DECISION = sa.table("decision", sa.column("id", sa.Integer), sa.column("before", sa.JSON))
_STOOD = sa.table(
    "stood",
    sa.column("decision_id", sa.Integer),
    sa.column("digest", sa.String),
    sa.column("story_id", sa.Integer),
    sa.column("pinned_id", sa.Integer),
)


def upgrade() -> None:
    """Add the table, and move there what the decisions made so far remember."""
    op.create_table(
        "stood",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("pinned_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.PrimaryKeyConstraint("decision_id", "digest"),
    )
    op.create_index("stood_digest", "stood", ["digest"], unique=False)
    op.create_index("stood_story", "stood", ["story_id"], unique=False)
    op.create_index("decision_into", "decision", ["into_id"], unique=False)
    op.create_index("decision_undoes", "decision", ["undoes"], unique=False)
    connection = op.get_bind()
    for decision, before in connection.execute(sa.select(_DECISION.c.id, _DECISION.c.before)).all():
        stories = before.pop("stories", {})
        before.pop("headlines", None)
        rows = [
            {"decision_id": decision, "digest": digest, "story_id": story, "pinned_id": pinned}
            for digest, (story, pinned) in stories.items()
        ]
        if rows:
            connection.execute(sa.insert(_STOOD), rows)
        _remember(connection, decision, before)


def _remember(connection: sa.Connection, decision: int, before: dict[str, object]) -> None:
    connection.execute(sa.update(_DECISION).where(_DECISION.c.id == decision).values(before=before))


def downgrade() -> None:
    """Put it back; the headlines are gone, and undoing a name leaves it where it is."""
    connection = op.get_bind()
    for decision, before in connection.execute(sa.select(_DECISION.c.id, _DECISION.c.before)).all():
        stood = connection.execute(
            sa.select(_STOOD.c.digest, _STOOD.c.story_id, _STOOD.c.pinned_id).where(
                _STOOD.c.decision_id == decision
            )
        )
        stories = {digest: [story, pinned] for digest, story, pinned in stood}
        _remember(connection, decision, before | {"stories": stories, "headlines": {}})
    op.drop_index("decision_undoes", table_name="decision")
    op.drop_index("decision_into", table_name="decision")
    op.drop_index("stood_story", table_name="stood")
    op.drop_index("stood_digest", table_name="stood")
    op.drop_table("stood")
