"""What is being done, shown in one message that changes while it is done."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.texts import Texts
from embeddings import Progress

logger = logging.getLogger(__name__)

_EVERY_S = 1.5
"""Telegram lets a bot change about one message a second in a chat."""
_BAR = 12
_KNOWN = ("wait", "read", "encode")


@dataclass
class _News:
    """The newest text, for the task that shows it."""

    text: str = ""
    come: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, text: str) -> None:
        self.text = text
        self.come.set()

    def end(self) -> None:
        self.ended.set()
        self.come.set()


@asynccontextmanager
async def live(message: Message, texts: Texts) -> AsyncIterator[Progress]:
    """Give a function that may be called from any thread; what it is told is edited into a message.

    When the block ends no edit is under way any more, so the next one is the last to arrive.
    """
    loop, news = asyncio.get_running_loop(), _News()

    def progress(what: str, done: int, total: int) -> None:
        if what in _KNOWN:
            with suppress(RuntimeError):  # the loop has ended before a build noticed
                loop.call_soon_threadsafe(news.tell, progress_text(texts, what, done, total))

    task = asyncio.create_task(_show(message, news))
    try:
        yield progress
    finally:
        news.end()
        await task


def progress_text(texts: Texts, what: str, done: int, total: int) -> str:
    """Return what is being done, with a bar where there is something to count."""
    said = texts(f"progress_{what}", done=done, total=total)
    if what == "wait" or total < 1:
        return said
    filled = _BAR * done // total
    return f"{said}\n{'▓' * filled}{'░' * (_BAR - filled)} {100 * done // total} %"


async def _show(message: Message, news: _News) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(news.ended.wait(), _EVERY_S)
        await news.come.wait()
        if news.ended.is_set():
            return
        news.come.clear()
        try:
            await message.edit_text(news.text, parse_mode=ParseMode.HTML)
        except BadRequest as error:
            logger.debug("progress was not shown: %s", error)  # often: it is the same as before
        except TelegramError as error:
            logger.info("progress was not shown: %s", error)
