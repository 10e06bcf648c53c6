"""Moments as milliseconds since 1970, UTC, and ids that follow them."""

import secrets
from datetime import UTC, datetime

_RANDOM_BITS = 21
"""What is left of 63 beside the milliseconds until the year 2109."""


def milliseconds(moment_: datetime) -> int:
    """Return a moment as it is kept."""
    return int(moment_.timestamp() * 1000)


def moment(milliseconds_: int) -> datetime:
    """Return a moment that was kept."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)


class Ids:
    """Ids of 63 bits, drawn without the database, each higher than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, at: int) -> int:
        """Return an id that nobody else has: two processes differ in the random part."""
        drawn = at << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        self._last = max(drawn, self._last + 1)  # the clock may have been set back
        return self._last
