"""Moves a journal to another database, from SQLite to PostgreSQL or back."""

import asyncio

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalError
from bot.journal.engine import WRITES, file_of, open_engine, reason
from bot.journal.prepare import prepare
from bot.journal.tables import answers, passages, people, ratings, secrets

_COPIED = (people, answers, passages, ratings)
_AT_ONCE = 1000
_WAIT_S = 60.0


def copy(source: str, target: str) -> dict[str, int]:
    """Copy everything; either all of it arrives or nothing does.

    Args:
        source: address of a database with the driver in it, as `target`. Nothing is written to it
            meanwhile.
        target: is made, or has no entries.

    Returns:
        how many rows were copied, by table.

    Raises:
        JournalError: it cannot be done.
    """
    file = file_of(source)
    if file is not None and not file.exists():
        raise JournalError(f"There is no journal to copy: {file} does not exist.")
    if source == target:
        raise JournalError("The journal would be copied to itself.")
    try:
        for url in (source, target):
            prepare(url, None, _WAIT_S, names=True)  # ids stay as they are stored
        return asyncio.run(_copy(source, target))
    except (SQLAlchemyError, OSError) as error:
        raise JournalError(f"The journal was not copied: {reason(error)}.") from error


async def _copy(source: str, target: str) -> dict[str, int]:
    engines = open_engine(source, _WAIT_S), open_engine(target, _WAIT_S)
    reading, writing = (engine.execution_options(**WRITES) for engine in engines)
    try:
        async with reading.begin() as old, writing.begin() as new:
            if old.dialect.name == "postgresql":  # all tables as they are at one moment
                names = ", ".join(table.name for table in _COPIED)
                await old.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
            for table in _COPIED:
                if await _count(new, table):
                    raise JournalError("The journal was not copied: its target is not empty.")
            key = (await old.execute(select(secrets.c.value).where(secrets.c.name == "key"))).one()
            await new.execute(
                update(secrets).values(value=key.value).where(secrets.c.name == "key")
            )
            return {table.name: await _copy_table(old, new, table) for table in _COPIED}
    finally:
        for engine in engines:
            await engine.dispose()


async def _copy_table(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
    copied = 0
    async with old.stream(select(table)) as rows:
        async for some in rows.partitions(_AT_ONCE):
            await new.execute(insert(table), [row._asdict() for row in some])
            copied += len(some)
    if copied != await _count(new, table):
        raise JournalError(f"The journal was not copied: rows of {table.name} are missing.")
    return copied


async def _count(connection: AsyncConnection, table: Table) -> int:
    return (await connection.execute(select(func.count()).select_from(table))).scalar_one()
