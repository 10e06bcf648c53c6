"""The journal's tables, its privacy, and what owners read in it."""

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any, cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Connection, insert
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg as Postgres

from bot.errors import SettingsError
from bot.journal import Journal, Kept, Period, cited, prepare, reports
from bot.journal.ids import milliseconds
from bot.journal.tables import answers, metadata, ratings
from bot.settings import Settings, load_settings
from embeddings import Model, Searcher
from embeddings.quality.dataset import load_questions
from tests.conftest import ROOT
from tests.test_journal import (
    NOW,
    SERVER,
    Clock,
    clock,
    file,
    journal,
    on_a_file,
    record,
    stored,
    url,
)

__all__ = ["clock", "file", "journal"]


async def differences(journal: Journal) -> list[Any]:
    def compare(connection: Connection) -> list[Any]:
        known = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        context = MigrationContext.configure(connection, opts=known)  # replicas have others
        return list(compare_metadata(context, metadata))

    async with journal._database.engine.connect() as connection:
        return await connection.run_sync(compare)


def schema(file: Path) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()


async def test_the_steps_lead_to_the_tables(tmp_path: Path) -> None:
    async with Journal(url(tmp_path / "100 % of it" / "bot.sqlite3")) as journal:
        assert await differences(journal) == []


@on_a_file
async def test_a_second_start_changes_nothing(file: Path) -> None:
    async with Journal(url(file)):
        before = schema(file)
    async with Journal(url(file)):
        assert schema(file) == before


def files_of(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob("bot.sqlite3*"))


async def test_ids_are_hashed_with_a_key_of_the_database(file: Path, tmp_path: Path) -> None:
    person = 4_123_456_789_012
    seen = []
    for place in (file, file, tmp_path / "other.sqlite3"):
        async with Journal(url(place)) as journal:
            id_ = await record(journal, person_id=person, chat_id=person)
            await journal.rate(id_, person, 1)
            await journal.admit(person)
            found = await stored(journal, id_)
            assert found.person_id == found.chat_id
            assert found.person_id is not None
            assert 2**62 <= found.person_id < 2**63
            seen.append(found.person_id)
    assert seen[0] == seen[1] != seen[2]
    assert person.to_bytes(6, "big") not in files_of(file)


async def test_names_are_ids_while_they_are_configured(file: Path) -> None:
    async with Journal(url(file), names=True) as journal:
        named = await record(journal)
        group = await record(journal, chat_id=-5, chat_kind="group")
        await journal.rate(named, 77, 1)
        await journal.choose_language(77, "uk")
        found = await stored(journal, named)
        assert (found.person_id, found.chat_id) == (77, 77)
    async with Journal(url(file)) as journal:
        found = await stored(journal, named)
        assert found.person_id == found.chat_id == journal._hashed(77)
        found = await stored(journal, group)
        assert (found.person_id, found.chat_id) == (journal._hashed(77), -5)
        assert await journal.rating(named, 77) == 1
        assert await journal.language_of(77) == "uk"
    async with Journal(url(file), names=True) as journal:
        await record(journal)
        assert await journal.kept_about(77) == Kept(3, 1, 1)
        assert await journal.forget(77) == Kept(3, 1, 1)
        assert await journal.kept_about(77) == Kept(0, 0, 0)


async def test_what_is_forgotten_is_gone_from_the_disk_too(journal: Journal, file: Path) -> None:
    words = "an embarrassing question"
    mine = await record(journal, person_id=1, chat_id=1, question=words)
    in_group = await record(journal, person_id=1, chat_id=-9, chat_kind="group", question=words)
    other = await record(journal, person_id=2, chat_id=2)
    await journal.rate(mine, 2, 1)
    await journal.rate(other, 1, -1)
    await journal.choose_language(1, "uk")
    await journal.admit(1)
    assert SERVER or words.encode() in files_of(file)
    assert await journal.kept_about(1) == Kept(2, 1, 1)
    assert await journal.forget(1) == Kept(2, 1, 1)
    assert await journal.kept_about(1) == Kept(0, 0, 0)
    assert words.encode() not in files_of(file)
    assert await journal.answer(mine) is None
    assert await journal.answer(in_group) is None
    assert await journal.answer(other) is not None
    assert await journal.language_of(1) is None
    assert not await journal.is_admitted(1)
    assert await journal.kept_about(2) == Kept(1, 0, 0)


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5 * 24),  # hours ago
        st.sampled_from([True, False, None]),
        st.integers(0, 2000),  # milliseconds
        st.sampled_from([None, 1, 2, 3]),  # who
        st.lists(st.sampled_from([1, -1]), max_size=2),  # thumbs
    ),
    max_size=40,
)


def naive(rows: list[Any]) -> Period:
    answered = Counter(row[1] for row in rows)
    thumbs = Counter(thumb for row in rows for thumb in row[4])
    times = sorted(row[2] for row in rows)
    if not times:
        return Period()
    p50, p95 = (float(times[ceil(len(times) * percent / 100) - 1]) for percent in (50, 95))
    people = len({row[3] for row in rows} - {None})
    return Period(
        len(rows), answered[True], answered[False], thumbs[1], thumbs[-1], people, p50, p95
    )


async def fill(journal: Journal, rows: list[Any]) -> None:
    at = milliseconds(NOW)
    empty = {"chat_kind": "private", "question": "?", "alike": "?", "language": "en"}
    asked = [
        empty
        | {"id": number, "at": at - row[0] * 3_600_000, "answered": row[1], "took_ms": row[2]}
        | {"person": row[3], "generation": "g"}
        for number, row in enumerate(rows, 1)
    ]
    rated = [
        {"answer_id": number, "person": place, "value": value, "at": at}
        for number, row in enumerate(rows, 1)
        for place, value in enumerate(row[4])
    ]
    async with journal._database.engine.begin() as connection:
        await connection.execute(ratings.delete())
        await connection.execute(answers.delete())
        if asked:
            await connection.execute(insert(answers), asked)
        if rated:
            await connection.execute(insert(ratings), rated)


def test_stats_agree_with_a_naive_count(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        journal = Journal(url(tmp_path / "bot.sqlite3"), clock=Clock())
        runner.run(journal.start())

        @settings(max_examples=40)
        @given(rows=ROWS, days=st.integers(1, 4))
        def check(rows: list[Any], days: int) -> None:
            runner.run(fill(journal, rows))
            found = runner.run(journal.stats(days))
            per_day: dict[Any, list[Any]] = {}
            for row in rows:
                per_day.setdefault((NOW - timedelta(hours=row[0])).date(), []).append(row)
            dates = [NOW.date() - timedelta(days=back) for back in reversed(range(days))]
            assert found.days == tuple((day, naive(per_day.get(day, []))) for day in dates)
            assert found.total == naive([row for day in dates for row in per_day.get(day, [])])

        check()
        runner.run(journal.close())


async def test_missed_questions_are_merged_newest_first(journal: Journal, clock: Clock) -> None:
    async def ask(question: str, answered: bool | None = False, down: int = 0) -> int:
        clock.now += timedelta(minutes=1)
        id_ = await record(journal, question=question, answered=answered)
        for person in range(down):
            await journal.rate(id_, person, -1)
        return id_

    await ask("Who  made it?")
    await ask("How much salt?", True)
    bad = await ask("Where is it?", True, down=2)
    before = await ask("what was it")
    newest = await ask("who made it ?")
    await ask("Без калібрування", None)
    found = await journal.missed(10)
    assert [(one.question, one.times, one.disliked) for one in found] == [
        ("who made it ?", 2, 0),
        ("what was it", 1, 0),
        ("Where is it?", 1, 1),
    ]
    assert (found[0].answer_id, found[0].at) == (newest, clock.now - timedelta(minutes=1))
    assert found[2].answer_id == bad
    assert [one.question for one in await journal.missed(1)] == ["who made it ?"]
    earlier = await journal.missed(None, until=before)
    assert [(one.question, one.times) for one in earlier] == [
        ("what was it", 1),
        ("Where is it?", 1),
        ("Who  made it?", 1),
    ]


async def test_missed_questions_are_a_data_set(journal: Journal, tmp_path: Path) -> None:
    await record(journal, question="Хто це\u2028зробив?", language="uk", answered=False)
    await record(journal, question="  ", answered=False)
    lines = list(await journal.export_missed())
    assert [set(line) for line in lines] == [{"id", "lang", "question", "article", "answers"}]
    (tmp_path / "seeds").mkdir()
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    (question,) = load_questions(tmp_path)
    assert (question.text, question.language) == ("Хто це\u2028зробив?", "uk")
    assert not question.answerable


def test_passages_are_cited_with_their_articles_digests(index: Path, tiny: Model) -> None:
    searcher = Searcher.open(index, tiny)
    manifest = searcher.index.manifest
    answer = searcher.search("How long should the dough rise?", 2)
    searcher.close()
    digests = {entry.path: entry.sha256 for entry in manifest.articles}
    found = cited(answer, manifest)
    assert found[0].article == "bread.txt"
    assert [one.digest for one in found] == [digests[one.article] for one in found]
    assert [(one.start, one.end) for one in found] == [
        (one.passage.start, one.passage.end) for one in answer.passages
    ]


async def test_reports_are_written_for_postgresql_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    dialect = cast(Any, Postgres)()

    class Compiling:
        async def execute(self, query: Any) -> list[Any]:
            said.append(str(query.compile(dialect=dialect)))
            return []

    connection = cast(Any, Compiling())
    await reports.stats(connection, 3, milliseconds(NOW))
    await reports.missed(connection, 10, 5)
    assert len(said) == 5


@pytest.mark.parametrize(
    ("address", "with_driver"),
    [
        ("sqlite:///var/bot.sqlite3", "sqlite+aiosqlite:///var/bot.sqlite3"),
        ("sqlite:////srv/bot.sqlite3", "sqlite+aiosqlite:////srv/bot.sqlite3"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("postgresql://me:sesame@host/name", "postgresql+asyncpg://me:sesame@host/name"),
        (
            "postgres://me:sslmode=@host/name?sslmode=require",
            "postgresql+asyncpg://me:sslmode=@host/name?ssl=require",
        ),
        *((wrong, None) for wrong in ("sqlite://", "sqlite:///", "sqlite:///:memory:")),
        *((wrong, None) for wrong in ("mysql://x", "bot.sqlite3", "postgresql")),
        ("postgresql://me@host/name?schema=passage_index", None),
    ],
)
def test_an_address_gets_its_driver_or_is_refused(
    address: str, with_driver: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.settings.find_spec", lambda _name: object())
    if with_driver:
        assert Settings(database_url=address).database_url == with_driver
        assert "sesame" not in repr(Settings(database_url=address))
        return
    with pytest.raises(ValidationError):
        Settings(database_url=address)


def test_postgresql_needs_its_driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:sesame@host/name")
    monkeypatch.setattr("bot.settings.find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="pip install asyncpg") as caught:
        load_settings()
    assert "sesame" not in str(caught.value)


def test_the_newest_migration_is_known_without_alembic() -> None:
    scripts = ScriptDirectory(str(ROOT / "bot" / "journal" / "migrations"))
    assert scripts.get_heads() == [prepare.NEWEST]


def test_retention_is_a_number_of_days() -> None:
    assert Settings.model_fields["retention_days"].default == 180
    with pytest.raises(ValidationError):
        Settings(retention_days=-1)


def test_every_folder_of_modules_is_a_package_and_so_in_the_wheel() -> None:
    folders = {
        part.parent for name in ("bot", "embeddings") for part in (ROOT / name).rglob("*.py")
    }
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
