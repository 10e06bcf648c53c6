"""How many questions one person may ask all replicas together in a minute."""

import asyncio
import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.journal.engine import reason
from bot.replicas.database import SharedDatabase
from bot.transport.rate_limit import WINDOW_S, RateLimit

logger = logging.getLogger(__name__)

_COUNT = text("""
INSERT INTO question_times AS known (person, kind, times)
VALUES (:person, :kind, ARRAY[extract(epoch FROM now())::float8])
ON CONFLICT (person, kind) DO UPDATE SET times = (
    SELECT COALESCE(array_agg(one ORDER BY one), ARRAY[]::float8[])
           || CASE WHEN count(*) < :most THEN excluded.times ELSE ARRAY[]::float8[] END
    FROM unnest(known.times) AS one WHERE one > excluded.times[1] - :window_s
) RETURNING times, extract(epoch FROM now())::float8 AS now
""")


class SharedRateLimit(RateLimit):
    """Counts in the database; while that cannot be used, in memory."""

    def __init__(self, most: int, kind: str, database: SharedDatabase) -> None:
        """Allow at most so many questions of a kind in a minute; 0 for no limit."""
        super().__init__(most)
        self._kind, self._database = kind, database

    async def count(self, person: int) -> float:
        """See `RateLimit`."""
        if not self._most or not self._database.is_open:
            return await super().count(person)
        try:
            return await asyncio.to_thread(self._count, person)
        except SQLAlchemyError as error:
            logger.warning("questions are counted in memory (%s)", reason(error))
            return await super().count(person)

    def _count(self, person: int) -> float:
        row = {
            "person": self._database.hashed(person),
            "kind": self._kind,
            "most": self._most,
            "window_s": WINDOW_S,
        }
        with self._database.transaction() as connection:
            times, now = connection.execute(_COUNT, row).one()
        return 0.0 if times[-1] == now else max(times[0] + WINDOW_S - now, 0.001)
