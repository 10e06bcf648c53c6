"""Prepares a database at the start: made, checked, brought up to date, given a key.

Everything here blocks, and belongs in a thread.
"""

import asyncio
import logging
import secrets as random
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalError, JournalTooNew
from bot.journal.engine import WRITES, file_of, is_damage, open_engine, reason
from bot.journal.ids import KEY_BYTES, Pseudonyms
from bot.journal.privacy import hash_names
from bot.journal.tables import secrets
from embeddings import run_migrations

logger = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"
"""The last of the migrations."""
_LOCK_NUMBER = 0x70617373
"""Any number; it names an advisory lock of PostgreSQL."""


class _Damaged(JournalError):
    """The file can be opened, but SQLite's check of its pages fails."""


def prepare(url: str, key: bytes | None, prepare_s: float, *, names: bool) -> Pseudonyms:
    """Bring a database up to date; a damaged SQLite file is moved aside.

    Args:
        url: with the driver in it.
        key: for a database that has none yet; None for a new one.
        prepare_s: how long to wait for another process that prepares the same database.
        names: whether ids are stored as they are.

    Raises:
        JournalTooNew: a newer program has changed it.
        SQLAlchemyError, OSError: it cannot be reached or written.
    """
    file = file_of(url)

    def attempt() -> Pseudonyms:
        if file and not file.exists():
            file.touch(0o600)  # for the owner only; SQLite makes the files beside it alike
        return asyncio.run(_prepare(url, key, prepare_s, names=names))

    if file is None:
        return attempt()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock", timeout=prepare_s):
        try:
            return attempt()
        except (_Damaged, DatabaseError) as error:
            if not isinstance(error, _Damaged) and not is_damage(error):
                raise
            logger.error(  # noqa: TRY400
                "the journal %s was damaged (%s); a new one begins. What can be saved is in %s; "
                "delete that one day, nothing else does",
                file,
                reason(error),
                _move_aside(file).name,
            )
        return attempt()


async def _prepare(url: str, key: bytes | None, prepare_s: float, *, names: bool) -> Pseudonyms:
    engine = open_engine(url, prepare_s)
    try:
        async with engine.execution_options(**WRITES).begin() as connection:
            if engine.dialect.name == "sqlite":
                found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar()
                if found != "ok":
                    raise _Damaged(str(found))
            else:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
            await connection.run_sync(_upgrade)
            pseudonyms = Pseudonyms(await _key(connection, key), names=names)
            if not names:
                await hash_names(connection, pseudonyms)
            return pseudonyms
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    """Run the migrations that are missing."""
    if _is_current(connection):
        return
    from alembic.util import CommandError

    try:
        run_migrations(_MIGRATIONS, connection=connection)
    except CommandError as error:
        raise JournalTooNew(
            "The database was made by a newer version of this program. Install that version, "
            "or set DATABASE_URL to another database."
        ) from error


def _is_current(connection: Connection) -> bool:
    """Look without Alembic, which takes eleven megabytes of memory."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
    return list(versions) == [NEWEST]


async def _key(connection: AsyncConnection, key: bytes | None) -> bytes:
    """Return the key of the database; a new database gets one."""
    query = select(secrets.c.value).where(secrets.c.name == "key")
    found: bytes | None = (await connection.execute(query)).scalar()
    if found is not None:
        return found
    key = key or random.token_bytes(KEY_BYTES)
    await connection.execute(insert(secrets).values(name="key", value=key))
    return key


def _move_aside(file: Path) -> Path:
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = file.with_name(f"{file.name}.damaged-{now}")
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{file}{end}").rename(f"{aside}{end}")
    return aside
