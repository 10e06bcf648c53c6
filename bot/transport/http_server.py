"""A small HTTP server on a port of this machine."""

import logging

from aiohttp import web

from bot.errors import PortTaken

logger = logging.getLogger(__name__)

_CLOSE_S = 1.0
"""How long answers under way may take once the server is closed."""


class Listener:
    """An application of aiohttp at a port."""

    def __init__(self, application: web.Application, host: str, port: int, setting: str) -> None:
        """Prepare.

        Args:
            application: answers.
            host: the address to listen at; 127.0.0.1 keeps it to this machine.
            port: where; 0 takes any that is free.
            setting: which chooses the port, for the error.
        """
        # Without its log of requests: it is one line an update, with nothing that is not counted.
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_CLOSE_S)
        self._host, self._port, self._setting = host, port, setting

    @property
    def port(self) -> int:
        """Where it listens."""
        addresses = self._runner.addresses
        return int(addresses[0][1]) if addresses else self._port

    async def open(self) -> None:
        """Begin to listen.

        Raises:
            PortTaken: that is not possible there.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            raise PortTaken(
                f"The bot cannot listen at {self._host}, port {self._port} "
                f"({error.strerror or error}). {self._setting} chooses another port."
            ) from error

    async def close(self) -> None:
        """Stop listening, after the answers under way; harmless where it never began."""
        await self._runner.cleanup()
