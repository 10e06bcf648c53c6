"""/healthz, /readyz and /metrics, for whoever watches over the bot from this machine."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.asker import Asker
from bot.listening import Listener


class Health:
    """What the bot says of itself.

    Attributes:
        connected: whether Telegram has been reached, and knows how to bring updates.
        draining: whether the bot is about to end.
    """

    def __init__(self, asker: Asker, port: int | None) -> None:
        """Prepare.

        Args:
            asker: what answers.
            port: where to listen, on this machine only; None: nowhere.
        """
        self.connected = False
        self.draining = False
        self._asker = asker
        site = web.Application()
        site.router.add_get("/healthz", self._healthz)
        site.router.add_get("/readyz", self._readyz)
        site.router.add_get("/metrics", self._metrics)
        self._listener = None if port is None else Listener(site, "127.0.0.1", port, "HEALTH_PORT")

    @property
    def port(self) -> int | None:
        """Where it listens."""
        return self._listener.port if self._listener else None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            PortTaken: that is not possible there.
        """
        if self._listener:
            await self._listener.open()

    async def close(self) -> None:
        """Stop listening."""
        if self._listener:
            await self._listener.close()

    def reasons(self) -> dict[str, str]:
        """Return why the bot is not ready, by what is missing; nothing when it is."""
        found = {}
        if not self.connected:
            found["telegram"] = "not connected to Telegram yet"
        elif not self._asker.metrics.polling_works:
            found["telegram"] = "the last poll did not reach Telegram"
        if not self._asker.manifest.articles:
            found["index"] = "no article is indexed"
        if not self._asker.is_warm:
            found["encoder"] = "nothing has been encoded yet"
        if self.draining:
            found["stopping"] = "the bot is being stopped"
        return found

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})  # answered by the loop that answers people

    async def _readyz(self, _request: web.Request) -> web.Response:
        reasons = self.reasons()
        return web.json_response(
            {"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200
        )

    async def _metrics(self, _request: web.Request) -> web.Response:
        generation = self._asker.searcher.generation
        text = self._asker.metrics.text(self._asker.waiting, generation.name, generation.manifest)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})
