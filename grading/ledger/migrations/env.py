"""Alembic's environment: works on the connection, and inside the transaction, that the ledger hands over."""

from alembic import context

from grading.ledger.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
