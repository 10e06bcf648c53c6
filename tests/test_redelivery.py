"""What is owed for a question is sent until Telegram takes it, and never twice."""

import asyncio
from pathlib import Path

import httpx
import pytest
from telegram.error import Forbidden, NetworkError, TelegramError, TimedOut

from bot.services.redelivery import Redelivery
from bot.transport.file_inbox import FileInbox


def unsent() -> NetworkError:
    error = NetworkError("no connection")
    error.__cause__ = httpx.ConnectError("refused")
    return error


@pytest.mark.parametrize(
    ("errors", "sent", "offered"),
    [
        ([], 1, 0),
        ([unsent(), unsent()], 3, 0),
        ([unsent(), TimedOut()], 2, 1),  # the second may have arrived
        ([Forbidden("blocked")], 1, 0),
        ([RuntimeError("a fault")], 1, 0),
    ],
)
async def test_an_answer_is_sent_once(
    tmp_path: Path, errors: list[Exception], sent: int, offered: int
) -> None:
    inbox = FileInbox(tmp_path / "updates.sqlite3", "42").open()
    inbox.keep([{"update_id": 7}])
    redelivery = Redelivery(inbox, pause_s=0.01)
    calls: list[str] = []
    waiting = list(errors)

    async def send() -> None:
        calls.append("send")
        if waiting:
            raise waiting.pop(0)

    async def offer() -> None:
        calls.append("offer")

    redelivery.later(7, send, unless_unsure=offer)
    async with asyncio.timeout(5):
        while redelivery._tasks:
            await asyncio.sleep(0.01)
    assert (calls.count("send"), calls.count("offer")) == (sent, offered)
    inbox.close()
    again = FileInbox(tmp_path / "updates.sqlite3", "42").open()
    assert not again.waiting()
    again.close()


async def test_what_is_given_up_stays_for_the_next_process(tmp_path: Path) -> None:
    inbox = FileInbox(tmp_path / "updates.sqlite3", "42").open()
    inbox.keep([{"update_id": 7}])
    redelivery = Redelivery(inbox, pause_s=60)

    async def send() -> None:
        raise TelegramError("never reached")

    redelivery.later(7, send)
    await redelivery.close()
    inbox.close()
    again = FileInbox(tmp_path / "updates.sqlite3", "42").open()
    assert [left.is_unsure for left in again.waiting()] == [True]
    again.close()
