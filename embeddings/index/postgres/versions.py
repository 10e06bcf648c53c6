"""The versions of an index in a database: one is current, another may be built beside it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psycopg import errors as pg
from psycopg import sql
from psycopg.rows import class_row

from embeddings.errors import IndexMissing, IndexOutdated
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ModelEntry
from embeddings.index.postgres.database import Connection
from embeddings.index.postgres.schema import LAYOUT, create_tables, version_schema

logger = logging.getLogger(__name__)

CHANNEL = "passage_index"
"""Where a change is told: the schema of the index and the revision, with a space between."""
_KEPT_BY_READERS_MS = 1000
_GIVEN_UP = timedelta(days=7)
"""How long nothing has been put into a version whose build is taken for given up."""


@dataclass(frozen=True)
class Version:
    """A version of an index.

    Attributes:
        revision: raised by every change of it; unique in the index.
        passages: how many it has.
        sentences: likewise.
        words: of all passages together; a passage counts as one word at least.
    """

    number: int
    revision: int
    created: datetime
    layout: int
    model: str
    model_digest: str
    dimension: int
    rules: str
    passages: int
    sentences: int
    words: int

    def is_made_by(self, digest: str, rules: str) -> bool:
        """Whether it was made by this model and these rules, and can be brought up to date."""
        return (self.model_digest, self.rules, self.layout) == (digest, rules, LAYOUT)


_COLUMNS = sql.SQL(
    "number, revision, created, layout, model, model_digest, dimension, rules, passages, "
    "sentences, words"
)


def current(connection: Connection, url: DatabaseUrl) -> Version:
    """Return the version that answers.

    Raises:
        IndexMissing: nothing has been built.
        IndexOutdated: it has the tables of another version of the program.
    """
    found = _required(in_state(connection, url, "current"), url)
    if found.layout != LAYOUT:
        raise IndexOutdated(
            f"The tables of the index in {url} have layout {found.layout}, not {LAYOUT}: they are "
            "of another version of this program. Build it again: python -m embeddings build"
        )
    return found


def begin(
    connection: Connection, url: DatabaseUrl, model: ModelEntry, rules: str, *, anew: bool
) -> Version:
    """Return a version to build beside the current one: one that was left unfinished, or a new one.

    With `anew`, what was left unfinished is thrown away.
    """
    unfinished = in_state(connection, url, "building")
    if unfinished and not anew and unfinished.is_made_by(model.digest, rules):
        return unfinished
    with connection.transaction():
        if anew:  # nor are vectors taken that were encoded for it
            connection.execute(_in(url, "DELETE FROM {}.encoding"))
        connection.execute(_in(url, "UPDATE {}.version SET state = 'old' WHERE state = 'building'"))
        number = _one(
            connection,
            _in(
                url,
                "INSERT INTO {0}.version SELECT coalesce(max(number), 0) + 1, 'building', "
                "nextval('{0}.revision'), now(), %s, %s, %s, %s, %s, 0, 0, 0 FROM {0}.version "
                "RETURNING number",
            ),
            (LAYOUT, model.name, model.digest, model.dimension, rules),
        )
        create_tables(connection, version_schema(url, number), model.dimension)
    drop_old(connection, url)
    return _required(in_state(connection, url, "building"), url)


def drop_unfinished(connection: Connection, url: DatabaseUrl, current: Version) -> None:
    """Drop what is left of a build that was given up.

    No build goes on with a full one: those that are not full bring the current version up to date.
    One for another model or other rules may be gone on with for a while.
    """
    unfinished = in_state(connection, url, "building")
    if unfinished and (
        unfinished.is_made_by(current.model_digest, current.rules)
        or datetime.now(UTC) - unfinished.created > _GIVEN_UP
    ):
        with connection.transaction():
            connection.execute(_in(url, "DELETE FROM {}.encoding"))
            connection.execute(
                _in(url, "UPDATE {}.version SET state = 'old' WHERE state = 'building'")
            )
        drop_old(connection, url)


def changed(
    connection: Connection,
    url: DatabaseUrl,
    version: Version,
    *,
    passages: int = 0,
    sentences: int = 0,
    words: int = 0,
) -> None:
    """Note within a transaction that a version has changed, and by how much; tell the readers."""
    revision = _one(
        connection,
        _in(
            url,
            "UPDATE {0}.version SET revision = nextval('{0}.revision'), created = now(), "
            "passages = passages + %s, "
            "sentences = sentences + %s, words = words + %s WHERE number = %s RETURNING revision",
        ),
        (passages, sentences, words, version.number),
    )
    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{url.schema} {revision}"))


def switch(connection: Connection, url: DatabaseUrl, version: Version) -> None:
    """Make a version the current one, in one transaction."""
    with connection.transaction():
        connection.execute(_in(url, "UPDATE {}.version SET state = 'old' WHERE state = 'current'"))
        connection.execute(
            _in(url, "UPDATE {}.version SET state = 'current' WHERE number = %s"),
            (version.number,),
        )
        changed(connection, url, version)


def drop_old(connection: Connection, url: DatabaseUrl) -> None:
    """Drop the tables of versions that answer no more; those still read are dropped later."""
    numbers = connection.execute(
        _in(url, "SELECT number FROM {}.version WHERE state = 'old' ORDER BY number")
    ).fetchall()
    for (number,) in numbers:
        try:
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = {_KEPT_BY_READERS_MS}")
                schema = sql.Identifier(version_schema(url, number))
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
                connection.execute(_in(url, "DELETE FROM {}.version WHERE number = %s"), (number,))
        except (pg.LockNotAvailable, pg.QueryCanceled):
            logger.info("version %d of the index is still read; it is dropped later", number)


def numbered(connection: Connection, url: DatabaseUrl, number: int) -> Version:
    """Return the version with a number, as it is now."""
    return _required(_where(connection, url, "number", number), url)


def in_state(connection: Connection, url: DatabaseUrl, state: str) -> Version | None:
    """Return the version that is current, or being built; None where there is none."""
    return _where(connection, url, "state", state)


def _where(connection: Connection, url: DatabaseUrl, column: str, value: object) -> Version | None:
    query = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
        _COLUMNS, sql.Identifier(url.schema, "version"), sql.Identifier(column)
    )
    with connection.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(query, (value,)).fetchone()


def _required(version: Version | None, url: DatabaseUrl) -> Version:
    if version is None:
        raise IndexMissing(f"There is no index in {url} yet. Build it: python -m embeddings build")
    return version


def _one(connection: Connection, query: sql.Composed, values: Sequence[object]) -> int:
    """Return the number that a statement gives."""
    (number,) = connection.execute(query, values).fetchall()[0]
    return int(number)


def _in(url: DatabaseUrl, query: str) -> sql.Composed:
    """Return a query with the schema of the index in its places."""
    # A checked name of lower-case letters: it needs no quotes, also where it is within some.
    return sql.Composed([sql.SQL(query.format(url.schema))])
