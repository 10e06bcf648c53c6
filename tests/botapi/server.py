"""The server itself: in the test's event loop, or in a thread of its own."""

import asyncio
import random
import socket
import threading
from collections.abc import Coroutine
from typing import Any, Self

from aiohttp import web

from .chats import User
from .control import Control
from .delivery import deliver
from .serving import application
from .world import World

TOKEN = "1234567890:AAFakeFakeFakeFakeFakeFakeFakeFake"  # nobody's
# below the ephemeral ports: while the server is stopped nobody else is given its port
_PORTS = range(20_000, 32_000)


class BotApi(Control):
    """A simulated Telegram with one bot: `async with BotApi() as server`, or plain `with`.

    With `async with` it lives in the running event loop, with `with` in a thread. The verbs a
    test uses are in `Control`, `Person` and `Group`.
    """

    def __init__(self, *, host: str = "127.0.0.1") -> None:
        bot = User(int(TOKEN.partition(":")[0]), "Passage Bot", "passage_test_bot", is_bot=True)
        super().__init__(World(TOKEN, bot))
        self.host, self.port = host, 0
        self._runner: web.AppRunner | None = None
        self._courier: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the value of TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.world.token

    async def start(self) -> None:
        """Listen in the running event loop; after a stop, on the same port."""
        sock = _listen(self.host, self.port)
        self.port = sock.getsockname()[1]
        self._runner = web.AppRunner(
            application(self.world),
            access_log=None,
            handler_cancellation=True,  # a poller that went away polls no more
            shutdown_timeout=0.01,  # open long polls are cut, not awaited
        )
        await self._runner.setup()
        await web.SockSite(self._runner, sock).start()
        self._courier = asyncio.create_task(deliver(self.world))

    async def stop(self) -> None:
        """Refuse connections and cut the open ones; nothing is forgotten."""
        if self._courier is not None:
            self._courier.cancel()
            await asyncio.gather(self._courier, return_exceptions=True)
            self._courier = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="botapi", daemon=True)
        self._thread.start()
        self._in_thread(self.start())
        return self

    def __exit__(self, *error: object) -> None:
        self._in_thread(self.stop())
        self._in_thread(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _in_thread(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)


def _listen(host: str, port: int) -> socket.socket:
    for attempt in range(100):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port or random.choice(_PORTS)))
        except OSError:
            sock.close()
            if port and attempt > 20:
                raise
            continue
        sock.setblocking(False)
        return sock
    raise OSError(f"no free port on {host}")
