"""A store of vectors behind a small interface."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class VectorWriter(Protocol):
    """Writes a store's file from its first row to its last; no row stays in memory."""

    def add(self, vectors: "Vectors") -> None:
        """Append rows; float32 of shape (n, dimension)."""

    def finish(self) -> None:
        """Make the file whole."""

    def close(self) -> None:
        """Let go of the file, whole or not."""


class VectorStore(Protocol):
    """Unit vectors in rows counted from 0, searched by inner product; they never change."""

    @classmethod
    def create(cls, path: Path, dimension: int) -> VectorWriter:
        """Begin a new file.

        Raises:
            OSError: it cannot be written, or is there already.
        """

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a finished file.

        Raises:
            IndexDamaged: the file is not a store.
        """

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def __len__(self) -> int:
        """Number of vectors."""

    def get(self, rows: "Sequence[int] | Rows") -> "Vectors":
        """Return the vectors of some rows, float32 of shape (len(rows), dimension)."""

    def query(
        self, vectors: "Vectors", k: int, among: "Mask | None" = None
    ) -> "tuple[Rows, Vectors]":
        """Return the k best rows and their inner products, best first.

        Args:
            vectors: (n, dimension).
            k: how many for each.
            among: (len(self),), True for the rows that may be found; all, when it is None.

        Returns:
            Both of shape (n, min(k, how many may be found)).
        """
