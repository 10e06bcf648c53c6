"""Updates that were received, in a file, until they are worked on: a killed bot loses none.

    updates(bot, id, received, body, unsure, starts)

Telegram forgets an update once it is confirmed: by the next poll, or by the answer to a webhook.
Before that it is written here and synced to the disk. `body` is the update in JSON, null once its
handler has ended; `received` is a Unix time; `unsure` says that an answer may have been delivered;
`starts` counts the processes that have begun to work on it. The last ids stay, so that an update
that comes again is known; those of another bot are removed. What is deleted is overwritten, and
stays in the write-ahead log for a day, or until `empty_log`.

Where the file cannot be written (a full disk), the bot goes on without it, and the log says so.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Self

from bot.bounded_dict import BoundedDict
from bot.transport.inbox import STATUS_LINE, Inbox, Waiting

logger = logging.getLogger(__name__)

_REMEMBERED = 1000
"""Ids that are kept after the work is done."""
_LOG_S = 24 * 3600.0
"""How long the log of changes may hold what is deleted."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (
    bot TEXT NOT NULL, id INTEGER NOT NULL, received REAL NOT NULL, body TEXT,
    unsure INTEGER NOT NULL DEFAULT 0, starts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bot, id)
) STRICT
"""

_INSERT = "INSERT OR IGNORE INTO updates (bot, id, received, body) VALUES (?, ?, ?, ?)"


class FileInbox(Inbox):
    """The inbox of the only process that serves a bot."""

    def __init__(self, path: Path, bot_id: str) -> None:
        """Prepare; `bot_id` is the digits before the colon in the token, not the token."""
        super().__init__()
        self._path, self._bot = path, bot_id
        self._lock = Lock()
        self._known = BoundedDict[int, None](2 * _REMEMBERED)
        self._waiting: list[Waiting] = []
        self._empty_at = 0.0
        self._database: sqlite3.Connection | None = None

    def open(self) -> Self:
        """See `Inbox`; no other process may be working with the file."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = _open(self._path)
        except (OSError, sqlite3.Error) as error:
            self._warn(error)
        self._run(self._read)
        self.empty_log()
        return self

    def waiting(self) -> list[Waiting]:
        """See `Inbox`."""
        left, self._waiting = self._waiting, []
        return left

    def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        """See `Inbox`; what is written is synced to the disk."""
        now = time.time()
        rows = [(self._bot, one["update_id"], now, json.dumps(one)) for one in updates]
        if not rows:
            return

        def insert(database: sqlite3.Connection) -> None:
            database.execute("PRAGMA synchronous=FULL")
            with database:
                database.execute("BEGIN")
                written = database.executemany(_INSERT, rows).rowcount
                database.execute(
                    "DELETE FROM updates WHERE body IS NULL "
                    "AND rowid <= (SELECT max(rowid) - ? FROM updates)",
                    (_REMEMBERED,),
                )
            if written:  # less may succeed on a full disk
                self.is_failing = False

        self._run(insert)
        if now > self._empty_at:
            self.empty_log()

    def begin(self, update_id: int) -> bool:
        """See `Inbox`."""
        if update_id in self._known:
            return False
        self._known[update_id] = None
        self._note("starts = starts + 1", update_id)
        return True

    def mark_unsure(self, update_id: int) -> None:
        """See `Inbox`."""
        self._note("unsure = 1", update_id)

    def note_status_line(self, update_id: int, message_id: int) -> None:
        """See `Inbox`."""
        self._note(f"body = json_set(body, '$.{STATUS_LINE}', {message_id:d})", update_id)

    def _forget(self, update_id: int) -> None:
        self._note("body = NULL", update_id)

    def empty_log(self) -> None:
        """See `Inbox`."""
        self._empty_at = time.time() + _LOG_S
        self._run(lambda database: database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._database:
                self._database.close()
                self._database = None

    def _read(self, database: sqlite3.Connection) -> None:
        database.execute("DELETE FROM updates WHERE bot != ?", (self._bot,))
        rows = database.execute(
            "SELECT id, received, body, unsure, starts FROM updates ORDER BY rowid"
        )
        for id_, received, body, unsure, starts in rows.fetchall():
            if body is None:
                self._known[id_] = None
            else:
                self._waiting.append(Waiting(json.loads(body), received, bool(unsure), starts))

    def _note(self, change: str, update_id: int) -> None:
        """Change a row; not synced: a power cut, not a killed process, can undo it."""

        def write(database: sqlite3.Connection) -> None:
            database.execute("PRAGMA synchronous=NORMAL")
            where = (self._bot, update_id)
            database.execute(f"UPDATE updates SET {change} WHERE bot = ? AND id = ?", where)  # noqa: S608

        self._run(write)

    def _run(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Work on the file; where that fails, log it and go on without."""
        with self._lock:
            if self._database:
                try:
                    work(self._database)
                except sqlite3.Error as error:
                    self._warn(error)

    def _warn(self, error: Exception) -> None:
        self.is_failing = True
        logger.warning(
            "%s cannot be used (%s); if the bot is killed, questions can be lost", self._path, error
        )


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; one that is damaged is replaced."""
    for attempt in range(2):
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA secure_delete=ON")
            database.execute(_SCHEMA)
        except sqlite3.DatabaseError as error:
            database.close()
            if attempt or isinstance(error, sqlite3.OperationalError):
                raise
            logger.warning("%s is damaged (%s) and is begun anew", path, error)
            path.unlink()
        else:
            break
    return database
