"""What the bot says of itself: alive, ready, counted, logged."""

import asyncio
import json
import logging
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.logs import JsonLines
from bot.services.health import Health
from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from bot.transport.metrics import QUESTION_KINDS, RESULTS
from embeddings import Model, Searcher, build_index
from embeddings.errors import PassageBotError
from embeddings.index.location import DatabaseUrl
from tests.botapi import BotApi
from tests.conftest import ROOT, until, until_sync
from tests.conversations import RISE
from tests.listeners import SECRET, Open, open_and_running, open_bot
from tests.servers import free_port
from tests.test_process import START_S, bot_process

TOKEN = "1234567890:AAtoken_of-nobody"


@pytest.fixture
async def bot(question_worker: QuestionWorker, tmp_path: Path) -> AsyncIterator[Open]:
    async with (
        BotApi() as server,
        open_and_running(server, question_worker, tmp_path, webhook=False) as bot,
    ):
        yield bot


async def readiness(bot: Open) -> tuple[int, dict[str, str]]:
    status, text = await bot.get("/readyz")
    answer = json.loads(text)
    assert answer["ready"] is (status == 200)
    return status, answer["reasons"]


async def until_ready(bot: Open, status: int) -> dict[str, str]:
    async with asyncio.timeout(10):
        while (now := await readiness(bot))[0] != status:
            await asyncio.sleep(0.05)
    return now[1]


def test_it_is_not_ready_once_the_database_has_the_index_of_another_model(
    database: DatabaseUrl, seeds: Path, tiny: Model
) -> None:
    build_index(seeds, database, tiny)
    health = Health(None)
    question_worker = QuestionWorker(Searcher.open(database, tiny))
    updater = IndexUpdater(seeds, database, tiny, question_worker, may_build=lambda: False)
    health.index_updater = updater
    with closing(question_worker), closing(updater):
        updater.start()
        build_index(seeds, database, replace(tiny, name="other", digest="tiny:2"))
        until_sync(lambda: "another model" in health.reasons().get("index", ""))


async def test_it_is_ready_once_everything_is(bot: Open) -> None:
    assert await bot.get("/healthz") == (200, '{"alive": true, "problems": {}}')
    assert await readiness(bot) == (503, {"encoder": "nothing has been encoded yet"})
    bot.question_worker.warm_up()
    assert await readiness(bot) == (200, {})
    assert (await bot.get("/anything"))[0] == 404


async def test_what_is_wrong_although_it_answers_is_said(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    question_worker.warm_up()
    (tmp_path / "updates.sqlite3").mkdir()
    async with (
        BotApi() as server,
        open_and_running(server, question_worker, tmp_path, webhook=False) as bot,
    ):
        for path in ("/healthz", "/readyz"):
            status, text = await bot.get(path)
            assert status == 200
            assert "loses questions" in json.loads(text)["problems"]["updates"]


async def test_it_is_not_ready_while_polls_fail(bot: Open) -> None:
    bot.question_worker.warm_up()
    await until_ready(bot, 200)
    bot.server.fail("getUpdates", status=500, times=None)
    bot.server.push({})
    assert "telegram" in await until_ready(bot, 503)
    bot.server.heal()
    bot.server.push({})
    await until_ready(bot, 200)


async def test_questions_are_counted_by_kind_and_result(bot: Open) -> None:
    alice = bot.server.person()
    message = alice.says(RISE)
    await alice.hears()
    alice.edits(message, "How much flour and yeast?")
    await bot.server.called("editMessageText")
    alice.says("?!")
    await alice.hears()
    bot.question_worker.most_waiting = 0
    alice.says(RISE)
    await alice.hears()
    counted = [("edited", "answered")]
    counted += [("private", result) for result in ("answered", "refused", "busy")]
    for kind, result in counted:
        assert bot.count("questions_total", kind=kind, result=result) == 1
    assert bot.count("updates_total", kind="message") == 3
    assert bot.count("question_seconds_count", phase="total") == 2


async def test_calls_to_telegram_and_their_repeats_are_counted(bot: Open) -> None:
    bot.server.fail("sendMessage", retry_after=1)
    alice = bot.server.person()
    alice.says(RISE)
    await alice.hears()
    expected = {("sendMessage", "200"): 1, ("sendMessage", "429"): 1, ("getMe", "200"): 1}

    def counted() -> dict[tuple[str, str], float]:
        name = "telegram_calls_total"
        return {one: bot.count(name, method=one[0], outcome=one[1]) for one in expected}

    await until(lambda: counted() == expected)  # an answer is heard before it is counted
    assert bot.count("telegram_retries_total", reason="429") == 1


async def test_metrics_are_read_by_prometheus_and_name_nobody(bot: Open) -> None:
    alice = bot.server.person(username="alice_the_reader")
    alice.says(RISE)
    await alice.hears()
    status, text = await bot.get("/metrics")
    assert status == 200
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["passage_bot_index_articles"].samples[0].value == 2
    assert families["passage_bot_index_generation_number"].samples[0].value == 1
    index = families["passage_bot_index_info"].samples[0].labels
    assert index["generation"] == "00000001"
    assert index["built"].startswith("20")
    assert families["passage_bot_questions_waiting"].samples[0].value == 0
    assert len(families["passage_bot_questions"].samples) == len(QUESTION_KINDS) * len(RESULTS)
    assert "process_resident_memory_bytes" in families or sys.platform != "linux"
    labels = " ".join(
        value
        for family in families.values()
        for sample in family.samples
        for value in sample.labels.values()
    )
    for hidden in (str(alice.id), "alice", "dough", bot.server.token):
        assert hidden not in labels
    assert RISE not in text


async def test_a_question_that_fails_is_counted(
    question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_worker.searcher, "answer", Mock(side_effect=ValueError))
    with pytest.raises(ValueError):
        await question_worker.ask(RISE, 1)
    labels = {"kind": "other", "result": "failed"}
    registry = question_worker.metrics._registry
    assert registry.get_sample_value("passage_bot_questions_total", labels) == 1


def test_builds_are_counted(
    question_worker: QuestionWorker, seeds: Path, index: Path, tiny: Model
) -> None:
    index_updater = IndexUpdater(seeds, index, tiny, question_worker)
    index_updater.build()
    (seeds / "more.txt").write_text("Tea\n\nTea is made of leaves and hot water.\n", "utf-8")
    index_updater.build()
    shutil.rmtree(seeds)
    with pytest.raises(PassageBotError):
        index_updater.build()

    def count(result: str) -> float | None:
        return question_worker.metrics._registry.get_sample_value(
            "passage_bot_builds_total", {"result": result}
        )

    assert [count(result) for result in ("unchanged", "published", "failed")] == [1, 1, 1]


async def test_without_a_port_nothing_listens(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    async with BotApi() as server:
        bot = open_bot(server, question_worker, tmp_path, webhook=False, health=False)
        bot.start()
        await bot.ready()
        assert bot.session.health._listener is None
        await bot.stop()


def test_a_log_of_json_is_an_object_a_line_without_secrets() -> None:
    form = JsonLines({"token": TOKEN, "secret": SECRET})
    try:
        int(f"{TOKEN}\nsecond line")
    except ValueError:
        record = logging.LogRecord(
            "bot.app", logging.ERROR, "", 1, "%s\nніч \u2028", (SECRET,), sys.exc_info()
        )
    line = form.format(record)
    assert len(line.splitlines()) == 1
    assert TOKEN not in line
    assert SECRET not in line
    entry = json.loads(line)
    assert entry["time"].endswith("+00:00")
    assert (entry["level"], entry["logger"]) == ("ERROR", "bot.app")
    assert entry["message"] == "<secret>\nніч \u2028"
    assert entry["exception"]["type"] == "ValueError"
    assert "Traceback" in entry["exception"]["trace"]


def ready_within(seconds: float, port: int) -> Any:
    """Wait until a process is ready, and return what it says then."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            assert time.monotonic() < deadline, error
            time.sleep(0.1)


def test_the_process_by_webhook_from_start_to_sigterm(tmp_path: Path, real_model: Model) -> None:
    build_index(ROOT / "seeds", tmp_path / "index", real_model)
    hook, health = free_port(), free_port()
    more = {
        "WEBHOOK_URL": f"http://127.0.0.1:{hook}/",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PORT": str(hook),
        "HEALTH_PORT": str(health),
        "LOG_FORMAT": "json",
    }
    with (
        BotApi() as server,
        bot_process(tmp_path, server, calls="setWebhook", **more) as process,
    ):
        assert ready_within(START_S, health) == {"ready": True, "reasons": {}, "problems": {}}
        alice = server.person()
        alice.says("Who is Rustem Umerov?")
        assert "Umerov" in alice.hears_sync().text
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        entries = [json.loads(line) for line in errors.splitlines()]
        assert all({"time", "level", "logger", "message"} <= entry.keys() for entry in entries)
        assert any("listening" in entry["message"] for entry in entries)
        for hidden in (server.token, SECRET, "Umerov"):
            assert hidden not in errors
        assert server.world.webhook.url
