"""The start: nothing is indexed yet, and the bot serves, tells how it is, and ends when told."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing, nullcontext
from pathlib import Path

import platformdirs
import pytest
from click.testing import CliRunner

from bot import first_start
from bot.__main__ import main
from bot.errors import SettingsError
from bot.handlers import question
from bot.services.health import Health
from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from bot.settings import load_settings
from bot.terminal import must_be_there
from bot.texts import texts_for
from bot.transport.service_manager import ServiceManager
from embeddings import Model, Searcher, build_index, find_model
from embeddings.errors import UsageError
from embeddings.index.local.generation import building
from embeddings.index.location import DatabaseUrl
from tests.admins import House, bot_with_admin
from tests.botapi import BotApi
from tests.conftest import ARTICLE, ROOT, calibration_file, until
from tests.conversations import RISE, RISE_ANSWER, asks, serving
from tests.servers import away, free_port

EN = texts_for("en")


async def test_a_bot_without_an_index_serves_while_it_is_built(
    seeds: Path, tmp_path: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    monkeypatch.setattr(question, "PATIENCE_S", 0.1)
    with closing(QuestionWorker(Searcher.empty(tiny))) as worker:
        worker.warm_up()
        updater = IndexUpdater(seeds, index, tiny, worker)
        async with BotApi() as server, serving(server, worker, tmp_path, updater) as talk:
            alice, health = server.person(), talk.session.health
            with closing(updater):
                with building(index):
                    updater.start()
                    await until(lambda: health.connected)
                    assert health.reasons() == {"index": "building the first index"}
                    for message in (RISE, "/articles", "/start"):
                        assert EN("still_reading") in (await asks(alice, message)).text
                    hello = (await asks(alice, "hi")).text
                    assert hello == f"{EN('hello_empty')}\n\n{EN('still_reading')}"
                    monkeypatch.setattr(question, "PATIENCE_S", 20)
                    alice.says(RISE)
                await until(lambda: not health.reasons())
                assert RISE_ANSWER in (await alice.hears()).text  # it has waited
                assert worker.searcher.index.name == "00000001"


async def test_a_bot_whose_index_is_away_says_so_and_goes_on_when_it_is_back(
    database: DatabaseUrl,
    seeds: Path,
    tmp_path: Path,
    tiny: Model,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("embeddings.index.postgres.postgres_index.RETRY_S", 0)
    monkeypatch.setattr("embeddings.index.postgres.database.CONNECT_S", 1)
    build_index(seeds, database, tiny)
    searcher = Searcher.open(database, tiny, calibration_file(tmp_path, 0.95))
    with closing(QuestionWorker(searcher)) as worker:
        worker.warm_up()
        async with BotApi() as server, serving(server, worker, tmp_path) as talk:
            alice, health = server.person(), talk.session.health
            assert RISE_ANSWER in (await asks(alice)).text
            with away(database.url):
                assert (await asks(alice)).text == EN("failed_question")
                assert health.reasons() == {"index": "its database cannot be reached"}
            assert RISE_ANSWER in (await asks(alice)).text
            assert not health.reasons()
    said = [one for one in caplog.records if one.name == "bot.handlers.failure"]
    assert [one.exc_info for one in said] == [None]


async def test_the_first_article_can_come_from_telegram(
    bot_api: BotApi, tmp_path: Path, tiny: Model
) -> None:
    house = House(tmp_path / "seeds", tmp_path / "index", tmp_path / "state")
    house.seeds.mkdir()
    async with bot_with_admin(bot_api, house, follows=True) as bot:
        health = bot.talk.session.health
        await until(lambda: bot.index_updater.is_first_build_over and health.connected)
        assert health.reasons()["index"] == "no article is indexed"
        await bot.sends("tea.txt", "Tea\n\nGreen tea is steeped for three minutes.\n", "Tea")
        await until(lambda: "index" not in health.reasons())
        assert "three minutes" in (await asks(bot.admin, "How long is tea steeped?")).text


def fetched(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_health_answers_while_the_model_is_loaded() -> None:
    port = free_port()
    with Health(port).from_a_thread():
        assert fetched(port, "/healthz")[0] == 200
        status, text = fetched(port, "/readyz")
        assert (status, json.loads(text)["reasons"].keys()) == (503, {"encoder"})
        assert fetched(port, "/metrics")[0] == 503
        with Health(port).from_a_thread():  # a process that waits for the end of this one
            assert fetched(port, "/healthz")[0] == 200
    with pytest.raises(urllib.error.URLError):
        fetched(port, "/healthz")


def test_sigterm_at_the_start_ends_the_process_cleanly(tmp_path: Path) -> None:
    """Process 1 of a container ignores a signal that it has no handler for."""
    code = (
        "import time, bot.__main__ as entry\n"
        "entry._serve = lambda _: (print('loading', flush=True), time.sleep(60))\n"
        "entry.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, stdout=-1
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"loading\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize(("file", "is_somebody"), [(os.devnull, False), ("questions", True)])
def test_without_a_token_somebody_must_be_there(
    file: str, is_somebody: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "questions").write_text("How many countries joined?\n")
    with (tmp_path / file).open() as stream:  # an absolute path stays as it is
        monkeypatch.setattr(sys, "stdin", stream)
        with nullcontext() if is_somebody else pytest.raises(SettingsError, match="BOT_TOKEN"):
            must_be_there()


@pytest.mark.parametrize(
    ("argument", "status", "says"),
    [("--help", 0, "TELEGRAM_BOT_TOKEN"), ("--nonsense", 2, "No such option"), ("x", 2, "extra")],
)
def test_the_command_explains_itself(argument: str, status: int, says: str) -> None:
    done = CliRunner().invoke(main, [argument])
    assert (done.exit_code, says in done.output) == (status, True)


@pytest.mark.parametrize("written", ["42:token", '"42:token"', "'42:token'", ' "42:token" '])
def test_quotes_that_an_engine_of_containers_hands_on_are_removed(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", written)
    assert load_settings().token == "42:token"


def test_without_a_home_the_folder_of_models_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home(*_: object) -> Path:
        raise RuntimeError

    monkeypatch.setattr(platformdirs, "user_cache_path", no_home)
    monkeypatch.setenv("MODEL_DIR", "")
    with pytest.raises(UsageError, match="MODEL_DIR"):
        find_model()


async def test_systemd_hears_that_it_started_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "60000")
        manager = ServiceManager()
        manager.ready()
        heard = [(await asyncio.to_thread(systemd.recv, 100)).decode() for _ in range(3)]
        manager.close()
    assert heard == ["READY=1\n", "WATCHDOG=1\n", "WATCHDOG=1\n"]


@pytest.mark.parametrize(
    ("typed", "made"), [("", True), ("y", True), ("n", False), ("what", False)]
)
def test_a_first_start_offers_the_article_that_ships(
    typed: str, made: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "example_article", lambda: ARTICLE)
    assert first_start.offer_folder(tmp_path / "a" / "seeds", lambda _: typed) is made
    assert (tmp_path / "a" / "seeds" / ARTICLE.name).exists() is made
    (tmp_path / "own").mkdir()
    assert not first_start.offer_folder(tmp_path / "own", lambda _: pytest.fail("asked"))
