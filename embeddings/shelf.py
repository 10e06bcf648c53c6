"""Putting articles into the folder of seeds and taking them out, so that it can be undone.

What is taken out lies in a trash folder: its bytes in `KEY`, and in `KEY.json` where they belong.
A key names a path and the bytes that were there, so it means the same after a restart.
"""

import hashlib
import json
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from embeddings.article import Article
from embeddings.errors import ArticleGone, ArticleNewer, ShelfError, ShelfUnwritable, UndoGone
from embeddings.files import fsync, write_bytes_atomically
from embeddings.readers import READERS
from embeddings.readers.worker import open_parser
from embeddings.seeds import is_hidden

_KEY_DIGITS = 12
_DAY_S = 86_400
_ONE_AT_A_TIME = Lock()
"""Between looking whether a file is there and replacing it, nobody else here may put one."""


@dataclass(frozen=True)
class Trashed:
    """A file in the trash.

    Attributes:
        key: what `restore` wants.
        path: below the folder of seeds, where the file was.
        title: of its article, for people.
        replaced_by: digest of the bytes that were put in its place, None where it was removed.
        at: when, in seconds since 1970.
    """

    key: str
    path: str
    title: str
    replaced_by: str | None
    at: float


@dataclass(frozen=True)
class Placed:
    """A file that was put into the folder of seeds.

    Attributes:
        path: below the folder.
        replaced: what was there before, None where nothing was, or the very same.
        changed: False when the very same bytes were there already.
    """

    path: str
    replaced: Trashed | None = None
    changed: bool = True


def formats() -> tuple[str, ...]:
    """Return the suffixes of the files that are read, in small letters, with their dots."""
    return tuple(sorted(READERS))


def examine(data: bytes, name: str) -> Article:
    """Read a file that is not in the folder of seeds yet, in a process of its own.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    with open_parser() as parser:
        return parser.parse(data, name)


def path_key(path: str) -> str:
    """Return a short name of an article's path; the keys of its trash begin with it."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_DIGITS]


def trash_key(path: str, sha256: str) -> str:
    """Return the key under which a file of this path and digest lies in the trash."""
    return f"{path_key(path)}-{sha256[:_KEY_DIGITS]}"


def put(seeds: Path, name: str, data: bytes, trash: Path, title: str = "") -> Placed:
    """Write a file into the folder of seeds, in one step; what it replaces goes into the trash.

    Args:
        seeds: the folder of articles.
        name: as `safe_name` returns it; anything else is refused.
        data: the file's bytes.
        trash: the folder of what can be undone; made where it is missing.
        title: of the article that is replaced, for people.

    Raises:
        ShelfUnwritable: a folder cannot be written; nothing has changed.
        ShelfError: the name is taken by something that is no article.
    """
    if "/" in name or "\\" in name or is_hidden(name) or name in ("", ".", ".."):
        raise ShelfError(f"{name!r} is no name for an article.")
    sha256 = hashlib.sha256(data).hexdigest()
    with _ONE_AT_A_TIME, _explained(seeds):
        name = _spelled(seeds, name)
        path = seeds / name
        replaced = None
        if path.is_symlink() or path.exists():
            old = _plain(seeds, name).read_bytes()
            if old == data:
                return Placed(name, changed=False)
            replaced = _into_trash(trash, name, old, title, sha256)
        write_bytes_atomically(path, data)
    return Placed(name, replaced)


def remove(seeds: Path, path: str, trash: Path, title: str = "") -> Trashed:
    """Move a file from the folder of seeds into the trash.

    Raises:
        ArticleGone: there is no such file any more.
        ShelfUnwritable: a folder cannot be written; nothing has changed.
        ShelfError: the path is not that of a plain file in the folder.
    """
    with _ONE_AT_A_TIME, _explained(seeds):
        location = _plain(seeds, path)
        trashed = _into_trash(trash, path, location.read_bytes(), title, None)
        location.unlink()
        fsync(location.parent)
    return trashed


def restore(seeds: Path, trash: Path, key: str) -> Trashed:
    """Put a file back where it was; what had replaced it goes into the trash.

    Raises:
        UndoGone: it is not in the trash, or not any more.
        ArticleNewer: another file has its name by now; nothing has changed.
        ShelfUnwritable: a folder cannot be written; nothing has changed.
        ShelfError: its place is not in the folder of seeds.
    """
    with _ONE_AT_A_TIME, _explained(seeds):
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
                _into_trash(trash, entry.path, now, entry.title, own)
        location.parent.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(location, data)
        _forget(trash, key)
    return entry


def find_trashed(trash: Path, key: str) -> Trashed | None:
    """Return what lies in the trash under a key, or None."""
    if not _is_key(key):
        return None
    try:
        entry = Trashed(**json.loads((trash / f"{key}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return entry if entry.key == key and (trash / key).is_file() else None


def last_removed(trash: Path, key: str) -> Trashed | None:
    """Return what was removed last from the path with this `path_key`, or None."""
    found = [entry for entry in _entries(trash, f"{key}-*.json") if entry.replaced_by is None]
    return max(found, key=lambda entry: entry.at, default=None)


def empty_trash(trash: Path, days: float = 30) -> None:
    """Delete what has been in the trash for longer; what cannot be deleted stays."""
    for path in trash.glob("*.json"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > days * _DAY_S:
                _forget(trash, path.stem)


def _into_trash(
    trash: Path, path: str, data: bytes, title: str, replaced_by: str | None
) -> Trashed:
    """Copied, not renamed: the trash may be on another disk."""
    with _explained(trash):
        key = trash_key(path, hashlib.sha256(data).hexdigest())
        entry = Trashed(key, path, title, replaced_by, time.time())
        trash.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(trash / key, data)
        written = json.dumps(asdict(entry), ensure_ascii=True).encode()
        write_bytes_atomically(trash / f"{key}.json", written)
    return entry


def _forget(trash: Path, key: str) -> None:
    for name in (f"{key}.json", key):
        with suppress(OSError):
            (trash / name).unlink()


def _entries(trash: Path, pattern: str) -> Iterator[Trashed]:
    for path in trash.glob(pattern):
        entry = find_trashed(trash, path.stem)
        if entry:
            yield entry


def _is_key(key: str) -> bool:
    path, _, data = key.partition("-")
    return all(
        len(part) == _KEY_DIGITS and set(part) <= set("0123456789abcdef") for part in (path, data)
    )


def _place(seeds: Path, path: str) -> Path:
    """Return where a path below the folder of seeds leads; never out of it, not by links either."""
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or path.startswith("/") or ".." in parts:
        raise ShelfError(f"{path!r} is not in the folder of articles.")
    location = seeds.joinpath(*parts)
    if location.parent.resolve() != seeds.resolve().joinpath(*parts[:-1]):
        raise ShelfError(f"{path!r} is not in the folder of articles.")
    return location


def _plain(seeds: Path, path: str) -> Path:
    location = _place(seeds, path)
    if location.is_symlink() or (location.exists() and not location.is_file()):
        raise ShelfError(f"{path} is not a plain file.")
    if not location.exists():
        raise ArticleGone(f"{path} is not there any more.")
    return location


def _spelled(seeds: Path, name: str) -> str:
    """Return the name as it is in the folder: some systems write й as two characters."""
    if (seeds / name).exists() or (seeds / name).is_symlink():
        return name
    same = (p.name for p in seeds.iterdir() if unicodedata.normalize("NFC", p.name) == name)
    return next(same, name)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system says of a disk into a sentence for a person."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ShelfUnwritable(
            f"The folder {folder} cannot be written: {reason}.", error.errno
        ) from error
