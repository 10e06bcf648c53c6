"""Who still reads a directory: readers share a lock on a file in it, the remover wants it alone.

The system lets go of the lock when its process ends, however it ends. Where there are no such
locks (Windows, some network folders), the remover asks nobody: on Windows a directory with open
files cannot be renamed, elsewhere files that are open outlive their names.
"""

import os
import shutil
import sys
from pathlib import Path


class Hold:
    """Keeps a directory from being removed, until it is released or the process ends.

    Raises:
        FileNotFoundError: the directory is gone, or goes at this moment.
    """

    def __init__(self, file: Path) -> None:
        self._descriptor: int | None = os.open(file, os.O_RDONLY)
        free = _lock(self._descriptor, alone=False)
        if not free or not _is_still_there(self._descriptor, file):
            self.release()
            raise FileNotFoundError(file)

    def release(self) -> None:
        """Let the directory be removed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_unless_held(directory: Path, file: str) -> bool:
    """Remove a directory unless somebody holds `file` in it; return whether it is gone."""
    condemned = directory.with_name(f".{directory.name}.{os.getpid()}")
    try:
        descriptor = os.open(directory / file, os.O_RDONLY)
    except FileNotFoundError:  # half of it is gone already: nobody can open it
        shutil.rmtree(directory, ignore_errors=True)
        return not directory.exists()
    except OSError:
        return False
    try:
        if not _lock(descriptor, alone=True):
            return False
        directory.rename(condemned)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    shutil.rmtree(condemned, ignore_errors=True)
    return True


def _is_still_there(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except OSError:
        return False


def _lock(descriptor: int, *, alone: bool) -> bool:
    """Lock a file; return False when somebody has it in a way that excludes this one."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
