"""What is being done, shown in one message that changes while it is done."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.texts import Texts
from bot.transport.sending import edit, reply
from bot.views.view import View
from embeddings import Progress

logger = logging.getLogger(__name__)

EVERY_S = 1.5
"""Telegram lets a bot change about one message a second in a chat."""
_BAR = 12
SHOWN_STEPS = ("wait", "read", "encode")
"""Steps of a build that take long enough to be shown."""


class StatusLine:
    """The message that says that work is under way, and at its end what came of it.

    It is sent while the work begins. The work goes on whatever becomes of it; where it is not known
    to have arrived, what came of the work is a message of its own.
    """

    def __init__(self, asked: Message, sending: Coroutine[Any, Any, Message]) -> None:
        """Begin to send it; `asked` is the message that asks for the work."""
        self._asked = asked
        self._sent = asyncio.create_task(_sent(sending))

    async def show(self, html: str) -> None:
        """Say how far the work is, where the message has arrived."""
        message = await self._sent
        if message:
            await message.edit_text(html, parse_mode=ParseMode.HTML)

    async def end(self, view: View | str) -> None:
        """Say what came of the work."""
        message = await self._sent
        await (edit(message, view) if message else reply(self._asked, view))


async def _sent(sending: Coroutine[Any, Any, Message]) -> Message | None:
    """Return the message once it is sent; None where it is not known to have arrived."""
    try:
        return await sending
    except TelegramError as error:
        logger.warning("it was not said that work is under way: %s", error)
        return None


@asynccontextmanager
async def live(status: StatusLine, texts: Texts, reading: str = "") -> AsyncIterator[Progress]:
    """Give a function, for any thread; the progress it is called with is shown in a status line.

    When the block ends no edit is under way any more, so the next one is the last to arrive.
    Instead of how many articles are read, `reading` is said, which the line says as it is.
    """
    newest, ended = reading, asyncio.Event()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal newest
        if what in SHOWN_STEPS:
            is_known = reading and what == "read"
            newest = reading if is_known else progress_text(texts, what, done, total)

    async def show() -> None:
        shown = reading
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), EVERY_S)
            if ended.is_set():
                return
            if newest == shown:
                continue
            shown = newest
            try:
                await status.show(shown)
            except TelegramError as error:
                logger.info("progress was not shown: %s", error)

    task = asyncio.create_task(show())
    try:
        yield progress
    finally:
        ended.set()
        await task


def progress_text(texts: Texts, what: str, done: int, total: int) -> str:
    """Return what is being done, with a bar where there is something to count."""
    said = texts(f"progress_{what}", done=done, total=total)
    if what == "wait" or total < 1:
        return said
    filled = _BAR * done // total
    return f"{said}\n{'▓' * filled}{'░' * (_BAR - filled)} {100 * done // total} %"
