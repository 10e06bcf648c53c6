"""Inline questions for the journal: of all that a person types, only what they came to.

Telegram brings a question at every pause in the typing, and does not say which one was meant.
"""

import asyncio

from bot.bounded_dict import BoundedDict
from bot.journal import Journal, JournalEntry

_PAUSE_S = 15.0
"""Who types nothing for so long has found what they sought, or given up."""
_MOST_UNANSWERED = 2000
"""People whose last question without an answer is kept; the oldest is dropped first."""


class InlineDebounce:
    """Holds the last question of each person who types, and records it when they stop."""

    def __init__(self, journal: Journal, pause_s: float = _PAUSE_S) -> None:
        self._journal = journal
        self._pause_s = pause_s
        self._pending: dict[int, tuple[JournalEntry, asyncio.TimerHandle]] = {}
        self._unanswered = BoundedDict[int, str](_MOST_UNANSWERED)
        self._writing: set[asyncio.Task[int | None]] = set()

    def typed(self, person: int, entry: JournalEntry) -> None:
        """Hold a question instead of the one before, unless it is that one with its end deleted."""
        before = self._drop(person)
        if before and before.question.strip().startswith(entry.question.strip()):
            entry = before
        timer = asyncio.get_running_loop().call_later(self._pause_s, self.ended, person)
        self._pending[person] = entry, timer

    def ended(self, person: int) -> None:
        """Record the last question of a person, who starts anew or has stopped typing."""
        entry = self._drop(person)
        if entry:
            task = asyncio.create_task(self._journal.record(entry))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    def keep_unanswered(self, person: int, question: str) -> None:
        """Keep a question for which nothing was offered: the button into the bot asks it there."""
        self._unanswered[person] = question

    def take_unanswered(self, person: int) -> str | None:
        """Return the last question for which a person was offered nothing, once."""
        return self._unanswered.pop(person, None)

    def forget(self, person: int) -> None:
        """Drop a person's questions without recording them."""
        self._drop(person)
        self.take_unanswered(person)

    async def close(self) -> None:
        """Record all questions, before the journal is closed."""
        for person in list(self._pending):
            self.ended(person)
        await asyncio.gather(*self._writing)

    def _drop(self, person: int) -> JournalEntry | None:
        entry, timer = self._pending.pop(person, (None, None))
        if timer:
            timer.cancel()
        return entry
