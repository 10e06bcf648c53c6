"""Search among many vectors: candidates from the nearest clusters, compared again exactly."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embeddings.index.vectors.clusters import Clusters
from embeddings.index.vectors.faiss import FaissStore

if TYPE_CHECKING:
    from embeddings.index.vectors import Mask, Rows, Vectors

_LOOK_AT_PER_ROOT, _LOOK_AT_SHARE, _LOOK_AT_EACH = 50, 0.1, 40
"""Rows of which a question sees the code: of n that may be found so many times the root of n, this
share of n, or so many for each one that it asks for, whichever is most."""
_AGAIN, _AGAIN_SHARE, _AGAIN_EACH = 400, 1 / 80, 4
"""Rows that are compared exactly: in all, as a share of those seen, or for each one that is asked
for, whichever is most. With these 98 % of the ten nearest are found: benchmarks/vectors.py."""


class ClusteredStore:
    """An exact store, of which only what `Clusters` finds near is compared."""

    def __init__(self, exact: FaissStore, clusters: Clusters) -> None:
        self._exact, self.clusters = exact, clusters

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._exact.dimension

    def __len__(self) -> int:
        """Number of vectors."""
        return len(self._exact)

    def get(self, rows: "Sequence[int] | Rows") -> "Vectors":
        """Return the vectors of some rows, float32 of shape (len(rows), dimension)."""
        return self._exact.get(rows)

    def query(
        self, vectors: "Vectors", k: int, among: "Mask | None" = None
    ) -> "tuple[Rows, Vectors]":
        """Return the k best rows, or nearly so, and their inner products, best first."""
        able = len(self) if among is None else int(np.count_nonzero(among))
        found = min(k, able)
        look_at = round(
            max(_LOOK_AT_PER_ROOT * able**0.5, _LOOK_AT_SHARE * able, _LOOK_AT_EACH * found)
        )
        again = min(round(max(_AGAIN, _AGAIN_SHARE * look_at, _AGAIN_EACH * found)), able)
        rows = np.empty((len(vectors), found), np.int64)
        scores = np.empty((len(vectors), found), np.float32)
        for place, vector in enumerate(vectors if found else ()):
            near = np.sort(self.clusters.near(vector, look_at, again, among))
            products = self._exact.get(near) @ vector
            best = np.argsort(-products, kind="stable")[:found]
            rows[place], scores[place] = near[best], products[best]
        return rows, scores

    def check(self) -> bool:
        """Whether every vector is in one cluster, and its code there is that of the vector."""
        return self.clusters.belong_to(self._exact)
