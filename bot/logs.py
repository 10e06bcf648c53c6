"""Logs on standard error, for people or as JSON, without the bot's secrets in them."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime


class Redacted(logging.Formatter):
    """Replaces secrets, each by its name, in whatever is logged, tracebacks included."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
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
    """Log to standard error, from a level on; from libraries only warnings and errors.

    Each secret is replaced by its name. The form is "text", or "json" for one object a line.
    """
    known = {name: secret for name, secret in secrets.items() if secret}
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(known) if form == "json" else Redacted(known))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Below that some log addresses with the token in them, or what people ask.
    quiet = "httpx httpcore telegram aiohttp aiosqlite asyncpg sqlalchemy alembic"
    for name in f"{quiet} sentence_transformers faiss watchfiles".split():
        logging.getLogger(name).setLevel(logging.WARNING)
    # The bot reports polling errors itself, in one line each; and anyone who sends garbage to a
    # port would fill the log with tracebacks.
    for name in ("telegram.ext.Updater", "aiohttp.server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
