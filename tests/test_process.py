"""The real program as a process: Telegram over HTTP, the terminal through a pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.texts import texts_for
from embeddings import Model, build_index
from tests.botapi import BotApi
from tests.conftest import ARTICLE, ROOT

pytestmark = pytest.mark.usefixtures("real_model")

START_S = 90.0
"""A machine under load may take this long to load the model."""


def environment(folder: Path, server: BotApi | None = None) -> dict[str, str]:
    """The environment of a fresh installation: one article, an empty state."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "MODEL_DIR") if key in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "SEEDS_DIR": str(ARTICLE.parent),
        "INDEX_DIR": str(folder / "index"),
        "STATE_DIR": str(folder / "state"),
        "NO_PROXY": "127.0.0.1",
        "LANG": "en_US.UTF-8",
        **({"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url} if server else {}),
    }


@contextmanager
def bot_process(
    folder: Path,
    server: BotApi,
    *,
    program: Sequence[str] = ("-m", "bot"),
    calls: str = "getUpdates",
    **more: str,
) -> Iterator["subprocess.Popen[str]"]:
    """Run the bot, or a program that runs it, with `more` in the environment.

    The block begins once it `calls` this method of Telegram.
    """
    process = subprocess.Popen(
        [sys.executable, *program],
        cwd=folder,
        env=environment(folder, server) | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        server.called_sync(calls, timeout=START_S)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def run_bot(
    folder: Path, env: dict[str, str], typed: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )


def test_the_bot_answers_in_three_languages(tmp_path: Path, real_model: Model) -> None:
    build_index(ROOT / "seeds", tmp_path / "index", real_model)
    questions = {
        "en": "How much aid has Latvia given since the invasion?",
        "uk": "Скільки допомоги надала Латвія від початку вторгнення?",
        "ru": "Сколько помощи оказала Латвия с начала вторжения?",
    }
    with BotApi() as server, bot_process(tmp_path, server) as process:
        for language, question in questions.items():
            person = server.person(language=language)
            person.says("/start")
            assert texts_for(language).count("articles", 1) in person.hears_sync().text
            person.says(question)
            answer = person.hears_sync()
            assert "595 million euros" in answer.text
            assert "Latvia's assistance to Ukraine" in answer.text
            assert "👍" in [button.text for row in answer.buttons for button in row]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors
        assert server.token not in errors


def test_sigterm_while_it_works_ends_it_cleanly(tmp_path: Path) -> None:
    with BotApi() as server, bot_process(tmp_path, server) as process:
        people = [server.person() for _ in range(30)]
        for person in people:
            person.says("Who is Rustem Umerov?")
        server.called_sync("sendMessage", timeout=20)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in errors
        answers = [len([m for m in server.messages(p) if m.from_bot]) for p in people]
        assert max(answers) == 1
        # what was not yet taken from Telegram stays there for the next start
        assert sum(answers) + server.pending == 30


def test_a_wrong_token_ends_with_one_line(tmp_path: Path) -> None:
    with BotApi() as server:
        env = environment(tmp_path, server) | {"TELEGRAM_BOT_TOKEN": "42:nobody"}
        done = run_bot(tmp_path, env)
    assert done.returncode == 2  # another start would not help
    assert "BotFather" in done.stderr
    assert "Traceback" not in done.stderr
    assert "42:nobody" not in done.stderr


def test_a_pipe_gets_answers_and_nothing_else(tmp_path: Path) -> None:
    done = run_bot(tmp_path, environment(tmp_path), "How many countries joined?\n\n?!\n")
    assert done.returncode == 0
    assert "nearly 20 countries" in done.stdout
    assert "\x1b" not in done.stdout
    assert "BotFather" in done.stderr
    assert texts_for("en")("no_words") in done.stderr
    again = run_bot(tmp_path, environment(tmp_path), "")
    assert (again.returncode, again.stdout) == (0, "")
    assert "Indexed" not in again.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"LOG_LEVEL": "LOUD", "TELEGRAM_API_URL": "nowhere"}
    done = run_bot(tmp_path, env)
    assert done.returncode == 2
    assert "LOG_LEVEL" in done.stderr
    assert "TELEGRAM_API_URL" in done.stderr
    assert "Traceback" not in done.stderr
