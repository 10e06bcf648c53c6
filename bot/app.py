"""Settings to a running application, until a signal or until Telegram refuses."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram import LinkPreviewOptions
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, Defaults

from bot.errors import TelegramRefused
from bot.handlers import ALLOWED_UPDATES, add_handlers
from bot.handlers.context import Tools, keep_tools
from bot.journal import Journal
from bot.menu import fill_menus
from bot.services.article_admin import ArticleAdmin
from bot.services.index_updater import IndexUpdater
from bot.services.inline_debounce import InlineDebounce
from bot.services.question_worker import QuestionWorker
from bot.settings import Settings
from bot.transport.health import Health
from bot.transport.rate_limit import RateLimit
from bot.transport.requests import PollingRequest, RetryingRequest
from bot.transport.updates import Processor, SeenUpdates

if TYPE_CHECKING:
    from bot.transport.webhook import Webhook

logger = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

CONCURRENT_UPDATES = 24
"""More cost time in the connection pool: 16 to 32 were fastest at 50 ms a call."""
_DRAIN_S = 5.0
"""How long after a signal waiting questions are still begun."""
_STOP_S = 10.0
"""How long questions in work may take to end after that."""
_LONGEST_WAIT_S = 30.0
_DAY_S = 24 * 3600


def run(
    settings: Settings, question_worker: QuestionWorker, index_updater: IndexUpdater | None = None
) -> None:
    """Serve Telegram until SIGINT or SIGTERM.

    Args:
        settings: where to find Telegram, and who is an admin.
        question_worker: answers.
        index_updater: builds for the admins; without one there are none.

    Raises:
        TelegramRefused: the token is wrong, or another process uses it.
    """
    asyncio.run(Session(settings, question_worker, index_updater).serve())


def make_application(tools: Tools, processor: Processor) -> App:
    """Return an application with all handlers, not yet started."""
    settings, metrics = tools.settings, tools.question_worker.metrics
    requests = RetryingRequest(
        metrics, connection_pool_size=2 * CONCURRENT_UPDATES, pool_timeout=30
    )
    application = (
        ApplicationBuilder()
        .token(settings.token or "")
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(requests)
        .get_updates_request(PollingRequest(metrics, connection_pool_size=1))
        .concurrent_updates(processor)
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .build()
    )
    keep_tools(application.bot_data, tools)
    add_handlers(application, tools.admins)
    return application


class Session:
    """One run of the bot: what stops it, and why.

    Attributes:
        health: what it says of itself.
    """

    def __init__(
        self,
        settings: Settings,
        question_worker: QuestionWorker,
        index_updater: IndexUpdater | None = None,
    ) -> None:
        self._processor = Processor(
            CONCURRENT_UPDATES,
            SeenUpdates(settings.state_dir / "updates.txt", settings.bot_id),
            question_worker.metrics,
        )
        self.health = Health(question_worker, settings.health_port)
        self._curator = (
            ArticleAdmin(index_updater, settings.seeds_dir, settings.state_dir / "trash")
            if index_updater
            else None
        )
        self._state = settings.state_dir
        self._journal = Journal(
            settings.database_url,
            names=settings.journal_names,
            retention_days=settings.retention_days,
        )
        self._bursts = InlineDebounce(self._journal)
        limit = RateLimit(settings.rate_limit)
        tools = Tools(question_worker, settings, self._journal, self._bursts, limit, self._curator)
        self._admins = tools.admins
        self._app = make_application(tools, self._processor)
        self._webhook = (
            self._make_webhook(settings, question_worker) if settings.webhook_url else None
        )
        self._url = settings.api_url
        self._stop = asyncio.Event()
        self._refusal: str | None = None

    def _make_webhook(self, settings: Settings, question_worker: QuestionWorker) -> "Webhook":
        from bot.transport.webhook import Webhook  # an HTTP server is ten megabytes

        return Webhook(settings, self._app, self._processor, question_worker.metrics)

    def stop(self) -> None:
        """End `serve`: no more updates, and what is being answered is finished."""
        self._stop.set()

    async def serve(self) -> None:
        """Connect, take updates until stopped, and leave nothing behind.

        Raises:
            TelegramRefused: the token is wrong, or another process uses it; or Telegram does not
                take the address of the webhook.
            PortTaken: a port that the settings name is not free.
        """
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows has no signal handlers in its loop
                loop.add_signal_handler(signal_number, self.stop)
        await self._journal.start()
        pruning = asyncio.create_task(self._prune_daily())
        try:
            await self.health.start()
            if await self._until_stopped(self._connect()):
                await self._take_updates()
        finally:
            pruning.cancel()
            await self.health.close()
            await self._app.shutdown()
            await self._bursts.close()
            await self._journal.close()
            await self._app.bot.shutdown()  # not reached by the former when connecting failed
        if self._refusal:
            raise TelegramRefused(self._refusal)

    async def _prune_daily(self) -> None:
        while True:
            await self._journal.prune()
            await asyncio.sleep(_DAY_S)

    async def _connect(self) -> None:
        """Learn the bot's own name, however long Telegram takes to be there."""
        wait_s = 1.0
        while True:
            try:
                await self._app.initialize()
            except InvalidToken:
                self._refuse(_UNKNOWN_TO_TELEGRAM)
                await asyncio.Event().wait()
            except TelegramError as error:
                self._lost(error)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            else:
                return

    async def _take_updates(self) -> None:
        await self._app.start()
        try:
            if await self._until_stopped(self._start_intake()):
                self.health.connected = True
                logger.info("@%s is listening", self._app.bot.username)
                await self._until_stopped(self._introduce())
                await self._stop.wait()
        finally:
            self.health.draining = True
            if self._curator:
                self._curator.stop()
            self._processor.drain_for(_DRAIN_S)
            await self._stop_intake()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._app.stop(), _DRAIN_S + _STOP_S)
            if self._webhook:
                await self._webhook.close()
            elif self._processor.dropped:
                logger.warning(
                    "%d waiting questions were dropped at the end", self._processor.dropped
                )

    async def _start_intake(self) -> None:
        """Have updates come; a webhook that an earlier start has left is removed for polling."""
        if self._webhook:
            try:
                await self._webhook.start(ALLOWED_UPDATES)
            except InvalidToken:
                self._refuse(_UNKNOWN_TO_TELEGRAM)
        elif self._app.updater:
            await self._app.updater.start_polling(
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                error_callback=self._polling_failed,
            )

    async def _stop_intake(self) -> None:
        if self._webhook:
            self._webhook.pause()
        elif self._app.updater and self._app.updater.running:
            await self._app.updater.stop()

    async def _introduce(self) -> None:
        if self._curator:
            await self._curator.tidy()
        await fill_menus(self._app.bot, self._admins, self._state / "admins.txt")

    async def _until_stopped(self, work: Any) -> bool:
        """Wait for `work` to end or for a reason to stop; return True when the work ended."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done() or self._stop.is_set():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return False
        await task
        return True

    def _polling_failed(self, error: TelegramError) -> None:
        if isinstance(error, InvalidToken):
            self._refuse(_UNKNOWN_TO_TELEGRAM)
        elif isinstance(error, Conflict):
            self._refuse(_SECOND_PROCESS)
        elif isinstance(error, RetryAfter):
            logger.info("Telegram asks to wait before the next poll")
        else:
            self._lost(error)

    def _lost(self, error: TelegramError) -> None:
        logger.warning("Telegram at %s is not reachable (%s); waiting for it", self._url, error)

    def _refuse(self, reason: str) -> None:
        self._refusal = reason
        self._stop.set()


_UNKNOWN_TO_TELEGRAM = (
    "Telegram does not know this token. Copy TELEGRAM_BOT_TOKEN anew from @BotFather into .env."
)
_SECOND_PROCESS = (
    "Another process is using this token, and Telegram serves only one. Stop the other one, or "
    "get a second token from @BotFather."
)
