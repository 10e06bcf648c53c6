"""/missed: the questions without a good answer, page by page, and as a file."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, Services, is_admin, services_of, texts_of
from bot.services.missed_questions import MOST, MissedGroup, group_missed_questions
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply, typing
from bot.views.admin_reports import shown
from bot.views.keyboard import base36, pager
from bot.views.view import View

PATTERN = "^n:"
"""What the data of every button here begins with."""

_EXPORT = "n:export"
_DATA = re.compile(r"n:(\d{1,4}):([0-9a-z]{1,13})\Z")
_PER_PAGE = 8
_QUESTION, _OTHER = 120, 40
"""Characters shown; were all of them emoji, a page would still fit."""
_OTHERS = 2
"""Other wordings that are shown."""


@dataclass(frozen=True)
class Press:
    """What a button asks for: a page, from 0, of what was there up to an answer."""

    page: int
    until: int

    @property
    def data(self) -> str:
        """Callback data; far below Telegram's 64 bytes."""
        return f"n:{self.page}:{base36(self.until)}"


async def missed(update: Update, context: Context) -> None:
    """List the questions that found no answer, or a bad one; those that ask the same together."""
    message = update.message
    if message is not None:
        async with typing(message):
            view = await _view(None, texts_of(update, context), services_of(context))
            await reply(message, view)


async def missed_pressed(update: Update, context: Context) -> None:
    """Turn a page of that list, or send all of it as a file."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    await acknowledge(query)
    if not is_admin(update, context) or query.message.chat.type != query.message.chat.PRIVATE:
        return
    texts, services = texts_of(update, context), services_of(context)
    found = _DATA.match(query.data or "")
    if query.data == _EXPORT:
        await _export(query.message, texts, services)
    elif found:
        press = Press(int(found[1]), int(found[2], 36))
        await edit(query.message, await _view(press, texts, services))


async def _view(press: Press | None, texts: Texts, services: Services) -> View:
    """Return a page; without a press the first of what is there now."""
    try:
        gaps = await group_missed_questions(
            services.journal, services.question_worker, press.until if press else None
        )
    except JournalUnavailable:
        return View(texts("journal_unavailable"))
    if not gaps:
        return View(texts("missed_none"))
    until = press.until if press else gaps[0].questions[0].answer_id
    pages = -(-len(gaps) // _PER_PAGE)
    page = min(press.page if press else 0, pages - 1)
    first = page * _PER_PAGE
    lines = [texts("missed_title")]
    for number, gap in enumerate(gaps[first : first + _PER_PAGE], first + 1):
        lines += ["", *_told(number, gap, texts)]
    if sum(len(gap.questions) for gap in gaps) >= MOST:
        lines += ["", texts("missed_newest", number=MOST)]
    rows = pager(page, pages, lambda to: Press(to, until))
    rows.append([InlineKeyboardButton(texts("missed_export"), callback_data=_EXPORT)])
    return View("\n".join(lines), InlineKeyboardMarkup(rows))


def _told(number: int, gap: MissedGroup, texts: Texts) -> Iterator[str]:
    """Say a question as it was asked last, how often, and how else."""
    newest, *others = gap.questions
    yield (
        f"{number}. {shown(newest.question, _QUESTION)}"
        + (f" <b>×{gap.times}</b>" if gap.times > 1 else "")
        + (f" 👎 {gap.disliked}" if gap.disliked else "")
    )
    for other in others[:_OTHERS]:
        yield f"· <i>{shown(other.question, _OTHER)}</i>"
    if len(others) > _OTHERS:
        yield f"· {texts('and_more', number=len(others) - _OTHERS)}"


async def _export(message: Message, texts: Texts, services: Services) -> None:
    try:
        lines = "".join(_lines(await services.journal.export_missed()))
    except JournalUnavailable:
        await reply(message, texts("journal_unavailable"))
        return
    if not lines:  # Telegram takes no empty file
        await reply(message, texts("missed_none"))
        return
    await message.reply_document(
        io.BytesIO(lines.encode()), filename="questions.jsonl", caption=texts("missed_file")
    )


def _lines(entries: Iterable[dict[str, object]]) -> Iterator[str]:
    return (f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
