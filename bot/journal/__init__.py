"""What was asked, answered and rated, in a database; answers never wait for it.

    async with Journal("sqlite+aiosqlite:///var/bot.sqlite3") as journal:
        answer_id = await journal.record(JournalEntry(...))
        await journal.rate(answer_id, person_id, 1)

`store` is the journal itself, `records` what goes in and comes out, `tables` how it is stored,
`answers` how an answer is. `writer` writes in the background, within `limits`; `reports` are for
the owner, `people` holds the settings of persons, `privacy` shows and deletes what is stored about
one. `engine` connects to a database, `database` opens it again when its file is replaced, `prepare`
makes it or brings it up to date by the steps in `migrations`; `ids` converts ids and times, and
`copy` moves a journal to another database.
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
