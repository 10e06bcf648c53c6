"""Updates that Telegram delivers to a webhook.

An update is answered with 200 once it is in the inbox, on the disk. What is refused while the bot
stops is delivered again to the next process. The library's `start_webhook` answers 200 for what is
in memory only, and a killed process would lose it.
"""

import asyncio
import hmac
import json
import logging
import time
from contextlib import suppress

from aiohttp import web
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.errors import InboxUnavailable, TelegramRefused
from bot.settings import Settings
from bot.transport.http_server import Listener
from bot.transport.inbox import Inbox
from bot.transport.metrics import Metrics
from bot.transport.requests import is_update_id, parse_update, until_done
from bot.transport.updates import App

logger = logging.getLogger(__name__)

CHECK_S = 60.0
"""Between two questions to Telegram how its deliveries went."""
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1024 * 1024
"""Bytes of an update; Telegram's own are a few thousand."""
_BODY_S = 20.0


class Webhook:
    """Takes updates over HTTP, on any path; the secret in the header decides."""

    def __init__(self, settings: Settings, app: App, inbox: Inbox, metrics: Metrics) -> None:
        self._url = str(settings.webhook_url)
        self._secret = settings.secret or ""
        self._app, self._inbox, self._metrics = app, inbox, metrics
        self._taking = False
        self._last_taken = 0.0
        self._checking: asyncio.Task[None] | None = None
        site = web.Application(client_max_size=_LARGEST)
        site.router.add_post("/{path:.*}", self._receive)
        self._listener = Listener(
            site, settings.webhook_listen, settings.webhook_port, "WEBHOOK_PORT"
        )

    async def start(self, allowed: list[str]) -> None:
        """Listen, and set the webhook at Telegram; try again until that succeeds.

        Raises:
            PortTaken: the port is in use.
            InvalidToken: Telegram does not know the token.
            TelegramRefused: Telegram does not accept the address.
        """
        await self._listener.open()
        self._taking = True
        await until_done(lambda: self._set(allowed), "the webhook is not set yet")
        self._checking = asyncio.create_task(self._check_always())

    async def _set(self, allowed: list[str]) -> None:
        try:
            await self._app.bot.set_webhook(
                self._url,
                allowed_updates=allowed,
                secret_token=self._secret,
                drop_pending_updates=False,
            )
        except BadRequest as error:
            raise TelegramRefused(
                f"Telegram does not take WEBHOOK_URL: {error.message}."
            ) from error

    async def _check_always(self) -> None:
        """Ask Telegram how its deliveries went: the bot does not see those that do not arrive."""
        while True:
            await asyncio.sleep(CHECK_S)
            with suppress(TelegramError):
                problem = self._problem(await self._app.bot.get_webhook_info())
                if problem and problem != self._metrics.webhook_problem:
                    logger.warning("the webhook does not work: %s", problem)
                self._metrics.webhook_problem = problem

    def _problem(self, info: WebhookInfo) -> str | None:
        """Return why updates do not arrive; None if they do, or none is waiting."""
        failed = info.last_error_date.timestamp() if info.last_error_date else 0.0
        self._metrics.webhook_pending.set(info.pending_update_count)
        self._metrics.webhook_failed.set(failed)
        if info.url.rstrip("/") != self._url.rstrip("/"):
            return "Telegram delivers to another address"
        if info.pending_update_count and failed > self._last_taken:
            return f"{info.pending_update_count} updates wait; {info.last_error_message}"
        return None

    async def pause(self) -> None:
        """Take no more updates; Telegram keeps them for the next process.

        The webhook stays set: a successor may have set it already, and would be cut off.
        """
        self._taking = False
        if self._checking:
            self._checking.cancel()

    async def close(self) -> None:
        """Stop listening."""
        await self._listener.close()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER)
        if given is None:
            return self._reject("no_secret", 403)
        secret = given.encode("utf-8", "surrogateescape")
        if not self._secret or not hmac.compare_digest(secret, self._secret.encode()):
            return self._reject("wrong_secret", 403)
        try:
            async with asyncio.timeout(_BODY_S):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._reject("too_large", 413)
        except TimeoutError:
            return self._reject("too_slow", 408)
        except (web.RequestPayloadError, OSError):  # badly compressed, or cut off
            return self._reject("unreadable", 400)
        if not self._taking:  # asked once the body is here: meanwhile the bot may have stopped
            return self._reject("stopping", 503)
        return await self._take(body)

    async def _take(self, body: bytes) -> web.Response:
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            content = None
        update = parse_update(content, self._app.bot)
        if update is None or not is_update_id(update.update_id):
            # With an error it would come again and again, and hold up what comes after it.
            return self._reject("malformed", 200)
        try:
            await asyncio.to_thread(self._inbox.keep, [content])
        except InboxUnavailable:  # Telegram brings it again, to this replica or another
            return self._reject("unavailable", 503)
        self._last_taken = time.time()
        await self._app.update_queue.put(update)
        return web.Response()

    def _reject(self, reason: str, status: int) -> web.Response:
        self._metrics.rejections.labels(reason).inc()
        return web.Response(status=status, headers={"Retry-After": "5"} if status == 503 else None)
