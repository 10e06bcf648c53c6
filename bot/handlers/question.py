"""A question, and a question that was edited."""

import logging

from telegram import ForceReply, Message, Update
from telegram.error import BadRequest, TelegramError

from bot.errors import Busy, JournalUnavailable
from bot.handlers.answer import first_view
from bot.handlers.context import Context
from bot.handlers.greeting import reply_without_search
from bot.services.journal_entry import journal_entry
from bot.services.recent_answers import Exchange
from bot.texts import Texts
from bot.transport.question_text import person_in, question_in
from bot.transport.sending import change, is_gone, reply, typing
from bot.views.answers import SHOWN, as_understood
from bot.views.view import View
from embeddings import LONGEST_QUESTION, normalise

logger = logging.getLogger(__name__)


async def question(_: Update, context: Context) -> None:
    """Answer the newest version of a question, or say why not."""
    message, services = context.message, context.services
    if question_in(message, context.bot.username) is None:
        return
    exchange = services.recent.exchange(message)
    async with exchange.lock, typing(message):
        exchange.is_begun = True
        newest = exchange.take() or message
        try:
            view, record = await _prepared(exchange, newest, context)
            sent = await reply(message, view)
            # A message that opens a reply cannot be edited, so an edit gets a message of its own.
            exchange.answer_id = None if isinstance(view.buttons, ForceReply) else sent.message_id
        except TelegramError:
            exchange.put_back(newest)
            raise
        exchange.prepared = None
    if record is not None and exchange.answer_id is not None:
        await services.journal.sent(record, exchange.answer_id)


async def edited_question(_: Update, context: Context) -> None:
    """Edit the answer to a question that was edited; send one where it did not arrive."""
    message, services = context.message, context.services
    if question_in(message, context.bot.username) is None:
        return
    exchange = services.recent.exchange(message)
    async with exchange.lock:
        exchange.answer_id = exchange.answer_id or await _recorded_answer(context)
        if exchange.answer_id is None and not exchange.is_begun:
            return  # where the question itself is still to be answered, it gets this version
        newest = exchange.take()
        if newest is None:
            return
        view, record = await _prepared(exchange, newest, context)
        try:
            if exchange.answer_id is None:
                exchange.answer_id = (await reply(newest, view)).message_id
            else:
                await change(context.bot, message.chat_id, exchange.answer_id, view)
        except BadRequest as error:
            if not is_gone(error):
                raise
            logger.info("a question was edited whose answer has been deleted")
            return
        except TelegramError:
            exchange.put_back(newest)
            raise
        exchange.prepared = None
    if record is not None:
        await services.journal.sent(record, exchange.answer_id)


def refuse(question: str, texts: Texts) -> str | None:
    """Return why a text is no question, None when it may be one."""
    if len(question) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(question):
        return texts("no_words")
    return None


async def _prepared(
    exchange: Exchange, version: Message, context: Context
) -> tuple[View, int | None]:
    """Return what `_answer` does, once for each version: a repetition is no second question."""
    if exchange.prepared is None or exchange.prepared[0] is not version:
        exchange.prepared = (version, *await _answer(version, context))
    return exchange.prepared[1:]


async def _answer(message: Message, context: Context) -> tuple[View, int | None]:
    """Return the answer to a question as a message, and its id in the journal."""
    texts, services, person = context.texts, context.services, person_in(message)
    worker = services.question_worker
    text = question_in(message, context.bot.username) or ""
    view = await reply_without_search(text, context)
    if view:
        return view, None
    refusal = refuse(text, texts)
    if refusal:
        worker.metrics.refused()
    else:
        refusal = context.refuse_if_too_many(person or message.chat_id)
    if refusal:
        return View(refusal), None
    together = await services.last_questions.together(text, message)
    try:
        answer = as_understood(await worker.ask(together or text, SHOWN), together)
    except Busy:
        return View(texts("busy")), None
    services.last_questions.remember(together or text, message)
    record = None
    if answer.passages:
        entry = journal_entry(answer, worker, texts, person, message)
        record = await services.journal.record(entry)
    return await first_view(answer, context, record), record


async def _recorded_answer(context: Context) -> int | None:
    """Return the message id of an answer that was sent before a restart."""
    message, journal = context.message, context.services.journal
    try:
        recorded = await journal.last_answer(message.chat_id, message.message_id)
    except JournalUnavailable:
        return None
    return recorded.answer_message if recorded else None
