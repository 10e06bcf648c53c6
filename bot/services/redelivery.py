"""Answers that did not reach Telegram, or perhaps did not: tried again, also after a restart.

The update of such an answer stays in the inbox until Telegram has taken what is owed for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.transport.inbox import Inbox
from bot.transport.requests import is_surely_unsent
from bot.transport.sending import may_not_send

logger = logging.getLogger(__name__)

Send = Callable[[], Awaitable[object]]

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_GIVE_UP_S = 900.0
"""After this time nobody waits for the answer any more."""


class Redelivery:
    """The answers that are tried again, each in a task of its own."""

    def __init__(self, inbox: Inbox, pause_s: float = _FIRST_PAUSE_S) -> None:
        """Prepare; each pause is twice as long as the one before, from `pause_s` on."""
        self._inbox, self._pause_s = inbox, pause_s
        self._tasks: set[asyncio.Task[None]] = set()

    def later(self, update_id: int, send: Send, *, unless_unsure: Send | None = None) -> None:
        """Call `send` until Telegram takes it.

        Args:
            update_id: of the question.
            send: sends what is owed; raises the errors of Telegram.
            unless_unsure: what is sent instead once `send` may have been carried out; None where
                `send` may be repeated even then.
        """
        self._inbox.hold(update_id)
        if unless_unsure is None:
            self._inbox.mark_unsure(update_id)
        task = asyncio.create_task(self._try(update_id, send, unless_unsure))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up; the next process goes on with what is in the inbox."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _try(self, update_id: int, send: Send, unless_unsure: Send | None) -> None:
        give_up = asyncio.get_running_loop().time() + _GIVE_UP_S
        pause_s = self._pause_s
        while asyncio.get_running_loop().time() < give_up:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            try:
                await send()
            except BadRequest as error:
                level = logging.INFO if may_not_send(error) else logging.WARNING
                logger.log(level, "Telegram does not take what is owed for a question: %s", error)
                break
            except (RetryAfter, NetworkError) as error:
                if isinstance(error, RetryAfter):
                    pause_s = max(pause_s, cast(timedelta, error.retry_after).total_seconds())
                elif unless_unsure and not is_surely_unsent(error):
                    self._inbox.mark_unsure(update_id)  # it may have arrived this time
                    send, unless_unsure = unless_unsure, None
            except TelegramError as error:  # the bot was blocked, the chat is gone
                logger.info("nothing more can be sent for a question: %s", error)
                break
            except Exception:
                logger.exception("what is owed for a question could not be sent")
                break
            else:
                break
        else:
            logger.warning("an answer did not reach Telegram for %.0f minutes", _GIVE_UP_S / 60)
        self._inbox.release(update_id)
