"""A model's input embeddings, most of its weights, read from disk a row at a time."""

import os
import weakref
from pathlib import Path

import numpy as np

from embeddings.array_types import Floats, Ints


class WordVectors:
    """The input embeddings, a matrix of one row a token, on disk. Not thread-safe.

    The file is read rather than mapped: the system loads up to 2 MB of a mapped file around each
    row that is touched, so that 100 questions took 20 MB of memory. Reading a row takes 2 µs.
    """

    def __init__(self, path: Path) -> None:
        """Open the NumPy file at `path`, without reading any row."""
        mapped = np.load(path, mmap_mode="r")
        self.width: int = mapped.shape[1]
        self._type, self._begin = mapped.dtype, int(mapped.offset)
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        if hasattr(os, "posix_fadvise"):  # no read-ahead: rows are read in no order
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)

    def of(self, ids: Ints) -> Floats:
        """Return the rows of some tokens, of shape (n, width).

        Raises:
            OSError: the file has become shorter since it was opened.
        """
        rows = np.empty((len(ids), self.width), self._type)
        for row, number in zip(rows, ids.tolist(), strict=True):
            self._file.seek(self._begin + number * row.nbytes)
            if self._file.readinto(row) != row.nbytes:
                raise OSError(f"{self._file.name} has become shorter")
        return rows.astype(np.float32)
