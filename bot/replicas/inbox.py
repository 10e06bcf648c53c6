"""The inbox that the replicas of a bot share: each update is worked on by one of them.

    updates(bot, id, received, body, unsure, starts, chat, owner, handed)
    replicas(number, bot, elected)

A chat's updates go to the replica that had the last one, so that they are worked on in their order
and find there what is in memory; those of admins go to the elected one, which follows the folder of
articles. `owner` is the number of the replica that works on an update, 0 for none; `handed` says
that another process has received it and the owner has not seen it yet. What a dead replica leaves,
the elected one takes. `chat` is a hash, and `body` is null once the handlers have ended; the rows
stay for as long as Telegram may deliver an update again.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock
from typing import Any, Self

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import InboxUnavailable
from bot.journal.engine import reason
from bot.replicas.database import SharedDatabase
from bot.replicas.membership import MEMBERS, Membership
from bot.transport.inbox import STATUS_LINE, Inbox, Waiting

logger = logging.getLogger(__name__)

_CHATS = MEMBERS + 2
"""Names a family of advisory locks: of two updates of a chat, one sees who has the other."""
_SAME_REPLICA_S = 300.0
"""For so long after its last update a chat stays with a replica."""
_REMEMBERED_S = 25 * 3600.0
"""Telegram keeps an update for 24 hours."""
_CLEAN_S = 60.0
_RETRY_S = 0.5
_KEEP = text("""
WITH chosen AS (
    SELECT COALESCE(
        (SELECT number FROM replicas WHERE :is_admin AND bot = :bot AND elected LIMIT 1),
        (SELECT owner FROM updates JOIN replicas ON number = owner AND replicas.bot = updates.bot
         WHERE updates.bot = :bot AND chat = :chat AND received > :now - :same_s
         ORDER BY received DESC LIMIT 1),
        :me) AS owner
), kept AS (
    INSERT INTO updates (bot, id, received, body, unsure, starts, chat, owner, handed)
    SELECT :bot, :id, :now, :body, false, 0, :chat, owner, owner <> :me FROM chosen
    ON CONFLICT (bot, id) DO NOTHING RETURNING owner, handed
)
SELECT owner, CASE WHEN handed THEN pg_notify('replica_' || owner, '') END FROM kept
""")
_LOCK_CHAT = text("SELECT pg_advisory_xact_lock(:family, :chat)")
_TAKE_HANDED = text("""
UPDATE updates SET handed = false WHERE bot = :bot AND owner = :me AND handed
RETURNING id, received, body, unsure, starts
""")
_DEAD = text("""
SELECT number FROM (
    SELECT number FROM replicas WHERE bot = :bot
    UNION SELECT owner FROM updates WHERE bot = :bot AND body IS NOT NULL
) AS known WHERE number <> :me AND pg_try_advisory_xact_lock(:members, number)
""")
_TAKE_LEFT = text("""
UPDATE updates SET owner = :me, handed = false, starts = starts + 1
WHERE bot = :bot AND owner = ANY(:dead) AND body IS NOT NULL
RETURNING id, received, body, unsure, starts
""")
_JOIN = text("""
INSERT INTO replicas (number, bot, elected) VALUES (:me, :bot, :elected)
ON CONFLICT (number) DO UPDATE SET elected = :elected WHERE replicas.elected <> :elected
""")
_LEAVE = text("DELETE FROM replicas WHERE number = ANY(:numbers)")
_OWNED = text("SELECT id FROM updates WHERE bot = :bot AND owner = :me AND body IS NOT NULL")
_MARK = text("UPDATE updates SET unsure = true WHERE bot = :bot AND id = ANY(:ids) AND owner = :me")
_FORGET = text("UPDATE updates SET body = NULL WHERE bot = :bot AND id = ANY(:ids) AND owner = :me")
_NOTE_STATUS_LINE = text("""
UPDATE updates SET body = jsonb_set(body::jsonb, :key, to_jsonb(CAST(:message AS bigint)))::text
WHERE bot = :bot AND id = :id AND owner = :me
""")
_LEAVE_REST = text("""
UPDATE updates SET owner = 0 WHERE bot = :bot AND owner = :me AND body IS NOT NULL
""")
_WAKE_ELECTED = text("""
SELECT pg_notify('replica_' || number, '') FROM replicas WHERE bot = :bot AND elected
""")
_CLEAN = (
    text("DELETE FROM updates WHERE bot = :bot AND body IS NULL AND received < :before"),
    text("DELETE FROM question_times WHERE times[cardinality(times)] < :now - 60"),
)


class DatabaseInbox(Inbox):
    """The inbox of one replica."""

    def __init__(
        self, database: SharedDatabase, membership: Membership, admins: Collection[int] = ()
    ) -> None:
        """Prepare; the database is opened and closed with the inbox.

        Updates of admins, given by their ids, go to the elected replica.
        """
        super().__init__()
        self._database, self._member, self._admins = database, membership, admins
        self._key = {"bot": membership.bot, "me": membership.number}
        self._lock, self._looking = Lock(), Lock()
        self._claimed: set[int] = set()
        self._waiting: list[Waiting] = []
        self._more: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._dead_since: dict[int, float] = {}
        self._is_leaving = self._is_closed = self._was_connected = False
        self._clean_at = 0.0
        self._marks = _Marks(self._write_marks)

    def open(self) -> Self:
        """See `Inbox`; the tables of the journal must be up to date.

        Raises:
            InboxUnavailable: the database cannot be used now.
        """
        try:
            self._database.open()
        except SQLAlchemyError as error:
            raise InboxUnavailable(self._warn(error)) from error
        self._member.look = self.look
        return self

    def waiting(self) -> list[Waiting]:
        """See `Inbox`."""
        with self._lock:
            left, self._waiting = self._waiting, []
        return sorted(left, key=lambda one: one.received)

    async def more(self) -> None:
        """See `Inbox`."""
        there = asyncio.Event()
        self._more = asyncio.get_running_loop(), there
        with self._lock:
            if self._waiting:
                return
        await there.wait()

    def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        """See `Inbox`."""
        if not self._member.is_connected or not self._database.is_open:
            raise InboxUnavailable("the others do not know that this replica lives")
        now = time.time()
        try:
            for number, update in enumerate(updates):
                self._keep(update, now + number * 1e-6)
        except SQLAlchemyError as error:
            raise InboxUnavailable(self._warn(error)) from error
        self.is_failing = False

    def _keep(self, update: dict[str, Any], now: float) -> None:
        chat, person = _chat_and_person(update)
        hashed = self._database.hashed(chat)
        row = {
            "id": update["update_id"],
            "now": now,
            "body": json.dumps(update),
            "chat": hashed,
            "same_s": _SAME_REPLICA_S,
            "is_admin": chat == person and person in self._admins,
        }
        with self._database.transaction() as connection:
            connection.execute(_LOCK_CHAT, {"family": _CHATS, "chat": hashed & 0x7FFFFFFF})
            found = connection.execute(_KEEP, self._key | row).first()
        if found and found.owner == self._member.number:
            with self._lock:
                self._claimed.add(update["update_id"])

    def begin(self, update_id: int) -> bool:
        """See `Inbox`."""
        with self._lock:
            is_mine = update_id in self._claimed
            self._claimed.discard(update_id)
        return is_mine

    def mark_unsure(self, update_id: int) -> None:
        """See `Inbox`."""
        self._marks.put(unsure=[update_id])

    def note_status_line(self, update_id: int, message_id: int) -> None:
        """See `Inbox`; waits for the database."""
        note = {"id": update_id, "key": [STATUS_LINE], "message": message_id}
        self._write((_NOTE_STATUS_LINE, note))

    def _forget(self, update_id: int) -> None:
        self._marks.put(done=[update_id])

    def look(self) -> None:
        """Take what was handed over to this replica; the elected one, what dead ones have left."""
        with self._looking:
            if self._is_closed:
                return
            try:
                with self._database.transaction() as connection:
                    rows = self._look(connection)
            except SQLAlchemyError as error:
                self._warn(error)
                self._was_connected = False
                return
            self._was_connected = True
            self._found(rows)

    def _found(self, rows: Sequence[Any]) -> None:
        found = [
            Waiting(json.loads(one.body), one.received, one.unsure, one.starts)
            for one in rows
            if one.body is not None
        ]
        with self._lock:
            self._claimed.update(one.body["update_id"] for one in found)
            self._waiting += found
        if found and self._more:
            loop, there = self._more
            loop.call_soon_threadsafe(there.set)

    def _look(self, connection: Connection) -> list[Any]:
        if not self._was_connected:
            self._drop_lost(connection)
        if self._is_leaving:
            return []
        connection.execute(_JOIN, self._key | {"elected": self._member.is_elected})
        rows = list(connection.execute(_TAKE_HANDED, self._key))
        if not self._member.is_elected:
            return rows
        silent = connection.execute(_DEAD, self._key | {"members": MEMBERS}).scalars()
        if dead := self._dead(set(silent)):
            rows += connection.execute(_TAKE_LEFT, self._key | {"dead": dead})
            connection.execute(_LEAVE, {"numbers": dead})
        if time.monotonic() > self._clean_at:
            self._clean_at = time.monotonic() + _CLEAN_S
            now = time.time()
            times = {"now": now, "before": now - _REMEMBERED_S}
            for statement in _CLEAN:
                connection.execute(statement, self._key | times)
        return rows

    def _drop_lost(self, connection: Connection) -> None:
        """Do not begin what others have taken while this replica was away."""
        with self._lock:
            claimed = set(self._claimed)
        lost = claimed - set(connection.execute(_OWNED, self._key).scalars())
        with self._lock:
            self._claimed -= lost

    def _dead(self, silent: set[int]) -> list[int]:
        """Return those that have been silent for too long; 0 has what was left in good order."""
        now = time.monotonic()
        self._dead_since = {one: self._dead_since.get(one, now) for one in silent}
        since, grace_s = self._dead_since.items(), self._member.grace_s
        return [one for one, at in since if not one or now - at >= grace_s]

    def leave(self) -> None:
        """See `Inbox`."""
        self._is_leaving = True
        if self._member.is_connected:  # otherwise the others see that this replica is gone
            self._write((_LEAVE, {"numbers": [self._member.number]}))

    def close(self) -> None:
        """See `Inbox`."""
        with self._looking:
            self._is_closed = True
        self._marks.close()
        if self._database.is_open and self._member.is_connected:
            self._write((_LEAVE_REST, {}), (_WAKE_ELECTED, {}))
        self._database.close()

    def _write_marks(self, unsure: list[int], done: list[int]) -> bool:
        """Write what is known of updates; return whether that succeeded."""
        marks = (_MARK, unsure), (_FORGET, done)
        return self._write(*((statement, {"ids": ids}) for statement, ids in marks if ids))

    def _write(self, *statements: tuple[TextClause, dict[str, Any]]) -> bool:
        """Run statements in one transaction; return whether that succeeded."""
        try:
            with self._database.transaction() as connection:
                for statement, values in statements:
                    connection.execute(statement, self._key | values)
        except SQLAlchemyError as error:
            self._warn(error)
            return False
        self.is_failing = False
        return True

    def _warn(self, error: SQLAlchemyError) -> str:
        if not self.is_failing:
            logger.warning(
                "updates cannot be written down (%s); Telegram keeps them", reason(error)
            )
        self.is_failing = True
        return reason(error)


class _Marks:
    """Writes in a thread what becomes of updates: many at once, and again until it succeeds."""

    def __init__(self, write: Callable[[list[int], list[int]], bool]) -> None:
        self._write = write
        self._lock, self._end = Lock(), Event()
        self._unsure: list[int] = []
        self._done: list[int] = []
        self._thread = ThreadPoolExecutor(1, "inbox")

    def put(self, *, unsure: Sequence[int] = (), done: Sequence[int] = ()) -> None:
        with self._lock:
            is_submitted = bool(self._unsure or self._done)
            self._unsure += unsure
            self._done += done
        if not is_submitted:
            with suppress(RuntimeError):  # it is being closed
                self._thread.submit(self._write_all)

    def close(self) -> None:
        """Write what is left, unless that fails."""
        self._end.set()
        self._thread.shutdown()
        self._write_once()

    def _write_all(self) -> None:
        while not self._end.is_set() and not self._write_once():
            self._end.wait(_RETRY_S)

    def _write_once(self) -> bool:
        """Write what is there; return whether that succeeded: what was not written stays."""
        with self._lock:
            unsure, self._unsure = self._unsure, []
            done, self._done = self._done, []
        if not (unsure or done) or self._write(unsure, done):
            return True
        with self._lock:
            self._unsure[:0], self._done[:0] = unsure, done
        return False


def _chat_and_person(update: dict[str, Any]) -> tuple[int, int]:
    """Return the ids of the chat and the person of an update, 0 where it has none.

    What somebody types in another chat counts as of their private chat with the bot.
    """
    content = next((one for name, one in update.items() if isinstance(one, dict)), {})
    person = content.get("from") or {}
    chat = (content.get("message") or content).get("chat") or person
    return int(chat.get("id", 0)), int(person.get("id", 0))
