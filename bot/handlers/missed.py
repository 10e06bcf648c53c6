"""/missed: the questions without a good answer, page by page, to be ticked off, and as a file."""

import io
import json
import re
from collections.abc import Iterator

from telegram import Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.services.missed_questions import (
    MOST,
    MissedGroup,
    group_missed_questions,
    is_question,
    tick_off_answered,
)
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply, typing
from bot.views.admin_reports import one_line
from bot.views.keyboard import BASE36, PER_PAGE, base36, button, list_page, read_base36
from bot.views.view import View

PATTERN = re.compile(rf"n:(?:(export)|(\d{{1,4}}):({BASE36})(?::({BASE36}))?)\Z")
"""The data of the buttons: a page, from 0, the newest answer that its list holds, and the newest of
a group to be ticked off; or export."""

_QUESTION, _OTHER = 120, 40
"""Characters shown; were all of them emoji, a page would still fit."""
_TICKS = 4
"""Buttons that tick off, in a row."""
_OTHERS = 2
"""Other wordings that are shown."""


async def missed(_: Update, context: Context) -> None:
    """List the questions that found no answer, or a bad one; those that ask the same together."""
    async with typing(context.message):
        await tick_off_answered(context.services.journal, context.services.question_worker)
        await reply(context.message, await _view(context))


async def missed_pressed(_: Update, context: Context) -> None:
    """Turn a page of that list, tick off a group, or send all of it as a file."""
    await acknowledge(context.query)
    if not context.is_admin or not context.is_private:
        return
    export, page, *keys = context.pressed
    until, done = (read_base36(key) if key else None for key in keys)
    try:
        if export:
            await _export(context)
        elif until is not None:
            if done is not None:
                await _tick_off(context, done, until)
            await edit(context.message, await _view(context, int(page), until))
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
    ticks = [
        button(f"✓ {number}", f"n:{page}:{newest}:{base36(group.questions[0].answer_id)}")
        for number, group in enumerate(shown, page * PER_PAGE + 1)
    ]
    rows += [ticks[start : start + _TICKS] for start in range(0, len(ticks), _TICKS)]
    rows.append([button(texts("missed_export"), "n:export")])
    return View("\n".join(lines), rows)


async def _tick_off(context: Context, newest: int, until: int) -> None:
    """Tick off the group whose newest question has this answer."""
    services = context.services
    groups = await group_missed_questions(services.journal, services.question_worker, until)
    for group in groups:
        if group.questions[0].answer_id == newest:
            await services.journal.tick_off([one.answer_id for one in group.questions])


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
    entries = filter(
        lambda entry: is_question(entry["question"]), await context.services.journal.export_missed()
    )
    lines = "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    if not lines:  # Telegram takes no empty file
        await reply(context.message, context.texts("missed_none"))
        return
    await context.message.reply_document(
        io.BytesIO(lines.encode()), filename="questions.jsonl", caption=context.texts("missed_file")
    )
