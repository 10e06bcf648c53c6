"""Unit vectors on disk: FAISS compares a few exactly, and searches many by an inverted file.

NAME.npy          every vector, float32
NAME.ivf.faiss    a FAISS index "IVF,SQ4" of the same vectors, where there are many

Both are mapped into memory, so that processes share them. Figures are in docs/scale.md.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.array_types import Bytes, Floats, Ints, Mask, Rows
from embeddings.errors import IndexDamaged
from embeddings.storage.arrays import ArrayWriter, load_array
from embeddings.storage.files import HOW_TO_REPAIR, unreadable

EXACT_UP_TO = 20_000
"""Number of vectors up to which a query is compared with all of them."""
_LISTS_PER_ROOT = 2
"""An inverted file of n vectors has this many times the square root of n lists."""
_DRIFT = 1.5
"""The lists of an older store are used again while there are at most this many times too many or
too few of them."""
_SAMPLE_PER_LIST, _ROUNDS = 40, 5
"""The centroids of the lists come from so many vectors a list, in so many rounds of k-means."""
_SCANNED_AT_LEAST, _SCANNED_PER_ROOT, _SCANNED_SHARE, _SCANNED_PER_RESULT = 8000, 50, 0.1, 40
"""Of n rows that may be returned, a query scans the codes of this many, of so many times the square
root of n, of this share of n, or of so many for each result, whichever is most."""
_RERANKED_PER_RESULT, _RERANKED_SHARE = 4, 1 / 80
"""Rows compared exactly: this many for each result, or this share of the scanned, if it is more."""
_BATCH = 8192
_NO_LIST = -1


def open_vectors(path: Path) -> "VectorStore":
    """Open what a `VectorWriter` finished at a path.

    Raises:
        IndexDamaged: a file is not what it should be, or the files do not belong together.
        IndexUnavailable: the system has no handles or memory left.
    """
    ivf = ivf_path(path)
    return IvfStore(path, ivf) if ivf.exists() else VectorStore(path)


def ivf_path(path: Path) -> Path:
    """Return where the inverted file of the vectors at a path is, if they have one."""
    return path.with_suffix(".ivf.faiss")


class VectorStore:
    """Unit vectors in rows numbered from 0, never changed; compares a query with all of them."""

    def __init__(self, path: Path) -> None:
        self._vectors: Floats = load_array(path)
        if self._vectors.ndim != 2 or self._vectors.dtype != np.float32:
            raise IndexDamaged(f"{path} does not hold vectors. {HOW_TO_REPAIR}")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        """Number of vectors."""
        return len(self._vectors)

    def get(self, rows: Sequence[int] | Rows) -> Floats:
        """Return the vectors of some rows, exactly as they were written.

        Returns:
            float32 of shape (len(rows), dimension).
        """
        return self._vectors[np.asarray(rows, np.int64)]

    def query(self, vectors: Floats, k: int, among: Mask | None = None) -> tuple[Rows, Floats]:
        """Return the k nearest rows, or nearly so, and their exact inner products, best first.

        Args:
            vectors: the query vectors, of shape (n, dimension).
            k: how many rows to return for each of them.
            among: of shape (len(self),), True for rows that may be returned; None means all.

        Returns:
            Row numbers and inner products, both of shape (n, min(k, rows that may be returned)).
        """
        count = min(k, len(self) if among is None else int(np.count_nonzero(among)))
        rows = np.empty((len(vectors), count), np.int64)
        scores = np.empty((len(vectors), count), np.float32)
        if count:
            self._search(np.ascontiguousarray(vectors, np.float32), among, rows, scores)
        return rows, scores

    def check(self) -> bool:
        """Return whether the files agree with each other; reads all of them."""
        return True  # there is one alone

    def _search(self, vectors: Floats, among: Mask | None, rows: Rows, scores: Floats) -> None:
        """Fill `rows` and `scores`, both of shape (len(vectors), how many are wanted)."""
        with one_thread() as faiss:
            faiss.knn_inner_product(  # as IndexFlatIP does, here on an array that is mapped
                faiss.swig_ptr(vectors),
                faiss.swig_ptr(self._vectors),
                self.dimension,
                len(vectors),
                len(self),
                rows.shape[1],
                faiss.swig_ptr(scores),
                faiss.swig_ptr(rows),
                _selector(faiss, among),
            )


class IvfStore(VectorStore):
    """Compares a query exactly with those vectors alone that an inverted file finds near to it."""

    def __init__(self, path: Path, ivf: Path) -> None:
        super().__init__(path)
        self.ivf = ivf
        with one_thread() as faiss:
            try:
                ivf.open("rb").close()  # raises the system's own error, which FAISS does not
                # FAISS maps such a file on Linux, FreeBSD and Windows only.
                flags = 0 if sys.platform == "darwin" else faiss.IO_FLAG_MMAP_IFC
                self._index = faiss.read_index(str(ivf), flags)
            except OSError as error:
                raise unreadable(ivf, error) from error
            except RuntimeError as error:
                raise IndexDamaged(f"{ivf} is not a FAISS index. {HOW_TO_REPAIR}") from error
            if not isinstance(self._index, faiss.IndexIVFScalarQuantizer):
                raise IndexDamaged(f"{ivf} is a FAISS index of another kind. {HOW_TO_REPAIR}")
        if (self._index.ntotal, self._index.d) != self._vectors.shape:
            raise IndexDamaged(f"{ivf} holds other vectors than {path}. {HOW_TO_REPAIR}")

    @property
    def list_count(self) -> int:
        """Number of inverted lists."""
        return int(self._index.nlist)

    def list_numbers(self) -> Ints:
        """Return the number of the list that each row is in."""
        numbers = np.full(len(self), _NO_LIST, np.int32)
        for number, (rows, _) in enumerate(self._lists()):
            numbers[rows] = number
        return numbers

    def check(self) -> bool:
        """Return whether every row is in one list, with the code of its vector there."""
        times = np.zeros(len(self), np.int64)
        for number, (rows, codes) in enumerate(self._lists()):
            if not len(rows):
                continue
            if rows.min() < 0 or rows.max() >= len(self):
                return False
            times[rows] += 1
            if np.any(_code_differences(codes, self._encode(rows, number)) > 1):
                return False  # one step more or less is a matter of rounding
        return bool(np.all(times == 1))

    def _search(self, vectors: Floats, among: Mask | None, rows: Rows, scores: Floats) -> None:
        count = rows.shape[1]
        allowed = len(self) if among is None else int(np.count_nonzero(among))
        scanned = round(
            max(
                _SCANNED_AT_LEAST,
                _SCANNED_PER_ROOT * allowed**0.5,
                _SCANNED_SHARE * allowed,
                _SCANNED_PER_RESULT * count,
            )
        )
        reranked = min(round(max(_RERANKED_PER_RESULT * count, _RERANKED_SHARE * scanned)), allowed)
        with one_thread() as faiss:
            # The lists nearest to the query are scanned until so many rows that may be returned
            # were seen; a fixed number of lists may hold none of them.
            parameters = faiss.SearchParametersIVF(
                nprobe=self.list_count,
                max_codes=scanned,
                ensure_topk_full=True,
                sel=_selector(faiss, among),
            )
            _, found = self._index.search(vectors, reranked, params=parameters)
        for number, vector in enumerate(vectors):
            near = np.sort(found[number])
            products = self._vectors[near] @ vector
            best = np.argsort(-products, kind="stable")[:count]
            rows[number], scores[number] = near[best], products[best]

    def _lists(self) -> Iterator[tuple[Rows, Bytes]]:
        """Yield the rows and the codes of each list."""
        from faiss.contrib.inspect_tools import get_invlist

        for number in range(self.list_count):
            yield get_invlist(self._index.invlists, number)  # type: ignore[no-untyped-call]

    def _encode(self, rows: Rows, number: int) -> Bytes:
        """Return the codes of rows in a list."""
        codes = np.empty((len(rows), self._index.code_size), np.uint8)
        vectors, lists = self._vectors[rows], np.full(len(rows), number, np.int64)
        with one_thread() as faiss:
            pointers = map(faiss.swig_ptr, (vectors, lists, codes))
            self._index.encode_vectors(len(rows), *pointers)
        return codes


class VectorWriter:
    """Writes a store from its first row to its last, without holding the vectors in memory."""

    def __init__(self, path: Path, dimension: int) -> None:
        """Create the file of the vectors.

        Raises:
            OSError: it cannot be written, or is there already.
        """
        self._path, self._dimension = path, dimension
        self._file = ArrayWriter(path, np.float32, (dimension,))
        self._lists: list[Ints] = [np.empty(0, np.int32)]
        self._base: IvfStore | None = None
        self._base_lists: Ints = self._lists[0]

    def add(self, vectors: Floats) -> None:
        """Append rows; float32 of shape (n, dimension)."""
        self._file.append(vectors)
        self._lists.append(np.full(len(vectors), _NO_LIST, np.int32))

    def copy(self, store: VectorStore, rows: range) -> None:
        """Append rows of another store, the same one in every call; they stay in their lists."""
        self.add(store.get(rows))
        if isinstance(store, IvfStore):
            if store is not self._base:
                self._base, self._base_lists = store, store.list_numbers()
            self._lists[-1] = self._base_lists[rows.start : rows.stop].copy()

    def finish(self, check_cancelled: Callable[[], None]) -> None:
        """Complete the files and close them; `check_cancelled` is called now and then."""
        self._file.finish()
        lists = np.concatenate(self._lists)
        if len(lists) > EXACT_UP_TO:
            self._write_ivf(lists, check_cancelled)
        self.close()

    def close(self) -> None:
        """Close the files, complete or not."""
        self._file.close()

    def _write_ivf(self, lists: Ints, check_cancelled: Callable[[], None]) -> None:
        """Write the inverted file; `lists` has the list of each row in the base's, or _NO_LIST."""
        wanted = round(_LISTS_PER_ROOT * len(lists) ** 0.5)
        with one_thread() as faiss:
            base = self._base
            if base and wanted / _DRIFT <= base.list_count <= wanted * _DRIFT:
                index = faiss.read_index(str(base.ivf))
                index.reset()
            else:
                lists[:] = _NO_LIST
                sample = self._sample(len(lists), wanted * _SAMPLE_PER_LIST)
                index = _trained(faiss, sample, wanted, check_cancelled)
            self._fill(index, lists, check_cancelled)
            with ivf_path(self._path).open("xb") as file:
                # FAISS writes through Python so that a full disk is an OSError.
                faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))

    def _fill(self, index: Any, lists: Ints, check_cancelled: Callable[[], None]) -> None:
        """Add all vectors to an index; those that have no list go to the nearest."""
        from faiss.contrib.ivf_tools import add_preassigned

        for start, vectors in self._batches():
            check_cancelled()
            own = lists[start : start + len(vectors)].astype(np.int64)
            new = own == _NO_LIST
            if new.any():
                own[new] = index.quantizer.assign(vectors[new], 1)[:, 0]
            rows = np.arange(start, start + len(vectors))
            add_preassigned(index, vectors, own, rows)  # type: ignore[no-untyped-call]

    def _sample(self, total: int, count: int) -> Floats:
        """Return vectors of all parts of the file, in random order; the same ones every time."""
        random = np.random.default_rng(1)
        chosen = np.sort(random.choice(total, min(total, count), replace=False))
        sample = np.empty((len(chosen), self._dimension), np.float32)
        for start, vectors in self._batches():
            first, last = np.searchsorted(chosen, (start, start + len(vectors)))
            sample[first:last] = vectors[chosen[first:last] - start]
        random.shuffle(sample)
        return sample

    def _batches(self) -> Iterator[tuple[int, Floats]]:
        """Read the file again; mapped, all of it would count as memory of the process."""
        start = 0
        for vectors in self._file.read(_BATCH):
            yield start, vectors
            start += len(vectors)


def _trained(
    faiss: Any, sample: Floats, list_count: int, check_cancelled: Callable[[], None]
) -> Any:
    """Return an index that holds no vector yet, with centroids and code ranges from a sample."""
    dimension = sample.shape[1]
    kmeans = faiss.Kmeans(
        dimension,
        list_count,
        niter=1,  # so that the work can be cancelled between two rounds
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=len(sample),
    )
    centroids = None
    for _ in range(_ROUNDS):
        check_cancelled()
        kmeans.train(sample, init_centroids=centroids)
        centroids = kmeans.centroids
    index = faiss.index_factory(dimension, f"IVF{list_count},SQ4", faiss.METRIC_INNER_PRODUCT)
    index.quantizer.add(centroids)
    index.train(sample)  # the ranges alone: the quantizer has its centroids
    return index


def _code_differences(codes: Any, others: Any) -> Any:
    """Return by how many steps codes of 4 bits differ, dimension by dimension."""
    pairs = [np.stack((each & 15, each >> 4)).astype(np.int8) for each in (codes, others)]
    return np.abs(pairs[0] - pairs[1])


def _selector(faiss: Any, among: Mask | None) -> Any:
    """Return what restricts FAISS to some rows; None for all."""
    return None if among is None else faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))


@contextmanager
def one_thread() -> Iterator[Any]:
    """Give FAISS with one thread, which makes a single query faster than several.

    The number of threads belongs to the calling thread, and is set back at the end.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield faiss
    finally:
        faiss.omp_set_num_threads(before)
