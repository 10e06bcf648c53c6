"""The bot in Telegram: made from the settings, and run until a signal or a refusal of Telegram."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram import LinkPreviewOptions, Update
from telegram.error import InvalidToken
from telegram.ext import ApplicationBuilder, ContextTypes, Defaults

from bot.errors import InboxUnavailable, PortTaken, TelegramRefused, TokenUnknown
from bot.handlers import ALLOWED_UPDATES, add_handlers
from bot.handlers.context import Context, Services
from bot.handlers.failure import ask_again, offer_answer
from bot.journal import Journal, Limits
from bot.menu import fill_menus
from bot.services.health import Health
from bot.services.index_updater import IndexUpdater
from bot.settings import Settings
from bot.transport.file_inbox import FileInbox
from bot.transport.inbox import Inbox, Waiting
from bot.transport.polling import UNKNOWN_TO_TELEGRAM, Polling
from bot.transport.process_lock import ProcessLock
from bot.transport.rate_limit import RateLimit
from bot.transport.requests import PollingRequest, RetryingRequest, parse_update, until_done
from bot.transport.service_manager import ServiceManager
from bot.transport.updates import App, InboxApplication, Processor

if TYPE_CHECKING:
    from bot.replicas.membership import Membership
    from bot.transport.webhook import Webhook

logger = logging.getLogger(__name__)

CONCURRENT_UPDATES = 24
"""More cost time in the connection pool: 16 to 32 were fastest at 50 ms a call."""
_OLDEST_S = 600.0
"""Age of a question that an earlier process has received, from which it is not answered."""
_MOST_STARTS, _MOST_STARTS_S = 10, 120.0
"""An update that more processes than this have begun, and that has waited for longer than this, is
not worked on again: one that kills the process must not do so for ever."""
_ALONE_S = 1.0
"""How long an update that an earlier process has begun is worked on before others are."""
_AGAIN_S = 1.0
"""Between two attempts to open what the processes share."""
_DAY_S = 24 * 3600
_INLINE_QUERIES_PER_QUESTION = 5
"""Telegram sends an inline query at every pause in the typing: so many are counted as one."""


def make_application(
    services: Services, processor: Processor, inbox: Inbox, polling_request: PollingRequest
) -> App:
    """Return an application with all handlers, not yet started."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # how long RetryAfter asks to wait, as a timedelta
    settings, metrics = services.settings, services.question_worker.metrics
    requests = RetryingRequest(
        metrics, connection_pool_size=2 * CONCURRENT_UPDATES, pool_timeout=30
    )
    application = (
        ApplicationBuilder()
        .application_class(InboxApplication, {"inbox": inbox})
        .context_types(ContextTypes(context=Context))
        .token(settings.token or "")
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(requests)
        .get_updates_request(polling_request)
        .concurrent_updates(processor)
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .build()
    )
    application.bot_data["services"] = services
    add_handlers(application, settings.admin_ids)
    return application


def _shared_state(
    settings: Settings, membership: "Membership | None"
) -> tuple[Inbox, RateLimit, RateLimit]:
    """Return the inbox, and the limits of questions and of inline queries.

    A process that works alone has them in a file and in memory, several have them in the database.
    """
    most, most_inline = settings.rate_limit, _INLINE_QUERIES_PER_QUESTION * settings.rate_limit
    if membership is None:
        inbox = FileInbox(settings.state_dir / "updates.sqlite3", settings.bot_id)
        return inbox, RateLimit(most), RateLimit(most_inline)
    from bot.replicas.database import SharedDatabase
    from bot.replicas.inbox import DatabaseInbox
    from bot.replicas.rate_limit import SharedRateLimit

    shared = SharedDatabase(settings.database_url)
    return (
        DatabaseInbox(shared, membership, settings.admin_ids),
        SharedRateLimit(most, "question", shared),
        SharedRateLimit(most_inline, "inline", shared),
    )


class Session:
    """One run of the bot.

    Attributes:
        health: says whether it is ready.
        drain_s: how long after a signal waiting questions are still begun.
        stop_s: how long questions that are begun may take after that.
    """

    drain_s = 5.0
    stop_s = 10.0

    def __init__(
        self,
        settings: Settings,
        index_updater: IndexUpdater,
        membership: "Membership | None" = None,
    ) -> None:
        """Prepare; without a membership of several that share the work it serves alone."""
        metrics = index_updater.question_worker.metrics
        self._settings, self._membership = settings, membership
        self._process_lock = ProcessLock(settings.state_dir / f"bot-{settings.bot_id}.lock")
        self._inbox, limit, inline_limit = _shared_state(settings, membership)
        self._processor = Processor(CONCURRENT_UPDATES, self._inbox, metrics)
        self._journal = Journal(
            settings.database_url,
            names=settings.journal_names,
            retention_days=settings.retention_days,
            limits=Limits(settings_s=0.0) if membership else Limits(),
        )
        self._services = Services(
            settings, index_updater, self._journal, self._inbox, limit, inline_limit
        )
        self._polling_request = PollingRequest(self._inbox, metrics, connection_pool_size=1)
        self._app = make_application(
            self._services, self._processor, self._inbox, self._polling_request
        )
        self._intake = self._make_intake()
        self.health = Health(settings.health_port, settings.health_listen)
        self.health.index_updater = index_updater
        self.health.problems = self._services.problems.found
        self._service_manager = ServiceManager()
        self._stop = asyncio.Event()
        self._refusal: TelegramRefused | None = None

    def _make_intake(self) -> "Polling | Webhook":
        if not self._settings.webhook_url:
            return Polling(self._app, self._polling_request, self._processor, self._refuse)
        from bot.transport.webhook import Webhook  # an HTTP server is ten megabytes

        metrics = self._services.question_worker.metrics
        return Webhook(self._settings, self._app, self._inbox, metrics)

    def stop(self) -> None:
        """End `serve`, once the questions that are begun are answered."""
        self._stop.set()

    async def serve(self) -> None:
        """Connect, take updates until stopped, and close everything.

        While another process on this machine serves the bot, this one waits for its end.

        Raises:
            TokenUnknown: Telegram does not know the token.
            TelegramRefused: Telegram does not accept the address of the webhook.
            PortTaken: a port of the settings is in use.
        """
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows has no signal handlers in its loop
                loop.add_signal_handler(signal_number, self.stop)
        self._service_manager.ready()
        try:
            may_serve = self._membership is not None or self._process_lock.acquire()
            if may_serve or await self._unless_stopped(self._wait_for_process_lock()):
                await self._serve()
        finally:
            self._service_manager.close()
            await self.health.close()
            self._process_lock.release()
        if self._refusal:
            raise self._refusal

    async def _wait_for_process_lock(self) -> None:
        self.health.waiting = True
        with suppress(PortTaken):  # the other process may have it
            await self.health.start()
        await self._process_lock.wait()
        self.health.waiting = False

    async def _serve(self) -> None:
        await self._journal.start()
        pruning = asyncio.create_task(self._prune_daily())
        try:
            await self.health.start()
            failure = f"Telegram at {self._settings.api_url} is not reachable"
            if await self._unless_stopped(self._open_inbox()) and await self._unless_stopped(
                until_done(self._app.initialize, failure)
            ):
                await self._take_updates()
        except InvalidToken:
            self._refuse(TokenUnknown(UNKNOWN_TO_TELEGRAM))
        finally:
            pruning.cancel()
            await self._app.shutdown()
            await self._services.inline_debounce.close()
            await asyncio.gather(self._journal.close(), asyncio.to_thread(self._inbox.close))
            await self._app.bot.shutdown()  # not reached by the former when connecting failed

    async def _open_inbox(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._inbox.open)
            except InboxUnavailable:  # which is in the log
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    async def _prune_daily(self) -> None:
        while True:
            await self._journal.prune()
            await asyncio.sleep(_DAY_S)

    async def _take_updates(self) -> None:
        await self._app.start()
        notices = asyncio.create_task(
            self._services.admin_notices.run(
                self._app.bot,
                self._settings.admin_ids if self._settings.admin_notices else (),
                lambda: self._membership is None or self._membership.is_elected,
            )
        )
        taking_over = asyncio.create_task(self._take_over())
        try:
            given_up = await self._resume()
            if await self._unless_stopped(self._intake.start(ALLOWED_UPDATES)):
                self.health.connected = True
                logger.info("@%s is listening", self._app.bot.username)
                self._service_manager.say(f"@{self._app.bot.username} is listening")
                await self._unless_stopped(self._introduce())
                await self._unless_stopped(self._give_up(given_up))
                await self._stop.wait()
        finally:
            self.health.draining = True
            notices.cancel()
            taking_over.cancel()
            self._services.article_admin.stop()
            self._processor.drain_for(self.drain_s)
            # Neither waits for the other: a database may be slow to let go, or Telegram to answer.
            await asyncio.gather(self._intake.pause(), asyncio.to_thread(self._inbox.leave))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._app.stop(), self.drain_s + self.stop_s)
            await self._services.redelivery.close()
            await self._intake.close()

    async def _resume(self) -> list[Update]:
        """Go on with the updates that other processes have received and not worked on.

        Returns:
            Those that are given up: too old, or too many processes did not survive them.
        """
        given_up: list[Update] = []
        for left in self._inbox.waiting():
            update = parse_update(left.body, self._app.bot)
            if update is None:
                self._inbox.done(left.body["update_id"])
            elif _is_given_up(left):
                given_up.append(update)
            elif left.is_unsure:
                if update.edited_message:
                    self._services.recent_answers.arrived(update.edited_message)
                offer = partial(offer_answer, update, Context.from_update(update, self._app))
                self._services.redelivery.later(update.update_id, offer)
            elif left.starts:
                if update.message:
                    self._services.recent_answers.exchange(update.message).is_resumed = True
                await self._work_alone(update)
            else:
                await self._app.update_queue.put(update)
        return given_up

    async def _work_alone(self, update: Update) -> None:
        """Begin with an update while nothing else is worked on: it may have ended the process."""
        work = self._processor.process_update(update, self._app.process_update(update))
        await asyncio.wait({self._app.create_task(work, update)}, timeout=_ALONE_S)

    async def _take_over(self) -> None:
        """Go on with what other processes leave while this one runs."""
        while True:
            await self._inbox.more()
            await self._give_up(await self._resume())

    async def _give_up(self, updates: list[Update]) -> None:
        await ask_again(updates, self._app.bot, self._services)
        for update in updates:
            self._inbox.done(update.update_id)

    async def _introduce(self) -> None:
        await self._services.article_admin.empty_trash()
        remembered = self._settings.state_dir / "admins.txt"
        await fill_menus(self._app.bot, self._settings.admin_ids, remembered)

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Run `work` until it ends or the bot is stopped; return whether it ended first."""
        task = asyncio.create_task(work)
        stop = asyncio.create_task(self._stop.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done() or self._stop.is_set():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return False
        await task
        return True

    def _refuse(self, refusal: TelegramRefused) -> None:
        self._refusal = refusal
        self._stop.set()


def _is_given_up(left: Waiting) -> bool:
    age_s = time.time() - left.received
    return age_s > _OLDEST_S or (left.starts > _MOST_STARTS and age_s > _MOST_STARTS_S)
