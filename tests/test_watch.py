"""Following a folder: what counts as a change, and `python -m embeddings watch` as a process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import watchfiles

from embeddings.articles.watch import snapshot, watch_folder
from tests.conftest import ROOT

PATIENCE_S = 20.0


class Following:
    """Counts what `watch_folder` yields, in a thread of its own, with the files at that moment."""

    def __init__(self, seeds: Path, sweep_s: float) -> None:
        self.count = 0
        self.seen: set[Path] = set()
        self._seeds = seeds
        self._stop = threading.Event()
        changes = watch_folder(seeds, self._stop, sweep_s)
        self._thread = threading.Thread(target=self._run, args=(changes,))
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def rises(self, act: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
        """Whether a change is reported after `act`."""
        before = self.count
        act()
        return until(lambda: self.count > before, patience_s)

    def _run(self, changes: Iterator[None]) -> None:
        for _ in changes:
            self.seen = set(self._seeds.iterdir())
            self.count += 1


def until(condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@contextmanager
def following(seeds: Path, sweep_s: float = 60) -> Iterator[Following]:
    follower = Following(seeds, sweep_s)
    try:
        yield follower
    finally:
        follower.close()


@pytest.mark.parametrize("reported", [True, False], ids=["by the system", "by a comparison"])
def test_whatever_people_do_is_noticed(
    seeds: Path, reported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not reported:  # as where the system has no more watches to give

        def refuse(*_: object, **__: object) -> None:
            raise OSError

        monkeypatch.setattr(watchfiles, "watch", refuse)
    bread, new = seeds / "bread.txt", seeds / "new.md"
    with following(seeds, 60 if reported else 0.1) as follower:
        assert follower.rises(lambda: bread.write_text("How to bake\n\nDo not. Buy some bread."))
        assert follower.rises(lambda: new.write_text("# New\n\nThis one is new."))
        assert follower.rises(lambda: new.rename(seeds / "newer.md"))
        assert follower.rises((seeds / "newer.md").unlink)


def test_a_file_that_is_no_article_is_not_reported(seeds: Path) -> None:
    def act() -> None:
        (seeds / ".bread.txt.swp").write_text("x")
        (seeds / "bread.txt~").write_text("x")
        (seeds / "bread.txt").read_text(encoding="utf-8")

    with following(seeds) as follower:
        assert not follower.rises(act, patience_s=1)


def test_many_changes_at_once_are_reported_once_or_twice(seeds: Path) -> None:
    with following(seeds) as follower:
        for number in range(50):
            (seeds / f"{number}.txt").write_text(f"Number {number}\n\nThis is number {number}.")
        assert until(lambda: follower.seen == set(seeds.iterdir()))
        assert follower.count <= 2


def test_it_ends_soon(seeds: Path, tmp_path: Path) -> None:
    for folder in (seeds, tmp_path / "nothing here"):
        with following(folder) as follower:
            if folder.exists():
                assert follower.rises((folder / "bread.txt").touch)
            started = time.monotonic()
        assert time.monotonic() - started < 2


def test_a_folder_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    with following(folder, 0.2) as follower:
        assert follower.rises(folder.mkdir)
        assert follower.rises(lambda: (folder / "a.txt").write_text("An article\n\nIt is here."))


@pytest.mark.skipif(os.name == "nt", reason="there the change time is the time of creation")
def test_a_snapshot_shows_times_permissions_and_edits_that_keep_the_time(seeds: Path) -> None:
    path = seeds / "bread.txt"
    states = [snapshot(seeds)]
    assert set(states[0]) == {".", "bread.txt", "latvia.txt"}
    os.utime(path, (1, 1))
    states.append(snapshot(seeds))
    path.chmod(0o600)
    states.append(snapshot(seeds))
    path.write_bytes(path.read_bytes().replace(b"two", b"six"))
    os.utime(path, (1, 1))
    states.append(snapshot(seeds))
    for before, after in pairwise(states):
        assert [name for name in before if before[name] != after[name]] == ["bread.txt"]
    assert snapshot(seeds / "nothing") == {}


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
