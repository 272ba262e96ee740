"""Deliveries that come in over the web: where their files wait, who works on them, how far they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.tables import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WAITING = sa.text("finished IS NULL AND parcel IS NOT NULL")
_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("parcel", sa.Text()),
    ("idempotency_key", sa.Text()),
    ("content_digest", sa.String(64)),
    ("claimed_until", Moment()),
    ("files", sa.Integer()),
    ("files_read", sa.Integer()),
)


def upgrade() -> None:
    """Add the columns; deliveries that came before have none of it."""
    for name, kind in _COLUMNS:
        op.add_column("delivery", sa.Column(name, kind, nullable=True))
    op.create_index("delivery_key", "delivery", ["idempotency_key"], unique=True)
    op.create_index("delivery_waiting", "delivery", ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    """Remove them."""
    op.drop_index("delivery_waiting", table_name="delivery")
    op.drop_index("delivery_key", table_name="delivery")
    for name, _ in _COLUMNS:
        op.drop_column("delivery", name)
