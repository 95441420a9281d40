from alembic import context

from djamms.models.registry import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_server_default=True,
    # No lock outlives the revision that needs it.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
