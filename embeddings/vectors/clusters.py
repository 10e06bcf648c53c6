"""A file of 8-bit vectors in clusters, of which a question looks at the nearest.

It is what `faiss.write_index` writes of an IndexIVFScalarQuantizer: the centroids, the ranges of
the codes, then cluster after cluster its codes and its rows. It is mapped into memory.
"""

import struct
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from embeddings.errors import IndexDamaged
from embeddings.vectors.faiss import COUNT_AT, FaissStore, one_threaded, selector

if TYPE_CHECKING:
    from embeddings.vectors import Mask, Rows, Vectors
    from embeddings.vectors.kmeans import Numbers

_EMPTY_LISTS = 32
"""Bytes at the end of an empty index that say that no cluster has rows."""
_AT_ONCE = 32_768
"""Rows coded at a time, 50 MB of them; the longer the stretch, the fewer the writes."""


class Clusters:
    """Finds rows that are near to a question, most of the nearest among them."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.centroids: Vectors = index.quantizer.reconstruct_n(0, index.nlist)
        lists = index.invlists
        self._sizes = np.array([lists.list_size(number) for number in range(index.nlist)])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a finished file; its pages are read when they are first needed.

        Raises:
            IndexDamaged: the file holds no clusters.
        """
        faiss = one_threaded()
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexDamaged(f"{path} is not a FAISS index.") from error
        if not isinstance(index, faiss.IndexIVFScalarQuantizer):
            raise IndexDamaged(f"{path} is an index of another kind.")
        return cls(index)

    def __len__(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @cached_property
    def numbers(self) -> "Numbers":
        """The cluster of each row; -1 for one that is in none."""
        numbers = np.full(len(self), -1, np.int32)
        for number in np.flatnonzero(self._sizes).tolist():
            numbers[self._rows(number)] = number
        return numbers

    def near(self, vector: "Vectors", look_at: int, count: int, among: "Mask | None") -> "Rows":
        """Return about `count` rows near to a vector, in no order; fewer where there are fewer.

        Args:
            vector: (d,).
            look_at: how many rows to compare, those of the nearest clusters.
            count: how many to return.
            among: True for the rows that may be found; all, when it is None. Only they count.
        """
        sizes = self._sizes if among is None else self._sizes_among(among)
        (filled,) = np.nonzero(sizes)
        cosines = self.centroids[filled] @ vector
        order = np.argsort(-cosines)
        seen = np.cumsum(sizes[filled[order]])
        order = order[: int(np.searchsorted(seen, look_at)) + 1]
        return self._search(vector, count, filled[order], cosines[order], among)

    def belong_to(self, store: FaissStore) -> bool:
        """Whether each vector of a store is in one cluster, with its own code."""
        if np.any(self.numbers == -1):
            return False
        lists = self._index.invlists
        for number in np.flatnonzero(self._sizes).tolist():
            rows = self._rows(number)
            vectors = store.get(rows.tolist())
            codes = _codes(self._index, vectors, np.full(len(rows), number, np.int32))
            own = one_threaded().rev_swig_ptr(lists.get_codes(number), codes.size)
            # Another processor may round the other way.
            if np.any(np.abs(codes.ravel().astype(int) - own) > 1):
                return False
        return True

    def _rows(self, number: int) -> "Rows":
        """Return the rows in a cluster that has some."""
        ids = self._index.invlists.get_ids(number)
        rows: Rows = one_threaded().rev_swig_ptr(ids, int(self._sizes[number])).copy()
        return rows

    def _sizes_among(self, among: "Mask") -> "Rows":
        return np.bincount(self.numbers[among], minlength=len(self._sizes))

    def _search(
        self,
        vector: "Vectors",
        count: int,
        numbers: "Rows",
        cosines: "Vectors",
        among: "Mask | None",
    ) -> "Rows":
        faiss = one_threaded()
        chosen = selector(among)
        parameters = faiss.SearchParametersIVF(nprobe=len(numbers), sel=chosen)
        rows, scores = np.empty(count, np.int64), np.empty(count, np.float32)
        arrays = (
            np.ascontiguousarray(vector, np.float32),
            np.ascontiguousarray(numbers, np.int64),
            np.ascontiguousarray(cosines, np.float32),
            scores,
            rows,
        )
        question, *others = map(faiss.swig_ptr, arrays)
        # The method for Python takes no parameters.
        self._index.search_preassigned_c(1, question, count, *others, False, parameters)
        return rows[rows >= 0]


def empty(centroids: "Vectors", sample: "Vectors") -> Any:
    """Return a FAISS index that knows its clusters and its codes and holds no row.

    Args:
        centroids: (clusters, d).
        sample: vectors as they will come, from which the ranges of the codes are taken.
    """
    faiss = one_threaded()
    count, dimension = centroids.shape
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(centroids)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer,
        dimension,
        count,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.train(sample)
    return index


def write(
    path: Path, index: Any, store: FaissStore, numbers: "Numbers", tick: Callable[[], None]
) -> None:
    """Write all vectors of a store, byte for byte as FAISS would, without holding them.

    Args:
        path: of the new file.
        index: empty; it knows how vectors are coded.
        store: holds the vectors.
        numbers: the cluster of each.
        tick: called now and then; what it raises ends the work.
    """
    sizes = np.bincount(numbers, minlength=index.nlist)
    head = bytearray(one_threaded().serialize_index(index).tobytes()[:-_EMPTY_LISTS])
    struct.pack_into("<q", head, COUNT_AT, len(store))
    head += b"ilar" + struct.pack("<qq", index.nlist, index.code_size)
    head += b"full" + struct.pack("<q", index.nlist) + sizes.astype("<i8").tobytes()
    begins = len(head) + (index.code_size + 8) * (np.cumsum(sizes) - sizes)
    ids_begin = begins + index.code_size * sizes
    written = np.zeros(index.nlist, np.int64)
    with path.open("xb") as file:
        file.write(head)
        for start in range(0, len(store), _AT_ONCE):
            tick()
            end = min(start + _AT_ONCE, len(store))
            own = numbers[start:end]
            codes = _codes(index, store.get(range(start, end)), own)
            order = np.argsort(own, kind="stable")
            codes, rows, own = codes[order], (start + order).astype("<i8"), own[order]
            here, first = np.unique(own, return_index=True)
            for number, some in zip(here, np.split(np.arange(len(own)), first[1:]), strict=True):
                part = slice(some[0], some[-1] + 1)
                file.seek(begins[number] + index.code_size * written[number])
                file.write(codes[part].data)
                file.seek(ids_begin[number] + 8 * written[number])
                file.write(rows[part].data)
                written[number] += len(some)


def _codes(index: Any, vectors: "Vectors", numbers: "Numbers") -> Any:
    faiss = one_threaded()
    lists = np.ascontiguousarray(numbers, np.int64)
    codes = np.empty((len(vectors), index.code_size), np.uint8)
    index.encode_vectors(
        len(vectors),
        faiss.swig_ptr(vectors),
        faiss.swig_ptr(lists),
        faiss.swig_ptr(codes),
        False,
    )
    return codes
