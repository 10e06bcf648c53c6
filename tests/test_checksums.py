"""Files that were found whole are not read again, unless anything was done to them."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.storage import checksums as checked
from embeddings.storage import files
from embeddings.storage.checksums import NOTES, find_damage

CONTENT = b"the keepers wrote down the weather"
DIGESTS = {"one": hashlib.sha256(CONTENT).hexdigest(), "two": hashlib.sha256(b"").hexdigest()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one").write_bytes(CONTENT)
    (tmp_path / "two").write_bytes(b"")
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files that were read."""
    names: list[str] = []

    def counted(paths: list[Path]) -> dict[Path, str]:
        names.extend(path.name for path in paths)
        return files.digests_of(paths)

    monkeypatch.setattr(checked, "digests_of", counted)
    return names


def test_whole_files_are_read_once(folder: Path, read: list[str]) -> None:
    assert find_damage(folder, DIGESTS) is None
    assert sorted(read) == ["one", "two"]
    assert find_damage(folder, DIGESTS) is None
    assert len(read) == 2
    assert find_damage(folder, DIGESTS, thorough=True) is None
    assert len(read) == 4


def write_and_set_the_time_back(path: Path) -> None:
    state = path.stat()
    path.write_bytes(CONTENT[::-1])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def put_another_in_its_place(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(CONTENT[::-1])
    shutil.copystat(path, other)
    other.replace(path)


def write_one_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(5)
        file.write(b"#")


@pytest.mark.parametrize(
    "damage", [write_and_set_the_time_back, put_another_in_its_place, write_one_byte]
)
def test_whatever_was_done_to_a_file_is_noticed(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    assert find_damage(folder, DIGESTS) is None
    damage(folder / "one")
    assert find_damage(folder, DIGESTS) == "one"
    assert find_damage(folder, DIGESTS) == "one"  # and is not noted as whole


def test_other_digests_are_other_files(folder: Path) -> None:
    assert find_damage(folder, DIGESTS) is None
    assert find_damage(folder, {"one": DIGESTS["two"]}) == "one"


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "two").unlink()
    with pytest.raises(FileNotFoundError, match="two"):
        find_damage(folder, DIGESTS)


@pytest.mark.parametrize("notes", ["", "[]", "{", '{"one": 1}', "\0"])
def test_notes_that_say_nothing_are_not_believed(folder: Path, read: list[str], notes: str) -> None:
    (folder / NOTES).write_text(notes)
    assert find_damage(folder, DIGESTS) is None
    assert len(read) == 2
    assert json.loads((folder / NOTES).read_text()).keys() == DIGESTS.keys()


def test_notes_that_cannot_be_written_cost_only_time(folder: Path, read: list[str]) -> None:
    (folder / NOTES).mkdir()
    for times in (1, 2):
        assert find_damage(folder, DIGESTS) is None
        assert len(read) == 2 * times
    assert sorted(path.name for path in folder.iterdir()) == [NOTES, "one", "two"]
