"""Putting articles into the folder of seeds and taking them out, so that it can be undone.

What is taken out, or replaced, goes into a trash folder (see `trash`). Nothing here leads out of
the folder of seeds, whatever the path and whatever links there are.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from embeddings.articles.folder import is_hidden
from embeddings.articles.trash import Trashed, add, delete, explained, find_trashed
from embeddings.errors import ArticleGone, ArticleNewer, EditingError, UndoGone
from embeddings.storage.files import fsync, write_bytes_atomically

_ONE_AT_A_TIME = Lock()
"""Between looking whether a file is there and replacing it, nobody else here may put one."""


@dataclass(frozen=True)
class StoredFile:
    """A file that was put into the folder of seeds.

    Attributes:
        path: below the folder.
        replaced: what was there before, None where nothing was, or the very same.
        changed: False when the very same bytes were there already.
    """

    path: str
    replaced: Trashed | None = None
    changed: bool = True


def add_article(seeds: Path, name: str, data: bytes, trash: Path, title: str = "") -> StoredFile:
    """Write a file into the folder of seeds, in one step; what it replaces goes into the trash.

    Args:
        seeds: the folder of articles.
        name: as `safe_name` returns it; anything else is refused.
        data: the file's bytes.
        trash: the folder of what can be undone; made where it is missing.
        title: of the article that is replaced, for people.

    Raises:
        FolderUnwritable: a folder cannot be written; nothing has changed.
        EditingError: the name is taken by something that is no article.
    """
    if "/" in name or "\\" in name or is_hidden(name) or name in ("", ".", ".."):
        raise EditingError(f"{name!r} is no name for an article.")
    sha256 = hashlib.sha256(data).hexdigest()
    with _ONE_AT_A_TIME, explained(seeds):
        name = _spelled(seeds, name)
        path = seeds / name
        replaced = None
        if path.is_symlink() or path.exists():
            old = _plain(seeds, name).read_bytes()
            if old == data:
                return StoredFile(name, changed=False)
            replaced = add(trash, name, old, title, sha256)
        write_bytes_atomically(path, data)
    return StoredFile(name, replaced)


def remove_article(seeds: Path, path: str, trash: Path, title: str = "") -> Trashed:
    """Move a file from the folder of seeds into the trash.

    Raises:
        ArticleGone: there is no such file any more.
        FolderUnwritable: a folder cannot be written; nothing has changed.
        EditingError: the path is not that of a plain file in the folder.
    """
    with _ONE_AT_A_TIME, explained(seeds):
        location = _plain(seeds, path)
        trashed = add(trash, path, location.read_bytes(), title, None)
        location.unlink()
        fsync(location.parent)
    return trashed


def restore_article(seeds: Path, trash: Path, key: str) -> Trashed:
    """Put a file back where it was; what had replaced it goes into the trash.

    Raises:
        UndoGone: it is not in the trash, or not any more.
        ArticleNewer: another file has its name by now; nothing has changed.
        FolderUnwritable: a folder cannot be written; nothing has changed.
        EditingError: its place is not in the folder of seeds.
    """
    with _ONE_AT_A_TIME, explained(seeds):
        entry = find_trashed(trash, key)
        if entry is None:
            raise UndoGone("This can no longer be undone.")
        data = (trash / key).read_bytes()
        location = _place(seeds, entry.path)
        if location.is_symlink() or location.exists():
            now = _plain(seeds, entry.path).read_bytes()
            if now != data and hashlib.sha256(now).hexdigest() != entry.replaced_by:
                raise ArticleNewer(f"There is a newer {entry.path} by now.")
            if now != data:
                own = hashlib.sha256(data).hexdigest()
                add(trash, entry.path, now, entry.title, own)
        location.parent.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(location, data)
        delete(trash, key)
    return entry


def _place(seeds: Path, path: str) -> Path:
    """Return where a path below the folder of seeds leads; never out of it, not by links either."""
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or path.startswith("/") or ".." in parts:
        raise EditingError(f"{path!r} is not in the folder of articles.")
    location = seeds.joinpath(*parts)
    if location.parent.resolve() != seeds.resolve().joinpath(*parts[:-1]):
        raise EditingError(f"{path!r} is not in the folder of articles.")
    return location


def _plain(seeds: Path, path: str) -> Path:
    location = _place(seeds, path)
    if location.is_symlink() or (location.exists() and not location.is_file()):
        raise EditingError(f"{path} is not a plain file.")
    if not location.exists():
        raise ArticleGone(f"{path} is not there any more.")
    return location


def _spelled(seeds: Path, name: str) -> str:
    """Return the name as it is in the folder: some systems write й as two characters."""
    if (seeds / name).exists() or (seeds / name).is_symlink():
        return name
    same = (p.name for p in seeds.iterdir() if unicodedata.normalize("NFC", p.name) == name)
    return next(same, name)
