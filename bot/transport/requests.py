"""Calls to Telegram: which of them are repeated after a failure, and how they are counted.

A failure leaves one of two states:

- The call was certainly not carried out: Telegram answered 429, or no connection was made. Any
  call is repeated, after 429 once the time that Telegram names has passed.
- Its fate is unknown: a 502 of a proxy, a timeout, a dropped connection. Telegram may have carried
  it out, and a message sent again would be a second answer. Only calls that change nothing when
  they are made twice are repeated; for any other call the failure is raised.

Not used, and why: the retries of httpx's transport switch off the proxies of the environment and
are not counted; `AIORateLimiter` holds up every chat while one waits for its flood limit, and
counts typing and edits as messages.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.transport.inbox import Inbox
from bot.transport.metrics import Metrics

logger = logging.getLogger(__name__)

_ATTEMPTS = 4
_LONGEST_WAIT_S = 60
"""A flood limit longer than this is left to the caller: the answer would come too late."""
_LONG_WAIT_S, _MOST_LONG_WAITS = 5, 12
"""How many calls may wait for longer than 5 s at a time, so that one group with a flood limit does
not take all places in which questions are answered."""
_LONGEST_PAUSE_S = 30.0
_ALONE_S = 20.0
"""See `PollingRequest`; a poll takes ten seconds."""
_LOOKS = 5
"""How often the number of updates at Telegram must not have fallen before they are fetched."""
_FILE = "file"
"""What a download counts as; it is no method."""
_NOTHING = json.dumps({"ok": True, "result": []}).encode()
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_IDEMPOTENT = re.compile(r"answer|delete|edit|file|get|set")
"""How the names of methods begin that do no more when they are called twice; see `_method_of`."""


class CountedRequest(HTTPXRequest):
    """HTTPXRequest that counts its calls.

    What says that a call was carried out, and is no answer of Telegram, is a NetworkError: a proxy
    may have said so.
    """

    def __init__(self, metrics: Metrics, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._metrics = metrics

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        method = _method_of(url)
        try:
            status, payload = await super().do_request(url, *args, **kwargs)
        except NetworkError as error:
            outcome = "timeout" if isinstance(error, TimedOut) else "network"
            self._metrics.calls.labels(method, outcome).inc()
            raise
        self._metrics.calls.labels(method, str(status)).inc()
        if method != _FILE and status == httpx.codes.OK and "result" not in _answer(payload):
            raise NetworkError("what came is no answer of Telegram")
        return status, payload


class RetryingRequest(CountedRequest):
    """HTTPXRequest that repeats the calls that can be repeated without a second effect."""

    def __init__(self, metrics: Metrics, *, pause_s: float = 1.0, **kwargs: Any) -> None:
        """Prepare; each pause before a repetition is twice as long as the one before."""
        super().__init__(metrics, **kwargs)
        self._pause_s = pause_s
        self._long_waits = 0

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        is_idempotent = _IDEMPOTENT.match(_method_of(url)) is not None
        for attempt in range(1, _ATTEMPTS):
            pause_s = self._pause_s * 2 ** (attempt - 1)
            try:
                status, payload = await super().do_request(url, *args, **kwargs)
            except NetworkError as error:
                if not (is_idempotent or isinstance(error.__cause__, _NEVER_SENT)):
                    raise
                self._metrics.retries.labels("connection").inc()
                logger.warning("Telegram is not reachable; trying again in %.0f s", pause_s)
            else:
                if status == httpx.codes.TOO_MANY_REQUESTS:
                    pause_s = _flood_wait_s(payload)
                elif status != httpx.codes.BAD_GATEWAY or not is_idempotent:
                    return status, payload
                if not self._may_wait(pause_s):
                    return status, payload
                self._metrics.retries.labels(str(status)).inc()
                logger.info("Telegram answered %d; trying again in %.0f s", status, pause_s)
            await self._wait(pause_s)
        return await super().do_request(url, *args, **kwargs)

    def _may_wait(self, wait_s: float) -> bool:
        is_crowded = wait_s > _LONG_WAIT_S and self._long_waits >= _MOST_LONG_WAITS
        return wait_s <= _LONGEST_WAIT_S and not is_crowded

    async def _wait(self, wait_s: float) -> None:
        is_long = wait_s > _LONG_WAIT_S
        self._long_waits += is_long
        try:
            await asyncio.sleep(wait_s)
        finally:
            self._long_waits -= is_long


class PollingRequest(CountedRequest):
    """HTTPXRequest for getUpdates; writes the updates into the inbox before they are confirmed.

    An update that the library cannot parse is emptied: the library would ask for it again for ever,
    and never get those after it.

    Of two processes that poll with one token, Telegram answers 409 to the one that polled first.
    The one that has polled alone before polls again at once; the newer one waits until nobody
    fetches the updates any more.
    """

    def __init__(
        self,
        inbox: Inbox,
        metrics: Metrics,
        *,
        alone_s: float = _ALONE_S,
        **kwargs: Any,
    ) -> None:
        """Prepare. A process that has polled for `alone_s` without a failure is the older one.

        In about the same time a newer one finds out that the older has ended.
        """
        super().__init__(metrics, **kwargs)
        self._inbox = inbox
        self._alone_s = alone_s
        self._alone_since = time.monotonic()
        self._stopping = False

    def stop(self) -> None:
        """Take no more updates where another process polls: they are its own."""
        self._stopping = True

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; see `BaseRequest.do_request`."""
        if self._stopping and self._metrics.is_contested:
            return httpx.codes.OK, _NOTHING
        status, payload = await self._poll(url, *args, **kwargs)
        while status == httpx.codes.CONFLICT and not self._stopping:
            await self._give_way(url)
            status, payload = await self._poll(url, *args, **kwargs)
        updates = well_formed(payload) if status == httpx.codes.OK else None
        if updates is None:
            return status, payload
        await asyncio.to_thread(self._inbox.keep, updates)
        return status, json.dumps({"ok": True, "result": updates}).encode()

    async def _poll(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            status, payload = await super().do_request(url, *args, **kwargs)
        except NetworkError:
            self._metrics.polling_works = False
            self._alone_since = time.monotonic()
            raise
        self._metrics.polling_works = status == httpx.codes.OK
        return status, payload

    async def _give_way(self, url: str) -> None:
        """Wait, after a conflict, until this process should poll again."""
        if time.monotonic() - self._alone_since >= self._alone_s:
            logger.warning("another process has polled with this token; this one goes on")
            await asyncio.sleep(self._alone_s / 20)  # should both poll again and again, one yields
        else:
            logger.warning(
                "another process, perhaps on another machine, polls with this token; this one "
                "waits, and takes over when it ends"
            )
            self._metrics.is_contested = True
            await self._wait_for_backlog(url)
            self._metrics.is_contested = False
            logger.info("nobody fetches the updates any more; this process takes over")
        self._alone_since = time.monotonic()

    async def _wait_for_backlog(self, url: str) -> None:
        """Wait until updates pile up at Telegram; to ask for their number disturbs nobody."""
        seen: list[int] = []
        while len(seen) < _LOOKS and not self._stopping:
            await asyncio.sleep(self._alone_s / _LOOKS)
            try:
                _, payload = await super().do_request(
                    url.replace("getUpdates", "getWebhookInfo"), "POST"
                )
                info = _answer(payload)["result"]
                count = 0 if info["url"] else int(info["pending_update_count"])
            except (NetworkError, ValueError, KeyError, TypeError):
                count = 0
            seen = [*seen, count] if count >= max(seen, default=1) else []


def well_formed(payload: bytes) -> list[dict[str, Any]] | None:
    """Return the updates in an answer to getUpdates; None where it is no such answer.

    Of an update that cannot be parsed only the id stays, to confirm it.
    """
    updates = _answer(payload).get("result")
    if not isinstance(updates, list):
        return None
    return [
        update if parse_update(update) else {"update_id": update["update_id"]}
        for update in updates
        if isinstance(update, dict) and is_update_id(update.get("update_id"))
    ]


def is_surely_unsent(error: TelegramError) -> bool:
    """Whether Telegram has certainly not carried out the call that raised an error."""
    return isinstance(error, RetryAfter) or isinstance(error.__cause__, _NEVER_SENT)


def is_update_id(value: object) -> bool:
    """Whether a value can be the id of an update."""
    return type(value) is int and 0 <= value < 1 << 63


def parse_update(content: Any, bot: Bot | None = None) -> Update | None:
    """Return the update in decoded JSON; None, which is logged, when it cannot be parsed."""
    try:
        return Update.de_json(content, bot)
    except Exception:  # whatever the library trips over
        number = content.get("update_id") if isinstance(content, dict) else None
        logger.warning("update %r cannot be parsed and is left out", number)
        return None


async def until_done(call: Callable[[], Awaitable[object]], failure: str) -> None:
    """Repeat a call until Telegram carries it out; log each failure, with the error.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    pause_s = 1.0
    while True:
        try:
            await call()
        except InvalidToken:
            raise
        except TelegramError as error:
            logger.warning("%s (%s); trying again", failure, error)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        else:
            return


def _method_of(url: str) -> str:
    """Return the method at the end of an address, or that it is a download; never the token."""
    found = re.search(r"/bot[^/]+/([A-Za-z]{1,64})$", url)
    return found[1] if found else _FILE


def _answer(payload: bytes) -> dict[str, Any]:
    """Return an answer of Telegram; nothing where it is none, but a proxy's."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _flood_wait_s(payload: bytes) -> float:
    """Return how many seconds Telegram wants the bot to wait."""
    try:
        return float(_answer(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 1.0
