"""Which calls to Telegram are made again after a failure."""

from contextlib import suppress
from itertools import product

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


@pytest.mark.parametrize(
    ("made", "methods", "failures"),
    [
        pytest.param(1, CREATING, UNKNOWN_FATE, id="what may have been sent is not sent again"),
        pytest.param(2, CREATING + IDEMPOTENT, NOT_DELIVERED, id="what was not done is done again"),
        pytest.param(
            2,
            [*IDEMPOTENT, "documents/file_1.txt"],
            [httpx.Response(502), httpx.ReadTimeout("late")],
            id="what has no second effect is done again",
        ),
    ],
)
async def test_how_often_a_call_is_made(
    made: int, methods: list[str], failures: list[httpx.Response | Exception]
) -> None:
    for method, failure in product(methods, failures):
        assert await attempts(failure, method) == made, (method, failure)
