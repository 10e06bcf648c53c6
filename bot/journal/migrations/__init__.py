"""Steps that bring a database to `bot.journal.tables`; alembic runs them at start."""
