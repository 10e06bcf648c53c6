"""Caches directories that are expensive to make: assembled and converted models.

A marker with the digests of all files is written last, so that an incomplete or damaged directory
is recognised.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from embeddings.errors import UsageError
from embeddings.storage.checksums import find_damage
from embeddings.storage.files import fsync_tree, sha256_of

_MARKER = "assembled.json"


def default_cache() -> Path:
    """Return the directory for models: `MODEL_DIR`, or the system's cache for this program.

    Raises:
        UsageError: the system has no cache for this user, who has no home.
    """
    named = os.environ.get("MODEL_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    try:
        return user_cache_path("passage-bot") / "models"
    except RuntimeError as error:
        raise UsageError(
            "There is no home directory for models to be kept in. Name a directory with MODEL_DIR."
        ) from error


def is_whole(directory: Path) -> bool:
    """Whether `directory` is complete and undamaged."""
    try:
        digests: dict[str, str] = json.loads((directory / _MARKER).read_text(encoding="utf-8"))
        return bool(digests) and find_damage(directory, digests) is None
    except (OSError, ValueError, AttributeError):
        return False


def write_once(target: Path, write: Callable[[Path], object]) -> None:
    """Create the directory `target`, filled by `write`, unless it is there and whole.

    `write` fills a temporary directory, which is then renamed. Other processes wait meanwhile.

    Raises:
        OSError: the disk is full, or permission is missing. `write` may raise other errors.
    """
    from filelock import FileLock

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f"{target.name}.lock")):
        if is_whole(target):  # another process was quicker
            return
        for left_over in [target, *target.parent.glob(f".{target.name}.*")]:
            shutil.rmtree(left_over, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            write(work)
            _mark(work)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _mark(work: Path) -> None:
    digests = {
        path.relative_to(work).as_posix(): sha256_of(path)
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }
    (work / _MARKER).write_text(json.dumps(digests), encoding="utf-8")
    fsync_tree(work)
