"""Connections to the database, and what its errors mean."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from embeddings.errors import PassageBotError

PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",  # readers do not wait for the writer
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten
)

WRITES: dict[str, str] = {"mode": "BEGIN IMMEDIATE"}
"""Execution options of a transaction that writes."""
BARE: dict[str, str] = {"mode": ""}
"""Execution options of a statement that must run outside a transaction."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite database, None for a server."""
    parts = make_url(url)
    return Path(parts.database or "") if parts.get_backend_name() == "sqlite" else None


def open_engine(url: str, statement_s: float) -> AsyncEngine:
    """Return an engine that is not connected yet; `url` has the driver in it.

    A statement waits for others for `statement_s` seconds.
    """
    is_file = file_of(url) is not None
    timeouts = {"timeout": statement_s} if is_file else {"command_timeout": statement_s}
    engine = create_async_engine(
        url,
        hide_parameters=True,  # what people asked must not be in an error's text
        pool_pre_ping=not is_file,
        pool_timeout=statement_s,
        connect_args={"timeout": statement_s} | timeouts,
    )
    if is_file:
        event.listen(engine.sync_engine, "connect", _configure)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


async def upsert(
    connection: AsyncConnection,
    table: Table,
    key: dict[str, int],
    values: dict[str, Any],
    defaults: dict[str, Any] | None = None,
) -> None:
    """Insert a row, or change the values of the one with this primary key.

    Further values of a new row are its `defaults`. The connection is within a transaction.
    """
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table).values((defaults or {}) | key | values)
    await connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=values))


def is_passing(error: BaseException) -> bool:
    """Whether the statement may succeed later: the database is locked, gone or full."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, InterfaceError):  # from SQLite it means a value of a wrong type
        return not isinstance(error.orig, sqlite3.InterfaceError)
    return is_damage(error) or isinstance(error, (OperationalError, PoolTimeout, OSError))


def is_busy(error: BaseException) -> bool:
    """Whether another process is writing, and nothing else is wrong."""
    return _code(error) in _BUSY


def is_damage(error: BaseException) -> bool:
    """Whether an SQLite file is damaged."""
    return _code(error) in _DAMAGED


def reason(error: BaseException) -> str:
    """Return in a few words what is wrong, without what people asked."""
    if not isinstance(error, (SQLAlchemyError, OSError, PassageBotError)):
        return type(error).__name__
    return first_line(getattr(error, "orig", None) or error)


def first_line(error: BaseException) -> str:
    """Return what an error says first; PostgreSQL's further lines show the row."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if len(lines) > 1 and lines[0].endswith(":"):  # of several addresses, each has a line
        return lines[1].lstrip("- ")
    return lines[0]


def _code(error: BaseException) -> int:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def _configure(connection: Any, _record: Any) -> None:
    # Otherwise sqlite3 begins and ends transactions by itself, and never around DDL.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("mode", "BEGIN")
    if mode:
        connection.exec_driver_sql(mode)
