"""What OpenVINO has compiled: it would take it as it is, whatever has become of it on the disk."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

from embeddings.storage.checksums import find_damage
from embeddings.storage.files import fsync_tree, sha256_of, write_atomically

_DIGESTS = "digests.json"


def is_usable(folder: Path) -> bool:
    """Whether OpenVINO may look into a folder; what is not known to be whole is removed first."""
    if not _is_whole(folder):
        shutil.rmtree(folder, ignore_errors=True)
    return not _blobs(folder) or _is_whole(folder)


def note(folder: Path) -> None:
    """Remember what was just compiled; without room or permission it is compiled again."""
    blobs = _blobs(folder)
    if not blobs or _is_whole(folder):
        return
    with suppress(OSError):
        fsync_tree(folder)  # what is noted is no longer lost when the power fails
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
