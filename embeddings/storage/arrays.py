"""Arrays on disk, mapped into memory rather than read."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from embeddings.storage.files import unreadable

_READING = Lock()
"""NumPy reads headers by `ast`, which in Python 3.11 fails now and then in two threads at once."""


def save_arrays(directory: Path, name: str, **arrays: Any) -> None:
    """Write each array into a file NAME.KEY.npy of its own."""
    for key, array in arrays.items():
        np.save(directory / f"{name}.{key}.npy", array, allow_pickle=False)


def load_arrays(directory: Path, name: str, keys: Sequence[str]) -> dict[str, Any]:
    """Map the arrays that `save_arrays` wrote, read-only.

    Raises:
        IndexDamaged: a file is missing or holds no array.
        IndexUnavailable: the system has no file handles or memory left.
    """
    return {key: load_array(directory / f"{name}.{key}.npy") for key in keys}


def load_array(path: Path) -> Any:
    """Map an array from a .npy file; it cannot be changed.

    Raises:
        IndexDamaged: the file is missing or is no array.
        IndexUnavailable: the system has no handles or memory left.
    """
    try:
        with _READING:
            try:
                return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
            except ValueError:  # an empty array cannot be mapped
                return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError) as error:
        raise unreadable(path, error) from error


class ArrayWriter:
    """Writes a .npy file row after row, when the number of rows is not known beforehand.

    Until it is finished, the file is an array without rows. Not `numpy.lib.format.open_memmap`:
    writing to a mapped file on a full disk kills the process (SIGBUS), where a plain write raises
    OSError.
    """

    def __init__(self, path: Path, dtype: Any, row_shape: tuple[int, ...]) -> None:
        """Create the file.

        Raises:
            OSError: it cannot be written, or is there already.
        """
        self._dtype, self._row_shape, self._rows = np.dtype(dtype), row_shape, 0
        self._file = path.open("x+b")
        self._write_header()
        self._begin = self._file.tell()

    def append(self, rows: Any) -> None:
        """Append an array of shape (n, *row_shape).

        Raises:
            ValueError: the rows have another shape.
        """
        if rows.shape[1:] != self._row_shape:
            raise ValueError(f"rows of shape {rows.shape[1:]}, not {self._row_shape}")
        self._file.write(np.ascontiguousarray(rows, self._dtype).data)
        self._rows += len(rows)

    def finish(self) -> None:
        """Write the number of rows into the header, for which numpy leaves room there."""
        self._file.seek(0)
        self._write_header()
        self._file.flush()

    def read(self, count: int) -> Iterator[Any]:
        """Yield the rows of the finished file again, so many at a time."""
        size = count * math.prod(self._row_shape)
        self._file.seek(self._begin)
        while len(values := np.fromfile(self._file, self._dtype, size)):
            yield values.reshape(-1, *self._row_shape)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()

    def _write_header(self) -> None:
        shape = (self._rows, *self._row_shape)
        header = {"descr": self._dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)
