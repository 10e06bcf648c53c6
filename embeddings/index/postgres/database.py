"""Connections to PostgreSQL, and what its errors mean to a person."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from pgvector.psycopg import register_vector
from psycopg import errors as pg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from embeddings.errors import (
    IndexMissing,
    IndexOutdated,
    IndexUnavailable,
    IndexUnwritable,
    StoreError,
    UsageError,
)
from embeddings.index.location import MALFORMED, DatabaseUrl

Connection = psycopg.Connection[Any]
Pool = ConnectionPool[Connection]

logger = logging.getLogger(__name__)

T = TypeVar("T")

READ_WRITE, PREFER_STANDBY = "read-write", "prefer-standby"

CONNECT_S = 5
_MOST_CONNECTIONS = 4
RETRY_S = 20.0
"""How long a question waits for a server that went away; a standby takes over within seconds."""
_FIRST_DELAY_S = 0.05
_SETTINGS = (
    "SET jit = off",  # takes longer than the queries
    "SET hnsw.ef_search = 120",
    "SET hnsw.iterative_scan = strict_order",  # where more are asked for, or some were deleted
    "SET max_parallel_workers_per_gather = 0",  # other questions need the cores
    "SET client_min_messages = warning",
    "SET tcp_keepalives_idle = 20",  # a builder or an encoder that vanished holds its locks
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)
_SECRETS = ("password", "sslpassword")


def conninfo(url: DatabaseUrl, session: str) -> str:
    """Return how to connect to the server of a kind of session; see libpq."""
    try:
        conninfo_to_dict(url.url)
    except psycopg.ProgrammingError:  # the text of which may have the password in it
        raise UsageError(MALFORMED) from None
    return make_conninfo(
        url.url,
        target_session_attrs=session,
        connect_timeout=CONNECT_S,
        application_name="passage-bot",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=15_000,
    )


def has_several_hosts(url: DatabaseUrl) -> bool:
    """Whether some of the servers may be standbys."""
    return "," in str(conninfo_to_dict(url.url).get("host", ""))


def new_pool(url: DatabaseUrl, session: str, *, least: int = 1) -> Pool:
    """Return connections that are made when they are needed, and `least` of them at once."""
    return ConnectionPool(
        conninfo(url, session),
        min_size=least,
        max_size=_MOST_CONNECTIONS,
        timeout=CONNECT_S,
        reconnect_timeout=CONNECT_S,  # its pauses double: soon the next question tries anew
        max_idle=60,
        configure=_configure,
        check=ConnectionPool.check_connection,
        open=True,
    )


def connect(url: DatabaseUrl, session: str = READ_WRITE) -> Connection:
    """Open one connection, in autocommit mode."""
    connection: Connection = psycopg.connect(conninfo(url, session), autocommit=True)
    try:
        _configure(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _configure(connection: Connection) -> None:
    autocommit = connection.autocommit
    if not autocommit:
        connection.autocommit = True
    try:
        register_vector(connection)
    except psycopg.ProgrammingError as error:  # the extension is not there yet
        logger.debug("no type vector: %s", error)
    connection.execute("; ".join(_SETTINGS))
    connection.autocommit = autocommit


@contextmanager
def errors_as_store_errors(url: DatabaseUrl) -> Iterator[None]:
    """Turn what PostgreSQL says into one line for a person, without the password."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        raise explanation(url, error) from error


def explanation(url: DatabaseUrl, error: Exception) -> StoreError:
    """Return the error to raise for one of PostgreSQL's."""
    said = _said(url, error)
    for kinds, kind, text in _EXPLANATIONS:
        if isinstance(error, kinds):
            return kind(text.format(url=url, said=said))
    if "session is read-only" in said:  # said when one that can be written was asked for
        return IndexUnwritable(_STANDBY.format(url=url))
    if "password authentication failed" in said or "no password supplied" in said:
        return IndexUnavailable(
            f"{url} refuses the user or the password of INDEX_URL. Mend INDEX_URL."
        )
    if re.search(r'database "[^"]*" does not exist', said):
        return IndexUnavailable(
            f"There is no such database: {url}. Make it with createdb, or mend INDEX_URL."
        )
    if isinstance(error, _GONE) and _is_passing(error):
        return IndexUnavailable(
            f"The database of the index, {url}, cannot be reached at the moment ({said}). "
            "Is the server running, and INDEX_URL right?"
        )
    return IndexUnavailable(f"The database of the index, {url}, failed: {said}")


def _said(url: DatabaseUrl, error: Exception) -> str:
    """Return the first line of an error, without a password."""
    text = " ".join(str(error).strip().split("\n")[0].split())  # the others are guesses, or lists
    for secret in filter(None, map(conninfo_to_dict(url.url).get, _SECRETS)):
        text = text.replace(str(secret), "…")
    return text


def retried(url: DatabaseUrl, work: Callable[[], T], within_s: float = RETRY_S) -> T:
    """Return what `work` returns; where the server goes away, try again for so many seconds.

    Raises:
        IndexUnavailable: it did not come back.
        StoreError: something else is wrong.
    """
    deadline, delay, level = time.monotonic() + within_s, _FIRST_DELAY_S, logging.WARNING
    while True:
        try:
            return work()
        except _GONE as error:
            if time.monotonic() >= deadline or not _may_come_back(error):
                raise explanation(url, error) from error
            logger.log(level, "%s: %s; trying again", url, _said(url, error))
            level = logging.DEBUG
        except psycopg.Error as error:
            raise explanation(url, error) from error
        time.sleep(delay)
        delay = min(2 * delay, 1.0)


def _may_come_back(error: Exception) -> bool:
    """Whether trying again helps: a wrong password stays wrong."""
    if isinstance(error, PoolClosed) or not _is_passing(error):
        return False
    return not re.search(r"authentication failed|no password|does not exist", str(error))


def _is_passing(error: Exception) -> bool:
    state = getattr(error, "sqlstate", None)
    return state is None or str(state).startswith(_PASSING)


_PASSING = ("08", "25006", "40", "57P", "53300")
"""SQLSTATEs of what passes: a lost connection, a standby, a conflict, a server that ends or begins,
too many connections."""
_GONE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    pg.SerializationFailure,
    pg.AdminShutdown,
    pg.ReadOnlySqlTransaction,
)
_FULL = (
    "The server of {url} has no room left ({said}). The index is what it was; make room there, and "
    "build again."
)
_FORBIDDEN = (
    "The user of INDEX_URL may not do this in {url}: {said}. It must own the schema of the index, "
    "or be allowed to create one (GRANT CREATE ON DATABASE …)."
)
_STANDBY = (
    "{url} is a standby, or read-only: an index is built on the primary. Name all hosts in "
    "INDEX_URL, postgresql://USER@HOST1,HOST2/NAME."
)
_USED_UP = (
    "The index in {url} has used up the numbers of passages that there are. Build it again: "
    "python -m embeddings build --full"
)
_MISSING = "There is no index in {url} yet. Build it: python -m embeddings build"
_OTHER = (
    "The tables in {url} are not those of this version of the program ({said}). Build the index "
    "again: python -m embeddings build --full"
)
_EXPLANATIONS: tuple[tuple[tuple[type[Exception], ...], type[StoreError], str], ...] = (
    ((pg.DiskFull, pg.OutOfMemory), IndexUnwritable, _FULL),
    ((pg.InsufficientPrivilege,), IndexUnwritable, _FORBIDDEN),
    ((pg.ReadOnlySqlTransaction,), IndexUnwritable, _STANDBY),
    ((pg.SequenceGeneratorLimitExceeded, pg.NumericValueOutOfRange), IndexUnwritable, _USED_UP),
    ((pg.UndefinedTable, pg.InvalidSchemaName), IndexMissing, _MISSING),
    ((pg.UndefinedObject, pg.UndefinedFunction, pg.UndefinedColumn), IndexOutdated, _OTHER),
)
