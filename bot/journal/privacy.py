"""What is stored about a person, and how it is deleted."""

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.journal.ids import HASHED, Pseudonyms
from bot.journal.records import Kept
from bot.journal.tables import answers, people, ratings


async def count(connection: AsyncConnection, person_id: int, pseudonyms: Pseudonyms) -> Kept:
    """Count what is stored about a person."""
    counts = (
        select(func.count()).where(condition).scalar_subquery()
        for condition in _conditions(person_id, pseudonyms)
    )
    return Kept(*(await connection.execute(select(*counts))).one())


async def erase(connection: AsyncConnection, person_id: int, pseudonyms: Pseudonyms) -> Kept:
    """Delete everything about a person; return how much it was."""
    found = await count(connection, person_id, pseudonyms)
    asked, rated, settings = _conditions(person_id, pseudonyms)
    await connection.execute(delete(ratings).where(rated))
    await connection.execute(delete(answers).where(asked))
    await connection.execute(delete(people).where(settings))
    return found


async def hash_names(connection: AsyncConnection, pseudonyms: Pseudonyms) -> None:
    """Replace the ids from a time when names were stored by hashes."""
    for column in (answers.c.person, answers.c.chat):
        named = column.between(1, HASHED - 1)
        for id_ in (await connection.execute(select(column).where(named).distinct())).scalars():
            hashed = {column: pseudonyms.hashed(id_)}
            await connection.execute(update(answers).where(column == id_).values(hashed))


def _conditions(person_id: int, pseudonyms: Pseudonyms) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the person's answers, ratings and settings.

    Theirs is what they asked, and what was asked in their private chat.
    """
    both, hashed = pseudonyms.both(person_id), pseudonyms.hashed(person_id)
    asked = or_(answers.c.person.in_(both), answers.c.chat.in_(both))
    return asked, ratings.c.person == hashed, people.c.person == hashed
