"""Reports for the owner of the bot."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.journal.ids import moment
from bot.journal.records import Missed, Period, Stats
from bot.journal.tables import answers, ratings

DAY_MS = 86_400_000


async def stats(connection: AsyncConnection, days: int, now: int) -> Stats:
    """Count what happened in the last days (UTC), today among them; `now` is in milliseconds."""
    today = now // DAY_MS
    first = today - days + 1
    by_day = answers.c.at // DAY_MS
    counted = await _counted(connection, first * DAY_MS, by_day)
    whole = await _counted(connection, first * DAY_MS, literal(0))
    return Stats(
        whole.get(0, Period()),
        tuple(
            (moment(day * DAY_MS).date(), counted.get(day, Period()))
            for day in range(first, today + 1)
        ),
    )


async def missed(
    connection: AsyncConnection, limit: int | None, until: int | None = None
) -> list[Missed]:
    """List questions without an answer or with a thumb down that are not done, the same merged."""
    down = exists().where(ratings.c.answer_id == answers.c.id, ratings.c.value == -1)
    counts = (answers.c.answered.is_(False) | down) & answers.c.done.is_(False)
    if until is not None:
        counts &= answers.c.id <= until
    found = (
        select(*_SHOWN, answers.c.alike, case((down, 1), else_=0).label("disliked"))
        .where(counts)
        .cte("found")
    )
    alike = found.c.alike
    newest = (found.c.at.desc(), found.c.id.desc())
    merged = select(
        *(found.c[column.name] for column in _SHOWN),
        func.count().over(partition_by=alike).label("times"),
        func.sum(found.c.disliked).over(partition_by=alike).label("disliked"),
        func.row_number().over(partition_by=alike, order_by=newest).label("place"),
    ).cte("merged")
    query = (
        select(merged)
        .where(merged.c.place == 1)
        .order_by(merged.c.at.desc(), merged.c.id.desc())
        .limit(limit)
    )
    return [
        Missed(row.id, row.question, row.language, moment(row.at), row.times, int(row.disliked))
        for row in await connection.execute(query)
    ]


_SHOWN = (answers.c.id, answers.c.question, answers.c.language, answers.c.at)


async def _counted(
    connection: AsyncConnection, since: int, part: ColumnElement[int]
) -> dict[int, Period]:
    """Count the answers since a time, for each value of `part`."""
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    thumbs = (
        select(
            part.label("part"),
            _how_many(ratings.c.value == 1).label("up"),
            _how_many(ratings.c.value == -1).label("down"),
        )
        .join_from(ratings, answers)
        .where(answers.c.at >= since)
        .group_by("part")
    )
    for query in (_questions(since, part), thumbs):
        for row in await connection.execute(query):
            values = row._asdict()
            found[values.pop("part")].update(values)
    return {part: Period(**values) for part, values in found.items()}


def _questions(since: int, part: ColumnElement[int]) -> Any:
    """Count questions; a percentile is the least time that enough of them do not exceed."""
    over: dict[str, Any] = {"partition_by": part}
    rows = (
        select(
            part.label("part"),
            answers.c.answered,
            answers.c.person,
            answers.c.took_ms,
            func.row_number().over(**over, order_by=answers.c.took_ms).label("rank"),
            func.count().over(**over).label("all"),
        )
        .where(answers.c.at >= since)
        .cte("asked")
    )

    def percentile(percent: int) -> ColumnElement[float]:
        enough = rows.c.rank * 100 >= percent * rows.c["all"]
        return func.min(case((enough, rows.c.took_ms))).label(f"p{percent}_ms")

    return select(
        rows.c.part,
        func.count().label("questions"),
        _how_many(rows.c.answered.is_(True)).label("answered"),
        _how_many(rows.c.answered.is_(False)).label("not_answered"),
        func.count(rows.c.person.distinct()).label("people"),
        percentile(50),
        percentile(95),
    ).group_by(rows.c.part)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
