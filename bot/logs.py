"""Logs on standard error, for people or as JSON, without the bot's secrets in them."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime


class Redacted(logging.Formatter):
    """Replaces secrets in whatever is logged, tracebacks included."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """Prepare.

        Args:
            secrets: what stands in their place, and they.
        """
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, or as lines when it carries a traceback."""
        line = self.line(record)
        for name, secret in self._secrets.items():
            line = line.replace(secret, f"<{name}>")
        return line

    def line(self, record: logging.LogRecord) -> str:
        """Return the record with the secrets still in it."""
        return super().format(record)


class JsonLines(Redacted):
    """One JSON object a line, in ASCII; a traceback is inside one field."""

    def line(self, record: logging.LogRecord) -> str:
        """Return the record with the secrets still in it; no letter of theirs is escaped."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = {
                "type": record.exc_info[0].__name__,
                "trace": self.formatException(record.exc_info),
            }
        return json.dumps(entry)


def set_up_logs(level: str, secrets: Mapping[str, str | None], form: str = "text") -> None:
    """Log to standard error; libraries only what is wrong: some log the address, token and all.

    Args:
        level: from which on.
        secrets: what must not be logged, by what is written in its place.
        form: "text", or "json" for one object a line.
    """
    known = {name: secret for name, secret in secrets.items() if secret}
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(known) if form == "json" else Redacted(known))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The library for Telegram logs whole messages, questions too, at DEBUG.
    for name in ("httpx", "httpcore", "telegram", "sentence_transformers", "faiss", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)  # a line for every file
    # These would log what people ask.
    for name in ("aiosqlite", "asyncpg", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Polling errors are reported by the bot itself, in one line each; and whoever sends rubbish to
    # a port would fill the log with tracebacks.
    for name in ("telegram.ext.Updater", "aiohttp.server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
