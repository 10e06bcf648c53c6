"""Updates outlive the process that received them."""

import logging
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.transport.inbox import Inbox

Steps = st.lists(st.tuples(st.sampled_from(["keep", "begin", "done", "kill"]), st.integers(0, 9)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "updates.sqlite3"


def ids(inbox: Inbox) -> list[int]:
    return [left.body["update_id"] for left in inbox.waiting()]


@settings(max_examples=40)
@given(Steps)
def test_what_was_kept_and_not_done_waits_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("inbox") / "updates.sqlite3"
    inbox = Inbox(path, "42").open()
    kept: dict[int, bool] = {}
    begun: set[int] = set()
    for what, number in steps:
        if what == "keep":
            inbox.keep([{"update_id": number, "text": "привіт"}])
            kept.setdefault(number, False)
        elif what == "begin":
            assert inbox.begin(number) == (number not in begun)
            begun.add(number)
        elif what == "done":
            inbox.done(number)
            kept |= {number: True} if number in kept else {}
        else:
            inbox.close()
            inbox = Inbox(path, "42").open()
            assert ids(inbox) == [one for one, is_done in kept.items() if not is_done]
            begun = {one for one, is_done in kept.items() if is_done}
    inbox.close()


def test_the_processes_that_have_begun_an_update_are_counted(path: Path) -> None:
    inbox = Inbox(path, "42").open()
    inbox.keep([{"update_id": number} for number in (1, 2)])
    for number in range(3):
        assert inbox.begin(2)
        inbox.close()
        inbox = Inbox(path, "42").open()
        assert [left.starts for left in inbox.waiting()] == [0, number + 1]
    inbox.close()


def test_another_bot_gets_nothing_of_it(path: Path) -> None:
    first = Inbox(path, "42").open()
    first.keep([{"update_id": 7}, {"update_id": 8}])
    first.done(7)
    first.close()
    other = Inbox(path, "43").open()
    assert ids(other) == []
    assert other.begin(7)
    other.close()
    again = Inbox(path, "42").open()
    assert ids(again) == []
    again.close()


def test_the_last_thousand_ids_are_known_and_the_file_stays_small(path: Path) -> None:
    inbox = Inbox(path, "42").open()
    for start in range(0, 3000, 100):
        numbers = range(start, start + 100)
        inbox.keep([{"update_id": number, "text": "x" * 500} for number in numbers])
        assert all(map(inbox.begin, numbers))
        for number in numbers:
            inbox.done(number)
    inbox.close()
    again = Inbox(path, "42").open()
    assert not any(map(again.begin, range(2100, 3000)))
    assert again.begin(0)
    again.close()
    assert path.stat().st_size < 1_000_000  # of 1.5 million bytes that were kept


def test_what_is_held_waits_until_it_is_released(path: Path) -> None:
    inbox = Inbox(path, "42").open()
    inbox.keep([{"update_id": number} for number in (1, 2, 3)])
    inbox.hold(1)
    inbox.mark_unsure(1)
    inbox.hold(2)
    inbox.hold(3)
    inbox.mark_unsure(3)
    for number in (1, 2, 3):
        inbox.done(number)
    inbox.release(3)
    inbox.close()
    again = Inbox(path, "42").open()
    left = [(one.body["update_id"], one.is_unsure) for one in again.waiting()]
    assert left == [(1, True), (2, False)]
    again.close()


def test_a_damaged_file_is_begun_anew(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with caplog.at_level(logging.WARNING):
        inbox = Inbox(path, "42").open()
    inbox.keep([{"update_id": 5}])
    inbox.close()
    assert "damaged" in caplog.text
    again = Inbox(path, "42").open()
    assert ids(again) == [5]
    again.close()


def test_without_a_file_the_bot_goes_on_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("no folder", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        inbox = Inbox(tmp_path / "state" / "updates.sqlite3", "42").open()
    inbox.keep([{"update_id": 5}])
    assert inbox.begin(5)
    assert not inbox.begin(5)
    inbox.done(5)
    assert "questions can be lost" in caplog.text


def test_an_error_of_the_database_stops_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox(path, "42").open()
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE updates")
    other.close()
    with caplog.at_level(logging.WARNING):
        inbox.keep([{"update_id": 5}])
    assert inbox.begin(5)
    inbox.close()
    assert "questions can be lost" in caplog.text
