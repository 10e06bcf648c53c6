"""Adds articles to the folder of seeds, removes them, and undoes both.

What is removed or replaced is copied to the trash (see `trash`). No path and no symbolic link leads
out of the folder.
"""

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from embeddings.articles.folder import is_hidden
from embeddings.articles.trash import Trashed, add, delete, find_trashed, os_errors_as_unwritable
from embeddings.errors import ArticleGone, ArticleNewer, EditingError, UndoGone
from embeddings.storage.files import fsync, write_bytes_atomically

_LOCK = Lock()
"""Held while a file is looked at and then replaced, so that no other thread writes in between."""


@dataclass(frozen=True)
class StoredFile:
    """A file that was put into the folder of seeds.

    Attributes:
        path: below the folder.
        replaced: the file that was there before, None where there was none or the same one.
        changed: False when a file with the same bytes was there already.
    """

    path: str
    replaced: Trashed | None = None
    changed: bool = True


def add_article(seeds: Path, name: str, data: bytes, trash: Path, title: str = "") -> StoredFile:
    """Write a file into the folder of seeds atomically; the file it replaces goes to the trash.

    Args:
        seeds: the folder of articles.
        name: as `safe_name` returns it; other names are refused.
        data: the file's bytes.
        trash: the folder of removed files; made where it is missing.
        title: of the article that is replaced, to be shown.

    Raises:
        FolderUnwritable: a folder cannot be written to; nothing has changed.
        EditingError: the name is not safe, or belongs to something that is not a plain file.
    """
    if "/" in name or "\\" in name or is_hidden(name) or name in ("", ".", ".."):
        raise EditingError("{name} is no name for an article.", name=repr(name))
    with _LOCK, os_errors_as_unwritable(seeds):
        name = _existing_spelling(seeds, name)
        current = _read_current(seeds, name)
        if current == data:
            return StoredFile(name, changed=False)
        replaced = None
        if current is not None:
            replaced = add(trash, name, current, title, hashlib.sha256(data).hexdigest())
        write_bytes_atomically(seeds / name, data)
    return StoredFile(name, replaced)


def remove_article(seeds: Path, path: str, trash: Path, title: str = "") -> Trashed:
    """Move a file from the folder of seeds to the trash.

    Raises:
        ArticleGone: the file does not exist.
        FolderUnwritable: a folder cannot be written to; nothing has changed.
        EditingError: the path is not that of a plain file in the folder.
    """
    with _LOCK, os_errors_as_unwritable(seeds):
        path = _existing_spelling(seeds, path)
        data = _read_current(seeds, path)
        if data is None:
            raise ArticleGone("{path} is not there any more.", path=path)
        trashed = add(trash, path, data, title, None)
        (seeds / path).unlink()
        fsync((seeds / path).parent)
    return trashed


def restore_article(seeds: Path, trash: Path, key: str) -> Trashed:
    """Put a file back where it was; the file that replaced it goes to the trash.

    Raises:
        UndoGone: it is not in the trash, or not any more.
        ArticleNewer: another file has its name by now; nothing has changed.
        FolderUnwritable: a folder cannot be written to; nothing has changed.
        EditingError: its path is not in the folder of seeds.
    """
    with _LOCK, os_errors_as_unwritable(seeds):
        entry = find_trashed(trash, key)
        if entry is None:
            raise UndoGone("This can no longer be undone.")
        data = (trash / key).read_bytes()
        path = _existing_spelling(seeds, entry.path)
        current = _read_current(seeds, path)
        if current is not None and current != data:
            if hashlib.sha256(current).hexdigest() != entry.replaced_by:
                raise ArticleNewer("There is a newer {path} by now.", path=path)
            add(trash, path, current, entry.title, hashlib.sha256(data).hexdigest())
        location = seeds / path
        location.parent.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(location, data)
        delete(trash, key)
    return entry


def _read_current(seeds: Path, path: str) -> bytes | None:
    """Return the bytes of a plain file below the folder of seeds, None where there is no file.

    Raises:
        EditingError: the path leads out of the folder, or to something that is not a plain file.
    """
    parts = PurePosixPath(path).parts
    location = seeds.joinpath(*parts) if _is_inside(path) else seeds
    # The parent is compared after following links, so that no link leads out.
    if not _is_inside(path) or location.parent.resolve() != seeds.resolve().joinpath(*parts[:-1]):
        raise EditingError("{path} is not in the folder of articles.", path=repr(path))
    if location.is_symlink() or (location.exists() and not location.is_file()):
        raise EditingError("{path} is not a plain file.", path=path)
    return location.read_bytes() if location.exists() else None


def _is_inside(path: str) -> bool:
    """Whether no part of a path leads out of its folder."""
    parts = PurePosixPath(path).parts
    return bool(parts) and "\0" not in path and not path.startswith("/") and ".." not in parts


def _existing_spelling(seeds: Path, path: str) -> str:
    """Return a path as the folder has it.

    Names that differ only in case are the same to a person, and to some systems; others write й as
    two characters.
    """
    if not _is_inside(path):
        return path
    location = seeds / path
    if os.path.lexists(location) or not location.parent.is_dir():
        return path
    same = (
        p for p in sorted(location.parent.iterdir()) if _folded(p.name) == _folded(location.name)
    )
    return next((found.relative_to(seeds).as_posix() for found in same), path)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
