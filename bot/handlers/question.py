"""A question, and a question that was changed."""

import logging
import math

from telegram import Message, Update
from telegram.error import BadRequest

from bot.errors import Busy, JournalUnavailable
from bot.handlers.answer import first_view
from bot.handlers.context import Context, Tools, texts_of, tools_of
from bot.journal import Journal
from bot.services.journal_entry import journal_entry
from bot.texts import Texts
from bot.transport.question_text import person_in, question_in
from bot.transport.sending import change, is_gone, reply, typing
from bot.views.answers import SHOWN
from bot.views.view import View
from embeddings import LONGEST_QUESTION, normalise

logger = logging.getLogger(__name__)


async def question(update: Update, context: Context) -> None:
    """Answer a question, or say why not."""
    message = update.message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    texts, tools = texts_of(update, context), tools_of(context)
    exchange = tools.recent.of(message.chat_id, message.message_id)
    async with exchange.turn, typing(message):
        view, record = await _answered(message, asked, texts, tools)
        sent = await reply(message, view)
        exchange.answer = sent.message_id
    if record is not None:
        await tools.journal.sent(record, sent.message_id)


async def edited_question(update: Update, context: Context) -> None:
    """Change the answer to a question that was changed; to no other message."""
    message = update.edited_message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    texts, tools = texts_of(update, context), tools_of(context)
    exchange = tools.recent.of(message.chat_id, message.message_id)
    async with exchange.turn:
        exchange.answer = exchange.answer or await _answer_before(message, tools.journal)
        if exchange.answer is None:
            return
        view, record = await _answered(message, asked, texts, tools)
        try:
            await change(context.bot, message.chat_id, exchange.answer, view)
        except BadRequest as error:
            if not is_gone(error):
                raise
            logger.info("a question was changed whose answer is gone")
            return
    if record is not None:
        await tools.journal.sent(record, exchange.answer)


async def not_text(update: Update, context: Context) -> None:
    """Say that only text is read."""
    if update.message is not None:
        await reply(update.message, texts_of(update, context)("not_text"))


def refuse(asked: str, texts: Texts) -> str | None:
    """Return what to say to a message that is no question, None when it may be one."""
    if len(asked) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(asked):
        return texts("no_words")
    return None


async def _answered(
    message: Message, asked: str, texts: Texts, tools: Tools
) -> tuple[View, int | None]:
    """Return the answer to a question as a message, and its number in the journal."""
    refusal, person = refuse(asked, texts), person_in(message)
    wait_s = 0.0 if refusal else tools.limit.wait_s(person or message.chat_id)
    if refusal or wait_s:
        tools.question_worker.metrics.refused()
        return View(refusal or texts.count("slow_down", math.ceil(wait_s))), None
    try:
        answer = await tools.question_worker.ask(asked, SHOWN)
    except Busy:
        return View(texts("busy")), None
    record = None
    if answer.passages:
        record = await tools.journal.record(
            journal_entry(answer, tools.question_worker, texts, person, message)
        )
    return first_view(answer, texts, record), record


async def _answer_before(message: Message, journal: Journal) -> int | None:
    """Return the message that answered a question before a restart."""
    try:
        recorded = await journal.last_answer(message.chat_id, message.message_id)
    except JournalUnavailable:
        return None
    return recorded.answer_message if recorded else None
