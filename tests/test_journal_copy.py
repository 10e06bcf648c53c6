"""A journal moves to another database and back, whole or not at all."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bot.journal import Journal
from bot.journal.__main__ import main
from tests.servers import Server, execute
from tests.test_journal import ASKED

PERSON = 4711
TABLES = ("secrets", "people", "answers", "passages", "ratings")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["copy", *map(str, arguments)])


async def fill(url: str) -> int:
    """Ask, rate and set something; return the id of an answer."""
    async with Journal(url) as journal:
        for number in range(3):
            asked = replace(ASKED, person_id=PERSON, question=f"Привіт, {number}?")
            answer_id = await journal.record(asked)
        assert answer_id is not None
        await journal.sent(answer_id, 99)
        assert await journal.rate(answer_id, PERSON, 1)
        await journal.choose_language(PERSON, "uk")
    return answer_id


async def is_there(url: str, answer_id: int) -> None:
    async with Journal(url) as journal:
        assert await journal.rating(answer_id, PERSON) == 1  # ids are hashed with the same key
        assert await journal.language_of(PERSON) == "uk"
        found = await journal.last_answer(ASKED.chat_id or 0, 99)
        assert found is not None
        assert (found.question, found.passages) == ("Привіт, 2?", ASKED.passages)


def rows(file: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(file)) as database:
        found = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    return {name: sorted(lines) for name, lines in found.items()}


def test_it_moves_to_a_server_and_back(tmp_path: Path, database_url: str) -> None:
    first, second = tmp_path / "first.sqlite3", tmp_path / "second.sqlite3"
    answer_id = asyncio.run(fill(f"sqlite+aiosqlite:///{first}"))
    moved = run("--from", f"sqlite:///{first}", "--to", database_url)
    assert (moved.exit_code, moved.stderr) == (0, "")
    assert moved.stdout == "Copied 1 people, 3 answers, 6 passages, 1 ratings.\n"
    asyncio.run(is_there(database_url.replace("postgresql:", "postgresql+asyncpg:"), answer_id))
    assert run("--from", database_url, "--to", f"sqlite:///{second}").exit_code == 0
    assert rows(second) == rows(first)


def test_what_cannot_be_copied_is_said_in_a_line(
    tmp_path: Path, postgres: Server, database_url: str
) -> None:
    file = tmp_path / "bot.sqlite3"
    missing = run("--from", f"sqlite:///{file}", "--to", database_url)
    assert (missing.exit_code, file.exists()) == (1, False)
    asyncio.run(fill(f"sqlite+aiosqlite:///{file}"))
    source = ("--from", f"sqlite:///{file}")
    assert run(*source, "--to", "mysql://host/name").exit_code == 2
    assert "itself" in run(*source, "--to", f"sqlite:///{file}").stderr
    wrong = run(*source, "--to", postgres.url(password="wrong-sesame"))
    assert (wrong.exit_code, "password authentication failed" in wrong.stderr) == (1, True)
    nowhere = run(*source, "--to", postgres.url("nowhere"))
    assert (nowhere.exit_code, "does not exist" in nowhere.stderr) == (1, True)
    assert run(*source, "--to", database_url).exit_code == 0
    again = run(*source, "--to", database_url)
    assert (again.exit_code, "not empty" in again.stderr) == (1, True)
    assert execute(database_url, "SELECT count(*) FROM answers") == [(3,)]
    for result in (missing, wrong, nowhere, again):
        assert result.stderr.count("\n") == 1
        assert "sesame" not in result.output
