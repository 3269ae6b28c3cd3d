"""Runs the revisions on the connection that `adapters.migrate` hands over."""

from alembic import context

from jifen_ledger.adapters.directory_table import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
