"""What handlers share: the asker, the curator, the person's texts, safe ways to answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot import render
from bot.asker import Asker
from bot.curator import Curator
from bot.texts import Texts, texts_for

logger = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE

_ASKER = "asker"
_CURATOR = "curator"
_ADMINS = "admins"
_TYPING_S = 4.5
"""Telegram shows "typing" for five seconds."""


def keep_asker(bot_data: dict[str, object], asker: Asker) -> None:
    """Make the asker known to the handlers."""
    bot_data[_ASKER] = asker


def asker_of(context: Context) -> Asker:
    """Return the asker."""
    return cast(Asker, context.bot_data[_ASKER])


def keep_curator(bot_data: dict[str, object], curator: Curator, admins: Collection[int]) -> None:
    """Make the curator known to the handlers, and the ids of those who may use it."""
    bot_data[_CURATOR] = curator
    bot_data[_ADMINS] = frozenset(admins)


def curator_of(context: Context) -> Curator:
    """Return the curator; only for handlers that admins alone reach."""
    return cast(Curator, context.bot_data[_CURATOR])


def is_admin(update: Update, context: Context) -> bool:
    """Whether the person behind an update may change the articles."""
    admins = cast(Collection[int], context.bot_data.get(_ADMINS, ()))
    return update.effective_user is not None and update.effective_user.id in admins


def texts_of(update: Update) -> Texts:
    """Return the texts in the language of the person behind an update."""
    user = update.effective_user
    return texts_for(user.language_code if user else None)


async def reply(
    message: Message,
    html: str,
    plain: str | None = None,
    buttons: InlineKeyboardMarkup | None = None,
) -> Message:
    """Answer a message; as plain text when Telegram refuses the markup; return the answer."""
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        return await message.reply_text(
            html, parse_mode=ParseMode.HTML, reply_parameters=to, reply_markup=buttons
        )
    except BadRequest as error:
        if plain is None or not is_refused_markup(error):
            raise
        logger.warning("Telegram refused the markup of an answer; sent as plain text")
        return await message.reply_text(plain, reply_parameters=to, reply_markup=buttons)


async def edit(message: Message, html: str, buttons: InlineKeyboardMarkup | None = None) -> None:
    """Change one of the bot's messages; where it is gone, send another."""
    change = partial(message.edit_text, html, parse_mode=ParseMode.HTML, reply_markup=buttons)
    try:
        try:
            await change()
        except BadRequest:
            raise
        except NetworkError:  # unlike a message, an edit can be sent twice
            await change()
    except BadRequest as error:
        if "message to edit not found" in str(error).lower():
            await message.chat.send_message(html, parse_mode=ParseMode.HTML, reply_markup=buttons)
        elif "not modified" not in str(error):  # a button was pressed twice
            raise


async def acknowledge(query: CallbackQuery, popup: str | None = None) -> None:
    """End a button's waiting; a press from before a restart may be too old for that."""
    try:
        await query.answer(popup, show_alert=popup is not None)
    except BadRequest as error:
        logger.info("a pressed button waited too long: %s", error)


def is_refused_markup(error: BadRequest) -> bool:
    """Whether Telegram could not read the HTML of a message."""
    return "parse entities" in str(error).lower()


async def reply_rendered(message: Message, rendered: render.Message) -> None:
    """Answer a message with what `render` made."""
    await reply(message, rendered.html, rendered.plain)


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show "typing" in the message's chat, and its topic, for as long as the block runs."""
    task = asyncio.create_task(_keep_typing(message))
    try:
        yield
    finally:
        task.cancel()


async def _keep_typing(message: Message) -> None:
    thread = message.message_thread_id if message.is_topic_message else None
    while True:
        try:
            await message.chat.send_action(ChatAction.TYPING, message_thread_id=thread)
        except TelegramError as error:
            logger.debug("typing was not shown: %s", error)
        await asyncio.sleep(_TYPING_S)
