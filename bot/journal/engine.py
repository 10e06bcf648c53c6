"""Connections to the database, and what its errors mean."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from embeddings import PassageBotError

PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",  # who reads does not wait for who writes
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what a person wants forgotten is overwritten
)

WRITES: dict[str, str] = {"mode": "BEGIN IMMEDIATE"}
"""Execution options of a transaction that writes."""
BARE: dict[str, str] = {"mode": ""}
"""Execution options of a statement that no transaction may surround."""

_DAMAGED = {11, 26}
"""SQLITE_CORRUPT, SQLITE_NOTADB."""
_BUSY = {5, 6}
"""SQLITE_BUSY, SQLITE_LOCKED."""


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite database, None for a server's."""
    parts = make_url(url)
    return Path(parts.database or "") if parts.get_backend_name() == "sqlite" else None


def open_engine(url: str, patience_s: float) -> AsyncEngine:
    """Return an engine; nothing is connected yet.

    Args:
        url: with the driver in it.
        patience_s: how long a statement waits for others.
    """
    # Parameters are what people asked: they must not be in an error's text.
    if file_of(url) is None:
        return create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=patience_s,
            connect_args={"timeout": patience_s, "command_timeout": patience_s},
        )
    engine = create_async_engine(
        url, hide_parameters=True, pool_timeout=patience_s, connect_args={"timeout": patience_s}
    )
    event.listen(engine.sync_engine, "connect", _connected)
    event.listen(engine.sync_engine, "begin", _begun)
    return engine


def is_passing(error: BaseException) -> bool:
    """Whether the same statement may succeed later: the database is locked, gone or full."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, InterfaceError):  # in SQLite's case it is the value that is wrong
        return not isinstance(error.orig, sqlite3.InterfaceError)
    return is_damage(error) or isinstance(error, (OperationalError, PoolTimeout, OSError))


def is_busy(error: BaseException) -> bool:
    """Whether somebody else writes, and nothing else is wrong."""
    return _code(error) in _BUSY


def is_damage(error: BaseException) -> bool:
    """Whether an SQLite file is no database any more."""
    return _code(error) in _DAMAGED


def reason(error: BaseException) -> str:
    """Return what is wrong in a few words, without what people asked."""
    if not isinstance(error, (SQLAlchemyError, OSError, PassageBotError)):
        return type(error).__name__
    inner = getattr(error, "orig", None) or error
    lines = str(inner).splitlines() or [""]  # PostgreSQL's further lines show the row
    return lines[0].strip() or type(inner).__name__


def _code(error: BaseException) -> int:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def _connected(connection: Any, _record: Any) -> None:
    # Without this, sqlite3 begins and ends transactions as it likes, and never around DDL.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    """One that will write says so at once: turning a reader into a writer fails when busy."""
    mode = connection.get_execution_options().get("mode", "BEGIN")
    if mode:
        connection.exec_driver_sql(mode)
