"""Ids and times as the journal stores them."""

import hmac
import secrets
from datetime import UTC, datetime
from hashlib import sha256

KEY_BYTES = 32
HASHED = 1 << 62
"""A bit that is set in every hash and in no Telegram id, which has at most 52 bits."""
_RANDOM_BITS = 21
"""What the milliseconds until the year 2109 leave of 63 bits."""


def milliseconds(moment: datetime) -> int:
    """Return a moment as milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """Return the moment so many milliseconds after 1970, UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class AnswerIds:
    """Draws ids of 63 bits without the database, each higher than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, at: int) -> int:
        """Return a new id, of a time in milliseconds; two processes differ in the random bits."""
        drawn = at << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        self._last = max(drawn, self._last + 1)  # the clock may have been set back
        return self._last


class Pseudonyms:
    """Replaces ids of persons by a keyed hash; each database has a key of its own.

    Attributes:
        key: the secret key.
    """

    def __init__(self, key: bytes, *, names: bool) -> None:
        """Prepare to hash; with `names`, questions are stored with the ids themselves."""
        self.key = key
        self._names = names

    def hashed(self, person_id: int) -> int:
        """Return a hash of 63 bits."""
        digest = hmac.digest(self.key, str(person_id).encode(), sha256)
        return int.from_bytes(digest[:8], "big") % HASHED | HASHED

    def stored(self, id_: int | None) -> int | None:
        """Return what is stored for a person or a chat; a private chat has the person's id."""
        return id_ if id_ is None or id_ <= 0 or self._names else self.hashed(id_)

    def both(self, id_: int) -> tuple[int, ...]:
        """Return the id and its hash: either may be stored, as configured at the time."""
        return (id_, self.hashed(id_)) if id_ > 0 else (id_,)
