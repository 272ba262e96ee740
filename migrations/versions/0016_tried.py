"""How often the pages of a feed's entries were asked for; and an index by which the delivery of a parcel is found."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WITH_PARCEL = sa.text("parcel IS NOT NULL")


def upgrade() -> None:
    """Add both; nothing was tried."""
    op.add_column("feed", sa.Column("tried", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index(
        "delivery_parcel",
        "delivery",
        ["parcel"],
        unique=False,
        sqlite_where=_WITH_PARCEL,
        postgresql_where=_WITH_PARCEL,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("delivery_parcel", table_name="delivery")
    op.drop_column("feed", "tried")
