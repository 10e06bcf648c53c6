"""One builder of an index at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from embeddings.errors import IndexBusy
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres.database import Connection
from embeddings.progress import Progress

_WAIT_S, _LOOK_S = 600.0, 0.5


@contextmanager
def only_builder(connection: Connection, url: DatabaseUrl, progress: Progress) -> Iterator[None]:
    """Hold the lock of the one builder; the server releases it when its holder's session ends."""
    key = crc32(f"passage-bot build {url.schema}".encode())
    deadline = time.monotonic() + _WAIT_S
    while True:
        record = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
        if record and record[0]:
            break
        progress("wait", 0, 1)
        if time.monotonic() >= deadline:
            raise IndexBusy(f"Another process is building the index in {url}. Try again later.")
        time.sleep(_LOOK_S)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (key,))
