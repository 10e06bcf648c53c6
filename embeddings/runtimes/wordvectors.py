"""The word vectors of a model, most of its weights, read from disk a row at a time."""

import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embeddings.encoder import Floats, Ints

_ROWS_HELD = 128


class WordVectors:
    """A matrix on disk. Its pages stay the system's, so they do not grow the process."""

    def __init__(self, path: Path) -> None:
        """Map the matrix; nothing is read."""
        self._mapped: Any = np.load(path, mmap_mode="r")
        self._rows = np.asarray(self._mapped)
        self._held = 0
        self.width: int = self._rows.shape[1]
        self._advise("MADV_RANDOM")

    def of(self, ids: "Ints") -> "Floats":
        """Return the rows of these words, (n, width)."""
        found = self._rows[ids].astype(np.float32)
        self._held += len(ids)
        if self._held > _ROWS_HELD:  # a row brings 64 kB into the process; letting go takes 0.1 ms
            self._advise("MADV_DONTNEED")
            self._held = 0
        return found

    def _advise(self, name: str) -> None:
        if hasattr(mmap, name):  # not on Windows
            self._mapped._mmap.madvise(getattr(mmap, name))
