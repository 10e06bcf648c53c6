"""Articles put into the folder and taken out: nothing leaves the folder, nothing is lost."""

import errno
import os
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import (
    add_article,
    empty_trash,
    last_removed,
    path_key,
    remove_article,
    restore_article,
    safe_name,
)
from embeddings.articles.trash import find_trashed
from embeddings.errors import ArticleGone, ArticleNewer, EditingError, FolderUnwritable, UndoGone

NAMES = st.text(max_size=400) | st.text(
    st.sampled_from("aя/\\.~ \n\0:<>|йї🍞\u0301\u202e\u200d"), max_size=300
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def trash(tmp_path: Path) -> Path:
    return tmp_path / "state" / "trash"


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kenya.txt", "kenya.txt"),
        ("Дрони над Латвією.txt", "Дрони над Латвією.txt"),
        (unicodedata.normalize("NFD", "їжак й.md"), "їжак й.md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\windows\\win.html", "win.html"),
        ("..", "article"),
        ("", "article"),
        ("/", "article"),
        (".hidden.txt", "hidden.txt"),
        (".txt", "article.txt"),
        (" .txt ", "article.txt"),
        ("...txt", "article.txt"),
        ("\u200b.fb2", "article.fb2"),
        ("notes.txt~", "notes.txt"),
        ("two\nlines\t.pdf", "two lines.pdf"),
        ("\u202egnp.txt", "gnp.txt"),
        ("🍞 bread.txt", "🍞 bread.txt"),
        ("what? <b>: a|b*.txt", "what_ _b__ a_b_.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("content.txt", "content.txt"),
        ("nul\0.txt", "_nul.txt"),
    ],
)
def test_names_become_safe_and_stay_readable(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_a_long_name_keeps_its_suffix_and_whole_letters() -> None:
    assert safe_name("я" * 300 + ".docx") == "я" * 97 + ".docx"
    assert len(safe_name("a." + "x" * 300).encode()) <= 200


@given(NAMES)
def test_any_name_is_safe_and_can_be_stored_removed_and_restored(tmp_path: Path, name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 200
    assert safe == unicodedata.normalize("NFC", safe) == safe_name(safe)
    assert not set(safe) & set('/\\\0\n\r<>:"|?*')
    assert not any(unicodedata.category(char).startswith("C") for char in safe)
    assert not safe.startswith((".", " "))
    assert not safe.endswith(("~", ".", " "))
    assert os.path.basename(safe) == safe  # noqa: PTH119
    folder, trash = tmp_path / "seeds", tmp_path / "trash"
    folder.mkdir(exist_ok=True)
    stored = add_article(folder, safe, b"text", trash)
    trashed = remove_article(folder, stored.path, trash)
    assert everything(folder) == {}
    assert restore_article(folder, trash, trashed.key).path == stored.path
    assert everything(folder) == {stored.path: b"text"}
    remove_article(folder, stored.path, trash)


@given(
    st.lists(st.sampled_from(["..", ".", "/", "sub", "out", "link", "a.txt", "\0", "\\", ""]))
    .map("/".join)
    .filter(lambda path: path not in ("a.txt", "sub/a.txt"))
)
@settings(max_examples=80)
def test_no_path_leads_outside(tmp_path: Path, path: str) -> None:
    folder, outside = tmp_path / "seeds", tmp_path / "outside"
    if not folder.exists():
        outside.mkdir()
        (folder / "sub").mkdir(parents=True)
        (outside / "a.txt").write_bytes(b"not ours")
        (folder / "out").symlink_to(outside)
        (folder / "link").symlink_to(outside / "a.txt")
    with pytest.raises(EditingError):
        remove_article(folder, path, tmp_path / "trash")
    assert (outside / "a.txt").read_bytes() == b"not ours"
    assert (folder / "link").is_symlink()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.txt", "..\\b.txt", ".b.txt", "b.txt~"])
def test_only_safe_names_are_stored(folder: Path, trash: Path, name: str) -> None:
    with pytest.raises(EditingError):
        add_article(folder, name, b"text", trash)
    assert everything(folder) == {}


def test_a_link_is_neither_followed_nor_replaced(folder: Path, trash: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_bytes(b"not ours")
    (folder / "a.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "b.txt").mkdir()
    for name in ("a.txt", "b.txt"):
        with pytest.raises(EditingError, match="not a plain file"):
            add_article(folder, name, b"text", trash)
    assert (tmp_path / "outside.txt").read_bytes() == b"not ours"


def test_a_replaced_file_comes_back_and_forth(folder: Path, trash: Path) -> None:
    assert add_article(folder, "a.txt", b"one", trash).replaced is None
    assert not add_article(folder, "a.txt", b"one", trash).changed
    replaced = add_article(folder, "a.txt", b"two", trash, "Title").replaced
    assert replaced is not None
    assert replaced.title == "Title"
    assert restore_article(folder, trash, replaced.key).path == "a.txt"
    assert everything(folder) == {"a.txt": b"one"}
    with pytest.raises(UndoGone):
        restore_article(folder, trash, replaced.key)


def test_the_same_name_in_other_code_points_is_the_same_file(folder: Path, trash: Path) -> None:
    old = unicodedata.normalize("NFD", "їжак.txt")
    (folder / old).write_bytes(b"one")
    assert add_article(folder, "їжак.txt", b"two", trash).path == old
    assert everything(folder) == {old: b"two"}


def test_undo_does_not_overwrite_what_is_newer(folder: Path, trash: Path) -> None:
    add_article(folder, "a.txt", b"one", trash)
    removed = remove_article(folder, "a.txt", trash)
    add_article(folder, "a.txt", b"newer", trash)
    with pytest.raises(ArticleNewer):
        restore_article(folder, trash, removed.key)
    assert everything(folder) == {"a.txt": b"newer"}
    (folder / "a.txt").unlink()
    restore_article(folder, trash, removed.key)
    assert everything(folder) == {"a.txt": b"one"}


def test_a_folder_that_went_with_its_last_article_comes_back(folder: Path, trash: Path) -> None:
    (folder / "news").mkdir()
    (folder / "news" / "a.txt").write_bytes(b"one")
    removed = remove_article(folder, "news/a.txt", trash)
    (folder / "news").rmdir()
    restore_article(folder, trash, removed.key)
    assert everything(folder) == {"news/a.txt": b"one"}


def test_what_is_gone_is_said(folder: Path, trash: Path) -> None:
    with pytest.raises(ArticleGone):
        remove_article(folder, "a.txt", trash)
    for key in ("", "../../x", "0" * 12, f"{'0' * 12}-{'0' * 12}", f"{'g' * 12}-{'0' * 12}"):
        with pytest.raises(UndoGone):
            restore_article(folder, trash, key)
        assert find_trashed(trash, key) is None


def test_names_that_differ_only_in_case_are_one_article(folder: Path, trash: Path) -> None:
    add_article(folder, "Kenya.txt", b"old", trash)
    stored = add_article(folder, "KENYA.TXT", b"new", trash)
    assert stored.path == "Kenya.txt"
    assert everything(folder) == {"Kenya.txt": b"new"}
    trashed = remove_article(folder, "kenya.txt", trash)
    assert everything(folder) == {}
    add_article(folder, "kenya.TXT", b"newer", trash)
    with pytest.raises(ArticleNewer):
        restore_article(folder, trash, trashed.key)
    assert everything(folder) == {"kenya.TXT": b"newer"}


def test_the_trash_knows_the_last_file_and_is_emptied_after_thirty_days(
    folder: Path, trash: Path
) -> None:
    removed = []
    for data in (b"one", b"two"):
        add_article(folder, "a.txt", data, trash)
        removed.append(remove_article(folder, "a.txt", trash))
    old, new = removed
    assert last_removed(trash, path_key("a.txt")) == new
    assert last_removed(trash, path_key("b.txt")) is None
    then = time.time() - 31 * 86_400
    os.utime(trash / f"{old.key}.json", (then, then))
    empty_trash(trash)
    assert set(everything(trash)) == {new.key, f"{new.key}.json"}


def test_a_trash_that_was_tampered_with_restores_nothing(
    folder: Path, trash: Path, tmp_path: Path
) -> None:
    add_article(folder, "a.txt", b"one", trash)
    removed = remove_article(folder, "a.txt", trash)
    record = trash / f"{removed.key}.json"
    record.write_text(record.read_text().replace("a.txt", "../a.txt"))
    with pytest.raises(EditingError):
        restore_article(folder, trash, removed.key)
    assert not (tmp_path / "a.txt").exists()
    record.write_text("[]")
    with pytest.raises(UndoGone):
        restore_article(folder, trash, removed.key)


@pytest.mark.parametrize("full", ["seeds", "trash"])
def test_a_full_disk_changes_nothing(
    folder: Path, trash: Path, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_article(folder, "a.txt", b"one", trash)
    fsync = os.fsync

    def failing(descriptor: int) -> None:
        if f"/{full}/" in os.readlink(f"/proc/self/fd/{descriptor}"):  # noqa: PTH115
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(FolderUnwritable, match="ENOSPC") as raised:
            add_article(folder, "a.txt", b"two", trash)
        assert raised.value.errno == errno.ENOSPC
        if full == "trash":
            with pytest.raises(FolderUnwritable):
                remove_article(folder, "a.txt", trash)
    assert everything(folder) == {"a.txt": b"one"}
    assert not list(folder.glob(".*"))
