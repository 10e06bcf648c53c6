"""Which store for how many vectors: all are compared up to a size, clusters of them beyond it.

vectors.faiss             every vector as it is (see `faiss`)
vectors.clusters.faiss    short codes in clusters, when there are many (see `clusters`)
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.errors import IndexDamaged
from embeddings.index.vectors import clusters
from embeddings.index.vectors.clustered import ClusteredStore
from embeddings.index.vectors.clusters import Clusters, Known
from embeddings.index.vectors.faiss import FaissReader, FaissStore, FaissWriter
from embeddings.index.vectors.kmeans import centroids_of, nearest

if TYPE_CHECKING:
    from embeddings.index.vectors import Rows, Vectors, VectorStore, VectorWriter

EXACT_UP_TO = 20_000
"""Vectors that are all compared: here it takes about twice as long as by clusters, a millisecond
more, and misses nothing. See benchmarks/vectors.py."""
_CLUSTERS_PER_ROOT, _MOST_CLUSTERS = 8, 4096
"""Clusters for n vectors: so many times the root of n, until comparing a question with all of them
takes as long as what they spare it. See benchmarks/vectors.py."""
_DRIFT = 1.5
"""By how much too many or too few clusters may be: the number of vectors, by its square."""
_SAMPLE = 131_072
"""Vectors that clusters are found from, 200 MB."""
_AT_ONCE = 8192
_NONE = -1


def create(path: Path, dimension: int) -> "VectorWriter":
    """Begin the files of a store.

    Args:
        path: of the vectors; what else there is stands beside it.
        dimension: length of a vector.

    Raises:
        OSError: a file cannot be written, or is there already.
    """
    return _Writer(path, dimension)


def load(path: Path) -> "VectorStore":
    """Open a finished store. Where there are no clusters, all vectors are compared.

    Raises:
        IndexDamaged: a file is not what it should be, or the files do not belong together.
    """
    exact, beside = FaissStore.load(path), clusters_of(path)
    if not beside.exists():
        return exact
    found = Clusters.load(beside)
    if len(found) != len(exact) or found.dimension != exact.dimension:
        raise IndexDamaged(f"{beside} holds {len(found)} vectors, not the {len(exact)} of {path}.")
    return ClusteredStore(exact, found)


def clusters_of(path: Path) -> Path:
    """Return where the clusters of a store's vectors are."""
    return path.with_suffix(".clusters.faiss")


class _Writer:
    """Writes vectors, and clusters of them when there are many."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path, self._dimension = path, dimension
        self._exact = FaissWriter(path, dimension)
        self._rows = [np.empty(0, np.int64)]
        self._donor: Clusters | None = None

    def add(self, vectors: "Vectors") -> None:
        """Append rows; float32 of shape (n, dimension)."""
        self._exact.add(vectors)
        self._rows.append(np.full(len(vectors), _NONE, np.int64))

    def copy(self, store: "VectorStore", rows: range) -> None:
        """Append rows of another store, which stay in their clusters."""
        self.add(store.get(rows))
        if isinstance(store, ClusteredStore):
            self._donor = store.clusters
            self._rows[-1] = np.arange(rows.start, rows.stop)

    def finish(self, check_cancelled: Callable[[], None]) -> None:
        """Make the files whole."""
        self._exact.finish()
        rows = np.concatenate(self._rows)
        if len(rows) <= EXACT_UP_TO:
            return
        wanted = min(round(_CLUSTERS_PER_ROOT * len(rows) ** 0.5), _MOST_CLUSTERS, len(rows))
        known = self._known(rows, wanted)
        numbers = np.full(len(rows), _NONE, np.int32)
        with closing(FaissReader(self._path, self._dimension)) as vectors:
            if known:
                centroids, old = known.clusters.centroids, known.rows != _NONE
                numbers[old] = known.clusters.numbers[known.rows[old]]
            else:
                centroids = centroids_of(_sample(vectors), wanted, check_cancelled)
            (new,) = np.nonzero(numbers == _NONE)
            for start in range(0, len(new), _AT_ONCE):
                some = new[start : start + _AT_ONCE]
                numbers[some] = nearest(vectors.get(some), centroids, check_cancelled)
            empty = clusters.empty(centroids)
            clusters.write(clusters_of(self._path), empty, vectors, numbers, check_cancelled, known)

    def close(self) -> None:
        """Let go of the files, whole or not."""
        self._exact.close()

    def _known(self, rows: "Rows", wanted: int) -> Known | None:
        """Return what was copied, unless another number of clusters is wanted by now."""
        base = self._donor
        if base and wanted / _DRIFT <= len(base.centroids) <= wanted * _DRIFT:
            return Known(base, np.where(base.numbers[rows] == _NONE, _NONE, rows))
        return None


def _sample(vectors: FaissReader) -> "Vectors":
    """Return vectors of all parts of a file, in no order; the same ones each time."""
    chance = np.random.default_rng(1)
    return vectors.get(chance.choice(len(vectors), min(len(vectors), _SAMPLE), replace=False))
