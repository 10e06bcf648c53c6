"""What is owed for a question is sent until Telegram takes it, and never twice."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import AsyncMock

import httpx
import pytest
from telegram.error import Forbidden, NetworkError, TimedOut

from bot.services.redelivery import Redelivery
from bot.transport.file_inbox import FileInbox
from bot.transport.inbox import Waiting
from tests.conftest import until


def unsent() -> NetworkError:
    error = NetworkError("no connection")
    error.__cause__ = httpx.ConnectError("refused")
    return error


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[FileInbox]:
    """An inbox in which an update waits."""
    with closing(FileInbox(tmp_path / "updates.sqlite3", "42").open()) as inbox:
        inbox.keep([{"update_id": 7}])
        yield inbox


def left_in(inbox: FileInbox) -> list[Waiting]:
    """Return what the next process finds."""
    inbox.close()
    return inbox.open().waiting()


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
    inbox: FileInbox, errors: list[Exception], sent: int, offered: int
) -> None:
    redelivery = Redelivery(inbox, pause_s=0.01)
    send, offer = AsyncMock(side_effect=[*errors, None]), AsyncMock()
    redelivery.later(7, send, unless_unsure=offer)
    await until(lambda: not redelivery._tasks)
    assert (send.await_count, offer.await_count) == (sent, offered)
    assert not left_in(inbox)


async def test_what_is_given_up_stays_for_the_next_process(inbox: FileInbox) -> None:
    redelivery = Redelivery(inbox, pause_s=60)
    redelivery.later(7, AsyncMock())
    await redelivery.close()
    assert [left.is_unsure for left in left_in(inbox)] == [True]
