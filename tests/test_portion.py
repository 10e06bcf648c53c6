"""What is read soon is published before what takes long; copies never displace the original."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.folder import SourceFile
from embeddings.errors import Stopped
from embeddings.index.build import build_index
from embeddings.index.local.generation import current_manifest
from embeddings.index.local.portion import left_for_later
from embeddings.index.local.verify import verify
from embeddings.index.manifest import Manifest, ModelEntry
from embeddings.model.encoder import Model

NOTHING = Manifest("", ModelEntry("tiny", "tiny:1", 256), "", (), (), {})
LARGE = "<html><title>Report</title><p>The report tells of {}.</p><!--{:300000}--></html>"
"""Much to read, by its size, and little to encode."""


def paths(index: Path) -> list[str]:
    return [entry.path for entry in current_manifest(index).articles]


def states(index: Path) -> dict[str, str]:
    return {entry.path: entry.sha256 for entry in current_manifest(index).articles}


def test_a_short_text_does_not_wait_for_a_long_one_and_neither_does_a_removal(
    seeds: Path, index: Path, tiny: Model
) -> None:
    (seeds / "old.html").write_text(LARGE.format("rain", ""), "utf-8")
    build_index(seeds, index, tiny)
    (seeds / "tea.txt").write_text("Tea\n\nGreen tea is steeped for three minutes.\n", "utf-8")
    (seeds / "new.html").write_text(LARGE.format("snow", ""), "utf-8")
    (seeds / "old.html").write_text(LARGE.format("hail", ""), "utf-8")
    (seeds / "bread.txt").unlink()
    before, found = states(index), [paths(index)]

    def watch(what: str, _done: int, _total: int) -> None:
        if paths(index) != found[-1]:
            found.append(paths(index))
            assert states(index)["old.html"] == before["old.html"]  # the old text meanwhile
        if len(found) == 2 and what == "encode":
            raise Stopped

    with pytest.raises(Stopped):
        build_index(seeds, index, tiny, progress=watch)
    assert found[1:] == [["latvia.txt", "old.html", "tea.txt"]]
    verify(index)
    result = build_index(seeds, index, tiny)  # goes on where the other was stopped
    assert (result.added, result.changed) == (("new.html",), ("old.html",))
    assert paths(index) == ["latvia.txt", "new.html", "old.html", "tea.txt"]
    assert not build_index(seeds, index, tiny).published


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10_000_000), max_size=30))
def test_portions_come_to_an_end(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("sizes")
    files = []
    for number, size in enumerate(sizes):
        path = folder / str(number)
        path.touch()
        os.truncate(path, size)
        files.append(SourceFile(path.name, path))
    digests = {file.path: file.path for file in files}
    later: frozenset[str] = frozenset()
    rounds = []
    while files:
        left = left_for_later(files, digests, NOTHING, later)
        assert left < {file.path for file in files}  # something is taken each time
        taken = sum(sizes[int(file.path)] for file in files if file.path not in left)
        rounds.append(taken)
        files = [file for file in files if file.path in left]
        later = left
    assert len(rounds) <= 2 + sum(sizes) // 250_000


@pytest.mark.parametrize("end", ["", "\r\n\r\n"])
def test_a_later_copy_never_displaces_the_original(
    seeds: Path, index: Path, tiny: Model, end: str
) -> None:
    text = (seeds / "bread.txt").read_text("utf-8") + end
    copy = seeds / "a copy.txt"
    copy.write_text(text, "utf-8")
    os.utime(copy, (1, 1))  # as if it were older than the original
    for full in (False, not end):
        build_index(seeds, index, tiny, full=full)
        (skipped,) = current_manifest(index).skipped
        assert (skipped.path, skipped.same_as) == ("a copy.txt", "bread.txt")
        assert skipped.reason == "the same text as bread.txt"
    (seeds / "bread.txt").rename(seeds / "renamed.txt")
    build_index(seeds, index, tiny)
    assert paths(index) == ["latvia.txt", "renamed.txt"]
    (seeds / "renamed.txt").unlink()
    assert build_index(seeds, index, tiny).encoded == 0
    assert paths(index) == ["a copy.txt", "latvia.txt"]


def test_of_new_copies_the_oldest_file_is_the_original(tmp_path: Path, tiny: Model) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for age, name in enumerate(("c.txt", "a.txt", "b.txt")):
        (folder / name).write_text("Tea\n\nGreen tea is steeped for three minutes.\n", "utf-8")
        os.utime(folder / name, (age + 1, age + 1))
    build_index(folder, tmp_path / "index", tiny)
    assert paths(tmp_path / "index") == ["c.txt"]
    assert [entry.path for entry in current_manifest(tmp_path / "index").skipped] == [
        "a.txt",
        "b.txt",
    ]
