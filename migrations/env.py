"""How Alembic runs our migrations: on the connection that ``app/store/database.py`` hands it."""

from alembic import context

from app.store.tables import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run `newsfold migrate`; for a new revision see CONTRIBUTING.md.")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
