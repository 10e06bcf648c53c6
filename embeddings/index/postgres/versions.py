"""The versions of an index in a database: one is current, another may be built beside it."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psycopg import IsolationLevel
from psycopg import errors as pg

from embeddings.errors import IndexMissing, IndexOutdated
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ModelEntry
from embeddings.index.postgres import schema
from embeddings.index.postgres.database import PREFER_STANDBY, connect, errors_as_store_errors
from embeddings.index.postgres.schema import LAYOUT, create_tables
from embeddings.index.postgres.tables import Tables

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


_COLUMNS = (
    "number, revision, created, layout, model, model_digest, dimension, rules, passages, "
    "sentences, words"
)


def current(tables: Tables) -> Version:
    """Return the version that answers.

    Raises:
        IndexMissing: nothing has been built.
        IndexOutdated: it has the tables of another version of the program.
    """
    found = in_state(tables, "current")
    if found is None:
        raise IndexMissing(
            f"There is no index in {tables.url} yet. Build it: python -m embeddings build"
        )
    if found.layout != LAYOUT:
        raise IndexOutdated(
            f"The tables of the index in {tables.url} have layout {found.layout}, not {LAYOUT}: "
            "they are of another version of this program. Build it again: "
            "python -m embeddings build"
        )
    return found


@contextmanager
def reading(url: DatabaseUrl) -> Iterator[tuple[Tables, Version]]:
    """Give the tables of the current version, all as they are at one moment; errors as above."""
    with connected(url) as tables, at_one_moment(tables) as found:
        yield found


@contextmanager
def connected(url: DatabaseUrl) -> Iterator[Tables]:
    """Give the tables of an index to `at_one_moment`; errors as above."""
    with errors_as_store_errors(url), closing(connect(url, PREFER_STANDBY)) as connection:
        tables = Tables(connection, url)
        schema.check(tables)
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        yield tables


@contextmanager
def at_one_moment(tables: Tables) -> Iterator[tuple[Tables, Version]]:
    """Give the tables of the version that is current now, and keep them as they are now."""
    with tables.connection.transaction():
        version = current(tables)
        yield tables.of(version.number), version


def in_state(tables: Tables, state: str) -> Version | None:
    """Return the version that is current, or being built; None where there is none."""
    query = "SELECT {columns} FROM {version} WHERE state = %s".replace("{columns}", _COLUMNS)
    return next((Version(*record) for record in tables.fetch(query, state)), None)


def begin(tables: Tables, model: ModelEntry, rules: str, *, anew: bool) -> Version:
    """Return a version to build beside the current one: one that was left unfinished, or a new one.

    With `anew`, what was left unfinished is thrown away.
    """
    unfinished = in_state(tables, "building")
    if unfinished and not anew and unfinished.is_made_by(model.digest, rules):
        return unfinished
    with tables.connection.transaction():
        if anew:  # nor are vectors taken that were encoded for it
            tables.run("DELETE FROM {encoding}")
        tables.run("UPDATE {version} SET state = 'old' WHERE state = 'building'")
        query = (
            "INSERT INTO {version} SELECT coalesce(max(number), 0) + 1, 'building', "
            "nextval('{revision}'), now(), %s, %s, %s, %s, %s, 0, 0, 0 FROM {version} "
            "RETURNING {columns}"
        )
        (record,) = tables.fetch(
            query.replace("{columns}", _COLUMNS),
            LAYOUT,
            model.name,
            model.digest,
            model.dimension,
            rules,
        )
        version = Version(*record)
        create_tables(tables.of(version.number), model.dimension)
    drop_old(tables)
    return version


def drop_unfinished(tables: Tables, current: Version) -> None:
    """Drop what is left of a build that was given up.

    No build goes on with a full one: those that are not full bring the current version up to date.
    One for another model or other rules may be gone on with for a while.
    """
    unfinished = in_state(tables, "building")
    if unfinished and (
        unfinished.is_made_by(current.model_digest, current.rules)
        or datetime.now(UTC) - unfinished.created > _GIVEN_UP
    ):
        with tables.connection.transaction():
            tables.run("DELETE FROM {encoding}")
            tables.run("UPDATE {version} SET state = 'old' WHERE state = 'building'")
        drop_old(tables)


def changed(
    tables: Tables, version: Version, *, passages: int = 0, sentences: int = 0, words: int = 0
) -> None:
    """Note within a transaction that a version has changed, and by how much; tell the readers."""
    ((revision,),) = tables.fetch(
        "UPDATE {version} SET revision = nextval('{revision}'), created = now(), "
        "passages = passages + %s, sentences = sentences + %s, words = words + %s "
        "WHERE number = %s RETURNING revision",
        passages,
        sentences,
        words,
        version.number,
    )
    tables.run("SELECT pg_notify(%s, %s)", CHANNEL, f"{tables.url.schema} {revision}")


def switch(tables: Tables, version: Version) -> None:
    """Make a version the current one, in one transaction."""
    with tables.connection.transaction():
        tables.run("UPDATE {version} SET state = 'old' WHERE state = 'current'")
        tables.run("UPDATE {version} SET state = 'current' WHERE number = %s", version.number)
        changed(tables, version)


def drop_old(tables: Tables) -> None:
    """Drop the tables of versions that answer no more; those still read are dropped later."""
    numbers = tables.fetch("SELECT number FROM {version} WHERE state = 'old' ORDER BY number")
    for (number,) in numbers:
        try:
            with tables.connection.transaction():
                tables.run(f"SET LOCAL lock_timeout = {_KEPT_BY_READERS_MS}")
                tables.of(number).run("DROP SCHEMA IF EXISTS {schema} CASCADE")
                tables.run("DELETE FROM {version} WHERE number = %s", number)
        except (pg.LockNotAvailable, pg.QueryCanceled):
            logger.info("version %d of the index is still read; it is dropped later", number)
