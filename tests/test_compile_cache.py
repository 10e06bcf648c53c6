"""The cache of compiled models is used only while its files have the digests stored of them."""

import shutil
from pathlib import Path

import pytest

from embeddings.model.openvino import compile_cache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "compiled"
    folder.mkdir()
    (folder / "1.blob").write_bytes(bytes(100))
    compile_cache.record(folder)
    return folder


def test_a_recorded_cache_is_usable_and_stays(folder: Path) -> None:
    assert compile_cache.is_usable(folder)
    (folder / "2.blob").write_bytes(b"for another processor")
    compile_cache.record(folder)
    assert compile_cache.is_usable(folder)
    assert len(list(folder.glob("*.blob"))) == 2


@pytest.mark.parametrize("damage", ["a byte", "no digests", "another file", "damaged digests"])
def test_a_cache_that_may_be_damaged_is_removed(folder: Path, damage: str) -> None:
    if damage == "a byte":
        (folder / "1.blob").write_bytes(bytes(99) + b"1")
    elif damage == "no digests":
        (folder / "digests.json").unlink()
    elif damage == "another file":
        (folder / "2.blob").write_bytes(b"half of it")
    else:
        (folder / "digests.json").write_text("[]")
    assert compile_cache.is_usable(folder)
    assert not folder.exists()


def test_a_damaged_cache_that_cannot_be_removed_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    (folder / "1.blob").write_bytes(bytes(99) + b"1")
    assert not compile_cache.is_usable(folder)


def test_a_missing_cache_is_usable(tmp_path: Path) -> None:
    assert compile_cache.is_usable(tmp_path / "none")
    compile_cache.record(tmp_path / "none")
    assert not list(tmp_path.iterdir())
