"""/healthz, /readyz and /metrics, for whoever monitors the bot.

The webhook server of python-telegram-bot has no such endpoints.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import PortTaken
from bot.services.index_updater import IndexUpdater

if TYPE_CHECKING:
    from bot.transport.http_server import Listener


class Health:
    """Whether the bot is ready, and a server that says so.

    Attributes:
        index_updater: keeps the index up to date; None until the model is loaded.
        problems: returns what is wrong although the bot answers, by part.
        connected: whether Telegram has been reached, and knows how to deliver updates.
        waiting: whether another process on this machine serves the bot.
        draining: whether the bot is about to end.
    """

    def __init__(self, port: int | None, host: str = "127.0.0.1") -> None:
        """Prepare to listen at a port; None for no server."""
        self.index_updater: IndexUpdater | None = None
        self.problems: Callable[[], Mapping[str, str]] = dict
        self.connected = False
        self.waiting = False
        self.draining = False
        self._listener = self._make_listener(port, host) if port is not None else None

    async def start(self) -> None:
        """Begin to listen, unless it does.

        Raises:
            PortTaken: the port is in use.
        """
        if self._listener:
            await self._listener.open()

    async def close(self) -> None:
        """Stop listening."""
        if self._listener:
            await self._listener.close()

    def reasons(self) -> dict[str, str]:
        """Return why the bot is not ready, by the part that is missing; empty when it is ready."""
        if self.index_updater is None:
            return {"encoder": "the model is being loaded"}
        worker = self.index_updater.question_worker
        found = {}
        if self.waiting or worker.metrics.is_contested:
            found["telegram"] = "another process serves this bot; this one waits for its end"
        elif not self.connected:
            found["telegram"] = "not connected to Telegram yet"
        elif not worker.metrics.polling_works:
            found["telegram"] = "the last poll did not reach Telegram"
        elif problem := worker.metrics.webhook_problem:
            found["telegram"] = problem
        if problem := _index_problem(self.index_updater):
            found["index"] = problem
        if not worker.is_warm:
            found["encoder"] = "nothing has been encoded yet"
        if self.draining:
            found["stopping"] = "the bot is being stopped"
        return found

    @contextmanager
    def from_a_thread(self) -> Iterator[None]:
        """Listen in a thread while the block runs, which has no event loop.

        A port that is in use may be that of the process which this one is to follow; `start` tells.
        """
        if self._listener is None:
            yield
            return
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_forever, name="health", daemon=True)
        thread.start()
        try:
            with suppress(PortTaken):
                asyncio.run_coroutine_threadsafe(self.start(), loop).result()
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self.close(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _make_listener(self, port: int, host: str) -> "Listener":
        from aiohttp import web  # ten megabytes, for those who want the server

        from bot.transport.http_server import Listener

        async def healthz(_request: web.Request) -> web.Response:
            # By the event loop that answers people: this alone shows that it runs.
            return web.json_response({"alive": True, "problems": self.problems()})

        async def readyz(_request: web.Request) -> web.Response:
            reasons = self.reasons()
            return web.json_response(
                {"ready": not reasons, "reasons": reasons, "problems": self.problems()},
                status=503 if reasons else 200,
            )

        async def metrics(_request: web.Request) -> web.Response:
            if self.index_updater is None:
                return web.Response(status=503)
            worker = self.index_updater.question_worker
            index = worker.searcher.index
            text = worker.metrics.text(worker.waiting, index.name, index.manifest)
            return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

        site = web.Application()
        for path, handler in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics)):
            site.router.add_get(path, handler)
        return Listener(site, host, port, "HEALTH_PORT")


def _index_problem(index_updater: IndexUpdater) -> str | None:
    index = index_updater.question_worker.searcher.index
    if index.is_away:
        return "its database cannot be reached"
    if index_updater.is_mismatched:
        return "it was built with another model meanwhile"
    if index.manifest.articles:
        return None
    is_building = not index_updater.is_first_build_over
    return "building the first index" if is_building else "no article is indexed"
