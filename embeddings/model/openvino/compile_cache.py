"""Checks OpenVINO's cache of compiled models, which OpenVINO itself would load even if damaged."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

from embeddings.storage.checksums import find_damage
from embeddings.storage.files import fsync_tree, sha256_of, write_atomically

_DIGESTS = "digests.json"


def is_usable(folder: Path) -> bool:
    """Return whether OpenVINO may use a cache folder, after removing one that may be damaged."""
    if not _is_whole(folder):
        shutil.rmtree(folder, ignore_errors=True)
    return not _blobs(folder) or _is_whole(folder)


def record(folder: Path) -> None:
    """Store the digests of the compiled models, so that damage is noticed.

    Without room or permission nothing is stored, and the models are compiled again next time.
    """
    blobs = _blobs(folder)
    if not blobs or _is_whole(folder):
        return
    with suppress(OSError):
        fsync_tree(folder)  # first, so that a power failure loses nothing that has a digest
        digests = {blob.name: sha256_of(blob) for blob in blobs}
        write_atomically(folder / _DIGESTS, json.dumps(digests))


def _blobs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.blob"))


def _is_whole(folder: Path) -> bool:
    try:
        digests: dict[str, str] = json.loads((folder / _DIGESTS).read_text(encoding="utf-8"))
        if digests.keys() != {blob.name for blob in _blobs(folder)}:
            return False
        return find_damage(folder, digests) is None
    except (OSError, ValueError, AttributeError):
        return False
