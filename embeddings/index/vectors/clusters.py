"""A file of vectors in clusters, one bit a dimension, of which a question looks at the nearest.

It is what `faiss.write_index` writes of an IndexIVFRaBitQ: the centroids, then cluster after
cluster its codes and its rows. It is mapped into memory. A code says on which side of its cluster's
centroid a vector is in each dimension: a third of the time of 8 bits, which come from slow memory,
and enough to choose what is compared again.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from embeddings.errors import IndexDamaged
from embeddings.index.vectors.faiss import COUNT_AT, FaissReader, FaissStore, one_threaded, selector
from embeddings.storage.files import unreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embeddings.index.vectors import Mask, Rows, Vectors
    from embeddings.index.vectors.kmeans import Numbers

    Codes = NDArray[np.uint8]

_EMPTY_LISTS = 32
"""Bytes at the end of an empty index that say that no cluster has rows."""
_BITS = 4
"""Of each dimension of a question; more find no more."""
_ROUNDING = 0.05
"""Share of a code's bits that another processor may round the other way."""
_KNOWN = 64
"""Masks that are remembered: of languages, which are asked for again and again."""
_AT_ONCE = 32_768
"""Rows coded at a time, 50 MB of them; the longer the stretch, the fewer the writes."""


@dataclass(frozen=True)
class _Subset:
    """Rows that may be found, how many of them are in each cluster, and FAISS's word for them."""

    mask: "Mask | None"
    sizes: "Rows"
    selector: Any


class Clusters:
    """Finds rows that are near to a question, most of the nearest among them."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.centroids: Vectors = index.quantizer.reconstruct_n(0, index.nlist)
        lists = index.invlists
        self._sizes = np.array([lists.list_size(number) for number in range(index.nlist)])
        self._known: dict[int, _Subset] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a finished file; its pages are read when they are first needed.

        Raises:
            IndexDamaged: the file holds no clusters.
        """
        faiss = one_threaded()
        try:
            path.open("rb").close()  # says what is wrong, where FAISS only says that something is
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except OSError as error:
            raise unreadable(path, error) from error
        except RuntimeError as error:
            raise IndexDamaged(f"{path} is not a FAISS index.") from error
        if not isinstance(index, faiss.IndexIVFRaBitQ):
            raise IndexDamaged(f"{path} is an index of another kind.")
        return cls(index)

    def __len__(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def code_size(self) -> int:
        """Bytes of a code."""
        return int(self._index.code_size)

    @cached_property
    def numbers(self) -> "Numbers":
        """The cluster of each row; -1 for one that is in none."""
        numbers = np.full(len(self), -1, np.int32)
        for number in np.flatnonzero(self._sizes).tolist():
            numbers[self._rows(number)] = number
        return numbers

    @cached_property
    def _places(self) -> "Numbers":
        """Where in its cluster each row is, counted from 0."""
        places = np.full(len(self), -1, np.int32)
        for number in np.flatnonzero(self._sizes).tolist():
            places[self._rows(number)] = np.arange(self._sizes[number])
        return places

    def codes(self, rows: "Rows") -> "Codes":
        """Return the codes of rows, all of them in clusters; uint8 of shape (len(rows), size)."""
        codes = np.empty((len(rows), self.code_size), np.uint8)
        for number, some in _by_cluster(self.numbers[rows]):
            codes[some] = self._codes_in(number)[self._places[rows[some]]]
        return codes

    def near(self, vector: "Vectors", look_at: int, count: int, among: "Mask | None") -> "Rows":
        """Return about `count` rows near to a vector, in no order; fewer where there are fewer.

        Args:
            vector: (d,).
            look_at: how many rows to compare, those of the nearest clusters.
            count: how many to return.
            among: True for the rows that may be found; all, when it is None. Only they count.
        """
        subset = self._subset(among)
        cosines = self.centroids @ vector
        order = np.argsort(-cosines)
        seen = np.cumsum(subset.sizes[order])
        nearest = order[: int(np.searchsorted(seen, look_at)) + 1]
        nearest = nearest[subset.sizes[nearest] > 0]
        return self._search(vector, count, nearest, cosines[nearest], subset.selector)

    def belong_to(self, store: FaissStore) -> bool:
        """Whether each vector of a store is in one cluster, with its own code."""
        if np.any(self.numbers == -1):
            return False
        for number in np.flatnonzero(self._sizes).tolist():
            rows = self._rows(number)
            vectors = store.get(rows.tolist())
            codes = _codes(self._index, vectors, np.full(len(rows), number, np.int32))
            other = np.unpackbits(codes ^ self._codes_in(number), axis=1).mean(axis=1)
            if np.any(other > _ROUNDING):
                return False
        return True

    def _rows(self, number: int) -> "Rows":
        """Return the rows in a cluster that has some."""
        ids = self._index.invlists.get_ids(number)
        rows: Rows = one_threaded().rev_swig_ptr(ids, int(self._sizes[number])).copy()
        return rows

    def _codes_in(self, number: int) -> "Codes":
        """Return the codes of a cluster that has rows, in their order there."""
        size, width = int(self._sizes[number]), self.code_size
        codes = self._index.invlists.get_codes(number)
        found: Codes = one_threaded().rev_swig_ptr(codes, size * width).reshape(size, width)
        return found

    def _subset(self, among: "Mask | None") -> "_Subset":
        """Count the rows that may be found; those of a mask that cannot change are counted once."""
        if among is None:
            return _Subset(None, self._sizes, None)
        known = self._known.get(id(among))
        if known is None or known.mask is not among:
            sizes = np.bincount(self.numbers[among], minlength=len(self._sizes))
            known = _Subset(among, sizes, selector(among))
            if not among.flags.writeable and len(self._known) < _KNOWN:
                self._known[id(among)] = known
        return known

    def _search(
        self,
        vector: "Vectors",
        count: int,
        numbers: "Rows",
        cosines: "Vectors",
        chosen: Any,
    ) -> "Rows":
        faiss = one_threaded()
        parameters = faiss.IVFRaBitQSearchParameters(nprobe=len(numbers), sel=chosen, qb=_BITS)
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


def empty(centroids: "Vectors") -> Any:
    """Return a FAISS index that knows its clusters and holds no row."""
    faiss = one_threaded()
    count, dimension = centroids.shape
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(centroids)
    index = faiss.IndexIVFRaBitQ(quantizer, dimension, count, faiss.METRIC_INNER_PRODUCT)
    index.train(centroids[:1])  # it learns nothing from them, but looks each one up
    return index


@dataclass(frozen=True)
class Known:
    """Codes that need not be made again: a vector's code depends on its cluster's centroid alone.

    Attributes:
        clusters: with the same centroids.
        rows: for each vector, the row there with the same vector in the same cluster, or -1.
    """

    clusters: Clusters
    rows: "Rows"


def write(
    path: Path,
    index: Any,
    vectors: FaissReader,
    numbers: "Numbers",
    check_cancelled: Callable[[], None],
    known: Known | None = None,
) -> None:
    """Write vectors in their clusters, byte for byte as FAISS would, without holding them.

    Args:
        path: of the new file.
        index: empty; it knows how vectors are coded.
        vectors: all of them.
        numbers: the cluster of each.
        check_cancelled: called now and then; what it raises ends the work.
        known: codes to take over.
    """
    sizes = np.bincount(numbers, minlength=index.nlist)
    head = bytearray(one_threaded().serialize_index(index).tobytes()[:-_EMPTY_LISTS])
    struct.pack_into("<q", head, COUNT_AT, len(vectors))
    head += b"ilar" + struct.pack("<qq", index.nlist, index.code_size)
    head += b"full" + struct.pack("<q", index.nlist) + sizes.astype("<i8").tobytes()
    begins = len(head) + (index.code_size + 8) * (np.cumsum(sizes) - sizes)
    ids_begin = begins + index.code_size * sizes
    written = np.zeros(index.nlist, np.int64)
    with path.open("xb") as file:
        file.write(head)
        for start in range(0, len(vectors), _AT_ONCE):
            check_cancelled()
            rows = np.arange(start, min(start + _AT_ONCE, len(vectors)), dtype="<i8")
            own = numbers[rows]
            codes = _made_or_known(index, vectors, rows, own, known)
            for number, some in _by_cluster(own):
                file.seek(begins[number] + index.code_size * written[number])
                file.write(codes[some].data)
                file.seek(ids_begin[number] + 8 * written[number])
                file.write(rows[some].data)
                written[number] += len(some)


def _by_cluster(numbers: "Numbers") -> "Iterator[tuple[int, Rows]]":
    """Give each cluster, and the places where its number is, rising."""
    order = np.argsort(numbers, kind="stable")
    here, first = np.unique(numbers[order], return_index=True)
    return zip(here.tolist(), np.split(order, first[1:]), strict=False)


def _made_or_known(
    index: Any, vectors: FaissReader, rows: "Rows", numbers: "Numbers", known: Known | None
) -> "Codes":
    """Return the codes of rows, each with the number of its cluster."""
    if known is None or known.clusters.code_size != index.code_size:
        return _codes(index, vectors.get(rows), numbers)
    codes = np.empty((len(rows), index.code_size), np.uint8)
    theirs = known.rows[rows]
    (old,), (new,) = np.nonzero(theirs >= 0), np.nonzero(theirs < 0)
    codes[old] = known.clusters.codes(theirs[old])
    codes[new] = _codes(index, vectors.get(rows[new]), numbers[new])
    return codes


def _codes(index: Any, vectors: "Vectors", numbers: "Numbers") -> "Codes":
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
