"""Keeps a directory from being removed while a process reads it.

Readers hold a shared lock on a file in the directory, and removing it takes an exclusive lock. The
system releases a lock when its process ends, however it ends. Where there are no such locks
(Windows, some network folders) the directory is removed without asking: Windows refuses to rename
a directory with open files, and elsewhere an open file stays readable after it is removed.
"""

import os
import shutil
import sys
from pathlib import Path


class Hold:
    """A shared lock on a directory, held until it is released or the process ends.

    Raises:
        FileNotFoundError: the directory was removed, or is being removed.
    """

    def __init__(self, file: Path) -> None:
        self._descriptor: int | None = os.open(file, os.O_RDONLY)
        locked = _lock(self._descriptor, exclusive=False)
        if not locked or not _is_still_there(self._descriptor, file):
            self.release()
            raise FileNotFoundError(file)

    def release(self) -> None:
        """Release the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_unless_held(directory: Path, file: str) -> bool:
    """Remove a directory unless a `Hold` on `file` in it exists; return whether it is removed."""
    renamed = directory.with_name(f".{directory.name}.{os.getpid()}")
    try:
        descriptor = os.open(directory / file, os.O_RDONLY)
    except FileNotFoundError:  # partly removed already: nobody can open it
        shutil.rmtree(directory, ignore_errors=True)
        return not directory.exists()
    except OSError:
        return False
    try:
        if not _lock(descriptor, exclusive=True):
            return False
        directory.rename(renamed)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    shutil.rmtree(renamed, ignore_errors=True)
    return True


def _is_still_there(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except OSError:
        return False


def _lock(descriptor: int, *, exclusive: bool) -> bool:
    """Lock a file; return False when another lock on it prevents that."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
