"""A bot with its ports open: what tests of the webhook and of its health share."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import HttpUrl, SecretStr

from bot.app import Session
from bot.replicas.membership import Membership
from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from bot.settings import Settings
from tests.botapi import BotApi
from tests.conftest import PATIENCE_S, settings_for, until
from tests.conversations import idle_updater
from tests.servers import free_port

SECRET = "a-secret-of-the-tests_0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Open:
    """A running bot, and requests to it."""

    def __init__(
        self,
        server: BotApi,
        settings: Settings,
        index_updater: IndexUpdater,
        membership: Membership | None = None,
    ) -> None:
        self.server, self.settings = server, settings
        self.question_worker = index_updater.question_worker
        self.session = Session(settings, index_updater, membership)
        self.hook = f"http://127.0.0.1:{settings.webhook_port}/"
        self.health = f"http://127.0.0.1:{settings.health_port}"
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.task = asyncio.create_task(self.session.serve())

    async def ready(self) -> None:
        """Wait until it takes updates."""
        await until(lambda: self.session.health.connected)

    async def listening(self) -> None:
        """Wait until the health server answers."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(aiohttp.ClientConnectionError):
                    await self.get("/healthz")
                    return
                await asyncio.sleep(0.01)

    async def is_stopping(self) -> None:
        """Stop it, and wait until it says that it is being stopped."""
        self.session.stop()
        async with asyncio.timeout(PATIENCE_S):
            while "stopping" not in (await self.get("/readyz"))[1]:
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self.session.stop()
        if self.task:
            await asyncio.wait_for(self.task, 20)

    async def post(self, update: Any, secret: str | None = SECRET) -> int:
        """Bring an update as Telegram would; return the status of the answer."""
        headers = {} if secret is None else {HEADER: secret}
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.hook, headers=headers, data=io.BytesIO(body)) as response,
        ):
            return response.status

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as client,
            client.get(self.health + path) as response,
        ):
            return response.status, await response.text()

    def count(self, name: str, **labels: str) -> float:
        """Return what a counter says now."""
        registry = self.question_worker.metrics._registry
        return registry.get_sample_value(f"passage_bot_{name}", labels) or 0.0


def open_bot(
    server: BotApi,
    question_worker: QuestionWorker,
    state: Path,
    *,
    webhook: bool = True,
    health: bool = True,
    index_updater: IndexUpdater | None = None,
    membership: Membership | None = None,
    **more: Any,
) -> Open:
    more["health_port"] = free_port() if health else None
    if webhook:
        more["webhook_port"] = port = free_port()
        more["webhook_url"] = HttpUrl(f"http://127.0.0.1:{port}/any/path")
        more["webhook_secret"] = SecretStr(SECRET)
    index_updater = index_updater or idle_updater(question_worker, state)
    return Open(server, settings_for(server, state, **more), index_updater, membership)


@asynccontextmanager
async def open_and_running(
    server: BotApi, question_worker: QuestionWorker, state: Path, *, webhook: bool = True
) -> AsyncIterator[Open]:
    bot = open_bot(server, question_worker, state, webhook=webhook)
    bot.start()
    try:
        await bot.ready()
        yield bot
    finally:
        await bot.stop()
