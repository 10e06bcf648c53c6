"""Persons without names: a keyed hash in place of an id."""

import hmac
from hashlib import sha256

KEY_BYTES = 32

HASHED = 1 << 62
"""Set in every hash, and in no id of Telegram, which has at most 52 bits."""


class Pseudonyms:
    """Turns ids into hashes; another database has another key, and other hashes."""

    def __init__(self, key: bytes, *, names: bool) -> None:
        """Prepare to hash.

        Args:
            key: secret of one database.
            names: whether questions are kept with the ids themselves.
        """
        self.key = key
        self.names = names

    def hashed(self, person_id: int) -> int:
        """Return a number of 63 bits that only the key leads to."""
        digest = hmac.digest(self.key, str(person_id).encode(), sha256)
        return int.from_bytes(digest[:8], "big") % HASHED | HASHED

    def kept(self, id_: int | None) -> int | None:
        """Return how a person's or a chat's id is written; a private chat's is the person's."""
        if id_ is None or id_ <= 0 or self.names:
            return id_
        return self.hashed(id_)

    def both(self, id_: int) -> tuple[int, ...]:
        """Return every way an id may have been written, whatever was configured then."""
        return (id_, self.hashed(id_)) if id_ > 0 else (id_,)
