"""What was asked, answered and rated, in a database; answers never wait for it.

from bot.journal import Journal, JournalEntry

async with Journal("sqlite+aiosqlite:///var/bot.sqlite3") as journal:
    answer_id = await journal.record(JournalEntry(...))
    await journal.rate(answer_id, person_id, 1)
"""

from bot.journal.answers import Thumb, cited
from bot.journal.records import (
    ChatKind,
    Cited,
    Forgotten,
    JournalEntry,
    Kept,
    Missed,
    Period,
    Recorded,
    Stats,
)
from bot.journal.store import Journal

__all__ = [
    "ChatKind",
    "Cited",
    "Forgotten",
    "Journal",
    "JournalEntry",
    "Kept",
    "Missed",
    "Period",
    "Recorded",
    "Stats",
    "Thumb",
    "cited",
]
