"""Unit vectors on disk, searched by inner product; `stores` writes and opens them."""

from collections.abc import Sequence
from typing import Protocol

from embeddings.array_types import Floats, Mask, Rows


class VectorStore(Protocol):
    """Unit vectors in rows numbered from 0. A store is never changed once it is written."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def __len__(self) -> int:
        """Number of vectors."""

    def get(self, rows: Sequence[int] | Rows) -> Floats:
        """Return the vectors of some rows, exactly as they were written.

        Returns:
            float32 of shape (len(rows), dimension).
        """

    def query(self, vectors: Floats, k: int, among: Mask | None = None) -> tuple[Rows, Floats]:
        """Return the k nearest rows, or nearly so, and their exact inner products, best first.

        Args:
            vectors: the query vectors, of shape (n, dimension).
            k: how many rows to return for each of them.
            among: of shape (len(self),), True for rows that may be returned; None means all.

        Returns:
            Row numbers and inner products, both of shape (n, min(k, rows that may be returned)).
        """

    def check(self) -> bool:
        """Return whether the files of the store agree with each other. Reads all of them."""
