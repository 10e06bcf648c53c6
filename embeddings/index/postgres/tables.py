"""Queries of the tables of an index."""

from collections.abc import Sequence
from functools import lru_cache

from psycopg import sql

from embeddings.index.location import DatabaseUrl
from embeddings.index.passages import Record
from embeddings.index.postgres.database import Connection

_SHARED = "alembic_version encoding revision version".split()
_NAMES = "article skipped passage passage_vector sentence passage_token word posting".split()


class Tables:
    """Runs queries, in which {article}, {passage} and so on are the tables of a version.

    {version} and {encoding} are tables that all versions share, {schema} is that of this one; see
    `schema`.

    Attributes:
        connection: that runs them.
        url: of the database.
        schema: that the tables of the version are in; without a version, those that all share.
    """

    def __init__(
        self, connection: Connection, url: DatabaseUrl, version: int | None = None
    ) -> None:
        self.connection, self.url = connection, url
        self.schema = url.schema if version is None else f"{url.schema}_v{version}"

    def of(self, version: int) -> "Tables":
        """Return the tables of a version."""
        return Tables(self.connection, self.url, version)

    def fetch(self, query: str, *values: object, **named: object) -> list[Record]:
        """Return the records of a query; its values stand as %s, or as %(name)s."""
        prepared = self._prepared(query)
        return self.connection.execute(prepared, named or values, binary=True).fetchall()

    def run(self, query: str, *values: object) -> int:
        """Run a statement, and return how many rows it concerned."""
        return self.connection.execute(self._prepared(query), values).rowcount

    def run_for_each(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run a statement with each of these values."""
        with self.connection.cursor() as cursor:
            cursor.executemany(self._prepared(query), rows)

    def copy(self, query: str, types: list[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Copy rows into a table; binary ones have types, text has none."""
        with self.connection.cursor() as cursor, cursor.copy(self._prepared(query)) as copy:
            if types:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def _prepared(self, query: str) -> bytes:
        return _prepared(self.url.schema, self.schema, query)


@lru_cache(maxsize=256)
def _prepared(shared: str, schema: str, query: str) -> bytes:
    """Return a query, with its schema before each {table}."""
    tables = {name: sql.Identifier(shared, name) for name in _SHARED}
    tables |= {name: sql.Identifier(schema, name) for name in _NAMES}
    return sql.SQL(query).format(schema=sql.Identifier(schema), **tables).as_bytes()
