"""Which updates are processed: each once, a limited number at a time, none after the deadline."""

import asyncio
import time
from collections.abc import Awaitable
from functools import partial
from typing import Any, cast

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor

from bot.transport.inbox import Inbox
from bot.transport.metrics import Metrics

App = Application[Any, Any, Any, Any, Any, Any]


class InboxApplication(App):
    """An application whose updates stay in the inbox until handlers in the background end too."""

    def __init__(self, inbox: Inbox, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._inbox = inbox

    def create_task(
        self, coroutine: Any, update: object = None, *, name: str | None = None
    ) -> "asyncio.Task[Any]":
        """See `Application`; it calls this for a handler with `block=False`."""
        task: asyncio.Task[Any] = super().create_task(coroutine, update, name=name)
        if isinstance(update, Update):
            self._inbox.hold(update.update_id)
            task.add_done_callback(partial(self._ended, update.update_id))
        return task

    def _ended(self, update_id: int, task: "asyncio.Task[Any]") -> None:
        if not task.cancelled():  # the bot was stopped; the next process begins again
            self._inbox.release(update_id)


class Processor(BaseUpdateProcessor):
    """Runs handlers concurrently; starts none once the deadline of `drain_for` has passed.

    Attributes:
        left: how many updates came too late; they stay in the inbox for the next process.
    """

    def __init__(self, max_concurrent_updates: int, inbox: Inbox, metrics: Metrics) -> None:
        super().__init__(max_concurrent_updates)
        self._inbox = inbox
        self._metrics = metrics
        self._deadline: float | None = None
        self.left = 0

    def drain_for(self, seconds: float) -> None:
        """Start no handler later than this many seconds from now."""
        self._deadline = time.monotonic() + seconds

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run the handlers of one update, unless it is known or too late."""
        update = cast(Update, update)
        if self._must_run(update):
            await coroutine
            self._inbox.done(update.update_id)
        elif hasattr(coroutine, "close"):
            coroutine.close()

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def _must_run(self, update: Update) -> bool:
        is_late = self._deadline is not None and time.monotonic() > self._deadline
        self._metrics.received(update)
        if is_late:
            self.left += 1
            self._inbox.hold(update.update_id)  # for the next process
        elif self._inbox.begin(update.update_id):
            return True
        self._metrics.passed_over.labels("late" if is_late else "duplicate").inc()
        return False
