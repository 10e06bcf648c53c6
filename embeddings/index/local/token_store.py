"""The tokens of all passages on disk: appended while a generation is built, mapped when it serves.

tokens.packed.bin      d / 4 bytes for each token, one after the other
tokens.segments.bin    int16 for each token: 0 for the title, then the number of the sentence
tokens.first.npy       where the tokens of each passage begin; one more for the end
"""

import math
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Bytes, Rows, Segments
from embeddings.errors import IndexDamaged
from embeddings.storage.arrays import load_arrays, save_arrays
from embeddings.storage.files import unreadable
from embeddings.storage.ragged import edges

T = TypeVar("T", bound=np.generic)

PACKED = "tokens.packed.bin"
SEGMENTS = "tokens.segments.bin"


class TokenWriter:
    """Appends passage after passage; nothing stays in memory but where each begins."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._packed = (directory / PACKED).open("xb")
        self._segments = (directory / SEGMENTS).open("xb")
        self._lengths = [0]

    def add(self, packed: Bytes, segments: Segments) -> None:
        """Append the tokens of the next passage."""
        self._packed.write(packed.tobytes())
        self._segments.write(segments.tobytes())
        self._lengths.append(len(segments))

    def copy(self, store: "TokenStore", rows: range) -> None:
        """Append the tokens of some passages of another store."""
        packed, segments, lengths = store.run(rows)
        self._packed.write(np.ascontiguousarray(packed).data)
        self._segments.write(np.ascontiguousarray(segments).data)
        self._lengths += lengths.tolist()

    def finish(self) -> None:
        """Make the files whole."""
        self.close()
        save_arrays(self._directory, "tokens", first=np.cumsum(self._lengths, dtype=np.int64))

    def close(self) -> None:
        """Let go of the files, whole or not."""
        self._packed.close()
        self._segments.close()


class TokenStore:
    """Reads the tokens of single passages; only their pages are read from the disk."""

    def __init__(self, packed: Bytes, segments: Segments, first: NDArray[np.int64]) -> None:
        self._packed, self._segments, self._first = packed, segments, first

    @classmethod
    def load(cls, directory: Path, dimension: int) -> Self:
        """Open what `TokenWriter` wrote.

        Raises:
            IndexDamaged: the files do not belong together.
        """
        first = load_arrays(directory, "tokens", ("first",))["first"]
        total, width = int(first[-1]), dimension // 4
        packed = _mapped(directory / PACKED, np.uint8, (total, width))
        segments = _mapped(directory / SEGMENTS, np.int16, (total,))
        return cls(packed, segments, first)

    def __len__(self) -> int:
        """Number of passages."""
        return len(self._first) - 1

    def get(self, rows: Rows) -> tuple[Bytes, Segments, Rows]:
        """Return the tokens of some passages, one after the other.

        Returns:
            Packed tokens, (t, d / 4); the segment of each, (t,); and where those of each passage
            begin, with one more for the end.
        """
        spans = [slice(a, b) for a, b in zip(self._first[rows], self._first[rows + 1], strict=True)]
        none = slice(0, 0)
        return (
            np.concatenate([self._packed[span] for span in [none, *spans]]),
            np.concatenate([self._segments[span] for span in [none, *spans]]),
            edges([span.stop - span.start for span in spans]),
        )

    def run(self, rows: range) -> tuple[Bytes, Segments, NDArray[np.int64]]:
        """Return packed tokens, their segments, and how many each of some passages has."""
        start, end = self._first[rows.start], self._first[rows.stop]
        lengths = np.diff(self._first[rows.start : rows.stop + 1])
        return self._packed[start:end], self._segments[start:end], lengths


def _mapped(path: Path, kind: type[T], shape: tuple[int, ...]) -> NDArray[T]:
    try:
        if path.stat().st_size != math.prod(shape) * np.dtype(kind).itemsize:
            raise IndexDamaged(f"{path} does not hold {shape[0]} tokens.")
        if not shape[0]:
            return np.empty(shape, kind)
        return np.asarray(np.memmap(path, kind, mode="r", shape=shape))  # plain: a slice is cheap
    except OSError as error:
        raise unreadable(path, error) from error
