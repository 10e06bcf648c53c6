"""The folder of seeds: which files are in it, and what is in a file at one moment."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from embeddings.articles.formats import MAX_BYTES, SUFFIXES, suffix_of
from embeddings.errors import FileGone, FileInMotion, SeedsError, UnreadableFile

_ATTEMPTS = 3
_PAUSE_S = 0.1


@dataclass(frozen=True)
class SourceFile:
    """A file found below the folder of seeds.

    Attributes:
        path: below the folder, with "/" between folders.
        location: where it can be opened.
    """

    path: str
    location: Path


def list_files(folder: Path) -> list[SourceFile]:
    """List the files below `folder` in the order of their paths; links out of it are not followed.

    Hidden files and folders, and editors' backups, are not articles. A sub-folder that cannot be
    listed is listed itself, so that it is named among what cannot be read.

    Raises:
        SeedsError: there is no such folder, or it cannot be listed.
    """
    if not folder.is_dir():
        raise SeedsError(
            f"There is no folder {folder}. Make it and put articles in it, "
            "or name another one with --seeds or SEEDS_DIR."
        )
    root = folder.resolve()
    found: list[SourceFile] = []

    def refuse(error: OSError) -> None:
        location = Path(error.filename)
        if location == folder:
            raise SeedsError(f"The folder {folder} cannot be read: {error.strerror}.") from error
        if not isinstance(error, FileNotFoundError):
            found.append(SourceFile(_readable(location.relative_to(folder)) + "/", location))

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in names:
            location = Path(parent) / name
            if is_hidden(name) or _leads_outside(location, root):
                continue
            found.append(SourceFile(_readable(location.relative_to(folder)), location))
    # Two names of odd bytes may read the same: one of them is enough, none would be too few.
    by_path = {seed.path: seed for seed in found}
    return [by_path[path] for path in sorted(by_path)]


def read_bytes(seed: SourceFile) -> bytes:
    """Return the bytes of a file, all from one moment; they decide the article.

    Raises:
        FileGone: it was deleted since it was listed.
        FileInMotion: it was changed each time while it was read.
        UnreadableFile: no reader knows it, it cannot be opened, or it is too large.
    """
    if seed.path.endswith("/"):
        raise UnreadableFile("a folder that cannot be listed")
    if suffix_of(seed.path) not in SUFFIXES:
        raise UnreadableFile(f"not a format that is read here ({', '.join(SUFFIXES)})")
    try:
        if not seed.location.is_file():
            os.lstat(seed.location)
            raise UnreadableFile("not a plain file")
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_S)
            before = seed.location.stat()
            if before.st_size > MAX_BYTES:
                raise UnreadableFile(f"larger than {MAX_BYTES // 2**20} MB")
            data = seed.location.read_bytes()
            if _same(before, seed.location.stat(), len(data)):
                return data
    except FileNotFoundError as error:
        raise FileGone("deleted") from error
    except OSError as error:
        raise UnreadableFile((error.strerror or "cannot be opened").lower()) from error
    raise FileInMotion("still being written")


def _same(before: os.stat_result, after: os.stat_result, size: int) -> bool:
    return (before.st_size, before.st_mtime_ns, before.st_ino) == (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    ) and size == after.st_size


def _readable(path: Path) -> str:
    r"""Return a path as text; where its bytes are no UTF-8 they are written as \xe0."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is none of ours: hidden, or an editor's backup."""
    return name.startswith(".") or name.endswith("~")


def _leads_outside(location: Path, root: Path) -> bool:
    # Not resolve(): a link that leads to itself makes it raise.
    return location.is_symlink() and not Path(os.path.realpath(location)).is_relative_to(root)
