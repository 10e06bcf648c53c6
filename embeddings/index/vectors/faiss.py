"""Exact search with FAISS, in this process, on a file that is mapped into memory."""

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from embeddings.errors import IndexDamaged
from embeddings.storage.files import unreadable

if TYPE_CHECKING:
    from embeddings.index.vectors import Mask, Rows, Vectors

COUNT_AT = 8
"""Where a FAISS file has its number of vectors, a 64-bit integer; in that of a flat index the last
eight bytes before the vectors hold the number of floats (faiss/impl/index_write.cpp)."""


class FaissWriter:
    """Writes what `faiss.write_index` would write of an IndexFlatIP, byte for byte."""

    def __init__(self, path: Path, dimension: int) -> None:
        faiss = one_threaded()
        header = bytearray(faiss.serialize_index(faiss.IndexFlatIP(dimension)).tobytes())
        self._header = header
        self._dimension = dimension
        self._count = 0
        self._file = path.open("xb")
        self._file.write(header)

    def add(self, vectors: "Vectors") -> None:
        """Append rows; float32 of shape (n, dimension)."""
        if vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of length {vectors.shape[1]}, not {self._dimension}")
        self._file.write(np.ascontiguousarray(vectors, "<f4").data)
        self._count += len(vectors)

    def finish(self) -> None:
        """Make the file whole."""
        struct.pack_into("<q", self._header, COUNT_AT, self._count)
        struct.pack_into("<q", self._header, len(self._header) - 8, self._count * self._dimension)
        self._file.seek(0)
        self._file.write(self._header)
        self.close()

    def close(self) -> None:
        """Let go of the file, whole or not."""
        self._file.close()


class FaissReader:
    """Reads a finished file part by part; all of it mapped would count as memory of the process."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._file = path.open("rb", buffering=0)
        size, vector = path.stat().st_size, 4 * dimension
        self._dimension, self._count = dimension, size // vector
        self._begin = size - self._count * vector

    def __len__(self) -> int:
        """Number of vectors."""
        return self._count

    def get(self, rows: "Rows") -> "Vectors":
        """Return the vectors of some rows, float32 of shape (len(rows), dimension)."""
        vectors = np.empty((len(rows), self._dimension), "<f4")
        edges = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
        for start, end in pairwise(edges if len(rows) else ()):
            self._file.seek(self._begin + int(rows[start]) * vectors.strides[0])
            part = vectors[start:end]
            if self._file.readinto(part.data) != part.nbytes:
                raise OSError(f"{self._file.name} is shorter than it was")
        return vectors

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class FaissStore:
    """Every vector is compared (IndexFlatIP): 0.3 ms for 5,000 vectors of length 384."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a finished file; its pages are read when they are first needed.

        Raises:
            IndexDamaged: the file is not a store.
        """
        faiss = one_threaded()
        try:
            path.open("rb").close()  # says what is wrong, where FAISS only says that something is
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except OSError as error:
            raise unreadable(path, error) from error
        except RuntimeError as error:
            raise IndexDamaged(f"{path} is not a FAISS index.") from error
        return cls(index)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    def get(self, rows: "Sequence[int] | Rows") -> "Vectors":
        """Return the vectors of some rows, float32 of shape (len(rows), dimension)."""
        if not len(rows):
            return np.empty((0, self.dimension), np.float32)
        vectors: Vectors = self._index.reconstruct_batch(np.asarray(rows, np.int64))
        return vectors

    def query(
        self, vectors: "Vectors", k: int, among: "Mask | None" = None
    ) -> "tuple[Rows, Vectors]":
        """Return the k best rows and their inner products, best first."""
        found = min(k, len(self) if among is None else int(np.count_nonzero(among)))
        parameters = one_threaded().SearchParameters(sel=selector(among))
        scores, rows = self._index.search(vectors, max(found, 1), params=parameters)
        return rows[:, :found], scores[:, :found]


def selector(among: "Mask | None") -> Any:
    """Return what keeps FAISS to some rows; None for all."""
    if among is None:
        return None
    return one_threaded().IDSelectorBitmap(np.packbits(among, bitorder="little"))


def one_threaded() -> Any:
    """Import FAISS with one thread: more make a single query slower.

    The number of threads is that of the thread that asks, so each one has to set it.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
