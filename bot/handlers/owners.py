"""What owners see: /stats, /missed and /health."""

import asyncio
import io
import json
import time

from babel.numbers import format_decimal
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.charts import draw_stats
from bot.errors import JournalUnavailable
from bot.handlers.context import (
    Context,
    acknowledge,
    asker_of,
    edit,
    is_admin,
    journal_of,
    reply,
    texts_of,
)
from bot.journal import Journal
from bot.render import shorten
from bot.reports import shown
from bot.texts import Texts
from bot.view import View

MISSED_PATTERN = "^n:"

_DAYS = 30
_PER_PAGE = 10
_QUESTION = 200
_STARTED = time.monotonic()


async def stats(update: Update, context: Context) -> None:
    """Show the last thirty days as a picture."""
    message, journal = update.message, journal_of(context)
    if message is None or journal is None:
        return
    texts = texts_of(update, context)
    try:
        found = await journal.stats(_DAYS)
    except JournalUnavailable:
        await reply(message, texts("journal_unavailable"))
        return
    total = found.total
    caption = texts(
        "stats",
        days=_DAYS,
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


async def missed(update: Update, context: Context) -> None:
    """List the questions that found no answer, or a bad one."""
    journal = journal_of(context)
    if update.message is not None and journal is not None:
        await reply(update.message, await _missed_view(journal, 0, texts_of(update, context)))


async def missed_pressed(update: Update, context: Context) -> None:
    """Turn a page of that list, or send all of it as a file."""
    query, journal = update.callback_query, journal_of(context)
    if query is None or journal is None or not isinstance(query.message, Message):
        return
    await acknowledge(query)
    if not is_admin(update, context) or query.message.chat.type != query.message.chat.PRIVATE:
        return
    texts = texts_of(update, context)
    what = (query.data or "").partition(":")[2]
    if what == "export":
        await _export(query.message, journal, texts)
    elif what.isdecimal():
        await edit(query.message, await _missed_view(journal, int(what), texts))


async def health(update: Update, context: Context) -> None:
    """Say how the program is."""
    if update.message is None:
        return
    texts, asker, journal = texts_of(update, context), asker_of(context), journal_of(context)
    hours = (time.monotonic() - _STARTED) / 3600
    generation = asker.searcher.generation
    said = texts(
        "health",
        hours=format_decimal(hours, "0.0", locale=texts.language),
        generation=generation.name,
        built=generation.manifest.created,
        articles=len(generation.manifest.articles),
        passages=generation.manifest.passages,
        skipped=len(generation.manifest.skipped),
        waiting=asker.waiting,
        journal=texts("journal_works" if journal and journal.is_working else "journal_fails"),
        lost=journal.lost if journal else 0,
    )
    await reply(update.message, said)


async def _missed_view(journal: Journal, page: int, texts: Texts) -> View:
    try:
        found = await journal.missed(_PER_PAGE + 1, page * _PER_PAGE)
    except JournalUnavailable:
        return View(texts("journal_unavailable"))
    if not found and not page:
        return View(texts("missed_none"))
    lines = [
        f"{number}. {shown(shorten(one.question, _QUESTION))}"
        + (f" <b>×{one.times}</b>" if one.times > 1 else "")
        + (f" 👎 {one.disliked}" if one.disliked else "")
        for number, one in enumerate(found[:_PER_PAGE], page * _PER_PAGE + 1)
    ]
    row = [InlineKeyboardButton(texts("missed_export"), callback_data="n:export")]
    if page:
        row.insert(0, InlineKeyboardButton("◀", callback_data=f"n:{page - 1}"))
    if len(found) > _PER_PAGE:
        row.append(InlineKeyboardButton("▶", callback_data=f"n:{page + 1}"))
    return View("\n".join([texts("missed_title"), "", *lines]), InlineKeyboardMarkup([row]))


async def _export(message: Message, journal: Journal, texts: Texts) -> None:
    try:
        entries = list(await journal.export_missed())
    except JournalUnavailable:
        await reply(message, texts("journal_unavailable"))
        return
    lines = "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    await message.reply_document(
        io.BytesIO(lines.encode()), filename="questions.jsonl", caption=texts("missed_file")
    )
