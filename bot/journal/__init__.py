"""What was asked, answered and rated, in a database; answers never wait for it.

async with Journal("sqlite+aiosqlite:///var/bot.sqlite3") as journal:
    answer_id = await journal.record(JournalEntry(...))
    await journal.rate(answer_id, person_id, 1)
"""

from bot.journal.answers import cited
from bot.journal.limits import Limits
from bot.journal.records import (
    ChatKind,
    Cited,
    JournalEntry,
    Kept,
    Missed,
    Period,
    Rating,
    Recorded,
    Stats,
)
from bot.journal.store import Journal

__all__ = [
    "ChatKind",
    "Cited",
    "Journal",
    "JournalEntry",
    "Kept",
    "Limits",
    "Missed",
    "Period",
    "Rating",
    "Recorded",
    "Stats",
    "cited",
]
