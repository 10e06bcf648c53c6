"""What answering questions asks of an index, whatever keeps it."""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Bytes, Floats, Rows, Segments
from embeddings.errors import IndexDamaged
from embeddings.index.manifest import Manifest
from embeddings.index.passages import Passages
from embeddings.storage.ragged import Ragged
from embeddings.text.sentences import Span

T = TypeVar("T")


@dataclass(frozen=True)
class Query:
    """What candidates are retrieved by.

    Attributes:
        vector: of the question, (d,).
        words: lemmas of the question.
        by_passage: how many passages are retrieved by their vectors.
        by_sentence: how many sentences, for their passages.
        by_words: how many passages by BM25.
        by_language: how many passages of each language, where there are several.
        among: rows of the passages that may be found, rising; None for all.
    """

    vector: Floats
    words: tuple[str, ...]
    by_passage: int
    by_sentence: int
    by_words: int
    by_language: int
    among: Rows | None = None


@dataclass(frozen=True)
class Candidates:
    """Retrieved passages; all arrays are in the order of `rows`.

    Attributes:
        rows: of the passages in the index, rising.
        languages: of the passages.
        dense: cosine of the passage plus that of its best sentence.
        sentence: cosine of its best sentence.
        bm25: normalized BM25 score: the weighted share of the question's words it holds.
        cosines: cosines of all its sentences.
    """

    rows: Rows
    languages: NDArray[np.str_]
    dense: Floats
    sentence: Floats
    bm25: Floats
    cosines: Ragged

    def take(self, positions: Rows) -> Self:
        """Return some of the candidates, in the order given."""
        return type(self)(
            self.rows[positions],
            self.languages[positions],
            self.dense[positions],
            self.sentence[positions],
            self.bm25[positions],
            self.cosines.take(positions),
        )


class IndexSnapshot(Protocol):
    """One state of an index. A row is the number of a passage."""

    @property
    def passages(self) -> Passages:
        """The passages and their articles."""

    @property
    def languages(self) -> Set[str]:
        """The languages of all passages."""

    def __len__(self) -> int:
        """Number of passages."""

    def retrieve(self, query: Query) -> Candidates:
        """Return the passages nearest by passage vector, by sentence vector and by BM25."""

    def nearest(self, vector: Floats, k: int, among: Rows | None = None) -> tuple[Rows, Floats]:
        """Return rows and cosines of the passages whose vectors are nearest, best first."""

    def sentence_cosines(self, rows: Rows, vector: Floats) -> Ragged:
        """Return the cosines of the sentences of some passages to a vector."""

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""

    def word_scores(self, words: Iterable[str], rows: Rows) -> Floats:
        """Return normalized BM25 scores of some passages, in [0, 1)."""

    def tokens(self, rows: Rows) -> tuple[Bytes, Segments, Rows]:
        """Return the tokens of some passages, one after the other.

        Returns:
            Packed tokens, (t, d / 4); the segment of each, (t,); and where those of each passage
            begin, with one more for the end.
        """


class SearchIndex(Protocol):
    """A searchable index, wherever it is kept; safe to use from several threads."""

    @property
    def name(self) -> str:
        """The number of the state that is read, in decimal digits; a later state has a higher one.

        It is for the journal and the log.
        """

    @property
    def manifest(self) -> Manifest:
        """What the index was built from."""

    @property
    def damage(self) -> IndexDamaged | None:
        """Why an older state serves in place of the current one; None where it does not."""

    @property
    def is_live(self) -> bool:
        """Whether a snapshot is always of the newest state; otherwise all are of the same state."""

    @property
    def is_away(self) -> bool:
        """Whether it cannot be reached, and has been waited for in vain."""

    def snapshot(self, work: Callable[[IndexSnapshot], T]) -> T:
        """Return what `work` finds in one state of the index.

        It is called again where a server goes away meanwhile.

        Raises:
            IndexUnavailable: the index cannot be reached at the moment.
            IndexMismatch: by now it has been built with another model.
        """

    def refresh(self) -> None:
        """Look for a newer state where the index is live, so that `name` and `manifest` tell of it.

        Raises:
            IndexUnavailable: the index cannot be reached at the moment.
        """

    def close(self) -> None:
        """Let go of files and connections."""
