"""BM25: which passages hold the words of a question.

A score is the share of what the question could score at most, so it is 0 where no word matches,
stays below 1, and means the same in a corpus of five passages and of a hundred thousand. The
formula is Robertson and Zaragoza's (2009), with their usual k1 and b.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats, Rows
from embeddings.storage.arrays import ArrayWriter, load_arrays, save_arrays

Entries = NDArray[np.void]

K1, B = 1.2, 0.75

_ENTRY = np.dtype([("key", "<u8"), ("row", "<i4"), ("count", "<u2")])
_MOST = 2**16 - 1
_SPOOL = "bm25.spool"
_WAITING = 50_000
"""Entries that wait as Python objects, some 150 bytes each."""
_PART = 2_000_000
"""Entries in memory at a time, 14 bytes each; a passage has about a hundred."""


class Bm25Writer:
    """Collects the words of passages, in any order of their rows.

    An entry says that a word is so many times in a passage. Entries wait on the disk and are
    sorted by word in parts, so that memory does not grow with the articles.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._spool = (directory / _SPOOL).open("xb")
        self._waiting: list[tuple[int, int, int]] = []
        self._entries = 0
        self._lengths: dict[int, int] = {}

    def add(self, row: int, document: Sequence[str]) -> None:
        """Take the words of a passage."""
        self._lengths[row] = len(document)
        counted = Counter(document)
        self._waiting += [(_key(word), row, min(times, _MOST)) for word, times in counted.items()]
        if len(self._waiting) >= _WAITING:
            self._write(np.array(self._waiting, _ENTRY))
            self._waiting.clear()

    def copy(self, bm25: "Bm25Index", rows: NDArray[np.int64]) -> None:
        """Take over the words of passages.

        Args:
            bm25: an index of other passages.
            rows: the new row of each of its passages, -1 for those that are not taken.
        """
        for old in np.flatnonzero(rows >= 0):
            self._lengths[int(rows[old])] = int(bm25.lengths[old])
        for entries in bm25.entries():
            entries["row"] = rows[entries["row"]]
            self._write(entries[entries["row"] >= 0])

    def finish(self) -> None:
        """Write the index's files."""
        self._write(np.array(self._waiting, _ENTRY))
        self._spool.close()
        keys, starts = [np.empty(0, np.uint64)], [0]
        with (
            closing(ArrayWriter(self._directory / "bm25.rows.npy", np.int32, ())) as rows,
            closing(ArrayWriter(self._directory / "bm25.counts.npy", np.uint16, ())) as counts,
        ):
            for part in self._sorted_parts():
                rows.append(part["row"])
                counts.append(part["count"])
                found, sizes = np.unique(part["key"], return_counts=True)
                keys.append(found)
                starts += (starts[-1] + np.cumsum(sizes)).tolist()
            rows.finish()
            counts.finish()
        (self._directory / _SPOOL).unlink()
        save_arrays(
            self._directory,
            "bm25",
            keys=np.concatenate(keys),
            starts=np.array(starts, np.int64),
            lengths=np.array([self._lengths[row] for row in range(len(self._lengths))], np.int32),
        )

    def close(self) -> None:
        """Let go of the files, whole or not."""
        self._spool.close()

    def _write(self, entries: Entries) -> None:
        self._spool.write(entries.tobytes())
        self._entries += len(entries)

    def _sorted_parts(self) -> Iterator[Entries]:
        """Entries sorted by word, then row; each part holds all entries of its words."""
        parts = max(1, -(-self._entries // _PART))
        width = 2**64 // parts + 1
        for number in range(parts):
            low, high = number * width, min((number + 1) * width, 2**64) - 1
            chosen = [
                block[(block["key"] >= np.uint64(low)) & (block["key"] <= np.uint64(high))]
                for block in self._blocks()
            ]
            part = np.concatenate([np.empty(0, _ENTRY), *chosen])
            yield part[np.lexsort((part["row"], part["key"]))]

    def _blocks(self) -> Iterator[Entries]:
        with (self._directory / _SPOOL).open("rb") as file:
            while block := file.read(_PART * _ENTRY.itemsize):
                yield np.frombuffer(block, _ENTRY)


@dataclass(frozen=True)
class _QuestionWord:
    """A word of a question.

    Attributes:
        weight: the most it can add to a score.
        rows: that hold it, rising.
        counts: how often each does.
    """

    weight: float
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


class Bm25Index:
    """BM25 over the passages of a generation, on files that are mapped into memory.

    Attributes:
        lengths: words of each passage, (passages,).
    """

    def __init__(self, arrays: dict[str, Any]) -> None:
        self._keys, self._starts = arrays["keys"], arrays["starts"]
        self._rows, self._counts = arrays["rows"], arrays["counts"]
        self.lengths: NDArray[np.int32] = arrays["lengths"]
        lengths = np.maximum(self.lengths, 1).astype(np.float32)
        mean = lengths.mean() if len(lengths) else 1
        self._saturation = np.float32(K1) * (1 - B + B * lengths / mean)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `Bm25Writer` wrote.

        Raises:
            IndexDamaged: a file is missing or is no array.
        """
        return cls(load_arrays(directory, "bm25", ("keys", "starts", "rows", "counts", "lengths")))

    def __len__(self) -> int:
        """Number of passages."""
        return len(self.lengths)

    def entries(self) -> Iterator[Entries]:
        """Every word in every passage, in blocks that may be changed."""
        words_at_once = 20_000
        for start in range(0, len(self._keys), words_at_once):
            end = min(start + words_at_once, len(self._keys))
            span = slice(int(self._starts[start]), int(self._starts[end]))
            block = np.empty(span.stop - span.start, _ENTRY)
            block["key"] = np.repeat(self._keys[start:end], np.diff(self._starts[start : end + 1]))
            block["row"] = self._rows[span]
            block["count"] = self._counts[span]
            yield block

    def normalized_scores(self, question: Iterable[str], rows: Rows) -> Floats:
        """Return the scores of some rows, in [0, 1): the share of the most that can be reached."""
        scores = np.zeros(len(rows), np.float32)
        question_words = self._words_of(question)
        for word in question_words:
            self._add(word, rows, scores)
        return scores / np.float32(sum(word.weight for word in question_words) or 1)

    def top_k(self, question: Iterable[str], k: int) -> Rows:
        """Return the `k` rows with the highest scores, in no order; fewer where fewer score at all.

        A common word is not looked up in all its passages, but only in those that the rarer ones
        leave in the running: MaxScore (Turtle and Flood 1995).
        """
        scores = np.zeros(len(self), np.float32)
        question_words = self._words_of(question)
        left = sum(word.weight for word in question_words)
        least = 0.0  # what the first k have at least
        for number, word in enumerate(question_words):
            if least > left:  # what holds none of the words so far cannot come among the first k
                question_words = question_words[number:]
                break
            scores[word.rows] += self._scores(word, slice(None))
            left -= word.weight
            above = scores[scores > least]
            if len(above) >= k:
                least = float(np.partition(above, -k)[-k])
        else:
            question_words = []
        rows = np.flatnonzero((scores > 0) & (scores + left >= least))
        reached = scores[rows]
        for word in question_words:
            if len(rows) > k:
                least = max(least, float(np.partition(reached, -k)[-k]))
                running = reached + left >= least
                rows, reached = rows[running], reached[running]
            self._add(word, rows, reached)
            left -= word.weight
        if len(rows) <= k:
            return rows
        return rows[np.argpartition(-reached, k)[:k]]

    def _words_of(self, question: Iterable[str]) -> list[_QuestionWord]:
        """Return the words of a question, the rarest first."""
        found = []
        for word in dict.fromkeys(question):
            start, end = self._span(_key(word))
            number = end - start
            weight = float(np.log1p((len(self) - number + 0.5) / (number + 0.5)))
            found.append(_QuestionWord(weight, self._rows[start:end], self._counts[start:end]))
        return sorted(found, key=lambda word: -word.weight)

    def _add(self, word: _QuestionWord, rows: Rows, scores: Floats) -> None:
        """Add what a word is worth to the scores of some rows."""
        if not len(word.rows):
            return
        rows = rows.astype(word.rows.dtype)  # or all that the word is in would be converted
        places = np.minimum(np.searchsorted(word.rows, rows), len(word.rows) - 1)
        here = word.rows[places] == rows
        scores[here] += self._scores(word, places[here])

    def _scores(self, word: _QuestionWord, places: slice | Rows) -> Floats:
        counts = word.counts[places]
        saturated: Floats = counts / (counts + self._saturation[word.rows[places]])
        return np.float32(word.weight) * saturated

    def _span(self, key: int) -> tuple[int, int]:
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        if place == len(self._keys) or self._keys[place] != key:
            return 0, 0
        return int(self._starts[place]), int(self._starts[place + 1])


def key_of(word: str) -> int:
    """Return a signed 64-bit digest: two of a million words share one with 1 : 10^7."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little", signed=True)


def _key(word: str) -> int:
    return key_of(word) % 2**64
