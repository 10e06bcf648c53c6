"""An encoder for indexes in a database: it takes what waits, on any machine."""

import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import psycopg

from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres import schema
from embeddings.index.postgres.database import connect, errors_as_store_errors, explanation, retried
from embeddings.index.postgres.encoding_queue import CHANNEL, EncodingQueue
from embeddings.index.postgres.tables import Tables
from embeddings.model.encoder import Model

logger = logging.getLogger(__name__)

_LOOK_S = 1.0
_LATEST = 60.0
"""Seconds over which the rate is taken."""


@dataclass(frozen=True)
class EncodingProgress:
    """What an encoder and all others have done.

    Attributes:
        own: passages that this encoder has encoded.
        waiting: passages that wait for any encoder.
        per_second: passages by all encoders, over the last minute; 0 where nothing is known yet.
    """

    own: int
    waiting: int
    per_second: float

    @property
    def seconds_left(self) -> float | None:
        """Until nothing waits, at this rate; None where nothing is known yet."""
        return self.waiting / self.per_second if self.per_second else None


class _Rate:
    """How fast all encoders work: what this one has done, and what others have left to do less.

    What builds add meanwhile makes it seem slower for a minute.
    """

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def after(self, encoded: int, waiting: int) -> float:
        """Return passages a second, after a batch of this encoder."""
        now = time.monotonic()
        if self._marks and waiting > self._marks[-1][1] + encoded:
            self._marks.clear()  # a build has added some
        self._marks.append((now, waiting))
        while now - self._marks[0][0] > _LATEST:
            self._marks.popleft()
        since, before = self._marks[0]
        return (before - waiting) / (now - since) if now > since else 0.0


def encode_waiting(
    url: DatabaseUrl,
    model: Model,
    report_progress: Callable[[EncodingProgress], None],
    *,
    until_empty: bool,
) -> None:
    """Encode what builds have put into the queue.

    Texts that wait for another model are left to others. A server that goes away is waited for;
    what was being encoded then is encoded again. Unless `until_empty`, it goes on for ever;
    `report_progress` is called after each batch and while nothing waits, and may raise.

    Raises:
        StoreError: the database cannot be used.
        ModelError: the model does not load.
    """
    model.load()
    done = 0
    with errors_as_store_errors(url):
        connection = connect(url)
    while True:
        try:
            with closing(connection):
                tables = Tables(connection, url)
                schema.check(tables)
                queue = EncodingQueue(tables, model.digest)
                connection.execute(f"LISTEN {CHANNEL}")
                rate = _Rate()
                while True:
                    encoded = queue.encode_batch(model)
                    done += encoded
                    waiting = queue.waiting()
                    report_progress(EncodingProgress(done, waiting, rate.after(encoded, waiting)))
                    if encoded:
                        continue
                    if until_empty and not waiting:
                        return
                    for _ in connection.notifies(timeout=_LOOK_S, stop_after=1):
                        pass
        except psycopg.Error as error:
            if not connection.broken:
                raise explanation(url, error) from error
            logger.warning("the database %s went away; trying again", url)
        connection = retried(url, lambda: connect(url))
