"""What can happen to a file of an index, and a manifest that agrees with it all the same."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from embeddings.index.manifest import FILE_NAME, FileEntry, dump, load
from embeddings.storage.files import sha256_of

Damage = Callable[[Path], object]


def flip(path: Path, at: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= 0x10
    path.write_bytes(data)


def flip_first(path: Path) -> None:
    flip(path, 0)


def flip_last(path: Path) -> None:
    flip(path, 1)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is something else entirely" * 200)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def put_a_directory_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


SHAPES: list[Damage] = [shorten, halve, empty, overwrite, put_a_directory_there, Path.unlink]
"""Seen by what reads the file, without a digest."""
CONTENTS: list[Damage] = [flip_first, flip, flip_last]


def seal(directory: Path) -> None:
    """Make the manifest of a generation agree with its files, as a faulty build would."""
    manifest = load(directory / FILE_NAME)
    files = {
        name: FileEntry((directory / name).stat().st_size, sha256_of(directory / name))
        for name in manifest.files
    }
    (directory / FILE_NAME).write_text(dump(replace(manifest, files=files)), encoding="utf-8")
