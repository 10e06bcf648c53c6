"""HNSW indexes, where so many vectors are searched that an exact scan is slower.

Each language has an index of its own: a filter would leave too few of the nearest.
"""

import logging
from collections.abc import Callable

from psycopg import errors as pg
from psycopg import sql

from embeddings.index.postgres.database import Connection
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version

logger = logging.getLogger(__name__)

HNSW_FROM = 5_000
"""Vectors from which HNSW is faster than an exact scan: docs/scaling.md."""
_MUCH = 1000
"""Passages after whose change the server's statistics are brought up to date at once."""


def bring_up_to_date(
    tables: Tables,
    version: Version,
    check_cancelled: Callable[[], None],
    least: int = HNSW_FROM,
) -> None:
    """Make the indexes that are missing, also those that were left half, while others read.

    An index is made from `least` vectors on. `check_cancelled` is called before each and may raise.
    """
    tables = tables.of(version.number)
    connection, name = tables.connection, tables.schema
    counts: dict[str, int] = dict(
        tables.fetch("SELECT language, sum(passages)::int8 FROM {article} GROUP BY language")
    )
    ((passages, sentences),) = tables.fetch(
        "SELECT passages, sentences FROM {version} WHERE number = %s", version.number
    )
    found: dict[str, bool] = dict(
        tables.fetch(
            "SELECT c.relname, i.indisvalid FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s",
            name,
        )
    )
    wanted: list[tuple[str, str, sql.Composable]] = [
        (f"hnsw_{language}", "passage_vector", sql.SQL("WHERE language = {}").format(language))
        for language, count in sorted(counts.items())
        if count >= least
    ]
    if sentences >= least:
        wanted.append(("hnsw_sentence", "sentence", sql.SQL("")))
    is_new = abs(passages - version.passages) >= _MUCH
    for index, table, which in wanted:
        if found.get(index):
            continue
        check_cancelled()
        if index in found:
            connection.execute(
                sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(name, index))
            )
        _create(connection, name, index, table, which)
        is_new = True
    if is_new:
        for table in ("passage_vector", "sentence", "passage", "posting", "word", "article"):
            tables.run(f"VACUUM (ANALYZE) {{{table}}}")


def _create(
    connection: Connection, name: str, index: str, table: str, which: sql.Composable
) -> None:
    logger.info("making the index %s.%s", name, index)
    statement = sql.SQL(
        "CREATE INDEX CONCURRENTLY {} ON {} USING hnsw (vector halfvec_ip_ops) {}"
    ).format(sql.Identifier(index), sql.Identifier(name, table), which)
    try:
        connection.execute(statement)
    except pg.DiskFull:
        raise
    except pg.OperationalError as error:  # such as too little shared memory for parallel workers
        logger.info("%s; trying with one worker", error)
        connection.execute("SET max_parallel_maintenance_workers = 0")
        connection.execute(
            sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name, index))
        )
        connection.execute(statement)
