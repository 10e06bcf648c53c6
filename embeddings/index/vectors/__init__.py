"""A store of vectors behind a small interface; `choice` makes and opens them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class VectorWriter(Protocol):
    """Writes a store's files from its first row to its last; no row stays in memory."""

    def add(self, vectors: "Vectors") -> None:
        """Append rows; float32 of shape (n, dimension)."""

    def copy(self, store: "VectorStore", rows: range) -> None:
        """Append rows of another store; of several copies, all are of the same one."""

    def finish(self, check_cancelled: "Callable[[], None]") -> None:
        """Make the files whole.

        Args:
            check_cancelled: called now and then; what it raises ends the work.
        """

    def close(self) -> None:
        """Let go of the files, whole or not."""


class VectorStore(Protocol):
    """Unit vectors in rows counted from 0, searched by inner product; they never change."""

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
        """Return the k best rows, or nearly so, and their inner products, best first.

        Args:
            vectors: (n, dimension).
            k: how many for each.
            among: (len(self),), True for the rows that may be found; all, when it is None.

        Returns:
            Both of shape (n, min(k, how many may be found)).
        """
