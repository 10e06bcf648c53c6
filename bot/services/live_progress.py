"""What is being done, shown in one message that changes while it is done."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.texts import Texts
from embeddings import Progress

logger = logging.getLogger(__name__)

EVERY_S = 1.5
"""Telegram lets a bot change about one message a second in a chat."""
_BAR = 12
SHOWN_STEPS = ("wait", "read", "encode")
"""Steps of a build that take long enough to be shown."""


@asynccontextmanager
async def live(message: Message, texts: Texts, reading: str = "") -> AsyncIterator[Progress]:
    """Give a function, for any thread; the progress it is called with is edited into a message.

    When the block ends no edit is under way any more, so the next one is the last to arrive.
    Instead of how many articles are read, `reading` is said, which the message says as it is.
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
                await message.edit_text(shown, parse_mode=ParseMode.HTML)
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
