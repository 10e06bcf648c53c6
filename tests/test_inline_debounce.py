"""Inline questions in the journal: what a person came to, and nothing on the way there."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from tests.botapi import BotApi, Person
from tests.test_reading import pressed, serving

RISE = "How long should the dough rise?"
TEXTS = texts_for("en")


@pytest.fixture
async def server(question_worker: QuestionWorker, tmp_path: Path) -> AsyncIterator[BotApi]:
    async with BotApi() as server, serving(server, question_worker, tmp_path):
        yield server


def written(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as database:
        return database.execute("SELECT chat_kind, question FROM answers ORDER BY id").fetchall()


async def until_written(folder: Path, *questions: str) -> None:
    async with asyncio.timeout(10):
        while [question for _, question in written(folder)] != list(questions):
            await asyncio.sleep(0.05)


async def types(person: Person, *queries: str) -> None:
    for query in queries:
        await person.sees_results(person.asks_inline(query))


async def test_of_what_is_typed_the_last_is_kept(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    async with BotApi() as server:
        async with serving(server, question_worker, tmp_path):
            await types(server.person(), "How", "How long", "How long shuold", RISE)
            assert written(tmp_path) == []
        assert written(tmp_path) == [("inline", RISE)]  # the end of the bot loses none


async def test_who_types_no_more_has_asked(
    server: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.inline_debounce._PAUSE_S", 0.05)
    await types(server.person(), RISE)
    await until_written(tmp_path, RISE)


async def test_who_deletes_it_all_has_asked_what_was_there(server: BotApi, tmp_path: Path) -> None:
    alice, bob = server.person("Alice"), server.person("Bob")
    await types(alice, "How long", RISE, "How long should", "How", "")
    await types(bob, "Which coalition")
    await types(alice, "Who joined it?", "")
    await until_written(tmp_path, RISE, "Who joined it?")


async def test_it_is_told_and_forgotten_like_any_question(server: BotApi, tmp_path: Path) -> None:
    alice = server.person()
    await types(alice, RISE, "")
    await until_written(tmp_path, RISE)
    alice.says("/privacy")
    assert TEXTS("privacy_kept", questions=1, ratings=0) in (await alice.hears()).text
    alice.says("/forget")
    done = await pressed(alice, TEXTS("forget_yes"), await alice.hears())
    assert done.text == TEXTS.count("forget_done", 1)
    assert written(tmp_path) == []


async def test_what_is_not_yet_written_is_forgotten_too(
    question_worker: QuestionWorker, tmp_path: Path
) -> None:
    async with BotApi() as server:
        async with serving(server, question_worker, tmp_path):
            alice = server.person()
            await types(alice, RISE)
            alice.says("/forget")
            await pressed(alice, TEXTS("forget_yes"), await alice.hears())
        assert written(tmp_path) == []
