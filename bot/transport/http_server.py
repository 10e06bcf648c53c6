"""A small HTTP server."""

import logging

from aiohttp import web

from bot.errors import PortTaken

logger = logging.getLogger(__name__)

_CLOSE_S = 1.0
"""How long answers under way may take when the server is closed."""


class Listener:
    """An application of aiohttp that listens at a port."""

    def __init__(self, application: web.Application, host: str, port: int, setting: str) -> None:
        """Prepare; 127.0.0.1 is reached from this machine only.

        In the error, `setting` is named as the one that chooses the port.
        """
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_CLOSE_S)
        self._host, self._port, self._setting = host, port, setting

    async def open(self) -> None:
        """Begin to listen, unless it does.

        Raises:
            PortTaken: the port is in use, or the address is not this machine's.
        """
        if self._runner.addresses:
            return
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            raise PortTaken(
                f"The bot cannot listen at {self._host}, port {self._port} "
                f"({error.strerror or error}). {self._setting} chooses another port."
            ) from error

    async def close(self) -> None:
        """Stop listening, after the answers under way; does nothing if it never began."""
        await self._runner.cleanup()
