"""Files held against their digests, and not read again while the system says they are the same.

As git does with its index: of a file that was found whole, size, times and number are noted beside
it. Whoever writes to it, or puts another in its place, changes one of these (the change time
cannot be set back). What no program wrote, such as a disk that rots, only a thorough look finds.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from embeddings.storage.files import digests_of

NOTES = ".checked.json"

Stamp = list[int]
"""Size, time of the last write, time of the last change of any kind, number in its file system."""


def find_damage(
    directory: Path, digests: Mapping[str, str], *, thorough: bool = False
) -> str | None:
    """Return the name of a file that is not what it was; None when all are whole.

    Args:
        directory: holds the files, and the notes.
        digests: SHA-256 of each file, by its name.
        thorough: read every byte, whatever is noted.

    Raises:
        OSError: a file cannot be read; it is named.
    """
    stamps = {name: stamp_of(directory / name) for name in digests}
    noted = {} if thorough else _noted(directory)
    doubtful = [name for name in digests if noted.get(name) != [digests[name], *stamps[name]]]
    found = digests_of([directory / name for name in doubtful])
    for name in doubtful:
        if found[directory / name] != digests[name]:
            return name
    if doubtful:
        note(directory, digests, stamps)
    return None


def note(directory: Path, digests: Mapping[str, str], stamps: Mapping[str, Stamp]) -> None:
    """Note files as whole that were read, and had these digests then.

    Args:
        directory: holds the files.
        digests: SHA-256 of each file, by its name.
        stamps: of each as it was before it was read; one that changed since is read again.
    """
    noted = {name: [digests[name], *stamps[name]] for name in digests}
    temporary = directory / f"{NOTES}.{os.getpid()}"
    with suppress(OSError):  # without permission the files are read again next time
        try:
            temporary.write_text(json.dumps(noted), encoding="utf-8")
            temporary.replace(directory / NOTES)
        finally:
            temporary.unlink(missing_ok=True)


def stamp_of(path: Path) -> Stamp:
    """Return what changes with a file.

    Raises:
        OSError: it is not there.
    """
    state = path.stat()
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]


def _noted(directory: Path) -> dict[str, list[object]]:
    try:
        noted = json.loads((directory / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
