"""Digests, durable writes and atomic replacement of files."""

import errno
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embeddings.errors import IndexDamaged, IndexUnavailable, StoreError

_READ_AT_ONCE = 4

_SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN}
"""Error numbers of a system without free file handles or memory; the file may be whole."""

HOW_TO_REPAIR = "Build the index again: python -m embeddings build --full"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests_of(paths: Sequence[Path]) -> dict[Path, str]:
    """Return the SHA-256 of files, reading several at once.

    Raises:
        OSError: a file cannot be read; the error names it.
    """
    with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
        return dict(zip(paths, pool.map(sha256_of, paths), strict=True))


def unreadable(path: Path, error: Exception) -> StoreError:
    """Return the error to raise for a file of an index that could not be opened.

    A file that is missing or cannot be read is damage, and is repaired by a build. A system that
    has no file handles or no memory left says nothing about the file.
    """
    if isinstance(error, MemoryError) or getattr(error, "errno", None) in _SHORTAGES:
        reason = getattr(error, "strerror", None) or "not enough memory"
        return IndexUnavailable(f"{path} cannot be opened now: {reason}. Try again later.")
    return IndexDamaged(f"{path} is missing or unreadable. {HOW_TO_REPAIR}")


def fsync(path: Path) -> None:
    """Force a file or a directory entry to the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows cannot open a directory
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_tree(directory: Path) -> None:
    """Force every file below a directory, and its directories, to the disk."""
    for parent, _, names in os.walk(directory, topdown=False):
        for name in names:
            fsync(Path(parent) / name)
        fsync(Path(parent))


def write_atomically(path: Path, text: str) -> None:
    """Replace a file in one step: a reader sees the old text or the new, never a part."""
    write_bytes_atomically(path, text.encode())


def write_bytes_atomically(path: Path, data: bytes) -> None:
    """Replace a file in one step: a reader sees the old bytes or the new, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync(path.parent)
