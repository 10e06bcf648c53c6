"""Updates outlive the process that received them."""

import shutil
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.journal.prepare import prepare
from bot.replicas.database import SharedDatabase
from bot.replicas.inbox import DatabaseInbox
from bot.replicas.membership import Membership
from bot.transport.file_inbox import FileInbox
from bot.transport.inbox import STATUS_LINE, Inbox, Waiting
from tests.conftest import until_sync

Steps = st.lists(st.tuples(st.sampled_from(["keep", "begin", "done", "stop"]), st.integers(0, 9)))


class Inboxes(ABC):
    """Opens the inbox of a bot again and again, as one process after another does."""

    @abstractmethod
    def open(self, bot: str = "42") -> Inbox:
        """Begin a process."""

    def left(self, inbox: Inbox) -> list[Waiting]:
        """Return what the processes before have left for this one."""
        return inbox.waiting()

    @abstractmethod
    def stop(self, inbox: Inbox) -> None:
        """End a process."""


class InFiles(Inboxes):
    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, bot: str = "42") -> Inbox:
        return FileInbox(self.path, bot).open()

    def stop(self, inbox: Inbox) -> None:
        inbox.close()


class InDatabase(Inboxes):
    def __init__(self, url: str) -> None:
        self.url = url.replace("postgresql:", "postgresql+asyncpg:")
        prepare(self.url, None, 10, names=False)
        self._members = ExitStack()

    def open(self, bot: str = "42") -> Inbox:
        member = self._members.enter_context(Membership(self.url, bot, look_s=0.02, grace_s=0))
        until_sync(lambda: member.is_elected and member.is_connected)
        return DatabaseInbox(SharedDatabase(self.url), member).open()

    def left(self, inbox: Inbox) -> list[Waiting]:
        assert isinstance(inbox, DatabaseInbox)
        inbox.look()
        return inbox.waiting()

    def stop(self, inbox: Inbox) -> None:
        inbox.close()
        self._members.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "updates.sqlite3"


@pytest.fixture(params=["file", "database"])
def inboxes(request: pytest.FixtureRequest, path: Path) -> Inboxes:
    is_file = request.param == "file"
    return InFiles(path) if is_file else InDatabase(request.getfixturevalue("database_url"))


def ids(left: list[Waiting]) -> list[int]:
    return [one.body["update_id"] for one in left]


@settings(max_examples=40)
@given(Steps)
def test_in_a_file_what_was_kept_and_not_done_waits_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    waits_in_order(InFiles(tmp_path_factory.mktemp("inbox") / "updates.sqlite3"), steps)


@settings(max_examples=8)
@given(Steps)
def test_in_a_database_what_was_kept_and_not_done_waits_in_order(
    database_url: str, steps: list[tuple[str, int]]
) -> None:
    waits_in_order(InDatabase(database_url), steps)


def waits_in_order(inboxes: Inboxes, steps: list[tuple[str, int]]) -> None:
    bot = str(uuid4().int)  # an example finds nothing of those before
    inbox = inboxes.open(bot)
    kept: dict[int, bool] = {}
    begun: set[int] = set()
    for what, number in steps:
        if what == "keep":
            inbox.keep([{"update_id": number, "text": "привіт"}])
            kept.setdefault(number, False)
        elif what == "begin" and number in kept:
            assert inbox.begin(number) == (number not in begun)
            begun.add(number)
        elif what == "done" and number in kept:  # in a database it is written a little later
            inbox.done(number)
            kept[number] = True
        elif what == "stop":
            inboxes.stop(inbox)
            inbox = inboxes.open(bot)
            left = inboxes.left(inbox)
            assert ids(left) == [one for one, is_done in kept.items() if not is_done]
            begun = {one for one, is_done in kept.items() if is_done}
    inboxes.stop(inbox)


def test_the_processes_that_have_begun_an_update_are_counted(inboxes: Inboxes) -> None:
    inbox = inboxes.open()
    inbox.keep([{"update_id": 1}])
    for number in (1, 2, 3):
        assert inbox.begin(1)
        inboxes.stop(inbox)
        inbox = inboxes.open()
        assert [left.starts for left in inboxes.left(inbox)] == [number]
    inboxes.stop(inbox)
    if isinstance(inboxes, InFiles):  # in a database each one that takes an update counts
        inbox = inboxes.open()
        assert [left.starts for left in inboxes.left(inbox)] == [3]
        inboxes.stop(inbox)


def test_another_bot_gets_nothing_of_it(inboxes: Inboxes) -> None:
    first = inboxes.open()
    first.keep([{"update_id": 7}, {"update_id": 8}])
    first.done(7)
    inboxes.stop(first)
    other = inboxes.open("43")
    assert inboxes.left(other) == []
    other.keep([{"update_id": 7}])
    assert other.begin(7)
    inboxes.stop(other)


@pytest.fixture
def inbox(path: Path) -> Iterator[FileInbox]:
    with closing(FileInbox(path, "42").open()) as inbox:
        yield inbox


@contextmanager
def reopened(inbox: FileInbox, path: Path) -> Iterator[FileInbox]:
    """Let the next process open the inbox."""
    inbox.close()
    with closing(FileInbox(path, "42").open()) as again:
        yield again


def test_the_last_thousand_ids_are_known_and_the_file_stays_small(
    inbox: FileInbox, path: Path
) -> None:
    for start in range(0, 3000, 100):
        numbers = range(start, start + 100)
        inbox.keep([{"update_id": number, "text": "x" * 500} for number in numbers])
        assert all(map(inbox.begin, numbers))
        for number in numbers:
            inbox.done(number)
    with reopened(inbox, path) as again:
        assert not any(map(again.begin, range(2100, 3000)))
        assert again.begin(0)
    assert path.stat().st_size < 1_000_000  # of 1.5 million bytes that were kept


def test_the_next_process_finds_the_message_that_shows_the_work(inboxes: Inboxes) -> None:
    inbox = inboxes.open()
    inbox.keep([{"update_id": 1, "text": "привіт"}])
    inbox.note_status_line(1, 77)
    inboxes.stop(inbox)
    again = inboxes.open()
    (left,) = inboxes.left(again)
    assert left.body == {"update_id": 1, "text": "привіт", STATUS_LINE: 77}
    inboxes.stop(again)


def test_what_is_held_waits_until_it_is_released(inboxes: Inboxes) -> None:
    inbox = inboxes.open()
    inbox.keep([{"update_id": number} for number in (1, 2, 3)])
    inbox.hold(1)
    inbox.mark_unsure(1)
    inbox.hold(2)
    inbox.hold(3)
    inbox.mark_unsure(3)
    for number in (1, 2, 3):
        inbox.done(number)
    inbox.release(3)
    inboxes.stop(inbox)
    again = inboxes.open()
    left = [(one.body["update_id"], one.is_unsure) for one in inboxes.left(again)]
    assert left == [(1, True), (2, False)]
    inboxes.stop(again)


def test_a_damaged_file_is_begun_anew(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    inbox = FileInbox(path, "42").open()
    inbox.keep([{"update_id": 5}])
    assert "damaged" in caplog.text
    with reopened(inbox, path) as again:
        assert ids(again.waiting()) == [5]


def test_without_a_file_the_bot_goes_on_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("no folder", encoding="utf-8")
    inbox = FileInbox(tmp_path / "state" / "updates.sqlite3", "42").open()
    inbox.keep([{"update_id": 5}])
    assert inbox.begin(5)
    assert not inbox.begin(5)
    inbox.done(5)
    assert "questions can be lost" in caplog.text


def test_an_error_of_the_database_stops_nothing(
    inbox: FileInbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DROP TABLE updates")
    inbox.keep([{"update_id": 5}])
    assert inbox.begin(5)
    assert "questions can be lost" in caplog.text


def test_only_an_update_that_is_written_ends_the_trouble(inbox: FileInbox) -> None:
    assert inbox._database is not None
    inbox.keep([{"update_id": 5}])
    inbox._database.execute("PRAGMA max_page_count = 1")  # no more than there are: a full disk
    inbox.keep([{"update_id": 6, "text": "x" * 10_000}])
    inbox.keep([{"update_id": 5}])  # which is there
    assert inbox.begin(6)
    inbox.done(6)
    before = inbox.is_failing
    inbox._database.execute("PRAGMA max_page_count = 1000")
    inbox.keep([{"update_id": 7, "text": "x" * 10_000}])
    assert (before, inbox.is_failing) == (True, False)


def test_the_log_holds_what_is_deleted_for_a_day_at_most(
    inbox: FileInbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = path.with_name(f"{path.name}-wal")
    inbox.keep([{"update_id": 5, "text": "zebra"}])
    inbox.done(5)
    assert b"zebra" in log.read_bytes()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 25 * 3600)
    inbox.keep([{"update_id": 6}])
    assert b"zebra" not in log.read_bytes() + path.read_bytes()


def test_what_a_killed_process_has_deleted_is_in_no_file(
    inbox: FileInbox, path: Path, tmp_path: Path
) -> None:
    inbox.keep([{"update_id": 5, "text": "zebra"}])
    inbox.done(5)
    left = shutil.copytree(path.parent, tmp_path / "killed")
    with reopened(inbox, left / path.name) as again:
        assert not [one for one in left.iterdir() if b"zebra" in one.read_bytes()]
        assert not again.begin(5)
