"""Compares files with their digests, reading again only files that may have changed.

Like git's index, it remembers size, times and inode of every file that was verified. Writing to the
file or replacing it changes one of these (no program can set the change time back). Damage that no
program caused, such as bit rot, is found only by a thorough check.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from embeddings.storage.files import digests_of

NOTES = ".checked.json"

Stamp = list[int]
"""Size, modification time, change time and inode number of a file."""


def find_damage(
    directory: Path, digests: Mapping[str, str], *, thorough: bool = False
) -> str | None:
    """Return the name of a file that does not match its digest; None when all match.

    The directory keeps the stamps of verified files, too. When `thorough`, every file is read,
    whether or not it may have changed.

    Raises:
        OSError: a file cannot be read; the error names it.
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
    """Remember files as verified, by their names.

    Stamps were taken before the files were read, so that a later change shows.
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
    """Return the stamp of a file.

    Raises:
        OSError: the file is missing.
    """
    state = path.stat()
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]


def _noted(directory: Path) -> dict[str, list[object]]:
    try:
        noted = json.loads((directory / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
