"""What handlers share: the asker, the curator, the person's texts, safe ways to answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import TypeVar, cast

from telegram import Bot, CallbackQuery, Message, ReplyParameters, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot.asker import Asker
from bot.curator import Curator
from bot.journal import Journal
from bot.limits import RateLimit
from bot.recent import RecentAnswers
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.view import View

logger = logging.getLogger(__name__)

T = TypeVar("T")

Context = ContextTypes.DEFAULT_TYPE

_ASKER = "asker"
_CURATOR = "curator"
_ADMINS = "admins"
_RECENT = "recent"
_SETTINGS = "settings"
_JOURNAL = "journal"
_LIMIT = "limit"
LANGUAGE = "language"
"""In a person's data: the language chosen, None for that of Telegram."""
_TYPING_S = 4.5
"""Telegram shows "typing" for five seconds."""


def keep_asker(bot_data: dict[str, object], asker: Asker) -> None:
    """Make the asker known to the handlers."""
    bot_data[_ASKER] = asker


def asker_of(context: Context) -> Asker:
    """Return the asker."""
    return cast(Asker, context.bot_data[_ASKER])


def keep_settings(bot_data: dict[str, object], settings: Settings) -> None:
    """Make the settings known to the handlers."""
    bot_data[_SETTINGS] = settings
    bot_data[_LIMIT] = RateLimit(settings.rate_limit)


def settings_of(context: Context) -> Settings:
    """Return the settings."""
    return cast(Settings, context.bot_data[_SETTINGS])


def limit_of(context: Context) -> RateLimit:
    """Return what counts the questions of each person."""
    return cast(RateLimit, context.bot_data[_LIMIT])


def keep_journal(bot_data: dict[str, object], journal: Journal) -> None:
    """Make the journal known to the handlers."""
    bot_data[_JOURNAL] = journal


def journal_of(context: Context) -> Journal | None:
    """Return the journal, None where nothing is written down."""
    return cast(Journal | None, context.bot_data.get(_JOURNAL))


def recent_of(context: Context) -> RecentAnswers:
    """Return which message answers which."""
    return cast(RecentAnswers, context.bot_data.setdefault(_RECENT, RecentAnswers()))


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


def texts_of(update: Update, context: Context) -> Texts:
    """Return the texts in the language a person has chosen, or else has set in Telegram."""
    user = update.effective_user
    chosen = (context.user_data or {}).get(LANGUAGE)
    return texts_for(chosen or (user.language_code if user else None))


async def reply(message: Message, view: View | str) -> Message:
    """Answer a message; as plain text when Telegram refuses the markup; return the answer."""
    view = view if isinstance(view, View) else View(view)
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)

    async def send(text: str, parse_mode: ParseMode | None) -> Message:
        try:
            return await message.reply_text(
                text, parse_mode=parse_mode, reply_parameters=to, reply_markup=view.buttons
            )
        except ChatMigrated as error:  # the group has become a supergroup since
            return await message.get_bot().send_message(
                error.new_chat_id, text, parse_mode=parse_mode, reply_markup=view.buttons
            )

    return await _in_html_or_plain(view, send)


async def edit(message: Message, view: View | str) -> None:
    """Change one of the bot's messages; where it is gone, send another."""
    view = view if isinstance(view, View) else View(view)
    try:
        await change(message.get_bot(), message.chat_id, message.message_id, view)
    except BadRequest as error:
        if "message to edit not found" not in str(error).lower():
            raise
        await message.chat.send_message(
            view.html, parse_mode=ParseMode.HTML, reply_markup=view.buttons
        )


async def change(bot: Bot, chat: int, message: int, view: View) -> None:
    """Change one of the bot's messages, found by its number; the same again is no change.

    Raises:
        BadRequest: it is gone.
    """

    async def send(text: str, parse_mode: ParseMode | None) -> object:
        return await bot.edit_message_text(
            text, chat, message, parse_mode=parse_mode, reply_markup=view.buttons
        )

    try:
        try:
            await _in_html_or_plain(view, send)
        except BadRequest:
            raise
        except NetworkError:  # unlike a message, an edit can be sent twice
            await _in_html_or_plain(view, send)
    except BadRequest as error:
        if "not modified" not in str(error):  # a button was pressed twice
            raise


async def _in_html_or_plain(view: View, send: Callable[[str, ParseMode | None], Awaitable[T]]) -> T:
    try:
        return await send(view.html, ParseMode.HTML)
    except BadRequest as error:
        if view.plain is None or not is_refused_markup(error):
            raise
        logger.warning("Telegram refused the markup of an answer; sent as plain text")
        return await send(view.plain, None)


async def acknowledge(
    query: CallbackQuery, popup: str | None = None, *, alert: bool = True
) -> None:
    """End a button's waiting; a press from before a restart may be too old for that.

    Args:
        query: the press.
        popup: what to say.
        alert: whether it stays until it is closed.
    """
    try:
        await query.answer(popup, show_alert=alert and popup is not None)
    except BadRequest as error:
        logger.info("a pressed button waited too long: %s", error)


def is_refused_markup(error: BadRequest) -> bool:
    """Whether Telegram could not read the HTML of a message."""
    return "parse entities" in str(error).lower()


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
