"""Answers as they are stored and read."""

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.journal.ids import Pseudonyms, moment
from bot.journal.records import Cited, JournalEntry, Recorded
from bot.journal.tables import answers, passages
from embeddings import Answer, Manifest, normalise


def cited(answer: Answer, manifest: Manifest) -> tuple[Cited, ...]:
    """Return the passages of an answer, from the index of `manifest`, as they are stored."""
    wanted = {found.passage.article for found in answer.passages}
    digests = {entry.path: entry.sha256 for entry in manifest.articles if entry.path in wanted}
    return tuple(
        Cited(
            found.passage.article,
            digests.get(found.passage.article, ""),
            found.passage.start,
            found.passage.end,
            found.page,
            float(found.score),
            (found.highlight.start, found.highlight.end) if found.highlight else None,
        )
        for found in answer.passages
    )


async def write_answer(
    connection: AsyncConnection, id_: int, at: int, entry: JournalEntry, pseudonyms: Pseudonyms
) -> None:
    """Store an answer and its passages."""
    question = _storable(entry.question)
    plain = (normalise(question) or question).casefold()
    row = {name: value for name, value in vars(entry).items() if name in answers.c} | {
        "id": id_,
        "at": at,
        "chat": pseudonyms.stored(entry.chat_id),
        "person": pseudonyms.stored(entry.person_id),
        "question": question,
        "alike": plain.rstrip(" ?!.…？！。") or plain,
        "language": _storable(entry.language)[:35],
    }
    await connection.execute(insert(answers), row)
    if entry.passages:
        rows = [_passage_row(id_, *numbered) for numbered in enumerate(entry.passages)]
        await connection.execute(insert(passages), rows)


async def read_answer(connection: AsyncConnection, *conditions: Any) -> Recorded | None:
    """Return the newest answer that meets all conditions."""
    query = select(answers).where(*conditions).order_by(answers.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    values = row._asdict()
    del values["alike"], values["done"]
    values |= {
        "at": moment(row.at),
        "chat_id": values.pop("chat"),
        "person_id": values.pop("person"),
    }
    query = select(passages).where(passages.c.answer_id == row.id).order_by(passages.c.place)
    found = await connection.execute(query)
    return Recorded(**values, passages=tuple(_cited_in_row(one._asdict()) for one in found))


def _passage_row(id_: int, place: int, passage: Cited) -> dict[str, Any]:
    row = dict(vars(passage), answer_id=id_, place=place, article=_storable(passage.article))
    row["highlight_start"], row["highlight_end"] = row.pop("highlight") or (None, None)
    return row


def _cited_in_row(row: dict[str, Any]) -> Cited:
    highlight = row.pop("highlight_start"), row.pop("highlight_end")
    del row["answer_id"], row["place"]
    return Cited(**row, highlight=None if None in highlight else highlight)


def _storable(text: str) -> str:
    """Leave out what databases do not take: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
