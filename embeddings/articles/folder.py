"""The folder of seeds: lists its files, and reads the bytes of one."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from errno import errorcode
from pathlib import Path

from embeddings.articles.formats import MAX_BYTES, READERS, suffix_of
from embeddings.errors import FileGone, FileInMotion, SeedsError, UnreadableFile
from embeddings.translatable import Translatable

_ATTEMPTS = 3
_PAUSE_S = 0.1
_SYSTEM_NAMES = frozenset(
    "thumbs.db ehthumbs.db desktop.ini icon\r $recycle.bin __macosx lost+found".split(" ")
) | {"system volume information"}
_TEMPORARY = ("~", ".tmp", ".part", ".crdownload", ".swp")
_LOCK = "~$"
"""What Office writes before the name of a document that is open."""


@dataclass(frozen=True)
class SourceFile:
    """A file found below the folder of seeds.

    Attributes:
        path: below the folder, with "/" between folders.
        location: where it can be opened.
        is_outside: whether it is a link out of the folder, which is not followed.
    """

    path: str
    location: str | Path
    is_outside: bool = False


def find_file(name: str, folder: Path) -> SourceFile | None:
    """Return a file by its path, or an article by its path below `folder`; None without either."""
    for path, location in ((Path(name).name, Path(name)), (name, folder / name)):
        if location.is_file():
            return SourceFile(path, location)
    return None


def check_folder(folder: Path) -> None:
    """Make sure that a folder can be listed.

    Raises:
        SeedsError: there is no such folder, or it cannot be listed.
    """
    if not folder.is_dir():
        raise SeedsError(
            "There is no folder {folder}. Make it and put articles in it, "
            "or name another one in SEEDS_DIR.",
            folder=str(folder),
        )
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise _unreadable(folder) from error


def list_files(folder: Path) -> list[SourceFile]:
    """List the files below `folder` in the order of their paths.

    Hidden files and folders, backups, and files of the system are left out. A sub-folder that
    cannot be listed is listed as a file whose path ends with "/", and a link out of the folder is
    listed too, so that both can be reported as unreadable.

    Raises:
        SeedsError: there is no such folder, or it cannot be listed.
    """
    check_folder(folder)
    # Of names whose bytes are shown the same, one is enough.
    found = {file.path: file for file in _files_below(folder)}
    return [found[path] for path in sorted(found)]


def _files_below(folder: Path) -> Iterator[SourceFile]:
    """Yield files in any order; strings instead of paths, as it runs every few seconds."""
    root = os.path.realpath(folder)
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as entries:
                for entry in entries:
                    if is_hidden(entry.name):
                        continue
                    path, is_link = below + entry.name, entry.is_symlink()
                    # realpath() because resolve() raises for a link to itself.
                    is_outside = is_link and not Path(os.path.realpath(entry.path)).is_relative_to(
                        root
                    )
                    if not _is_folder(entry) or is_outside:
                        yield SourceFile(_display_path(path), entry.path, is_outside)
                    elif not is_link:
                        waiting.append(f"{path}/")
        except OSError as error:
            if not below:
                raise _unreadable(folder) from error
            if not isinstance(error, FileNotFoundError):
                yield SourceFile(_display_path(below), folder / below)


def _unreadable(folder: Path) -> SeedsError:
    return SeedsError("The folder {folder} cannot be read.", folder=str(folder))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def stat_of(file: SourceFile) -> os.stat_result:
    """Return what the system says of a file; raises OSError."""
    return os.stat(file.location)  # noqa: PTH116  # many files: a `Path` takes as long to make


def size_of(file: SourceFile) -> int:
    """Return the size of a file in bytes; 0 where the system does not tell."""
    try:
        return stat_of(file).st_size
    except OSError:
        return 0


def read_bytes(file: SourceFile) -> bytes:
    """Return the bytes of a file as they were at one moment.

    Raises:
        FileGone: it was deleted since it was listed.
        FileInMotion: it changed during each attempt to read it.
        UnreadableFile: its format is not supported, it cannot be opened, or it is too large.
    """
    if reason := _why_unread(file):
        raise UnreadableFile(reason)
    try:
        location = Path(file.location)
        if not location.is_file():
            location.lstat()
            raise UnreadableFile("not a plain file")
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_S)
            before = location.stat()
            if before.st_size > MAX_BYTES:
                raise UnreadableFile("larger than {size} MB", size=MAX_BYTES // 2**20)
            data = location.read_bytes()
            after = location.stat()
            states = {(state.st_size, state.st_mtime_ns, state.st_ino) for state in (before, after)}
            if states == {(len(data), after.st_mtime_ns, after.st_ino)}:
                return data
    except FileNotFoundError as error:
        raise FileGone("deleted") from error
    except OSError as error:
        if isinstance(error, PermissionError):
            raise UnreadableFile("permission denied") from error
        code = errorcode.get(error.errno or 0, type(error).__name__)
        raise UnreadableFile("cannot be opened ({error})", error=code) from error
    raise FileInMotion("still being written")


def _why_unread(file: SourceFile) -> str | None:
    if file.is_outside:
        return Translatable("a link out of the folder, which is not followed")
    if file.path.endswith("/"):
        return Translatable("a folder that cannot be listed")
    if suffix_of(file.path) not in READERS:
        known = ", ".join(READERS)
        return Translatable("not a format that is read here ({formats})", formats=known)
    return None


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is ignored: hidden, temporary, or of the system."""
    small = name.lower()
    return name.startswith((".", _LOCK)) or small.endswith(_TEMPORARY) or small in _SYSTEM_NAMES


def _display_path(path: str) -> str:
    r"""Return a path as text; bytes that are not UTF-8 are written as \xe0."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")
