"""What nobody expected: logged in full, told to the person without a word of it."""

import logging

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.transport.sending import acknowledge, reply

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
    if isinstance(error, Forbidden):
        logger.info("a person has blocked the bot")
        return
    if isinstance(error, RetryAfter):  # one more message would only make it worse
        logger.warning("an answer did not reach Telegram, which wants fewer messages: %s", error)
        return
    # To the library a BadRequest is a NetworkError, but Telegram did get that request.
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        # It may have been delivered: saying more could be a second answer.
        logger.warning("an answer may not have reached Telegram: %s", error)
        return
    if isinstance(error, JournalUnavailable):
        logger.warning("the journal is unavailable: %s", error.__cause__ or error)
    else:
        logger.error("a handler failed", exc_info=error)
    if not isinstance(update, Update):
        return
    key = "journal_unavailable" if isinstance(error, JournalUnavailable) else None
    try:
        if update.message is not None:
            await reply(update.message, context.texts(key or "failed"))
        elif update.callback_query is not None:  # which may have been acknowledged already
            await acknowledge(update.callback_query, context.texts(key or "failed_press"))
    except TelegramError as second:
        logger.warning("the person could not be told of the failure: %s", second)
