"""Updates by long polling."""

import logging
from collections.abc import Callable

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.errors import TelegramRefused, TokenUnknown
from bot.transport.requests import PollingRequest
from bot.transport.updates import App, Processor

logger = logging.getLogger(__name__)

UNKNOWN_TO_TELEGRAM = (
    "Telegram does not know this token. Copy TELEGRAM_BOT_TOKEN anew from @BotFather into .env."
)


class Polling:
    """Long polling by the library's updater."""

    def __init__(
        self,
        app: App,
        request: PollingRequest,
        processor: Processor,
        refuse: Callable[[TelegramRefused], None],
    ) -> None:
        """Prepare; `refuse` is called with the error for which the bot cannot go on."""
        self._app, self._request = app, request
        self._processor, self._refuse = processor, refuse

    async def start(self, allowed: list[str]) -> None:
        """Remove a webhook that an earlier start has set, and begin to poll."""
        if self._app.updater:
            await self._app.updater.start_polling(
                bootstrap_retries=-1, allowed_updates=allowed, error_callback=self._failed
            )

    async def pause(self) -> None:
        """Stop polling."""
        self._request.stop()
        if self._app.updater and self._app.updater.running:
            await self._app.updater.stop()

    async def close(self) -> None:
        """Log how many updates are left for the next process."""
        if self._processor.left:
            logger.warning("%d questions wait for the next start", self._processor.left)

    def _failed(self, error: TelegramError) -> None:
        if isinstance(error, InvalidToken):
            self._refuse(TokenUnknown(UNKNOWN_TO_TELEGRAM))
        elif isinstance(error, RetryAfter):
            logger.info("Telegram asks to wait before the next poll")
        else:
            logger.warning("Telegram is not reachable (%s); waiting for it", error)
