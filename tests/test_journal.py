"""The journal: kept, found again, counted, forgotten; and what happens when it cannot be."""

import asyncio
import math
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalUnavailable
from bot.journal import Cited, Journal, JournalEntry, Kept, Limits, Recorded
from tests.servers import execute

CITED = (
    Cited("a/bread.txt", "d" * 64, 10, 250, None, 0.75, (3, 9)),
    Cited("книга.pdf", "e" * 64, 0, 7, 12, 0.5),
)
ASKED = JournalEntry(
    chat_id=77,
    chat_kind="private",
    person_id=77,
    question="How long should the dough rise?",
    language="en",
    answered=True,
    confidence=0.93,
    took_ms=31.5,
    generation="g-1",
    question_message=5,
    passages=CITED,
)
NOW = datetime(2031, 5, 17, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


SERVER = os.environ.get("TEST_DATABASE_URL", "")
"""postgresql://… of a server on which databases may be made: the journal is tested there then."""

on_a_file = pytest.mark.skipif(bool(SERVER), reason="a server has no file to look at")


def url(file: Path) -> str:
    """Return the address of a database of its own for each file."""
    if not SERVER:
        return f"sqlite+aiosqlite:///{file}"
    name = f"test_{sha256(str(file).encode()).hexdigest()[:16]}"
    if not execute(SERVER, f"SELECT FROM pg_database WHERE datname = '{name}'"):
        execute(SERVER, f"CREATE DATABASE {name}")
    address = make_url(SERVER).set(drivername="postgresql+asyncpg", database=name)
    return address.render_as_string(hide_password=False)


PATIENT = Limits(read_s=60, write_s=60)
"""For a busy machine, where it is not the waiting that is tested."""


async def record(journal: Journal, asked: JournalEntry = ASKED, **changes: Any) -> int:
    id_ = await journal.record(replace(asked, **changes))
    assert id_ is not None
    return id_


async def stored(journal: Journal, answer_id: int) -> Recorded:
    found = await journal.answer(answer_id)
    assert found is not None
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "bot.sqlite3"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def journal(file: Path, clock: Clock) -> AsyncIterator[Journal]:
    async with Journal(url(file), clock=clock, retention_days=180, limits=PATIENT) as journal:
        yield journal


async def test_an_answer_is_found_again_as_it_was(journal: Journal) -> None:
    id_ = await record(journal)
    await journal.sent(id_, 6)
    found = await stored(journal, id_)
    hashed = {"chat_id": found.chat_id, "person_id": found.person_id}
    assert found == Recorded(**vars(ASKED) | hashed, id=id_, at=NOW, answer_message=6)
    assert await journal.answer(id_ + 1) is None


async def test_ids_fit_callback_data_and_grow(journal: Journal, clock: Clock) -> None:
    ids = [await record(journal) for _ in range(50)]
    clock.now -= timedelta(days=1)
    ids.append(await record(journal))
    assert ids == sorted(set(ids))
    assert all(0 < id_ < 2**63 for id_ in ids)


async def test_the_last_answer_to_a_message(journal: Journal) -> None:
    await record(journal)
    second = await record(journal, question="How much salt?")
    await record(journal, question_message=8)
    group = await record(journal, chat_id=-100123, chat_kind="group")
    assert await journal.last_answer(77, 5) == await stored(journal, second)
    assert await journal.last_answer(-100123, 5) == await stored(journal, group)
    assert (await stored(journal, group)).chat_id == -100123
    assert await journal.last_answer(78, 5) is None


async def test_little_is_needed_and_odd_texts_are_kept(journal: Journal) -> None:
    bare = JournalEntry(None, "inline", None, "\ud83d\x00 ?", "pt-br", None, None, 1.0, "g")
    id_ = await record(journal, bare)
    expected = Recorded(**vars(bare) | {"question": "? ?"}, id=id_, at=NOW, answer_message=None)
    assert await stored(journal, id_) == expected
    assert journal.lost == 0


async def test_a_thumb_is_one_per_person_and_can_be_changed(journal: Journal) -> None:
    id_ = await record(journal)
    assert await journal.rating(id_, 1) is None
    assert await journal.rate(id_, 1, 1)
    assert await journal.rate(id_, 2, -1)
    assert await journal.rating(id_, 1) == 1
    assert await journal.rate(id_, 1, -1)
    assert await journal.rating(id_, 1) == -1
    assert await journal.rate(id_, 1, None)
    assert await journal.rating(id_, 1) is None
    assert await journal.rating(id_, 2) == -1
    assert not await journal.rate(id_ + 1, 1, 1)


async def test_what_is_stored_is_there_after_a_restart(file: Path) -> None:
    async with Journal(url(file)) as journal:
        id_ = await record(journal)
        assert await journal.language_of(1) is None
        assert not await journal.is_admitted(1)
        await journal.choose_language(1, "uk")
        await journal.admit(1)
        await journal.choose_language(2, "ru")
        await journal.choose_language(2, None)
        assert await journal.language_of(1) == "uk"
    async with Journal(url(file)) as journal:
        assert (await stored(journal, id_)).passages == CITED
        assert await record(journal) > id_
        assert await journal.language_of(1) == "uk"
        assert await journal.is_admitted(1)
        assert await journal.language_of(2) is None
        assert not await journal.is_admitted(2)


async def test_a_language_is_known_that_was_read_while_somebody_else_chose_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Journal(url(file)) as journal:
        await journal.choose_language(1, "uk")
    async with Journal(url(file)) as journal:
        await journal.choose_language(3, "ru")
        has_read, may_end = asyncio.Event(), asyncio.Event()
        reading = journal._database.reading

        @asynccontextmanager
        async def slowly(**more: Any) -> AsyncIterator[AsyncConnection]:
            async with reading(**more) as connection:
                yield connection
                has_read.set()
                await may_end.wait()

        monkeypatch.setattr(journal._database, "reading", slowly)
        read = asyncio.create_task(journal.language_of(1))
        await has_read.wait()
        await journal.choose_language(2, "en")
        may_end.set()
        assert await read == "uk"
        assert journal.language_in_memory(1) == "uk"
        has_read.clear()
        may_end.clear()
        read = asyncio.create_task(journal.language_of(3))
        await has_read.wait()
        await journal.choose_language(3, "pl")
        may_end.set()
        await read
        assert journal.language_in_memory(3) == "pl"
        assert await journal.language_of(3) == "pl"


async def test_a_language_is_known_that_was_chosen_when_none_could_be_read(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.admit(1)
    journal._people.forget(1)
    with monkeypatch.context() as patch:
        patch.setattr(journal._people, "_rest_until", math.inf)
        await journal.choose_language(1, "uk")
        assert journal.language_in_memory(1) == "uk"
        with pytest.raises(JournalUnavailable):
            await journal.is_admitted(1)
    assert await journal.is_admitted(1)


async def test_two_thousand_at_once_lose_nothing_and_double_nothing(journal: Journal) -> None:
    async def one(number: int) -> int:
        id_ = await record(journal, question=f"Question {number}?", question_message=number)
        if number % 3 == 0:
            await journal.sent(id_, -number)
        return id_

    ids = await asyncio.gather(*map(one, range(2000)))
    while journal.waiting:
        await asyncio.sleep(0.01)
    stats = await journal.stats(3)
    assert stats.total.questions == 2000
    assert len(set(ids)) == 2000
    assert journal.lost == 0
    for number in (0, 999, 1998):
        found = await stored(journal, ids[number])
        assert (found.question_message, found.answer_message) == (number, -number)
        assert found.passages == CITED


async def test_old_answers_go_with_all_that_belongs_to_them(journal: Journal, clock: Clock) -> None:
    old = [await record(journal) for _ in range(700)]
    await journal.rate(old[0], 1, 1)
    await journal.admit(1)
    clock.now += timedelta(days=100)
    young = await record(journal)
    assert await journal.prune() == 0
    clock.now += timedelta(days=81)
    assert await journal.prune() == 700
    assert await journal.answer(old[0]) is None
    assert await journal.answer(young) is not None
    assert await journal.kept_about(1) == Kept(0, 0, 1)


@on_a_file
async def test_nobody_else_may_read_the_files(journal: Journal, file: Path) -> None:
    await journal.answer(await record(journal))
    modes = {part.name: part.stat().st_mode & 0o077 for part in file.parent.glob("bot.sqlite3*")}
    modes.pop("bot.sqlite3.lock", None)
    assert len(modes) == 3
    if sys.platform != "win32":
        assert set(modes.values()) == {0}


async def test_nothing_is_old_without_retention(file: Path, clock: Clock) -> None:
    async with Journal(url(file), clock=clock) as journal:
        id_ = await record(journal)
        clock.now += timedelta(days=5000)
        assert await journal.prune() == 0
        assert await journal.answer(id_) is not None


async def test_reading_before_the_start_is_unavailable(file: Path) -> None:
    journal = Journal(url(file))
    for read in (journal.answer, journal.language_of, journal.is_admitted):
        with pytest.raises(JournalUnavailable):
            await read(1)
