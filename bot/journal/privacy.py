"""What is kept of a person, and how it goes away."""

from sqlalchemy import ColumnElement, ScalarSelect, Table, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.journal.pseudonyms import HASHED, Pseudonyms
from bot.journal.records import Kept
from bot.journal.tables import answers, people, ratings

_AT_ONCE = 500
"""Old answers deleted in one transaction; others want to write too."""


async def kept(connection: AsyncConnection, person_id: int, pseudonyms: Pseudonyms) -> Kept:
    """Count what is kept about a person."""
    hashed = pseudonyms.hashed(person_id)
    counts = select(
        _number(answers, _theirs(person_id, pseudonyms)),
        _number(ratings, ratings.c.person == hashed),
        _number(people, people.c.person == hashed),
    )
    questions, thumbs, settings = (await connection.execute(counts)).one()
    return Kept(questions, thumbs, settings)


async def erase(connection: AsyncConnection, person_id: int, pseudonyms: Pseudonyms) -> Kept:
    """Delete all of that; return how much it was."""
    found = await kept(connection, person_id, pseudonyms)
    hashed = pseudonyms.hashed(person_id)
    await connection.execute(delete(ratings).where(ratings.c.person == hashed))
    await connection.execute(delete(answers).where(_theirs(person_id, pseudonyms)))
    await connection.execute(delete(people).where(people.c.person == hashed))
    return found


async def delete_before(connection: AsyncConnection, at: int) -> int:
    """Delete some of the answers before a time; return how many, 0 when none is left."""
    old = select(answers.c.id).where(answers.c.at < at).order_by(answers.c.at).limit(_AT_ONCE)
    done = await connection.execute(delete(answers).where(answers.c.id.in_(old)))
    return done.rowcount


async def conceal(connection: AsyncConnection, pseudonyms: Pseudonyms) -> None:
    """Hash the ids from a time when names were kept."""
    for column in (answers.c.person, answers.c.chat):
        named = column.between(1, HASHED - 1)
        for id_ in (await connection.execute(select(column).where(named).distinct())).scalars():
            hashed = {column: pseudonyms.hashed(id_)}
            await connection.execute(update(answers).where(column == id_).values(hashed))


def _number(table: Table, condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(condition).scalar_subquery()


def _theirs(person_id: int, pseudonyms: Pseudonyms) -> ColumnElement[bool]:
    """What they asked, and what was asked in their private chat."""
    both = pseudonyms.both(person_id)
    return or_(answers.c.person.in_(both), answers.c.chat.in_(both))
