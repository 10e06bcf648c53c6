"""Which replicas of a bot live, and which one is elected: by advisory locks of PostgreSQL.

A replica has a number, and holds a lock with this number on a connection of its own. The database
releases the lock when the process ends, however it ends: so the others know. One of them also holds
the lock of the elected one. A connection that is lost is opened again at once; a replica that is
back soon keeps what it works on.
"""

import logging
import secrets
from collections.abc import Callable
from threading import Event, Thread
from typing import Self

import psycopg

from bot.journal.engine import first_line
from bot.replicas.database import connection_arguments

logger = logging.getLogger(__name__)

MEMBERS = 0x70617373
ELECTED = MEMBERS + 1
"""Any two numbers; each names a family of advisory locks."""
_LOOK_S, _GRACE_S = 0.5, 2.0
_MOST = (1 << 31) - 1


class Membership:
    """This process among the replicas, kept up in a thread.

    Attributes:
        number: of this replica, drawn at random.
        is_connected: whether the others know that this one lives.
        is_elected: whether it is the one that does what only one must do.
        look: called in the thread again and again while it is connected, and at once when another
            replica has notified this one.
    """

    def __init__(
        self, url: str, bot_id: str, look_s: float = _LOOK_S, grace_s: float = _GRACE_S
    ) -> None:
        """Prepare; `url` is as `Settings.database_url` has it.

        It looks at the others every `look_s`; one whose connection was lost for `grace_s` is dead.
        """
        self._address = connection_arguments(url)
        self.bot, self.grace_s, self._look_s = bot_id, grace_s, look_s
        self._election = int(bot_id or 0) % _MOST
        self.number = 1 + secrets.randbelow(_MOST)
        self.is_connected = False
        self.is_elected = False
        self.look: Callable[[], None] = lambda: None
        self._stop = Event()
        self._logged: str | None = None
        self._thread = Thread(target=self._run, name="replicas", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(autocommit=True, **self._address) as connection:
                    self._attend(connection)
            except psycopg.Error as error:
                self._warn(error)
            finally:
                self.is_connected = self.is_elected = False
            self._stop.wait(self._look_s)

    def _attend(self, connection: "psycopg.Connection[tuple[bool]]") -> None:
        """Hold the locks for as long as the connection lasts."""
        while not _locked(connection, MEMBERS, self.number):  # the server may not know yet that
            if self._stop.wait(self._look_s):  # the former connection is lost
                return
        connection.execute(f"LISTEN replica_{self.number}".encode())
        self._logged = None
        while not self._stop.is_set():
            if not self.is_elected and _locked(connection, ELECTED, self._election):
                logger.info("this replica is the elected one")
                self.is_elected = True
            self.is_connected = True
            self.look()
            for _ in connection.notifies(timeout=self._look_s, stop_after=1):
                pass
            connection.execute("SELECT 1")  # a lost connection shows

    def _warn(self, error: psycopg.Error) -> None:
        reason = first_line(error)
        if reason != self._logged:
            self._logged = reason
            logger.warning("the replicas' database cannot be used (%s); trying again", reason)


def _locked(connection: "psycopg.Connection[tuple[bool]]", family: int, number: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (family, number)).fetchone()
    return row is not None and row[0]
