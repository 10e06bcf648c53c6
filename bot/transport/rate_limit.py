"""How many questions one person may ask in a minute."""

import time
from collections import deque

from bot.bounded_dict import BoundedDict

WINDOW_S = 60.0
_PEOPLE = 10_000
"""How many are counted; whoever asked longest ago is dropped first."""


class RateLimit:
    """Counts the questions of each person over the last minute."""

    def __init__(self, most: int) -> None:
        """Allow at most so many questions in a minute; 0 for no limit."""
        self._most = most
        self._asked = BoundedDict[int, deque[float]](_PEOPLE)

    async def count(self, person: int) -> float:
        """Count a question and return 0, or return how many seconds to wait before asking."""
        if not self._most:
            return 0.0
        now = time.monotonic()
        times = self._asked[person] = self._asked.get(person, deque())
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        if len(times) >= self._most:
            return times[0] + WINDOW_S - now
        times.append(now)
        return 0.0
