"""What was asked, answered and rated, in a database; answers never wait for it.

from bot.journal import Asked, Journal

async with Journal("sqlite+aiosqlite:///var/bot.sqlite3") as journal:
    answer_id = await journal.record(Asked(...))
    await journal.rate(answer_id, person_id, 1)
"""

from bot.journal.answers import Thumb, cited
from bot.journal.records import (
    Asked,
    ChatKind,
    Cited,
    Forgotten,
    Kept,
    Missed,
    Period,
    Recorded,
    Stats,
)
from bot.journal.store import Journal

__all__ = [
    "Asked",
    "ChatKind",
    "Cited",
    "Forgotten",
    "Journal",
    "Kept",
    "Missed",
    "Period",
    "Recorded",
    "Stats",
    "Thumb",
    "cited",
]
