"""Inline questions in the journal: what a person came to, and nothing on the way there."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.journal import Journal, JournalEntry
from bot.services.inline_debounce import InlineDebounce
from bot.texts import texts_for
from tests.botapi import BotApi, Person
from tests.conftest import until
from tests.conversations import RISE, Talk, asks, pressed

TEXTS = texts_for("en")


def written(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as database:
        return database.execute("SELECT chat_kind, question FROM answers ORDER BY id").fetchall()


async def until_written(folder: Path, *questions: str) -> None:
    await until(lambda: [question for _, question in written(folder)] == list(questions))


async def types(person: Person, *queries: str) -> None:
    for query in queries:
        await person.sees_results(person.asks_inline(query))


async def test_of_what_is_typed_the_last_is_kept(talk: Talk, tmp_path: Path) -> None:
    await types(talk.server.person(), "How", "How long", "How long shuold", RISE)
    assert written(tmp_path) == []
    await talk.settle()
    assert written(tmp_path) == [("inline", RISE)]  # the end of the bot loses none


async def test_who_types_no_more_has_asked() -> None:
    recorded: list[object] = []

    class Recording(Journal):
        async def record(self, entry: JournalEntry) -> int | None:
            recorded.append(entry)
            return None

    entry = JournalEntry(None, "inline", 1, RISE, "en", True, 0.9, 1.0, "00000001", None, ())
    debounce = InlineDebounce(Recording("sqlite:///unused"), pause_s=0.05)
    debounce.typed(1, entry)
    assert not recorded
    await until(lambda: recorded == [entry])


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
    assert TEXTS("privacy_kept", questions=1, ratings=0) in (await asks(alice, "/privacy")).text
    done = await pressed(alice, TEXTS("forget_yes"), await asks(alice, "/forget"))
    assert done.text == TEXTS.count("forget_done", 1)
    assert written(tmp_path) == []


async def test_what_is_not_yet_written_is_forgotten_too(talk: Talk, tmp_path: Path) -> None:
    alice = talk.server.person()
    await types(alice, RISE)
    await pressed(alice, TEXTS("forget_yes"), await asks(alice, "/forget"))
    await talk.settle()
    assert written(tmp_path) == []
