"""The word vectors of a model, most of its weights, read from disk a row at a time."""

import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats, Ints


class WordVectors:
    """A matrix on disk. Not thread-safe.

    It is read and not mapped: of a mapped file the system gives a process far more than the row
    that is touched, up to 2 MB, and 100 questions held 20 MB so. A row takes 2 µs.
    """

    def __init__(self, path: Path) -> None:
        """Open the matrix; no row is read."""
        mapped = np.load(path, mmap_mode="r")
        self.width: int = mapped.shape[1]
        self._type, self._begin = mapped.dtype, int(mapped.offset)
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        if hasattr(os, "posix_fadvise"):  # what is beside a row is not needed next
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)

    def of(self, ids: "Ints") -> "Floats":
        """Return the rows of these words, (n, width)."""
        rows = np.empty((len(ids), self.width), self._type)
        for row, number in zip(rows, ids.tolist(), strict=True):
            self._file.seek(self._begin + number * row.nbytes)
            if self._file.readinto(row) != row.nbytes:
                raise OSError(f"{self._file.name} has become shorter")
        return rows.astype(np.float32)
