"""Sends answers, also when Telegram refuses the markup or a message or button press is gone."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from telegram import Bot, CallbackQuery, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.views.keyboard import Row
from bot.views.view import View

logger = logging.getLogger(__name__)

T = TypeVar("T")

_NO_RIGHT = re.compile(
    r"not enough rights|no rights|need administrator rights|FORBIDDEN|CHAT_RESTRICTED"
    r"|CHAT_ADMIN_REQUIRED|TOPIC_(?:CLOSED|DELETED)|thread not found|chat not found",
    re.IGNORECASE,
)
_TYPING_S = 4.5
"""Telegram shows "typing" for five seconds."""


async def reply(message: Message, view: View | str) -> Message:
    """Answer a message, as plain text when Telegram refuses the markup; return the answer."""
    view = view if isinstance(view, View) else View(view)
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)

    async def send(text: str, parse_mode: ParseMode | None) -> Message:
        try:
            return await message.reply_text(
                text, parse_mode=parse_mode, reply_parameters=to, reply_markup=view.markup
            )
        except ChatMigrated as error:  # the group has become a supergroup since
            return await message.get_bot().send_message(
                error.new_chat_id, text, parse_mode=parse_mode, reply_markup=view.markup
            )

    return await _in_html_or_plain(view, send)


async def reply_photos(message: Message, photos: Sequence[str | bytes], caption: str) -> list[str]:
    """Answer a message with photos, bytes or file ids; return their file ids."""
    sent = [await _reply_photo(message, photo, caption) for photo in photos]
    return [one.photo[-1].file_id for one in sent]


async def _reply_photo(message: Message, photo: str | bytes, caption: str) -> Message:
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        return await message.reply_photo(
            photo, caption=caption, parse_mode=ParseMode.HTML, reply_parameters=to
        )
    except ChatMigrated as error:
        return await message.get_bot().send_photo(
            error.new_chat_id, photo, caption=caption, parse_mode=ParseMode.HTML
        )


async def edit(message: Message, view: View | str) -> None:
    """Change one of the bot's messages; where it is gone, send another."""
    view = view if isinstance(view, View) else View(view)
    try:
        await change(message.get_bot(), message.chat_id, message.message_id, view)
    except BadRequest as error:
        if not is_gone(error):
            raise
        await reply(message, view)  # in the same topic


async def change_buttons(message: Message, rows: Sequence[Row]) -> None:
    """Change the buttons below one of the bot's messages, unless it is gone or has them already."""
    try:
        await message.edit_reply_markup(InlineKeyboardMarkup(rows))
    except BadRequest as error:
        if "not modified" not in str(error) and not is_gone(error):
            raise


async def change(bot: Bot, chat: int, message: int, view: View) -> None:
    """Change one of the bot's messages; BadRequest when it is gone."""

    async def send(text: str, parse_mode: ParseMode | None) -> object:
        return await bot.edit_message_text(
            text, chat, message, parse_mode=parse_mode, reply_markup=view.buttons
        )

    try:
        await _in_html_or_plain(view, send)
    except BadRequest as error:
        if "not modified" not in str(error):  # a button was pressed twice
            raise


async def _in_html_or_plain(view: View, send: Callable[[str, ParseMode | None], Awaitable[T]]) -> T:
    try:
        return await send(view.html, ParseMode.HTML)
    except BadRequest as error:
        if "parse entities" not in str(error).lower():
            raise
        logger.warning("Telegram refused the markup of an answer; sent as plain text")
        return await send(view.plain, None)


async def acknowledge(
    query: CallbackQuery, popup: str | None = None, *, alert: bool = True
) -> None:
    """Answer a press of a button; one from before a restart may be too old for that.

    With `alert`, the popup stays until it is closed.
    """
    try:
        await query.answer(popup, show_alert=alert and popup is not None)
    except BadRequest as error:
        logger.info("a pressed button waited too long: %s", error)


def is_gone(error: BadRequest) -> bool:
    """Whether a message that was to be changed has been deleted."""
    return "message to edit not found" in str(error).lower()


def may_not_send(error: Exception | None) -> bool:
    """Whether the bot may not send this to the chat: it is blocked, or lacks the right there."""
    if isinstance(error, Forbidden):
        return True
    return isinstance(error, BadRequest) and _NO_RIGHT.search(str(error)) is not None


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
