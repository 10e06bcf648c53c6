"""What the bot says of itself to whoever watches over it."""

from typing import TYPE_CHECKING

from bot.services.question_worker import QuestionWorker

if TYPE_CHECKING:
    from bot.transport.http_server import Listener


class Health:
    """What the bot says of itself.

    Attributes:
        connected: whether Telegram has been reached, and knows how to bring updates.
        draining: whether the bot is about to end.
    """

    def __init__(self, question_worker: QuestionWorker, port: int | None) -> None:
        """Prepare.

        Args:
            question_worker: what answers.
            port: where to listen, on this machine only; None: nowhere.
        """
        self.connected = False
        self.draining = False
        self._asker = question_worker
        self._listener: Listener | None = None
        if port is not None:
            from bot.transport.health_endpoints import listener  # an HTTP server is ten megabytes

            self._listener = listener(self, question_worker, port)

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
