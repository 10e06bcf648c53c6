"""Tells systemd that the bot has started, and that its event loop turns; elsewhere nobody."""

import asyncio
import logging
import os
import socket

from systemd_watchdog.systemd_watchdog import WatchDog

logger = logging.getLogger(__name__)

_BEATS = 3
"""How often systemd hears of the process in the time after which it is taken for hung."""


class ServiceManager:
    """The unit that this process is, with `Type=notify`, and `WatchdogSec=` or without."""

    def __init__(self) -> None:
        self._systemd: WatchDog | None = None
        if os.environ.get("NOTIFY_SOCKET"):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._systemd = WatchDog(self._socket)
        self._beating: asyncio.Task[None] | None = None

    def ready(self) -> None:
        """Say that the start is over; from now on the event loop must turn."""
        if self._systemd:
            self._systemd.ready()
            self._beating = asyncio.create_task(self._beat(self._systemd))

    def say(self, status: str) -> None:
        """Set the line that `systemctl status` shows."""
        if self._systemd:
            self._systemd.status(status)

    def close(self) -> None:
        """Say no more."""
        if self._beating:
            self._beating.cancel()
            self._socket.close()

    async def _beat(self, systemd: WatchDog) -> None:
        while True:
            try:
                systemd.notify()
            except OSError as error:  # the next one may get through
                logger.debug("systemd does not listen: %s", error)
            await asyncio.sleep(systemd.timeout_td.total_seconds() / _BEATS)
