"""The folder of seeds: lists its files, and reads the bytes of one."""

import os
import time
from dataclasses import dataclass
from errno import errorcode
from itertools import filterfalse
from pathlib import Path

from embeddings.articles.formats import MAX_BYTES, SUFFIXES, suffix_of
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
    location: Path
    is_outside: bool = False


def find_file(name: str, folder: Path) -> SourceFile | None:
    """Return a file by its path, or an article by its path below `folder`; None without either."""
    for path, location in ((Path(name).name, Path(name)), (name, folder / name)):
        if location.is_file():
            return SourceFile(path, location)
    return None


def list_files(folder: Path) -> list[SourceFile]:
    """List the files below `folder` in the order of their paths.

    Hidden files and folders, backups, and files of the system are left out. A sub-folder that
    cannot be listed is listed as a file whose path ends with "/", and a link out of the folder is
    listed too, so that both can be reported as unreadable.

    Raises:
        SeedsError: there is no such folder, or it cannot be listed.
    """
    if not folder.is_dir():
        raise SeedsError(
            "There is no folder {folder}. Make it and put articles in it, "
            "or name another one in SEEDS_DIR.",
            folder=str(folder),
        )
    root = folder.resolve()
    found: dict[str, SourceFile] = {}  # one of the names whose bytes are shown the same is enough

    def add(location: Path, end: str = "") -> None:
        path = _display_path(location.relative_to(folder)) + end
        # realpath() because resolve() raises for a link to itself.
        is_outside = location.is_symlink() and not Path(os.path.realpath(location)).is_relative_to(
            root
        )
        found[path] = SourceFile(path, location, is_outside)

    def refuse(error: OSError) -> None:
        location = Path(error.filename)
        if location == folder:
            raise SeedsError("The folder {folder} cannot be read.", folder=str(folder)) from error
        if not isinstance(error, FileNotFoundError):
            add(location, "/")

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in filterfalse(is_hidden, names):
            add(Path(parent) / name)
        for link in (Path(parent) / name for name in folders):
            if link.is_symlink() and not link.resolve().is_relative_to(root):
                add(link)
    return [found[path] for path in sorted(found)]


def size_of(file: SourceFile) -> int:
    """Return the size of a file in bytes; 0 where the system does not tell."""
    try:
        return file.location.stat().st_size
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
        if not file.location.is_file():
            os.lstat(file.location)
            raise UnreadableFile("not a plain file")
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_S)
            before = file.location.stat()
            if before.st_size > MAX_BYTES:
                raise UnreadableFile("larger than {size} MB", size=MAX_BYTES // 2**20)
            data = file.location.read_bytes()
            after = file.location.stat()
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
    if suffix_of(file.path) not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        return Translatable("not a format that is read here ({formats})", formats=known)
    return None


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is ignored: hidden, temporary, or of the system."""
    small = name.lower()
    return name.startswith((".", _LOCK)) or small.endswith(_TEMPORARY) or small in _SYSTEM_NAMES


def _display_path(path: Path) -> str:
    r"""Return a path as text; bytes that are not UTF-8 are written as \xe0."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
