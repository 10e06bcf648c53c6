"""A question, and a question that was edited."""

import asyncio
import logging
import math

from telegram import ForceReply, Message, Update
from telegram.error import BadRequest, TelegramError

from bot.errors import Busy, JournalUnavailable
from bot.handlers import greeting
from bot.handlers.answer import first_view
from bot.handlers.context import Context
from bot.services.journal_entry import journal_entry
from bot.services.recent_answers import MOST_QUESTIONS, Exchange
from bot.services.small_talk import questions_in, without_courtesy
from bot.texts import Texts
from bot.transport.question_text import is_command, person_in, question_in
from bot.transport.sending import acknowledge, change, is_gone, reply, typing
from bot.views.admin_reports import one_line
from bot.views.answer_buttons import maybe_lost_view
from bot.views.answers import SHOWN, as_understood
from bot.views.links import ASK
from bot.views.view import View
from embeddings import LONGEST_QUESTION, normalise
from embeddings.errors import PassageBotError

logger = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""How long a question waits for the first index; a few articles take less."""
READ_AGAIN_S = (0.5, 2.0)
"""Pauses before the journal is asked again what an earlier process has answered."""


async def question(_: Update, context: Context) -> None:
    """Answer the newest version of a question, or say why not."""
    message, services = context.message, context.services
    if question_in(message, context.bot.username) is None:
        if context.is_private and is_command(message):  # as text it would not be here
            await reply(message, context.texts("command_caption"))
        return
    if not services.recent_answers.is_question_of_album(message):
        return
    exchange = services.recent_answers.exchange(message)
    async with exchange.lock, typing(message):
        exchange.is_waiting = False
        if exchange.is_resumed and not await restore(exchange, context, READ_AGAIN_S):
            await reply(message, maybe_lost_view(context.texts))
            return
        newest = exchange.take()
        if newest or exchange.prepared or exchange.answer_id is None:  # else an edit was answered
            await _send(exchange, newest or message, context)


async def start(update: Update, context: Context) -> None:
    """Answer what was typed in another chat, where a link leads here from it; else greet."""
    message, services, person = context.message, context.services, person_in(context.message)
    typed = None
    if person and context.args == [ASK]:
        typed = services.inline_debounce.take_unanswered(person)
    if person is None or typed is None:
        await greeting.start(update, context)
        return
    try:
        async with typing(message):
            view, record = await _answer_now(message, typed, context)
            asked = View(context.texts("understood", question=one_line(typed)))
            await reply(message, asked)
            sent = await reply(message, view)
    except Exception as error:  # the link asks it again
        services.inline_debounce.keep_unanswered(person, typed)
        if not isinstance(error, _PutOff):
            raise
        await reply(message, str(error))
        return
    if record is not None:
        await services.journal.sent(record, sent.message_id)


async def edited_question(_: Update, context: Context) -> None:
    """Edit the answer to a question that was edited; send one where there is none.

    A command that it was edited into is not obeyed: some delete or change things, and an edit may
    be of an old message. Its answer says so instead of staying as if nothing had changed.
    """
    message, services = context.message, context.services
    if context.brings_article:  # whose text below asked nothing
        return
    exchange = services.recent_answers.exchange(message)
    async with exchange.lock:
        await restore(exchange, context)
        if exchange.answer_id is None and (
            exchange.is_waiting or question_in(message, context.bot.username) is None
        ):
            return  # while it waits for its answer, it gets the one to this version
        newest = exchange.take()
        if newest is None:
            return
        try:
            await _send(exchange, newest, context)
        except BadRequest as error:
            if not is_gone(error):
                raise
            logger.info("a question was edited whose answer has been deleted")


async def maybe_lost_pressed(_: Update, context: Context) -> None:
    """Show the answers that may not have arrived, the first in place of the notice that says so."""
    services, notice = context.services, context.message
    asked, texts = notice.reply_to_message, context.texts
    if asked is None or question_in(asked, context.bot.username) is None:
        await acknowledge(context.query, texts("question_gone"))
        return
    if services.question_worker.is_busy:
        await acknowledge(context.query, texts("busy"))  # and the button stays
        return
    await acknowledge(context.query)
    context.speak(await context.asker_texts())
    exchange = services.recent_answers.exchange(asked)
    async with exchange.lock:
        if exchange.answer_id is None:
            exchange.answer_ids.append(notice.message_id)
        elif exchange.prepared is None:
            return  # an edit was answered meanwhile, or the button was pressed twice
        await _send(exchange, exchange.take() or asked, context)


async def _send(exchange: Exchange, version: Message, context: Context) -> None:
    """Send the answers to a version of a question, or edit those that are sent.

    Raises:
        TelegramError: one was not sent; the version counts as unanswered.
    """
    try:
        for number, (view, record) in enumerate(await _prepared(exchange, version, context)):
            if number < len(exchange.answer_ids):
                sent = exchange.answer_ids[number]
                await change(context.bot, version.chat_id, sent, view)
            else:
                sent = (await reply(version, view)).message_id
                # What opens a reply cannot be edited, so an edit gets a message of its own.
                if not isinstance(view.buttons, ForceReply):
                    exchange.answer_ids.append(sent)
            if record is not None:
                await context.services.journal.sent(record, sent)
    except TelegramError as error:
        if not (isinstance(error, BadRequest) and is_gone(error)):
            exchange.put_back(version)
        raise
    exchange.prepared = None


def refuse(question: str, texts: Texts) -> str | None:
    """Return why a text is no question, None when it may be one."""
    if len(question) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(question):
        return texts("no_words")
    return None


async def _prepared(
    exchange: Exchange, version: Message, context: Context
) -> list[tuple[View, int | None]]:
    """Return what `_answer` does, once for each version: a repetition is no second question."""
    if exchange.prepared is None or exchange.prepared[0] is not version:
        text = question_in(version, context.bot.username)
        asked = [] if text is None else questions_in(text)
        answers = [
            await _answer(version, one, context, number)
            for number, one in enumerate(asked[:MOST_QUESTIONS])
        ]
        withdrawn = View(context.texts("question_withdrawn")), None
        if len(asked) > MOST_QUESTIONS:
            answers.append((View(context.texts("more_questions")), None))
        elif is_command(version) and not asked:
            key = "command_caption" if version.caption else "command_edited"
            answers.append((View(context.texts(key)), None))
        elif not asked:
            answers.append(withdrawn)
        answers += [withdrawn] * (len(exchange.answer_ids) - len(answers))
        exchange.prepared = version, answers
    return exchange.prepared[1]


async def _answer(
    message: Message, text: str, context: Context, number: int = 0
) -> tuple[View, int | None]:
    """Return the answer to a question, or that it is put off; and its id in the journal."""
    try:
        return await _answer_now(message, text, context, number)
    except _PutOff as put_off:
        return View(str(put_off)), None


class _PutOff(PassageBotError):
    """A question is not answered now; the text says so, and that it may be asked again."""


async def _answer_now(
    message: Message, text: str, context: Context, number: int = 0
) -> tuple[View, int | None]:
    """Return the answer to a question as a message, and its id in the journal.

    Raises:
        _PutOff: the person asks too much, or too many ask.
    """
    texts, services, person = context.texts, context.services, person_in(message)
    worker, text = services.question_worker, without_courtesy(text)
    view = await greeting.reply_without_search(text, context)
    if view:
        return view, None
    if refusal := refuse(text, texts):
        worker.metrics.asked("refused")
        return View(refusal), None
    if wait_s := await services.limit.count(person or message.chat_id):
        worker.metrics.asked("refused")
        raise _PutOff(texts.count("slow_down", math.ceil(wait_s)))
    await worker.first_index(PATIENCE_S)
    together = await services.last_questions.together(text, message, number)
    try:
        answer = as_understood(await worker.ask(together or text, SHOWN), together)
    except Busy as error:
        raise _PutOff(texts("busy")) from error
    record = None
    if answer.passages:
        entry = journal_entry(answer, worker, texts, person, message)
        record = await services.journal.record(entry)
    return await first_view(answer, context, record), record


async def restore(exchange: Exchange, context: Context, pauses_s: tuple[float, ...] = ()) -> bool:
    """Find the answers that were sent before a restart; pause, and read again, where that fails.

    Returns:
        False where the journal cannot be read, so that nobody knows what was sent.
    """
    if exchange.answer_id is not None:
        return True
    message, journal = context.message, context.services.journal
    for pause_s in (*pauses_s, None):
        try:
            sent = await journal.answer_messages(message.chat_id, message.message_id)
        except JournalUnavailable:
            if pause_s is not None:
                await asyncio.sleep(pause_s)
        else:
            exchange.answer_ids += [one for one in sent if one is not None]
            return True
    return False
