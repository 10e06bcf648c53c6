"""Following a folder: what counts as a change, and `python -m embeddings watch` as a process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from embeddings.articles import watch
from embeddings.articles.watch import snapshot, watch_folder
from tests.conftest import ROOT

PATIENCE_S = 20.0


class Following:
    """Counts what `watch_folder` yields, in a thread of its own."""

    def __init__(self, seeds: Path, sweep_s: float) -> None:
        self.count = 0
        self._stop = threading.Event()
        self._seeds, self._sweep_s = seeds, sweep_s
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> float:
        """End it, and return the seconds that took."""
        started = time.monotonic()
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        return time.monotonic() - started

    def rises(self, act: Callable[[], object]) -> bool:
        """Whether something is told of after `act`."""
        before = self.count
        act()
        deadline = time.monotonic() + PATIENCE_S
        while self.count == before and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.count > before

    def _run(self) -> None:
        for _ in watch_folder(self._seeds, self._stop, self._sweep_s):
            self.count += 1


@contextmanager
def following(seeds: Path, sweep_s: float = 60) -> Iterator[Following]:
    follower = Following(seeds, sweep_s)
    time.sleep(0.3)
    try:
        yield follower
    finally:
        follower.close()


@pytest.mark.parametrize("told", [True, False], ids=["told by the system", "found by a sweep"])
def test_whatever_people_do_is_noticed(
    seeds: Path, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not told:  # as on a network folder

        def silent(_seeds: Path, stop: threading.Event, sweep_s: float) -> Iterator[bool]:
            while not stop.wait(sweep_s):
                yield False

        monkeypatch.setattr(watch, "_events", silent)
    bread = seeds / "bread.txt"
    with following(seeds, 60 if told else 0.1) as follower:
        assert follower.rises(lambda: bread.write_text("How to bake\n\nDo not. Buy some bread."))
        assert follower.rises(lambda: (seeds / "new.md").write_text("# New\n\nThis one is new."))
        assert follower.rises(lambda: (seeds / "new.md").rename(seeds / "newer.md"))
        assert follower.rises((seeds / "newer.md").unlink)


def test_what_is_no_article_is_not_told_of(seeds: Path) -> None:
    with following(seeds) as follower:
        (seeds / ".bread.txt.swp").write_text("x")
        (seeds / "bread.txt~").write_text("x")
        (seeds / "bread.txt").read_text(encoding="utf-8")
        time.sleep(1)
        assert follower.count == 0


def test_many_changes_at_once_are_told_of_once_or_twice(seeds: Path) -> None:
    with following(seeds) as follower:
        for number in range(50):
            (seeds / f"{number}.txt").write_text(f"Number {number}\n\nThis is number {number}.")
        time.sleep(2.5)
        assert 1 <= follower.count <= 2


def test_it_ends_soon(seeds: Path, tmp_path: Path) -> None:
    for folder in (seeds, tmp_path / "nothing here"):
        follower = Following(folder, 60)
        time.sleep(0.3)
        assert follower.close() < 2


def test_a_folder_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    with following(folder, 0.2) as follower:
        assert follower.rises(folder.mkdir)
        assert follower.rises(lambda: (folder / "a.txt").write_text("An article\n\nIt is here."))


def test_a_snapshot_tells_files_apart_by_more_than_their_names(seeds: Path) -> None:
    before = snapshot(seeds)
    assert set(before) == {".", "bread.txt", "latvia.txt"}
    os.utime(seeds / "bread.txt", (1, 1))
    after = snapshot(seeds)
    assert [path for path in before if before[path] != after[path]] == ["bread.txt"]
    assert snapshot(seeds / "nothing") == {}


@pytest.mark.skipif(os.name == "nt", reason="there it is the time of creation")
def test_a_snapshot_tells_of_rights_and_of_an_edit_that_keeps_its_time(seeds: Path) -> None:
    path = seeds / "bread.txt"
    before = snapshot(seeds)
    path.chmod(0o600)
    given = snapshot(seeds)
    assert given != before
    state = path.stat()
    path.write_bytes(path.read_bytes().replace(b"two", b"six"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert snapshot(seeds) != given


# As a process


@pytest.mark.usefixtures("real_model")
def test_watch_follows_and_ends_cleanly(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "MODEL_DIR") if key in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "embeddings", "watch", "--seeds", seeds, "--index", index],
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("Built: 2 articles")
        assert [process.stdout.readline() for _ in "ab"] == [
            "  added bread.txt\n",
            "  added latvia.txt\n",
        ]
        assert process.stderr.readline().startswith("Watching ")
        time.sleep(0.5)
        (seeds / "tea.txt").write_text("Tea\n\nGreen tea is steeped for three minutes, or less.")
        assert "1 added, 0 changed, 0 renamed, 0 removed" in process.stdout.readline()
        assert process.stdout.readline() == "  added tea.txt\n"
        (seeds / "tea.txt").write_bytes(b"")
        assert "2 articles" in process.stdout.readline()
        assert process.stdout.readline() == "  removed tea.txt\n"
        assert process.stderr.readline() == "Skipped tea.txt: empty.\n"
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=PATIENCE_S) == ("", "")
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()
