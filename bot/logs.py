"""Logs on standard error, without the bot's token in them."""

import logging
import sys


class Redacted(logging.Formatter):
    """Replaces a secret in whatever is logged, tracebacks included."""

    def __init__(self, secret: str | None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, or as lines when it carries a traceback."""
        line = super().format(record)
        return line.replace(self._secret, "<token>") if self._secret else line


def set_up_logs(level: str, secret: str | None) -> None:
    """Log to standard error; libraries only what is wrong: some log the address, token and all."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted(secret))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "telegram.ext", "sentence_transformers", "faiss"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # These would log what people ask.
    for name in ("aiosqlite", "asyncpg", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Polling errors are reported by the bot itself, in one line each.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
