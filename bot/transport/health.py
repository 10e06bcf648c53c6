"""/healthz, /readyz and /metrics, for whoever monitors the bot from its own machine.

The webhook server of python-telegram-bot has no such endpoints.
"""

from typing import TYPE_CHECKING, Protocol

from prometheus_client import CONTENT_TYPE_LATEST

from bot.transport.metrics import Metrics
from embeddings import Searcher

if TYPE_CHECKING:
    from bot.transport.http_server import Listener


class Worker(Protocol):
    """What the health needs of the question worker."""

    metrics: Metrics
    is_warm: bool

    @property
    def searcher(self) -> Searcher:
        """Searches the index in use."""

    @property
    def waiting(self) -> int:
        """How many questions wait or are being answered."""


class Health:
    """Whether the bot is ready, and a server that says so.

    Attributes:
        connected: whether Telegram has been reached, and knows how to deliver updates.
        waiting: whether another process on this machine serves the bot.
        draining: whether the bot is about to end.
    """

    def __init__(self, worker: Worker, port: int | None) -> None:
        """Prepare to listen at a port of 127.0.0.1; None for no server."""
        self.connected = False
        self.waiting = False
        self.draining = False
        self._listens = False
        self._worker = worker
        self._listener = self._make_listener(port) if port is not None else None

    @property
    def port(self) -> int | None:
        """The port it listens at, None without a server."""
        return self._listener.port if self._listener else None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            PortTaken: the port is in use.
        """
        if self._listener and not self._listens:
            await self._listener.open()
            self._listens = True

    async def close(self) -> None:
        """Stop listening."""
        if self._listener:
            await self._listener.close()

    def reasons(self) -> dict[str, str]:
        """Return why the bot is not ready, by the part that is missing; empty when it is ready."""
        found = {}
        if self.waiting or self._worker.metrics.is_contested:
            found["telegram"] = "another process serves this bot; this one waits for its end"
        elif not self.connected:
            found["telegram"] = "not connected to Telegram yet"
        elif not self._worker.metrics.polling_works:
            found["telegram"] = "the last poll did not reach Telegram"
        if not self._worker.searcher.generation.manifest.articles:
            found["index"] = "no article is indexed"
        if not self._worker.is_warm:
            found["encoder"] = "nothing has been encoded yet"
        if self.draining:
            found["stopping"] = "the bot is being stopped"
        return found

    def _make_listener(self, port: int) -> "Listener":
        from aiohttp import web  # ten megabytes, for those who want the server

        from bot.transport.http_server import Listener

        async def healthz(_request: web.Request) -> web.Response:
            return web.json_response({"alive": True})  # by the event loop that answers people

        async def readyz(_request: web.Request) -> web.Response:
            reasons = self.reasons()
            return web.json_response(
                {"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200
            )

        async def metrics(_request: web.Request) -> web.Response:
            generation = self._worker.searcher.generation
            text = self._worker.metrics.text(
                self._worker.waiting, generation.name, generation.manifest
            )
            return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

        site = web.Application()
        for path, handler in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics)):
            site.router.add_get(path, handler)
        return Listener(site, "127.0.0.1", port, "HEALTH_PORT")
