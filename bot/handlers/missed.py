"""/missed: the questions without a good answer, page by page, and as a file."""

import io
import json
import re
from collections.abc import Iterator

from telegram import InlineKeyboardMarkup, Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.services.missed_questions import MOST, MissedGroup, group_missed_questions
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply, typing
from bot.views.admin_reports import one_line
from bot.views.keyboard import PER_PAGE, base36, button, list_page
from bot.views.view import View

PATTERN = re.compile(r"n:(?:(export)|(\d{1,4}):([0-9a-z]{1,13}))\Z")
"""The data of the buttons: a page, from 0, and the newest answer that its list holds; or export."""

_QUESTION, _OTHER = 120, 40
"""Characters shown; were all of them emoji, a page would still fit."""
_OTHERS = 2
"""Other wordings that are shown."""


async def missed(_: Update, context: Context) -> None:
    """List the questions that found no answer, or a bad one; those that ask the same together."""
    async with typing(context.message):
        await reply(context.message, await _view(context))


async def missed_pressed(_: Update, context: Context) -> None:
    """Turn a page of that list, or send all of it as a file."""
    await acknowledge(context.query)
    if not context.is_admin or context.message.chat.type != context.message.chat.PRIVATE:
        return
    export, page, until = context.pressed
    try:
        if export:
            await _export(context)
        else:
            await edit(context.message, await _view(context, int(page), int(until, 36)))
    except JournalUnavailable:
        say = reply if export else edit
        await say(context.message, context.texts("journal_unavailable"))


async def _view(context: Context, page: int = 0, until: int | None = None) -> View:
    """Return a page of the questions that were missed until an answer, or until now.

    Raises:
        JournalUnavailable: they cannot be read.
    """
    texts, services = context.texts, context.services
    groups = await group_missed_questions(services.journal, services.question_worker, until)
    if not groups:
        return View(texts("missed_none"))
    newest = base36(groups[0].questions[0].answer_id if until is None else until)
    shown, page, rows = list_page(groups, page, lambda to: f"n:{to}:{newest}")
    lines = [texts("missed_title")]
    for number, group in enumerate(shown, page * PER_PAGE + 1):
        lines += ["", *_group_lines(number, group, texts)]
    if sum(len(group.questions) for group in groups) >= MOST:
        lines += ["", texts("missed_newest", number=MOST)]
    rows.append([button(texts("missed_export"), "n:export")])
    return View("\n".join(lines), InlineKeyboardMarkup(rows))


def _group_lines(number: int, group: MissedGroup, texts: Texts) -> Iterator[str]:
    """Yield the newest wording, how often it was asked, and some other wordings."""
    newest, *others = group.questions
    yield (
        f"{number}. {one_line(newest.question, _QUESTION)}"
        + (f" <b>×{group.times}</b>" if group.times > 1 else "")
        + (f" 👎 {group.disliked}" if group.disliked else "")
    )
    for other in others[:_OTHERS]:
        yield f"· <i>{one_line(other.question, _OTHER)}</i>"
    if len(others) > _OTHERS:
        yield f"· {texts('and_more', number=len(others) - _OTHERS)}"


async def _export(context: Context) -> None:
    entries = await context.services.journal.export_missed()
    lines = "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    if not lines:  # Telegram takes no empty file
        await reply(context.message, context.texts("missed_none"))
        return
    await context.message.reply_document(
        io.BytesIO(lines.encode()), filename="questions.jsonl", caption=context.texts("missed_file")
    )
