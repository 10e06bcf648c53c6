"""Which calls to Telegram are made again after a failure."""

from contextlib import suppress

import httpx
import pytest
from telegram.error import NetworkError

from bot.transport.metrics import Metrics
from bot.transport.requests import RetryingRequest

FLOOD = httpx.Response(429, json={"ok": False, "parameters": {"retry_after": 0.01}})
UNKNOWN_FATE = [
    httpx.Response(500),
    httpx.Response(502),
    httpx.Response(503),
    httpx.Response(504),
    httpx.ReadTimeout("late"),
    httpx.WriteTimeout("slow"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.ReadError("connection reset"),
    httpx.WriteError("connection reset"),
]
NOT_DELIVERED = [
    FLOOD,
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("late"),
    httpx.PoolTimeout("full"),
]
CREATING = ["sendMessage", "sendPhoto", "sendDocument", "copyMessage", "forwardMessage"]
IDEMPOTENT = ["editMessageText", "deleteMessage", "setMyCommands", "answerInlineQuery", "getMe"]


async def attempts(failure: httpx.Response | Exception, path: str) -> int:
    """Fail once, and return how many calls were made."""
    made = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal made
        made += 1
        if made > 1:
            return httpx.Response(200, json={"ok": True, "result": True})
        if isinstance(failure, Exception):
            raise failure
        return failure

    transport = httpx.MockTransport(answer)
    request = RetryingRequest(Metrics(), pause_s=0.001, httpx_kwargs={"transport": transport})
    async with request:
        with suppress(NetworkError):
            await request.do_request(f"https://api.telegram.org/bot42:token/{path}", "POST")
    return made


@pytest.mark.parametrize("method", CREATING)
@pytest.mark.parametrize("failure", UNKNOWN_FATE, ids=repr)
async def test_what_may_have_been_sent_is_not_sent_again(
    method: str, failure: httpx.Response | Exception
) -> None:
    assert await attempts(failure, method) == 1


@pytest.mark.parametrize("method", CREATING + IDEMPOTENT)
@pytest.mark.parametrize("failure", NOT_DELIVERED, ids=repr)
async def test_what_was_certainly_not_done_is_done_again(
    method: str, failure: httpx.Response | Exception
) -> None:
    assert await attempts(failure, method) == 2


@pytest.mark.parametrize("method", [*IDEMPOTENT, "documents/file_1.txt"])
@pytest.mark.parametrize("failure", [httpx.Response(502), httpx.ReadTimeout("late")], ids=repr)
async def test_what_has_no_second_effect_is_done_again(
    method: str, failure: httpx.Response | Exception
) -> None:
    assert await attempts(failure, method) == 2
