"""What admins see of the bot: /stats and /health."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from telegram import Update

from bot.handlers.context import Context
from bot.transport.sending import reply, typing
from bot.views.admin_reports import failure_report
from bot.views.charts import draw_stats

_DAYS = 30
_STARTED = time.monotonic()


async def stats(_: Update, context: Context) -> None:
    """Show the last thirty days as a picture."""
    texts = context.texts
    async with typing(context.message):
        found = await context.services.journal.stats(_DAYS)
        picture = await asyncio.to_thread(draw_stats, found, texts)
    total = found.total
    caption = texts.count(
        "stats",
        _DAYS,
        questions=total.questions,
        answered=total.answered,
        missed=total.not_answered,
        people=total.people,
        up=total.up,
        down=total.down,
        p50="–" if total.p50_ms is None else round(total.p50_ms),
        p95="–" if total.p95_ms is None else round(total.p95_ms),
    )
    await context.message.reply_photo(picture, caption=caption)


async def health(_: Update, context: Context) -> None:
    """Say how the program is."""
    texts, services = context.texts, context.services
    worker, journal = services.question_worker, services.journal
    index, hours = worker.searcher.index, (time.monotonic() - _STARTED) / 3600
    running = texts("running_hours", hours=texts.decimal(hours))
    if hours < 1:
        running = texts("running_minutes", minutes=int(60 * hours))
    html = texts(
        "health",
        running=running,
        generation=index.name,
        built=texts.moment(index.manifest.created),
        articles=len(index.manifest.articles),
        passages=index.manifest.passages,
        skipped=len(index.manifest.skipped),
        waiting=worker.waiting,
        journal=texts("journal_works" if journal.is_working else "journal_fails"),
        lost=journal.lost,
    )
    await reply(context.message, "\n\n".join([html, *_problems(context)]))


def _problems(context: Context) -> Iterator[str]:
    """Yield what is wrong although the bot answers, beside what `health` says of the journal."""
    texts, problems = context.texts, context.services.problems
    if stale := context.services.index_updater.stale:
        since = texts.moment(datetime.fromtimestamp(stale.since, UTC).isoformat())
        yield f"⚠️ {texts('health_stale', since=since)}\n{failure_report(stale.error, texts)}"
    if (room := problems.room) is not None:
        yield f"⚠️ {texts('health_disk', room=room // 2**20)}"
    if problems.can_lose_questions:
        yield f"⚠️ {texts('health_updates')}"
