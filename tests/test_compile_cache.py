"""What OpenVINO has compiled is taken when it is known to be whole, and otherwise not at all."""

import shutil
from pathlib import Path

import pytest

from embeddings.model.openvino import compile_cache as compiled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "compiled"
    folder.mkdir()
    (folder / "1.blob").write_bytes(bytes(100))
    compiled.note(folder)
    return folder


def test_what_is_noted_is_usable_and_stays(folder: Path) -> None:
    assert compiled.is_usable(folder)
    (folder / "2.blob").write_bytes(b"for another processor")
    compiled.note(folder)
    assert compiled.is_usable(folder)
    assert len(list(folder.glob("*.blob"))) == 2


@pytest.mark.parametrize("damage", ["a byte", "nothing noted", "another file", "no notes"])
def test_what_is_not_known_to_be_whole_is_removed(folder: Path, damage: str) -> None:
    if damage == "a byte":
        (folder / "1.blob").write_bytes(bytes(99) + b"1")
    elif damage == "nothing noted":
        (folder / "digests.json").unlink()
    elif damage == "another file":
        (folder / "2.blob").write_bytes(b"half of it")
    else:
        (folder / "digests.json").write_text("[]")
    assert compiled.is_usable(folder)
    assert not folder.exists()


def test_what_cannot_be_removed_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    (folder / "1.blob").write_bytes(bytes(99) + b"1")
    assert not compiled.is_usable(folder)


def test_a_folder_that_is_not_there_yet_is_usable(tmp_path: Path) -> None:
    assert compiled.is_usable(tmp_path / "none")
    compiled.note(tmp_path / "none")
    assert not list(tmp_path.iterdir())
