"""The folder of seeds: lists its files, and reads the bytes of one."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from embeddings.articles.formats import MAX_BYTES, SUFFIXES, suffix_of
from embeddings.errors import FileGone, FileInMotion, SeedsError, UnreadableFile
from embeddings.text.file_names import printable

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


def find_file(name: str, folder: Path) -> SourceFile:
    """Return a file by its path, or an article by its path below `folder`.

    Raises:
        SeedsError: there is neither.
    """
    for path, location in ((Path(name).name, Path(name)), (name, folder / name)):
        if location.is_file():
            return SourceFile(path, location)
    raise SeedsError(f"There is no file {printable(name)}, neither here nor in {folder}.")


def list_files(folder: Path) -> list[SourceFile]:
    """List the files below `folder` in the order of their paths; links out of it are left out.

    Hidden files and folders, and editors' backups, are left out. A sub-folder that cannot be
    listed is listed as a file whose path ends with "/", so that it can be reported as unreadable.

    Raises:
        SeedsError: there is no such folder, or it cannot be listed.
    """
    if not folder.is_dir():
        raise SeedsError(
            f"There is no folder {folder}. Make it and put articles in it, "
            "or name another one with --seeds or SEEDS_DIR."
        )
    root = folder.resolve()
    found: dict[str, SourceFile] = {}  # one of the names whose bytes are shown the same is enough

    def add(location: Path, end: str = "") -> None:
        path = _display_path(location.relative_to(folder)) + end
        found[path] = SourceFile(path, location)

    def refuse(error: OSError) -> None:
        location = Path(error.filename)
        if location == folder:
            raise SeedsError(f"The folder {folder} cannot be read: {error.strerror}.") from error
        if not isinstance(error, FileNotFoundError):
            add(location, "/")

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in names:
            location = Path(parent) / name
            # realpath() because resolve() raises for a link to itself.
            if not is_hidden(name) and (
                not location.is_symlink() or Path(os.path.realpath(location)).is_relative_to(root)
            ):
                add(location)
    return [found[path] for path in sorted(found)]


def read_bytes(file: SourceFile) -> bytes:
    """Return the bytes of a file as they were at one moment.

    Raises:
        FileGone: it was deleted since it was listed.
        FileInMotion: it changed during each attempt to read it.
        UnreadableFile: its format is not supported, it cannot be opened, or it is too large.
    """
    if file.path.endswith("/"):
        raise UnreadableFile("a folder that cannot be listed")
    if suffix_of(file.path) not in SUFFIXES:
        raise UnreadableFile(f"not a format that is read here ({', '.join(SUFFIXES)})")
    try:
        if not file.location.is_file():
            os.lstat(file.location)
            raise UnreadableFile("not a plain file")
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_S)
            before = file.location.stat()
            if before.st_size > MAX_BYTES:
                raise UnreadableFile(f"larger than {MAX_BYTES // 2**20} MB")
            data = file.location.read_bytes()
            after = file.location.stat()
            states = {(state.st_size, state.st_mtime_ns, state.st_ino) for state in (before, after)}
            if states == {(len(data), after.st_mtime_ns, after.st_ino)}:
                return data
    except FileNotFoundError as error:
        raise FileGone("deleted") from error
    except OSError as error:
        raise UnreadableFile((error.strerror or "cannot be opened").lower()) from error
    raise FileInMotion("still being written")


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is ignored: hidden, or an editor's backup."""
    return name.startswith(".") or name.endswith("~")


def _display_path(path: Path) -> str:
    r"""Return a path as text; bytes that are not UTF-8 are written as \xe0."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
