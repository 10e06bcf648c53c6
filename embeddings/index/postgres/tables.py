"""Queries of the tables of one version of an index."""

from collections.abc import Sequence
from functools import lru_cache

from psycopg import sql

from embeddings.index.location import DatabaseUrl
from embeddings.index.passages import Record
from embeddings.index.postgres.database import Connection
from embeddings.index.postgres.schema import version_schema

_NAMES = "article skipped passage passage_vector sentence passage_token word posting".split()


class Tables:
    """Runs queries, in which {article}, {passage} and so on are the tables of a version.

    Attributes:
        connection: that runs them.
        schema: that the tables are in.
    """

    def __init__(self, connection: Connection, url: DatabaseUrl, version: int) -> None:
        self.connection, self.schema = connection, version_schema(url, version)

    def fetch(self, query: str, *values: object, **named: object) -> list[Record]:
        """Return the records of a query; its values stand as %s, or as %(name)s."""
        prepared = _prepared(self.schema, query)
        return self.connection.execute(prepared, named or values, binary=True).fetchall()

    def run(self, query: str, *values: object) -> int:
        """Run a statement, and return how many rows it concerned."""
        return self.connection.execute(_prepared(self.schema, query), values).rowcount

    def copy(self, query: str, types: list[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Copy rows into a table; binary ones have types, text has none."""
        prepared = _prepared(self.schema, query)
        with self.connection.cursor() as cursor, cursor.copy(prepared) as copy:
            if types:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=256)
def _prepared(schema: str, query: str) -> bytes:
    """Return a query, with the schema before each {table}."""
    tables = {name: sql.Identifier(schema, name) for name in _NAMES}
    return sql.SQL(query).format(**tables).as_bytes()
