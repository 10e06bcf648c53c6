"""The languages that people chose, in a bounded cache in front of the journal."""

from collections import OrderedDict
from contextlib import suppress

from bot.errors import JournalUnavailable
from bot.journal import Journal

CAPACITY = 5000
"""People; whoever was least recently active is dropped first and read again when needed."""


class LanguageCache:
    """Least-recently-used cache of language choices; a choice of None means Telegram's language."""

    def __init__(self, journal: Journal, capacity: int = CAPACITY) -> None:
        self._journal = journal
        self._capacity = capacity
        self._choices: OrderedDict[int, str | None] = OrderedDict()

    def __len__(self) -> int:
        """Number of people whose choice is in memory."""
        return len(self._choices)

    async def load(self, person: int) -> None:
        """Read a person's choice, unless it is in memory; without the journal, later again."""
        if person in self._choices:
            self._choices.move_to_end(person)
            return
        with suppress(JournalUnavailable):
            self.put(person, await self._journal.language_of(person))

    def get(self, person: int) -> str | None:
        """Return the code of the language that a person chose, as far as it is in memory."""
        return self._choices.get(person)

    def put(self, person: int, code: str | None) -> None:
        """Remember a choice."""
        self._choices[person] = code
        self._choices.move_to_end(person)
        if len(self._choices) > self._capacity:
            self._choices.popitem(last=False)

    def forget(self, person: int) -> None:
        """Drop what is in memory of a person."""
        self._choices.pop(person, None)
