"""What nobody expected: logged in full, told to the person without a word of it."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, Services
from bot.handlers.question import edited_question, question, restore
from bot.texts import Texts, texts_for
from bot.transport.question_text import question_in
from bot.transport.requests import is_surely_unsent
from bot.transport.sending import acknowledge, may_not_send, reply
from bot.views.answer_buttons import maybe_lost_view
from embeddings.errors import IndexMismatch, IndexUnavailable

logger = logging.getLogger(__name__)


async def failure(update: object, context: Context) -> None:
    """Log an error of a handler; tell the person, when there is one who can be told.

    Raises:
        ApplicationHandlerStop: always. An error may have come before it was known whether the
            person may ask, so no later handler gets the update.
    """
    try:
        await _report(update, context)
    except Exception:
        logger.exception("a failure could not be reported")
    raise ApplicationHandlerStop


async def _report(update: object, context: Context) -> None:
    error = context.error
    if may_not_send(error):  # somebody has blocked the bot, or a group lets it say nothing
        logger.info("the bot may not answer in a chat: %s", error)
        return
    # To the library a BadRequest is a NetworkError, but Telegram did get that request.
    if isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest):
        is_flood = isinstance(error, RetryAfter)
        told = "did not reach Telegram, which wants fewer messages" if is_flood else "may be lost"
        logger.warning("an answer %s: %s", told, error)
        if isinstance(update, Update):
            _redeliver(update, context, error)
        return
    _log(error)
    if not isinstance(update, Update):
        return
    key = "failed_question" if update.message and _is_question(update, context) else "failed"
    is_journal = isinstance(error, JournalUnavailable)
    said = context.texts("journal_unavailable" if is_journal else key)
    try:
        if update.message is not None:
            say = partial(reply, update.message, said)
            await say()
        elif update.callback_query is not None:  # which may have been acknowledged already
            await acknowledge(update.callback_query, said)
    except TelegramError as second:
        logger.warning("the person could not be told of the failure: %s", second)
        if update.message is not None:
            context.services.redelivery.later(update.update_id, say)


def _is_question(update: Update, context: Context) -> bool:
    message = update.message or update.edited_message
    if message is None or context.brings_article:
        return False
    return question_in(message, context.bot.username) is not None


def _log(error: Exception | None) -> None:
    if isinstance(error, JournalUnavailable):
        logger.warning("the journal is unavailable: %s", error.__cause__ or error)
    elif isinstance(error, IndexUnavailable | IndexMismatch):
        logger.warning("a question was not answered: %s", error)
    else:
        logger.error("a handler failed", exc_info=error)


def _redeliver(update: Update, context: Context, error: TelegramError) -> None:
    """Answer a question again where the answer surely did not arrive; else offer it to be shown."""
    if not _is_question(update, context):
        return
    answer = edited_question if update.edited_message else question
    again, offer = partial(answer, update, context), partial(offer_answer, update, context)
    # To edit an answer once more changes nothing.
    is_edit = context.services.recent_answers.exchange(context.message).answer_id is not None
    if is_surely_unsent(error) or is_edit:
        instead = again if is_edit else offer
        context.services.redelivery.later(update.update_id, again, unless_unsure=instead)
    else:
        context.services.redelivery.later(update.update_id, offer)


async def offer_answer(update: Update, context: Context) -> None:
    """Say that the answer may not have arrived, unless an edit of the question was answered.

    Where the first of several answers has arrived, the others are sent. An edit that an earlier
    process has not finished is made again.
    """
    exchange = context.services.recent_answers.exchange(context.message)
    exchange.is_waiting = False
    await _learn_language(update, context.bot, context.services)
    if update.edited_message and await restore(exchange, context) and exchange.answer_id:
        await edited_question(update, context)
    elif exchange.answer_id is None:
        await reply(context.message, maybe_lost_view(context.texts))
    elif exchange.prepared:
        await question(update, context)


async def ask_again(updates: Sequence[Update], bot: Bot, services: Services) -> None:
    """Tell people whose questions are too old to be answered; one line for each private chat."""
    chats: dict[int, Texts] = {}
    for update in updates:
        message = update.message
        if message and message.from_user and message.chat.type == message.chat.PRIVATE:
            await _learn_language(update, bot, services)
            chats[message.chat_id] = texts_for(services.languages.of(message.from_user))
    for chat, texts in chats.items():
        with suppress(TelegramError):
            await bot.send_message(chat, texts("ask_again"))


async def _learn_language(update: Update, bot: Bot, services: Services) -> None:
    """Learn what to speak with somebody who has not written since the start."""
    message = update.effective_message
    if message and message.from_user:
        await services.languages.load(message.from_user.id)
        services.languages.hear(message.from_user, question_in(message, bot.username) or "")
