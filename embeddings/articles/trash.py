"""The files that were removed from the folder of seeds, kept so that they can be restored.

The bytes of a file are in `KEY`, its path and title in `KEY.json`. A key is made from the path and
the bytes, so it stays valid after a restart.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from errno import errorcode
from pathlib import Path

from embeddings.errors import FolderUnwritable
from embeddings.storage.files import write_bytes_atomically

_KEY_DIGITS = 12
_DAY_S = 86_400


@dataclass(frozen=True)
class Trashed:
    """A file in the trash.

    Attributes:
        key: what `restore_article` takes.
        path: below the folder of seeds, where the file was.
        title: of its article, to be shown.
        replaced_by: SHA-256 of the bytes that replaced it, None where it was removed.
        at: when, in seconds since 1970.
    """

    key: str
    path: str
    title: str
    replaced_by: str | None
    at: float


def path_key(path: str) -> str:
    """Return a short key for an article's path; the keys of its trashed files begin with it."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_DIGITS]


def trash_key(path: str, sha256: str) -> str:
    """Return the key of a file with this path and SHA-256."""
    return f"{path_key(path)}-{sha256[:_KEY_DIGITS]}"


def find_trashed(trash: Path, key: str) -> Trashed | None:
    """Return the file with this key, or None."""
    if not re.fullmatch(rf"[0-9a-f]{{{_KEY_DIGITS}}}-[0-9a-f]{{{_KEY_DIGITS}}}", key):
        return None
    try:
        entry = Trashed(**json.loads((trash / f"{key}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return entry if entry.key == key and (trash / key).is_file() else None


def last_removed(trash: Path, key: str) -> Trashed | None:
    """Return the file that was removed last from the path with this `path_key`, or None."""
    removed = (entry for entry in list_trashed(trash, key) if entry.replaced_by is None)
    return next(removed, None)


def list_trashed(trash: Path, path_key: str = "") -> list[Trashed]:
    """Return what is in the trash, newest first; of one path where its key is given."""
    found = (find_trashed(trash, path.stem) for path in trash.glob(f"{path_key}*-*.json"))
    return sorted(filter(None, found), key=lambda entry: entry.at, reverse=True)


def empty_trash(trash: Path, days: float = 30) -> None:
    """Delete the files that have been in the trash for longer than `days`, where possible."""
    for path in trash.glob("*.json"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > days * _DAY_S:
                delete(trash, path.stem)


def add(trash: Path, path: str, data: bytes, title: str, replaced_by: str | None) -> Trashed:
    """Copy a file into the trash; it may be on another disk, so the file cannot be renamed.

    Raises:
        FolderUnwritable: the trash cannot be written.
    """
    with os_errors_as_unwritable(trash):
        key = trash_key(path, hashlib.sha256(data).hexdigest())
        entry = Trashed(key, path, title, replaced_by, time.time())
        trash.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(trash / key, data)
        write_bytes_atomically(trash / f"{key}.json", json.dumps(asdict(entry)).encode())
    return entry


def delete(trash: Path, key: str) -> None:
    """Delete the file with this key."""
    for name in (f"{key}.json", key):
        with suppress(OSError):
            (trash / name).unlink()


@contextmanager
def os_errors_as_unwritable(folder: Path) -> Iterator[None]:
    """Raise FolderUnwritable, with a sentence for a person, in place of an OSError."""
    try:
        yield
    except OSError as error:
        code = errorcode.get(error.errno or 0, type(error).__name__)
        raise FolderUnwritable(
            "The folder {folder} cannot be written to ({error}).",
            error.errno,
            folder=str(folder),
            error=code,
        ) from error
