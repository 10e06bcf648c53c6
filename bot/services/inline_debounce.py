"""Inline questions for the journal: of all that a person types, only what they came to.

Telegram brings a question at every pause in the typing, and does not say which one was meant.
"""

import asyncio
from dataclasses import dataclass

from bot.journal import Journal, JournalEntry

_PAUSE_S = 15.0
"""Who types nothing for so long has found what they sought, or given up."""


@dataclass(frozen=True)
class _Pending:
    asked: JournalEntry
    timer: asyncio.TimerHandle


class InlineDebounce:
    """Holds the last question of each person who types, and then has it written down."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._pending: dict[int, _Pending] = {}
        self._writing: set[asyncio.Task[int | None]] = set()

    def typed(self, person: int, asked: JournalEntry) -> None:
        """Hold a question instead of the one before, unless it is that one with its end deleted."""
        before = self._drop(person)
        if before and before.question.strip().startswith(asked.question.strip()):
            asked = before
        timer = asyncio.get_running_loop().call_later(_PAUSE_S, self.ended, person)
        self._pending[person] = _Pending(asked, timer)

    def ended(self, person: int) -> None:
        """Have what a person came to written down: they begin anew, or have stopped."""
        asked = self._drop(person)
        if asked:
            task = asyncio.create_task(self._journal.record(asked))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    def forget(self, person: int) -> None:
        """Let go of what is not written down yet."""
        self._drop(person)

    async def close(self) -> None:
        """Have everything written down, before the journal is closed."""
        for person in list(self._pending):
            self.ended(person)
        await asyncio.gather(*self._writing)

    def _drop(self, person: int) -> JournalEntry | None:
        pending = self._pending.pop(person, None)
        if pending is None:
            return None
        pending.timer.cancel()
        return pending.asked
