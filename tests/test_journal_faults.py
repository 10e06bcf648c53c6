"""The journal when its database is locked, gone, full, damaged, newer or opened twice."""

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import JournalTooNew, JournalUnavailable
from bot.journal import Journal, Limits, engine
from bot.journal.database import Database
from bot.journal.writer import Writer
from tests.conftest import ROOT, until
from tests.test_journal import ASKED, file, record, url

__all__ = ["file"]

SECRET = "kohlrabi"


def opened(file: Path, **limits: float) -> Journal:
    """A journal that waits for nothing long."""
    short = {"statement_s": 0.05, "prepare_s": 0.1, "first_pause_s": 0.02, "longest_pause_s": 0.1}
    return Journal(url(file), limits=Limits(**short | limits))  # type: ignore[arg-type]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes, and does not end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def soon_written(journal: Journal) -> None:
    await until(lambda: journal.is_working and not journal.waiting)


async def ask(journal: Journal, number: int = 0) -> int:
    return await record(journal, question=f"{SECRET} {number}?", question_message=number)


def count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        number: int = connection.execute("SELECT count(*) FROM answers").fetchone()[0]
        return number


async def test_answers_go_on_while_the_database_is_locked(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(file) as journal:
        first = await ask(journal)
        await soon_written(journal)
        with locked(file):
            started = time.perf_counter()
            ids = [await ask(journal, number) for number in range(300)]
            assert time.perf_counter() - started < 0.5
            await until(lambda: not journal.is_working)
            assert await journal.answer(first) is not None  # who reads does not wait
            with pytest.raises(JournalUnavailable):
                await journal.rate(first, 1, 1)
            with pytest.raises(JournalUnavailable):
                await journal.choose_language(1, "uk")
            assert await journal.prune() == 0
        await soon_written(journal)
        assert await journal.answer(ids[-1]) is not None
        assert await journal.rating(first, 1) is None
        assert journal.lost == 0
    assert count(file) == 301
    lines = [line for line in caplog.messages if "cannot be written" in line]
    assert len(lines) == 1
    assert "database is locked" in lines[0]
    assert SECRET not in caplog.text


async def test_one_that_is_locked_at_the_start_is_opened_later(file: Path) -> None:
    async with opened(file) as journal:
        await journal.admit(1)
    with locked(file):
        journal = opened(file)
        await journal.start()
        assert not journal.is_working
        assert await journal.record(ASKED) is not None
    await soon_written(journal)
    assert await journal.is_admitted(1)
    await journal.close()
    assert count(file) == 1


async def test_too_many_waiting_are_lost_and_counted_in_one_line(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(file, waiting=5) as journal:
        with locked(file):
            ids = [await journal.record(ASKED) for _ in range(50)]
            assert sum(id_ is None for id_ in ids) == journal.lost == 45
            with pytest.raises(JournalUnavailable):
                await journal.rate(1, 1, 1)
        await soon_written(journal)
    assert count(file) == 5
    assert len([line for line in caplog.messages if "takes no more" in line]) == 1


async def test_the_end_does_not_wait_for_a_lock(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opened(file, close_s=0.2)
    await journal.start()
    with locked(file):
        for number in range(3):
            await ask(journal, number)
        started = time.perf_counter()
        await journal.close()
        assert time.perf_counter() - started < 1.5
    assert asyncio.all_tasks() == {asyncio.current_task()}  # one left would hold up the process
    assert journal.lost == 3
    assert "3 entries of the journal were lost at the end" in caplog.text
    assert await journal.record(ASKED) is None


async def test_the_end_comes_though_a_cancellation_is_lost() -> None:
    class Stuck:
        limits = Limits(close_s=0.05, statement_s=0.01, first_pause_s=0.02)
        is_started = False
        cancelled = 0

        async def ready(self) -> None:
            if not self.is_started:
                self.is_started = True
                return
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.cancelled += 1
                if self.cancelled == 1:
                    raise OSError("the disk is gone") from None
                raise

        def suspect(self) -> None:
            pass

    database = Stuck()
    writer = Writer(cast(Database, database))
    await writer.start()
    writer.put(lambda connection: connection.rollback())
    await asyncio.wait_for(writer.close(), 10)
    assert database.cancelled == 1
    assert writer.lost == 1


async def test_the_end_waits_for_what_can_be_written(file: Path) -> None:
    async with opened(file) as journal:
        for number in range(250):
            await ask(journal, number)
    assert count(file) == 250


@pytest.mark.parametrize(
    "wrong", [{"took_ms": None}, {"generation": Path()}, {"question_message": 2**70}]
)
async def test_an_entry_that_is_refused_holds_up_no_other(
    file: Path, caplog: pytest.LogCaptureFixture, wrong: dict[str, Any]
) -> None:
    async with opened(file) as journal:
        bad = replace(ASKED, question=SECRET, **wrong)
        first, _, last = await ask(journal), await journal.record(bad), await ask(journal)
        assert await journal.answer(first) is not None
        assert await journal.answer(last) is not None
        assert journal.lost == 1
    assert "refused" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("what", ["file", "folder"])
async def test_a_deleted_database_begins_anew_with_the_same_key(file: Path, what: str) -> None:
    async with opened(file) as journal:
        await ask(journal)
        await journal.choose_language(1, "uk")
        before = journal._hashed(1)
        for part in file.parent.iterdir():
            part.unlink()
        if what == "folder":
            file.parent.rmdir()
        later = await ask(journal, 1)
        assert await journal.answer(later) is not None
        assert journal._hashed(1) == before
        assert journal.lost == 0
    assert count(file) == 1


async def test_a_database_put_in_its_place_is_used_with_its_own_key(
    file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.sqlite3"
    async with opened(other) as journal:
        hashed = journal._hashed(1)
    async with opened(file) as journal:
        await ask(journal)
        await soon_written(journal)
        assert journal._hashed(1) != hashed
        for end in ("-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        other.replace(file)
        await journal.admit(1)
        assert journal._hashed(1) == hashed


@pytest.mark.parametrize("trouble", ["a file in its place", "read-only"])
async def test_a_folder_that_cannot_be_made_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    folder = tmp_path / "var"
    if trouble == "read-only":
        tmp_path.chmod(0o555)
        if os.access(tmp_path, os.W_OK):
            pytest.skip("root may write anywhere")
    else:
        folder.write_text("a file")
    async with opened(folder / "bot.sqlite3") as journal:
        assert not journal.is_working
        id_ = await ask(journal)
        for read in (journal.answer, journal.language_of):
            with pytest.raises(JournalUnavailable):
                await read(id_)
        tmp_path.chmod(0o755)
        folder.unlink(missing_ok=True)
        await soon_written(journal)
        assert await journal.answer(id_) is not None
    assert len([line for line in caplog.messages if "cannot be written" in line]) == 1


@pytest.mark.parametrize(
    ("pragma", "said"),
    [("max_page_count=1", "disk is full"), ("query_only=ON", "readonly database")],
)
async def test_a_disk_that_takes_nothing(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    pragma: str,
    said: str,
) -> None:
    async with opened(file) as journal:
        with monkeypatch.context() as patch:
            patch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, pragma))
            ids = [await ask(journal, number) for number in range(200)]
            await until(lambda: not journal.is_working)
            with pytest.raises(JournalUnavailable):
                await journal.choose_language(1, "x" * 35)
        await soon_written(journal)
        assert await journal.answer(ids[0]) is not None
        assert journal.lost == 0
    assert count(file) == 200
    assert said in caplog.text


@pytest.mark.parametrize("damage", ["no database", "a page", "cut"])
async def test_a_damaged_file_is_moved_aside(
    file: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(file) as journal:
        for number in range(300):
            await ask(journal, number)
        await soon_written(journal)
    data = file.read_bytes()
    middle = len(data) // 2 // 4096 * 4096
    file.write_bytes(
        {
            "no database": b"not a database at all" * 400,
            "a page": data[:middle] + os.urandom(8192) + data[middle + 8192 :],
            "cut": data[:middle],
        }[damage]
    )
    async with opened(file) as journal:
        assert journal.is_working
        id_ = await ask(journal)
        assert await journal.answer(id_) is not None
    assert count(file) == 1
    assert len(list(file.parent.glob("bot.sqlite3.damaged-*"))) == 1
    lines = [line for line in caplog.messages if "damaged" in line]
    assert len(lines) == 1
    assert "\n" not in lines[0]


async def test_damage_while_running_is_mended(file: Path) -> None:
    async with opened(file) as journal:
        await ask(journal)
        await soon_written(journal)
        await journal._database.empty_log()
        with file.open("r+b") as open_file:
            open_file.write(b"not a database at all" * 400)
        id_ = await ask(journal, 1)
        await soon_written(journal)
        assert await journal.answer(id_) is not None


async def test_a_newer_database_is_one_clear_line(file: Path) -> None:
    async with opened(file):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(JournalTooNew, match=r"newer version.*DATABASE_URL"):
        await opened(file).start()
    assert not list(file.parent.glob("*damaged*"))


_PROCESS = """
import asyncio, sys
from bot.journal import JournalEntry, Journal

ASKED = JournalEntry(1, "private", 1, "Who?", "en", True, 0.5, 1.0, "g")

async def main():
    async with Journal(sys.argv[1]) as journal:
        print(journal._hashed(1))
        for number in range(100):
            await journal.record(ASKED)
            await asyncio.sleep(0)
    print(journal.lost)

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""


def test_processes_that_start_at_once_do_not_collide(file: Path) -> None:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", _PROCESS, url(file)]
    started: list[Any] = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(2)]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60)[0].split() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert ended[0] == ended[1] == [ended[0][0], "0"]  # one key, and nothing lost
    assert count(file) == 200
