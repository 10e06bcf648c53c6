"""The sentences of all passages: where they are, and a vector of each.

sentences.npy          a vector for each sentence, passage after passage; where there are many,
                       sentences.ivf.faiss stands beside it (see `vectors`)
sentences.first.npy    the first row of each passage; one more for the end
sentences.spans.npy    start and end of each sentence in its passage's text
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats, Rows
from embeddings.errors import IndexDamaged
from embeddings.index.vectors import VectorStore, VectorWriter, open_vectors
from embeddings.storage.arrays import load_arrays, save_arrays
from embeddings.storage.ragged import Ragged, edges, stretches
from embeddings.text.sentences import Span

VECTORS = "sentences.npy"


class SentenceWriter:
    """Appends the sentences of passage after passage; their vectors do not stay in memory."""

    def __init__(self, directory: Path, dimension: int) -> None:
        self._directory = directory
        self._vectors = VectorWriter(directory / VECTORS, dimension)
        self._spans: list[NDArray[np.int32]] = [np.empty((0, 2), np.int32)]
        self._lengths = [0]

    def add(self, spans: Sequence[Span], vectors: Floats) -> None:
        """Append the sentences of the next passage."""
        self._vectors.add(vectors)
        self._spans.append(np.array(spans, np.int32).reshape(-1, 2))
        self._lengths.append(len(spans))

    def copy(self, store: "SentenceStore", rows: range) -> None:
        """Append the sentences of some passages of another store."""
        spans, sentences, lengths = store.run(rows)
        self._vectors.copy(store.all_vectors, sentences)
        self._spans.append(spans)
        self._lengths += lengths.tolist()

    def finish(self, check_cancelled: Callable[[], None]) -> None:
        """Make the files whole; `check_cancelled` is called now and then and may raise."""
        self._vectors.finish(check_cancelled)
        save_arrays(
            self._directory,
            "sentences",
            first=np.cumsum(self._lengths, dtype=np.int64),
            spans=np.concatenate(self._spans),
        )

    def close(self) -> None:
        """Let go of the files, whole or not."""
        self._vectors.close()


class SentenceStore:
    """Finds the passages of the sentences nearest to a question."""

    def __init__(
        self, vectors: VectorStore, first: NDArray[np.int64], spans: NDArray[np.int32]
    ) -> None:
        self._vectors, self._first, self._spans = vectors, first, spans

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `SentenceWriter` wrote.

        Raises:
            IndexDamaged: the files do not belong together.
        """
        vectors = open_vectors(directory / VECTORS)
        arrays = load_arrays(directory, "sentences", ("first", "spans"))
        first, spans = arrays["first"], arrays["spans"]
        if not first[-1] == len(spans) == len(vectors):
            raise IndexDamaged(f"{directory / VECTORS} holds other sentences than are indexed.")
        return cls(vectors, first, spans)

    def __len__(self) -> int:
        """Number of passages."""
        return len(self._first) - 1

    def passages_near(self, vector: Floats, k: int) -> Rows:
        """Return the rows of the passages that hold the `k` sentences nearest to a vector."""
        rows, _ = self._vectors.query(vector[None], k)
        owners: Rows = np.unique(np.searchsorted(self._first, rows[0], side="right") - 1)
        return owners

    def spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        spans = self._spans[self._first[row] : self._first[row + 1]]
        return [(int(start), int(end)) for start, end in spans]

    def cosines(self, rows: Rows, vector: Floats) -> Ragged:
        """Return the cosines of the sentences of some passages to a vector."""
        lengths = self._first[rows + 1] - self._first[rows]
        sentences = stretches(self._first[rows], lengths)
        return Ragged(self._vectors.get(sentences) @ vector, edges(lengths))

    def run(self, rows: range) -> tuple[NDArray[np.int32], range, NDArray[np.int64]]:
        """Return spans, rows of vectors, and how many sentences each of some passages has."""
        start, end = int(self._first[rows.start]), int(self._first[rows.stop])
        lengths = np.diff(self._first[rows.start : rows.stop + 1])
        return np.array(self._spans[start:end]), range(start, end), lengths

    @property
    def all_vectors(self) -> VectorStore:
        """The vectors of all sentences, passage after passage."""
        return self._vectors
