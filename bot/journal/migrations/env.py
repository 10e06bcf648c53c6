"""Read by alembic: runs the steps on the connection that `bot.journal.prepare` opened."""

from alembic import context

from bot.journal.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # alembic thinks that SQLite cannot
)
with context.begin_transaction():
    context.run_migrations()
