"""Of two processes with one token, the newer one waits, and takes over when the older one ends."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from telegram import Bot

from bot.services.question_worker import QuestionWorker
from bot.transport.file_inbox import FileInbox
from bot.transport.metrics import Metrics
from bot.transport.requests import PollingRequest
from tests.botapi import BotApi
from tests.conftest import until
from tests.conversations import RISE, idle_updater, said_by_bot
from tests.listeners import Open, open_and_running
from tests.servers import free_port


@pytest.mark.parametrize("webhook", [False, True])
async def test_on_one_machine_the_newer_waits_and_says_so(
    question_worker: QuestionWorker,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    webhook: bool,
) -> None:
    caplog.set_level(logging.INFO)
    question_worker.warm_up()
    async with BotApi() as server, AsyncExitStack() as first:
        older = await first.enter_async_context(
            open_and_running(server, question_worker, tmp_path, webhook=webhook)
        )
        newer = Open(
            server,
            older.settings.model_copy(update={"health_port": free_port()}),
            idle_updater(question_worker, tmp_path),
        )
        newer.start()
        await newer.listening()
        status, text = await newer.get("/readyz")
        assert status == 503
        assert "another process" in json.loads(text)["reasons"]["telegram"]
        alice = server.person()
        alice.says(RISE)
        await alice.hears()
        await first.aclose()
        await newer.ready()
        alice.says(RISE)
        await alice.hears()
        assert len(said_by_bot(server, alice)) == 2
        await newer.stop()
    for line in ("this one waits", "this one takes over"):
        assert caplog.text.count(line) == 1


async def test_a_process_that_waits_is_stopped_at_once(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    async with (
        BotApi() as server,
        open_and_running(server, question_worker, tmp_path, webhook=False) as older,
    ):
        newer = Open(
            server, older.settings, idle_updater(question_worker, tmp_path)
        )  # the same .env
        newer.start()
        await until(lambda: newer.session.health.waiting)
        newer.session.stop()
        assert newer.task
        await asyncio.wait_for(newer.task, 2)


@dataclass
class Poller:
    """A process on a machine of its own that polls; and what it gets."""

    request: PollingRequest
    metrics: Metrics
    got: list[int] = field(default_factory=list)

    async def poll(self, server: BotApi) -> None:
        async with Bot(server.token, f"{server.url}/bot", get_updates_request=self.request) as bot:
            offset = 0
            while True:
                for update in await bot.get_updates(offset, timeout=1):
                    self.got.append(update.update_id)
                    offset = update.update_id + 1


@asynccontextmanager
async def polling(server: BotApi, folder: Path) -> AsyncIterator[Poller]:
    metrics = Metrics()
    request = PollingRequest(FileInbox(folder / "updates.sqlite3", "42"), metrics, alone_s=0.4)
    poller = Poller(request, metrics)
    task = asyncio.create_task(poller.poll(server))
    try:
        yield poller
    finally:
        request.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_across_machines_the_newer_gives_way_until_the_older_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asked: list[int] = []
    async with BotApi() as server, AsyncExitStack() as first:
        older = await first.enter_async_context(polling(server, tmp_path / "a"))
        await server.called("getUpdates")
        await asyncio.sleep(0.5)
        async with polling(server, tmp_path / "b") as newer:
            await until(lambda: newer.metrics.is_contested)
            for _ in range(10):
                asked.append(server.push({}))
                await asyncio.sleep(0.1)
            await until(lambda: older.got == asked)
            assert not newer.got
            await first.aclose()
            asked.append(server.push({}))
            await until(lambda: newer.got == asked[-1:])
            assert not newer.metrics.is_contested
    for line in ("takes over when it ends", "this process takes over"):
        assert caplog.text.count(line) == 1
