"""Arrays on disk, mapped into memory rather than read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from embeddings.storage.files import unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence


def save_arrays(directory: Path, name: str, **arrays: Any) -> None:
    """Write each array into a file NAME.KEY.npy of its own."""
    for key, array in arrays.items():
        np.save(directory / f"{name}.{key}.npy", array, allow_pickle=False)


@contextmanager
def array_file(directory: Path, name: str, key: str, kind: Any, length: int) -> Iterator[IO[bytes]]:
    """Open NAME.KEY.npy to write the bytes of an array of shape (length,) part by part.

    Not `numpy.lib.format.open_memmap`: writing to a mapped file on a full disk kills the process
    (SIGBUS), where a plain write raises OSError.
    """
    with (directory / f"{name}.{key}.npy").open("xb") as file:
        header = {"descr": np.dtype(kind).str, "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(file, header)
        yield file


def load_arrays(directory: Path, name: str, keys: "Sequence[str]") -> dict[str, Any]:
    """Map the arrays that `save_arrays` wrote, read-only.

    Raises:
        IndexDamaged: a file is missing or holds no array.
        IndexUnavailable: the system has no file handles or memory left.
    """
    arrays: dict[str, Any] = {}
    for key in keys:
        path = directory / f"{name}.{key}.npy"
        try:
            arrays[key] = _mapped(path)
        except (OSError, ValueError, EOFError, MemoryError) as error:
            raise unreadable(path, error) from error
    return arrays


def _mapped(path: Path) -> Any:
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.load(path, allow_pickle=False)
