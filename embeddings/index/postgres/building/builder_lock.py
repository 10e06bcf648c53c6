"""One builder of an index at a time."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from zlib import crc32

from embeddings.errors import IndexBusy
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres import schema
from embeddings.index.postgres.database import connect, errors_as_store_errors
from embeddings.index.postgres.tables import Tables
from embeddings.progress import Progress

_WAIT_S, _LOOK_S = 600.0, 0.5


@contextmanager
def only_builder(url: DatabaseUrl, progress: Progress) -> Iterator[Tables]:
    """Connect as the one builder, and bring the tables that all versions share up to date.

    The server releases the lock of a builder whose connection ends, however it ends.
    """
    key = crc32(f"passage-bot build {url.schema}".encode())
    deadline = time.monotonic() + _WAIT_S
    with errors_as_store_errors(url), closing(connect(url)) as connection:
        tables = Tables(connection, url)
        while tables.fetch("SELECT pg_try_advisory_lock(%s)", key) != [(True,)]:
            progress("wait", 0, 1)
            if time.monotonic() >= deadline:
                raise IndexBusy(f"Another process is building the index in {url}. Try again later.")
            time.sleep(_LOOK_S)
        try:
            schema.prepare(tables)
            yield tables
        finally:
            if not connection.closed:
                tables.run("SELECT pg_advisory_unlock(%s)", key)
