"""Whatever dies, fills up, changes or goes away in the middle: a whole index, a clear line."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.errors import FileGone, FileInMotion, SeedsError, Stopped
from embeddings.index.build import build_index
from embeddings.index.local.generation import building, current_manifest, current_name
from embeddings.index.local.verify import verify
from embeddings.model.encoder import Model
from embeddings.search.search import Searcher
from tests.conftest import ROOT, model_that

BREAD = "How to bake bread\n\nLet the dough rise for {} hours in a warm place. Then bake it.\n"


def dough(index: Path, model: Model) -> str:
    searcher = Searcher.open(index, model)
    text = searcher.search("How long does the dough rise?", 1).passages[0].passage.text
    searcher.close()
    return text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forks")
def test_a_build_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.kills", tmp_path / "k", "30", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, after = map(int, done.stdout.split())
    assert before + after == 30
    assert min(before, after) >= 1, "the moments were all too early, or all too late"


# A file that moves


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that somebody goes on writing whenever they have been read."""
    names: set[str] = set()
    read = Path.read_bytes

    def read_while_written(self: Path) -> bytes:
        data = read(self)
        if self.name in names:
            self.write_bytes(data + b"\nMore of it.")
        return data

    monkeypatch.setattr(Path, "read_bytes", read_while_written)
    return names


def test_a_file_that_changes_while_it_is_read_keeps_its_old_text(
    index: Path, seeds: Path, tiny: Model, written: set[str]
) -> None:
    (seeds / "new.txt").write_text("New\n\nThis is a new article, and it is whole.\n")
    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    written.add("bread.txt")
    result = build_index(seeds, index, tiny)
    assert (result.added, result.changed, result.skipped) == (("new.txt",), (), ())
    assert "two hours" in dough(index, tiny)
    written.clear()
    assert build_index(seeds, index, tiny).changed == ("bread.txt",)
    assert "seven hours" in dough(index, tiny)


def test_a_new_file_that_is_still_written_is_named(
    index: Path, seeds: Path, tiny: Model, written: set[str]
) -> None:
    path = seeds / "new.txt"
    path.write_text("New\n\nThis is a new article, and it is not whole yet.\n")
    written.add("new.txt")
    with pytest.raises(FileInMotion, match="still being written"):
        read_bytes(SourceFile("new.txt", path))
    (entry,) = build_index(seeds, index, tiny).skipped
    assert (entry.path, entry.reason) == ("new.txt", "still being written")
    written.clear()
    assert build_index(seeds, index, tiny).added == ("new.txt",)


def test_a_file_that_is_deleted_before_it_is_read_is_gone(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileGone):
        read_bytes(SourceFile("gone.txt", seeds / "gone.txt"))

    def delete(what: str, done: int, _total: int) -> None:
        if (what, done) == ("read", 0):
            (seeds / "latvia.txt").unlink(missing_ok=True)

    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    result = build_index(seeds, index, tiny, progress=delete)
    assert (result.changed, result.removed, result.skipped) == (("bread.txt",), ("latvia.txt",), ())


def test_a_file_that_is_renamed_before_it_is_read_is_not_missing(
    index: Path, seeds: Path, tiny: Model
) -> None:
    def rename(what: str, done: int, _total: int) -> None:
        if (what, done) == ("read", 0) and (seeds / "latvia.txt").exists():
            (seeds / "latvia.txt").rename(seeds / "a.txt")

    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    result = build_index(seeds, index, tiny, progress=rename)
    assert result.renamed == (("latvia.txt", "a.txt"),)
    assert (result.changed, result.removed) == (("bread.txt",), ())


def test_a_folder_that_vanishes_while_it_is_read_empties_nothing(
    index: Path, seeds: Path, tiny: Model
) -> None:
    def vanish(what: str, done: int, _total: int) -> None:
        if (what, done) == ("read", 0):
            shutil.rmtree(seeds, ignore_errors=True)

    before = current_name(index)
    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    with pytest.raises(SeedsError, match="went away"):
        build_index(seeds, index, tiny, progress=vanish)
    assert current_name(index) == before
    assert "two hours" in dough(index, tiny)


# Clocks


@pytest.mark.parametrize("moment", [0, 2**31 - 10, 2**32 + 10])
def test_clocks_decide_nothing(index: Path, seeds: Path, tiny: Model, moment: float) -> None:
    """A file is as it is: changed with its old time it is read, touched it is not."""
    path = seeds / "bread.txt"
    text = path.read_text(encoding="utf-8")
    state = path.stat()
    path.write_text(text.replace("two hours", "ten hours"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    assert build_index(seeds, index, tiny).changed == ("bread.txt",)
    os.utime(path, (moment, moment))
    assert not build_index(seeds, index, tiny).published


def test_generations_follow_each_other_whatever_the_clock_says(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Jumping(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(1999, 1, 1, tzinfo=tz)

    before = current_manifest(index)
    monkeypatch.setattr("embeddings.index.local.generation.datetime", Jumping)
    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    build_index(seeds, index, tiny)
    assert current_manifest(index).created < before.created
    assert "seven hours" in dough(index, tiny)
    assert verify(index).generation == "00000002"


# Stopped


def test_a_build_that_waits_for_another_can_be_stopped(
    index: Path, seeds: Path, tiny: Model
) -> None:
    def stop(step: str, _done: int, _total: int) -> None:
        assert step == "wait"
        raise Stopped

    with building(index), pytest.raises(Stopped):
        build_index(seeds, index, tiny, progress=stop)


@pytest.mark.parametrize("what", ["read", "encode", KeyboardInterrupt, MemoryError, RuntimeError])
def test_a_build_that_is_stopped_or_whose_model_fails_publishes_nothing(
    index: Path, seeds: Path, tiny: Model, what: str | type[BaseException]
) -> None:
    def stop(step: object, *_: int) -> None:
        if step == what:
            raise Stopped
        if isinstance(what, type) and not isinstance(step, str):
            raise what

    before = verify(index)
    (seeds / "bread.txt").write_text(BREAD.format("seven"), encoding="utf-8")
    with pytest.raises(Stopped if isinstance(what, str) else what):
        build_index(seeds, index, model_that(stop), progress=stop)
    assert verify(index) == before
    assert [path.name for path in (index / "generations").iterdir()] == [before.generation]
    assert build_index(seeds, index, tiny).changed == ("bread.txt",)


# What cannot be read is not tried again


def test_a_file_that_could_not_be_read_is_not_read_again_until_it_changes(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seeds / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing of the kind")
    (reason,) = (entry.reason for entry in build_index(seeds, index, tiny).skipped)
    (seeds / "bread.txt").unlink()
    parsed: list[str] = []

    class Counting:
        def __init__(self, *, early: bool) -> None:
            assert not early

        def __enter__(self) -> "Counting":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def parse(self, _data: bytes, path: str) -> Any:
            parsed.append(path)
            raise AssertionError

    monkeypatch.setattr("embeddings.index.local.build.open_parser", Counting)
    result = build_index(seeds, index, tiny)
    assert result.removed == ("bread.txt",)
    assert [(entry.path, entry.reason) for entry in result.skipped] == [("bad.pdf", reason)]
    assert parsed == []
