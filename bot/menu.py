"""What Telegram shows of the bot: menus of commands by language and place, and what it is."""

import logging
from collections.abc import Awaitable, Collection, Iterator, Sequence
from pathlib import Path

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.texts import FALLBACK, LANGUAGES, Texts, texts_for
from bot.views.commands import ADMIN_COMMANDS, COMMANDS, GROUP_COMMANDS
from embeddings import write_atomically

logger = logging.getLogger(__name__)

_MENU_LANGUAGES = (*LANGUAGES, "be", "kk")
"""Also those of people whom the bot answers in Russian: Telegram would show them English."""


async def fill_menus(bot: Bot, admins: Collection[int], remembered: Path) -> None:
    """Fill the menus, that of these admins too; the bot works without them.

    The file `remembered` has the ids of those who have had the longer menu.
    """
    await _fill(bot, COMMANDS)
    before = _read(remembered)
    for former in sorted(before - set(admins)):
        await _fill(bot, (), BotCommandScopeChat(former))
    for admin in sorted(admins):
        # Fails, and does no harm, for one who has never written to the bot.
        await _fill(bot, (*COMMANDS, *ADMIN_COMMANDS), BotCommandScopeChat(admin))
    if before != set(admins):
        _write(remembered, admins)
    await _fill(bot, GROUP_COMMANDS, BotCommandScopeAllGroupChats())
    for texts, code in _languages():  # above an empty chat, and in the bot's profile
        await _tried(bot.set_my_description(texts("description"), language_code=code))
        await _tried(bot.set_my_short_description(texts("short_description"), language_code=code))


async def _fill(bot: Bot, names: Sequence[str], scope: BotCommandScope | None = None) -> None:
    """Set a menu in each language; one without commands is taken away."""
    for texts, code in _languages():
        commands = [BotCommand(name, texts(f"command_{name}")) for name in names]
        if commands:
            await _tried(bot.set_my_commands(commands, scope, language_code=code))
        else:
            await _tried(bot.delete_my_commands(scope, language_code=code))


def _languages() -> Iterator[tuple[Texts, str | None]]:
    """Yield the texts of each language, and its code; None for all other languages."""
    for language in _MENU_LANGUAGES:
        yield texts_for(language), None if language == FALLBACK else language


async def _tried(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError as error:
        logger.warning("a menu or the description was not set: %s", error)


def _read(path: Path) -> set[int]:
    try:
        return {int(line) for line in path.read_text(encoding="ascii").split()}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError):
        logger.warning("%s cannot be read; a former admin may keep the longer menu", path)
        return set()


def _write(path: Path, admins: Collection[int]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, "\n".join(map(str, sorted(admins))))
    except OSError as error:
        logger.warning("%s cannot be written: %s", path, error.strerror)
