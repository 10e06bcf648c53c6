"""What was taken out of the folder of seeds, kept so that it can be put back.

The bytes of a file lie in `KEY`, and in `KEY.json` where they belong. A key names a path and the
bytes that were there, so it means the same after a restart.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.errors import FolderUnwritable
from embeddings.storage.files import write_bytes_atomically

_KEY_DIGITS = 12
_DAY_S = 86_400


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


def path_key(path: str) -> str:
    """Return a short name of an article's path; the keys of its trash begin with it."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_DIGITS]


def trash_key(path: str, sha256: str) -> str:
    """Return the key under which a file of this path and digest lies in the trash."""
    return f"{path_key(path)}-{sha256[:_KEY_DIGITS]}"


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
                delete(trash, path.stem)


def add(trash: Path, path: str, data: bytes, title: str, replaced_by: str | None) -> Trashed:
    """Copy a file into the trash; not renamed, for the trash may be on another disk.

    Raises:
        FolderUnwritable: the trash cannot be written.
    """
    with explained(trash):
        key = trash_key(path, hashlib.sha256(data).hexdigest())
        entry = Trashed(key, path, title, replaced_by, time.time())
        trash.mkdir(parents=True, exist_ok=True)
        write_bytes_atomically(trash / key, data)
        written = json.dumps(asdict(entry), ensure_ascii=True).encode()
        write_bytes_atomically(trash / f"{key}.json", written)
    return entry


def delete(trash: Path, key: str) -> None:
    """Delete what lies under a key."""
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


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the system says of a disk into a sentence for a person."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderUnwritable(
            f"The folder {folder} cannot be written: {reason}.", error.errno
        ) from error
