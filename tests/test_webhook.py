"""Updates that Telegram brings: taken once, from nobody else, and none is lost at the end."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import PortTaken, SettingsError, TelegramRefused
from bot.handlers import ALLOWED_UPDATES
from bot.services.question_worker import QuestionWorker
from bot.settings import load_settings
from bot.transport import webhook
from bot.transport.inbox import Inbox
from embeddings import Answer
from embeddings.search.search import EncodedQuestion
from tests.botapi import BotApi, Person
from tests.conftest import PATIENCE_S, until
from tests.conversations import RISE, said_by_bot
from tests.listeners import HEADER, SECRET, Open, open_and_running, open_bot


@pytest.fixture
async def bot(question_worker: QuestionWorker, tmp_path: Path) -> AsyncIterator[Open]:
    async with BotApi() as server, open_and_running(server, question_worker, tmp_path) as bot:
        yield bot


@pytest.fixture
def held(question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let searches wait until this is called."""
    answer, go_on = question_worker.searcher.answer, threading.Event()

    def slow(question: EncodedQuestion, k: int) -> Answer:
        go_on.wait(10)
        return answer(question, k)

    monkeypatch.setattr(question_worker.searcher, "answer", slow)
    return go_on.set


def asked(person: Person, number: int, text: str = RISE) -> dict[str, Any]:
    """An update as Telegram sends it."""
    who = {"id": person.id, "first_name": "A"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {**who, "type": "private"},
        "from": {**who, "is_bot": False},
        "text": text,
    }
    return {"update_id": number, "message": message}


async def test_a_question_is_answered_through_the_webhook(bot: Open) -> None:
    alice = bot.server.person()
    alice.says(RISE)
    assert "two hours" in (await alice.hears()).text
    call = bot.server.calls("setWebhook")[0].parameters
    assert call["secret_token"] == SECRET
    assert call["allowed_updates"] == ALLOWED_UPDATES
    assert call.get("drop_pending_updates") == "false"
    assert not bot.server.calls("getUpdates")
    assert [delivery.status for delivery in bot.server.world.deliveries] == [200]


async def test_who_does_not_know_the_secret_is_refused(bot: Open) -> None:
    alice = bot.server.person()
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", "ß"):
        assert await bot.post(asked(alice, 5), secret) == 403
    await bot.stop()
    assert not said_by_bot(bot.server, alice)
    assert bot.count("webhook_rejections_total", reason="no_secret") == 1
    assert bot.count("webhook_rejections_total", reason="wrong_secret") == 5


async def test_what_is_malformed_is_taken_and_holds_nobody_up(bot: Open) -> None:
    alice = bot.server.person()
    bodies = [
        *(b"", b"{", b"[]", b"null", b"7", b'"text"', b"\xff\xfe", b"{}"),
        *(b'{"update_id": "5"}', b'{"update_id": true}', b'{"update_id": {}}'),
        b'{"update_id": 5, "message": {"message_id": 5}}',
        b'{"update_id": 5, "message": 7}',
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b"[" * 200_000,
    ]
    for number, body in enumerate(bodies, 1):
        assert await bot.post(body) == 200
        assert bot.count("webhook_rejections_total", reason="malformed") == number, body
    assert await bot.post({"update_id": 5, "something_new": {"id": 1}}) == 200
    alice.says(RISE)
    assert "two hours" in (await alice.hears()).text


async def test_a_body_of_megabytes_is_refused(bot: Open) -> None:
    assert await bot.post(b'{"update_id": 1, "x": "' + b"x" * 1_100_000 + b'"}') == 413
    assert await bot.post(b"x" * 1_100_000, "wrong") == 403  # unread
    assert bot.count("webhook_rejections_total", reason="too_large") == 1


async def test_an_update_that_comes_again_is_answered_once(
    bot: Open, held: Callable[[], None]
) -> None:
    people = [bot.server.person() for _ in range(40)]
    posts = [
        asyncio.create_task(bot.post(asked(person, number)))
        for number, person in enumerate(people, 1)
        for _ in range(2)
    ]
    assert await asyncio.gather(*posts) == [200] * len(posts)  # they are on the disk
    held()
    await bot.server.called("sendMessage", times=40)
    assert await bot.post(asked(people[0], 1)) == 200
    await bot.stop()
    assert {len(said_by_bot(bot.server, person)) for person in people} == {1}
    assert bot.count("updates_passed_over_total", reason="duplicate") == 41


async def test_at_the_end_what_is_begun_is_answered_and_the_rest_stays(
    question_worker: QuestionWorker,
    tmp_path: Path,
    held: Callable[[], None],
) -> None:
    async with BotApi() as server:
        people = [server.person() for _ in range(40)]
        async with open_and_running(server, question_worker, tmp_path) as bot:
            bot.session.drain_s = 0.0
            posts = [
                asyncio.create_task(bot.post(asked(person, number)))
                for number, person in enumerate(people, 1)
            ]
            await server.called("sendChatAction", times=24)
            await bot.is_stopping()
            assert (await bot.get("/readyz"))[0] == 503
            assert (await bot.get("/healthz"))[0] == 200
            assert await bot.post(asked(people[0], 99)) == 503
            held()
            assert await asyncio.gather(*posts) == [200] * 40
        assert sum(len(said_by_bot(server, person)) for person in people) == 24
        assert server.world.webhook.url
        async with open_and_running(server, question_worker, tmp_path) as bot:
            for number, person in enumerate(people[::7]):  # Telegram brings some again
                assert await bot.post(asked(person, 7 * number + 1)) == 200
            await server.called("sendMessage", times=40)
            await bot.stop()
        assert {len(said_by_bot(server, person)) for person in people} == {1}


async def test_nothing_is_taken_while_the_inbox_is_slow_to_leave(
    bot: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = threading.Event()
    monkeypatch.setattr(Inbox, "leave", lambda _: left.wait(PATIENCE_S))
    try:
        await bot.is_stopping()
        assert await bot.post(asked(bot.server.person(), 1)) == 503
    finally:
        left.set()


async def test_the_bot_waits_for_telegram_to_set_the_webhook(
    question_worker: QuestionWorker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = BotApi()
    await server.start()
    await server.stop()
    bot = open_bot(server, question_worker, tmp_path)
    bot.start()
    await bot.listening()
    status, text = await bot.get("/readyz")
    assert (status, "not connected" in text) == (503, True)
    server.fail("setWebhook", status=500)
    await server.start()
    alice = server.person()
    alice.says(RISE)
    assert "two hours" in (await alice.hears(timeout=20)).text
    await bot.stop()
    await server.stop()
    assert "webhook is not set yet" in caplog.text
    assert SECRET not in caplog.text


UNRESOLVED = "Bad Request: bad webhook: Failed to resolve host"


@pytest.mark.parametrize(
    ("status", "description", "said"),
    [
        (400, UNRESOLVED, "WEBHOOK_URL.*resolve host"),
        (401, None, "BotFather"),
        (404, None, "BotFather"),
    ],
)
async def test_a_webhook_that_telegram_refuses_ends_the_bot_and_is_said(
    question_worker: QuestionWorker,
    tmp_path: Path,
    status: int,
    description: str | None,
    said: str,
) -> None:
    async with BotApi() as server:
        server.fail("setWebhook", status=status, description=description)
        bot = open_bot(server, question_worker, tmp_path)
        with pytest.raises(TelegramRefused, match=said):
            await asyncio.wait_for(bot.session.serve(), 10)


@pytest.mark.parametrize("setting", ["webhook_port", "health_port"])
async def test_a_port_that_is_taken_is_said(
    question_worker: QuestionWorker, tmp_path: Path, setting: str
) -> None:
    async with BotApi() as server:
        bot = open_bot(server, question_worker, tmp_path)
        port = getattr(bot.settings, setting)
        async with await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", port):
            with pytest.raises(PortTaken, match=setting.upper()):
                await asyncio.wait_for(bot.session.serve(), 10)


async def test_polling_removes_a_webhook_that_was_left(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    async with BotApi() as server:
        async with open_and_running(server, question_worker, tmp_path):
            pass
        assert server.world.webhook.url
        alice = server.person()
        alice.says(RISE)
        async with open_and_running(server, question_worker, tmp_path, webhook=False):
            assert not server.world.webhook.url
            assert "two hours" in (await alice.hears()).text


async def test_nothing_at_info_shows_a_secret_or_a_question(
    bot: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    alice = bot.server.person()
    alice.says(RISE)
    await alice.hears()
    await bot.post(b"{}")
    await bot.post(b"{}", "wrong")
    for hidden in (bot.server.token, SECRET, RISE, str(alice.id)):
        assert hidden not in caplog.text


URL = {"WEBHOOK_URL": "https://example.org/hook"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        (URL, "WEBHOOK_SECRET"),
        (URL | {"WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET"),
        (URL | {"WEBHOOK_SECRET": "sixteen letters with blanks"}, "WEBHOOK_SECRET"),
        (URL | {"WEBHOOK_SECRET": "x" * 257}, "WEBHOOK_SECRET"),
        (URL | {"WEBHOOK_SECRET": "секретсекретсекрет"}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "http://example.org", "WEBHOOK_SECRET": SECRET}, "WEBHOOK_URL"),
        ({"WEBHOOK_URL": "example.org", "WEBHOOK_SECRET": SECRET}, "WEBHOOK_URL"),
        ({"WEBHOOK_PORT": "70000"}, "WEBHOOK_PORT"),
        ({"HEALTH_PORT": "0"}, "HEALTH_PORT"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ],
)
def test_settings_that_would_be_unsafe_are_refused_in_one_line(
    environment: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=named) as caught:
        load_settings()
    assert "\n" not in str(caught.value)
    secret = environment.get("WEBHOOK_SECRET", "-none-")
    assert secret not in str(caught.value)


def test_a_webhook_with_a_good_secret_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_URL", URL["WEBHOOK_URL"])
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    settings = load_settings()
    taken = settings.secret, settings.webhook_listen, settings.webhook_port
    assert taken == (SECRET, "127.0.0.1", 8443)
    assert SECRET not in repr(settings)


async def test_what_is_no_post_or_badly_packed_is_refused(bot: Open) -> None:
    headers = {HEADER: SECRET, "Content-Encoding": "gzip"}
    async with aiohttp.ClientSession() as client:
        async with client.get(bot.hook) as response:
            assert response.status == 405
        async with client.post(bot.hook, data=b"not gzip", headers=headers) as response:
            assert response.status == 400
    assert bot.count("webhook_rejections_total", reason="unreadable") == 1


async def test_deliveries_that_fail_are_known_to_whoever_watches(
    question_worker: QuestionWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "CHECK_S", 0.05)
    async with BotApi() as server, open_and_running(server, question_worker, tmp_path) as bot:
        hook = server.world.webhook
        hook.secret = "of-another-bot_0123456789"  # or a proxy that answers 400 to everything
        server.person().says(RISE)
        reasons = bot.session.health.reasons
        await until(lambda: "1 updates wait; Wrong" in reasons().get("telegram", ""))
        assert bot.count("webhook_pending_updates") == 1
        assert bot.count("webhook_last_failure_timestamp_seconds") == hook.failed_at
        hook.secret = SECRET
        await until(lambda: "telegram" not in reasons())
        hook.url += "elsewhere"
        await until(lambda: "another address" in reasons().get("telegram", ""))
