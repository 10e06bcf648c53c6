"""What nobody expected: logged in full, told to the person without a word of it."""

import logging

from telegram import Update
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError

from bot.handlers.context import Context, texts_of
from bot.transport.sending import acknowledge, reply

logger = logging.getLogger(__name__)


async def failure(update: object, context: Context) -> None:
    """Log an error of a handler; tell the person, when there is one who can be told."""
    error = context.error
    if isinstance(error, Forbidden):
        logger.info("a person has blocked the bot")
        return
    if isinstance(error, RetryAfter):  # one more message would only make it worse
        logger.warning("an answer did not reach Telegram, which wants fewer messages: %s", error)
        return
    if isinstance(error, NetworkError) and not _was_refused(error):
        # It may have been delivered: saying more could be a second answer.
        logger.warning("an answer may not have reached Telegram: %s", error)
        return
    logger.error("a handler failed", exc_info=error)
    try:
        await _tell(update, context)
    except TelegramError as second:
        logger.warning("the failure could not be told: %s", second)


async def _tell(update: object, context: Context) -> None:
    if not isinstance(update, Update):
        return
    if update.message is not None:
        await reply(update.message, texts_of(update, context)("failed"))
    elif update.callback_query is not None:  # which may have been acknowledged already
        await acknowledge(update.callback_query, texts_of(update, context)("failed_press"))


def _was_refused(error: NetworkError) -> bool:
    """BadRequest is a NetworkError to the library, but Telegram did get it, and said no."""
    from telegram.error import BadRequest

    return isinstance(error, BadRequest)
