"""Calls to Telegram: what may be tried again is tried again, and nothing else is.

A call that timed out after it was sent may have been carried out; sent twice, it would be a
second answer. So only what certainly did nothing is repeated: 429 after the time Telegram names,
502, and a connection that was never made.
"""

import asyncio
import json
import logging
import re
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.transport.metrics import Metrics

logger = logging.getLogger(__name__)

_ATTEMPTS = 4
_LONGEST_WAIT_S = 60
"""A flood limit longer than this is left to the caller: the answer would come too late."""
_LONG_WAIT_S, _MOST_LONG_WAITS = 5, 12
"""So many calls may wait for longer than that: one group in which too much is asked must not take
all the places in which questions are answered."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class CountedRequest(HTTPXRequest):
    """HTTPXRequest that counts its calls."""

    def __init__(self, metrics: Metrics, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._metrics = metrics

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        method = _method(str(kwargs["url"] if "url" in kwargs else args[0]))
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            self._metrics.called(method, "timeout" if isinstance(error, TimedOut) else "network")
            raise
        self._metrics.called(method, str(status))
        return status, payload


class RetryingRequest(CountedRequest):
    """HTTPXRequest that repeats the calls that certainly did nothing."""

    def __init__(self, metrics: Metrics, **kwargs: Any) -> None:
        super().__init__(metrics, **kwargs)
        self._long_waits = 0

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        for attempt in range(1, _ATTEMPTS):
            try:
                status, payload = await super().do_request(*args, **kwargs)
            except NetworkError as error:
                if not isinstance(error.__cause__, _NEVER_SENT):
                    raise
                wait_s = float(2 ** (attempt - 1))
                self._metrics.retried("connection")
                logger.warning("Telegram is not reachable; trying again in %.0f s", wait_s)
            else:
                wait_s = _wait_after(status, payload, attempt)
                if not wait_s or (wait_s > _LONG_WAIT_S and self._long_waits >= _MOST_LONG_WAITS):
                    return status, payload
                self._metrics.retried(str(status))
                logger.info("Telegram answered %d; trying again in %.0f s", status, wait_s)
            await self._wait(wait_s)
        return await super().do_request(*args, **kwargs)

    async def _wait(self, wait_s: float) -> None:
        is_long = wait_s > _LONG_WAIT_S
        self._long_waits += is_long
        try:
            await asyncio.sleep(wait_s)
        finally:
            self._long_waits -= is_long


class PollingRequest(CountedRequest):
    """HTTPXRequest for updates; one that cannot be understood must not hold up the others.

    The library would ask for it again for ever, and never see what comes after it.
    """

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except NetworkError:
            self._metrics.polling_works = False
            raise
        self._metrics.polling_works = status == httpx.codes.OK
        return status, _understood(payload) if status == httpx.codes.OK else payload


def _understood(payload: bytes) -> bytes:
    """Empty the updates that the library cannot read; their ids stay, to be confirmed."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return payload
    updates = answer.get("result")
    if not isinstance(updates, list):
        return payload
    answer["result"] = [
        update if understood(update) else {"update_id": update["update_id"]}
        for update in updates
        if isinstance(update, dict) and "update_id" in update
    ]
    return json.dumps(answer).encode()


def understood(update: Any, bot: Bot | None = None) -> Update | None:
    """Return an update as the library reads it, or None where it cannot."""
    try:
        return Update.de_json(update, bot)
    except Exception:  # whatever the library trips over
        number = update.get("update_id") if isinstance(update, dict) else None
        logger.warning("update %r is not understood and left out", number)
        return None


def _method(url: str) -> str:
    """Return the method's name at the end of an address; the token is in its middle."""
    found = re.search(r"/bot[^/]+/([A-Za-z]{1,64})$", url)
    return found[1] if found else "file"


def _wait_after(status: int, payload: bytes, attempt: int) -> float:
    """Return the seconds to wait before the call is repeated, 0 when it must not be."""
    if status == httpx.codes.BAD_GATEWAY:
        return float(2 ** (attempt - 1))
    if status != httpx.codes.TOO_MANY_REQUESTS:
        return 0
    try:
        wait_s = float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        wait_s = 1.0
    return wait_s if wait_s <= _LONGEST_WAIT_S else 0
