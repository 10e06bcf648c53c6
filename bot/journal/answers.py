"""Answers and ratings: statements."""

from typing import Any, Literal

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.journal.pseudonyms import Pseudonyms
from bot.journal.records import Cited, JournalEntry, Recorded
from bot.journal.tables import answers, passages, ratings
from bot.journal.times import moment
from bot.journal.upsert import write_over
from embeddings import Answer, Manifest, normalise

Thumb = Literal[1, -1]


def cited(answer: Answer, manifest: Manifest) -> tuple[Cited, ...]:
    """Return an answer's passages as they are kept.

    Args:
        answer: from the index of `manifest`.
        manifest: knows the articles' digests.
    """
    wanted = {found.passage.article for found in answer.passages}
    digests = {entry.path: entry.sha256 for entry in manifest.articles if entry.path in wanted}
    return tuple(
        Cited(
            found.passage.article,
            digests.get(found.passage.article, ""),
            found.passage.start,
            found.passage.end,
            found.passage.page,
            float(found.score),
            (found.highlight.start, found.highlight.end) if found.highlight else None,
        )
        for found in answer.passages
    )


async def write_answer(
    connection: AsyncConnection, id_: int, at: int, asked: JournalEntry, pseudonyms: Pseudonyms
) -> None:
    """Keep an answer and its passages."""
    question = _storable(asked.question)
    row = {
        "id": id_,
        "at": at,
        "chat": pseudonyms.kept(asked.chat_id),
        "chat_kind": asked.chat_kind,
        "person": pseudonyms.kept(asked.person_id),
        "question": question,
        "alike": _alike(question),
        "language": _storable(asked.language)[:35],
        "answered": asked.answered,
        "confidence": asked.confidence,
        "took_ms": asked.took_ms,
        "generation": asked.generation,
        "question_message": asked.question_message,
    }
    await connection.execute(insert(answers), row)
    if asked.passages:
        rows = [_passage_row(id_, *numbered) for numbered in enumerate(asked.passages)]
        await connection.execute(insert(passages), rows)


async def read_answer(connection: AsyncConnection, *conditions: Any) -> Recorded | None:
    """Return the newest answer that meets all conditions."""
    query = select(answers).where(*conditions).order_by(answers.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    values = row._asdict()
    del values["alike"]
    values["at"] = moment(row.at)
    places = select(passages).where(passages.c.answer_id == row.id).order_by(passages.c.place)
    return Recorded(
        **values, passages=tuple(_cited(row) for row in await connection.execute(places))
    )


async def write_rating(
    connection: AsyncConnection, answer_id: int, person: int, value: Thumb | None, at: int
) -> bool:
    """Keep, change or remove a thumb; return False when there is no such answer."""
    there = select(answers.c.id).where(answers.c.id == answer_id)
    if (await connection.execute(there)).first() is None:
        return False
    key = {"answer_id": answer_id, "person": person}
    if value is None:
        await connection.execute(delete(ratings).filter_by(**key))
    else:
        await write_over(connection, ratings, key, {"value": value, "at": at})
    return True


async def read_rating(connection: AsyncConnection, answer_id: int, person: int) -> Thumb | None:
    """Return a person's thumb."""
    query = select(ratings.c.value).filter_by(answer_id=answer_id, person=person)
    value: Thumb | None = (await connection.execute(query)).scalar()
    return value


def _passage_row(id_: int, place: int, passage: Cited) -> dict[str, Any]:
    start, end = passage.highlight or (None, None)
    return {
        "answer_id": id_,
        "place": place,
        "article": _storable(passage.article),
        "digest": passage.digest,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "score": passage.score,
        "highlight_start": start,
        "highlight_end": end,
    }


def _cited(row: Any) -> Cited:
    marked = row.highlight_start is not None
    highlight = (row.highlight_start, row.highlight_end) if marked else None
    return Cited(row.article, row.digest, row.start, row.end, row.page, row.score, highlight)


def _storable(text: str) -> str:
    """Leave out what databases do not take: halves of letters, and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _alike(question: str) -> str:
    """Return what is the same for questions that differ in case, spaces and final marks only."""
    plain = normalise(question) or question
    return plain.casefold().rstrip(" ?!.…？！。") or plain
