"""Alembic runs this: the connection is given, the transaction is the caller's."""

from alembic import context

from bot.store.tables import meta

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=meta,
    transactional_ddl=False,
)
context.run_migrations()
