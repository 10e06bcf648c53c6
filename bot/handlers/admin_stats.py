"""What owners see: /stats and /health."""

import asyncio
import time

from telegram import Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, services_of, texts_of
from bot.transport.sending import reply
from bot.views.charts import draw_stats

_DAYS = 30
_STARTED = time.monotonic()


async def stats(update: Update, context: Context) -> None:
    """Show the last thirty days as a picture."""
    message, journal = update.message, services_of(context).journal
    if message is None:
        return
    texts = texts_of(update, context)
    try:
        found = await journal.stats(_DAYS)
    except JournalUnavailable:
        await reply(message, texts("journal_unavailable"))
        return
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
    picture = await asyncio.to_thread(draw_stats, found, texts)
    await message.reply_photo(picture, caption=caption)


async def health(update: Update, context: Context) -> None:
    """Say how the program is."""
    if update.message is None:
        return
    texts, services = texts_of(update, context), services_of(context)
    generation = services.question_worker.searcher.generation
    said = texts(
        "health",
        hours=texts.decimal((time.monotonic() - _STARTED) / 3600),
        generation=generation.name,
        built=texts.moment(generation.manifest.created),
        articles=len(generation.manifest.articles),
        passages=generation.manifest.passages,
        skipped=len(generation.manifest.skipped),
        waiting=services.question_worker.waiting,
        journal=texts("journal_works" if services.journal.is_working else "journal_fails"),
        lost=services.journal.lost,
    )
    await reply(update.message, said)
