"""Updates that were received and not worked on to the end: a killed bot loses none.

Telegram forgets an update once it is confirmed: by the next poll, or by the answer to a webhook.
Before that it is written into the inbox, and stays there until its handlers have ended.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

STATUS_LINE = "status_line"
"""A key in an update that an earlier process has begun; Telegram has none of this name."""


@dataclass(frozen=True)
class Waiting:
    """An update that another process has received and not worked on to the end.

    Attributes:
        body: as Telegram sent it.
        received: Unix time.
        is_unsure: whether its answer may have been delivered.
        starts: how many processes may have begun to work on it, and ended before they had.
    """

    body: dict[str, Any]
    received: float
    is_unsure: bool
    starts: int = 0


class Inbox(ABC):
    """The updates of one bot; safe to use from several threads.

    Attributes:
        is_failing: whether it could not be written the last time.
    """

    def __init__(self) -> None:
        self._held: Counter[int] = Counter()
        self.is_failing = False

    @abstractmethod
    def open(self) -> Self:
        """Begin to work with it; return the inbox."""

    @abstractmethod
    def waiting(self) -> list[Waiting]:
        """Return what other processes have left for this one, in the order in which it came; once.

        `begin` is to be called for each.
        """

    async def more(self) -> None:
        """Return when `waiting` has something again; never, where no other process may leave it."""
        await asyncio.get_running_loop().create_future()

    @abstractmethod
    def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        """Write updates down; those that are there stay as they are.

        Raises:
            InboxUnavailable: they were not written, and must not be confirmed.
        """

    @abstractmethod
    def begin(self, update_id: int) -> bool:
        """Note that an update is being worked on; return False when it was before, or elsewhere."""

    @abstractmethod
    def mark_unsure(self, update_id: int) -> None:
        """Note that an answer may have been delivered; the next process is told so."""

    @abstractmethod
    def note_status_line(self, update_id: int, message_id: int) -> None:
        """Write the id of the message that shows the work on an update into it.

        The next process finds it in the update, as `STATUS_LINE`.
        """

    def hold(self, update_id: int) -> None:
        """Keep an update for which something is still to be done, beyond `done`.

        To be released as often as it is held.
        """
        self._held[update_id] += 1

    def release(self, update_id: int) -> None:
        """Note that something for which an update was held is done; after the last, all is."""
        self._held[update_id] -= 1
        self.done(update_id)

    def done(self, update_id: int) -> None:
        """Note that an update was worked on, unless it is held."""
        if self._held[update_id] > 0:
            return
        del self._held[update_id]
        self._forget(update_id)

    @abstractmethod
    def _forget(self, update_id: int) -> None:
        """Keep of an update only that it was worked on."""

    def empty_log(self) -> None:  # noqa: B027  (a database's own log is its server's)
        """Remove what updates said that were worked on from the log of changes."""

    def leave(self) -> None:  # noqa: B027  (most need not do anything)
        """Take over no more updates from other processes; this one is about to end."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it; what waits is left for other processes."""
