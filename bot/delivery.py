"""Calls to Telegram: what may be tried again is tried again, and nothing else is.

A call that timed out after it was sent may have been carried out; sent twice, it would be a
second answer. So only what certainly did nothing is repeated: 429 after the time Telegram names,
502, and a connection that was never made.
"""

import asyncio
import json
import logging
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

logger = logging.getLogger(__name__)

_ATTEMPTS = 4
_LONGEST_WAIT_S = 60
"""A flood limit longer than this is left to the caller: the answer would come too late."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class RetryingRequest(HTTPXRequest):
    """HTTPXRequest that repeats the calls that certainly did nothing."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        for attempt in range(1, _ATTEMPTS):
            try:
                status, payload = await super().do_request(*args, **kwargs)
            except NetworkError as error:
                if not isinstance(error.__cause__, _NEVER_SENT):
                    raise
                wait_s = float(2 ** (attempt - 1))
            else:
                wait_s = _wait_after(status, payload, attempt)
                if not wait_s:
                    return status, payload
            logger.info("Telegram did not take a call; trying again in %.0f s", wait_s)
            await asyncio.sleep(wait_s)
        return await super().do_request(*args, **kwargs)


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
