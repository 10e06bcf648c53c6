"""A question, and a question that was edited."""

import asyncio
import logging
import math

from telegram import Message, Update
from telegram.error import BadRequest, TelegramError

from bot.errors import Busy, JournalUnavailable
from bot.handlers import greeting
from bot.handlers.answer import first_view, refuse_press
from bot.handlers.context import Context
from bot.services.journal_entry import journal_entry
from bot.services.recent_answers import MOST_QUESTIONS, Exchange, Prepared
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
    is_answered = False
    try:
        async with typing(message):
            answer = await _answer(message, typed, context)
            if not answer.is_put_off:
                await reply(message, View(context.texts("understood", question=one_line(typed))))
            sent = await reply(message, answer.view)
            is_answered = not answer.is_put_off
    finally:
        if not is_answered:  # the link asks it again
            services.inline_debounce.keep_unanswered(person, typed)
    if answer.record is not None:
        await services.journal.sent(answer.record, sent.message_id)


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
    notice, asked = context.message, context.message.reply_to_message
    question = question_in(asked, context.bot.username) if asked else None
    if await refuse_press(context, is_gone=question is None) or asked is None:
        return
    await acknowledge(context.query)
    context.speak(await context.asker_texts())
    exchange = context.services.recent_answers.exchange(asked)
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
    if exchange.prepared is None or exchange.prepared[0] is not version:  # else it is repeated
        exchange.prepared = version, await _prepare(version, len(exchange.answer_ids), context)
    try:
        for number, answer in enumerate(exchange.prepared[1]):
            if number < len(exchange.answer_ids):
                sent = exchange.answer_ids[number]
                await change(context.bot, version.chat_id, sent, answer.view)
            else:
                sent = (await reply(version, answer.view)).message_id
                # What opens a reply cannot be edited, so an edit gets a message of its own.
                if answer.view.placeholder is None:
                    exchange.answer_ids.append(sent)
            if answer.record is not None:
                await context.services.journal.sent(answer.record, sent)
    except TelegramError as error:
        if not (isinstance(error, BadRequest) and is_gone(error)):
            exchange.put_back(version)
        raise
    exchange.prepared = None


async def _prepare(version: Message, sent: int, context: Context) -> list[Prepared]:
    """Return the answers to a version of a question, of which so many have been sent before."""
    text = question_in(version, context.bot.username)
    asked = [] if text is None else questions_in(text)
    answers = [
        await _answer(version, one, context, number)
        for number, one in enumerate(asked[:MOST_QUESTIONS])
    ]
    withdrawn = Prepared(View(context.texts("question_withdrawn")))
    if len(asked) > MOST_QUESTIONS:
        answers.append(Prepared(View(context.texts("more_questions"))))
    elif is_command(version) and not asked:
        key = "command_caption" if version.caption else "command_edited"
        answers.append(Prepared(View(context.texts(key))))
    elif not asked:
        answers.append(withdrawn)
    return answers + [withdrawn] * (sent - len(answers))


async def _answer(message: Message, text: str, context: Context, number: int = 0) -> Prepared:
    """Return the answer to the question with this number in a message, or that it is put off."""
    texts, services, person = context.texts, context.services, person_in(message)
    worker, text = services.question_worker, without_courtesy(text)
    if view := await greeting.reply_without_search(text, message, number, context):
        return Prepared(view)
    if refusal := refuse(text, texts):
        worker.metrics.asked("refused")
        return Prepared(View(refusal))
    if wait_s := await services.limit.count(person or message.chat_id):
        worker.metrics.asked("refused")
        return Prepared(View(texts.count("slow_down", math.ceil(wait_s))), is_put_off=True)
    await worker.first_index(PATIENCE_S)
    together = await services.last_questions.follow_up(text, message, number)
    try:
        answer = as_understood(await worker.ask(together or text, SHOWN), together)
    except Busy:
        return Prepared(View(texts("busy")), is_put_off=True)
    record = None
    if answer.passages:
        entry = journal_entry(answer, worker, texts, person, message)
        record = await services.journal.record(entry)
    return Prepared(await first_view(answer, context, record), record)


def refuse(question: str, texts: Texts) -> str | None:
    """Return why a text is no question, None when it may be one."""
    if len(question) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(question):
        return texts("no_words")
    return None


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
