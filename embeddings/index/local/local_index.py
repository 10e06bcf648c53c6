"""The index on disk, as answering questions sees it."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from embeddings.array_types import Bytes, Floats, Mask, Rows, Segments
from embeddings.errors import IndexDamaged
from embeddings.index.bm25 import Bm25Index
from embeddings.index.embed import Embedded
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.sentence_store import SentenceStore
from embeddings.index.local.token_store import TokenStore
from embeddings.index.manifest import Manifest
from embeddings.index.search_index import Candidates, IndexSnapshot, Query
from embeddings.index.vectors import VectorStore
from embeddings.storage.ragged import Ragged, edges
from embeddings.text.sentences import Span

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class LocalIndex:
    """An open generation; it never changes, and is its own snapshot.

    Attributes:
        rows_by_language: for each language, which passages are in it, (passages,).
        damage: why it serves in place of the current generation; None where it is the current.
    """

    directory: Path
    manifest: Manifest
    passages: PassageStore
    vectors: VectorStore
    sentences: SentenceStore
    token_store: TokenStore
    bm25: Bm25Index
    rows_by_language: Mapping[str, Mask]
    damage: IndexDamaged | None = None

    is_live = is_away = False

    @property
    def name(self) -> str:
        """The directory's name, unique in its index."""
        return self.directory.name

    @property
    def languages(self) -> Set[str]:
        """The languages of all passages."""
        return self.rows_by_language.keys()

    def __len__(self) -> int:
        """Number of passages."""
        return len(self.vectors)

    def snapshot(self, work: Callable[[IndexSnapshot], T]) -> T:
        """Return what `work` finds."""
        return work(self)

    def retrieve(self, query: Query) -> Candidates:
        """Return the passages nearest by passage vector, by sentence vector and by BM25."""
        vector, languages = query.vector, self.rows_by_language
        retrieved = [
            self.nearest(vector, query.by_passage, query.among)[0],
            self.sentences.passages_near(vector, query.by_sentence),
            self.bm25.top_k(query.words, query.by_words),
        ]
        if len(languages) > 1:
            retrieved += [
                self.vectors.query(vector[None], query.by_language, mask)[0][0]
                for mask in languages.values()
            ]
        rows = np.unique(np.concatenate(retrieved))
        if query.among is not None:
            rows = rows[np.isin(rows, query.among)]
        cosines = self.sentences.cosines(rows, vector)
        sentence = cosines.max()
        names = np.empty(len(rows), "<U3")
        for language, mask in languages.items():
            names[mask[rows]] = language
        return Candidates(
            rows,
            names,
            dense=self.vectors.get(rows) @ vector + sentence,
            sentence=sentence,
            bm25=self.word_scores(query.words, rows),
            cosines=cosines,
        )

    def nearest(self, vector: Floats, k: int, among: Rows | None = None) -> tuple[Rows, Floats]:
        """Return rows and cosines of the passages whose vectors are nearest, best first."""
        (rows,), (cosines,) = self.vectors.query(vector[None], k, self._mask(among))
        return rows, cosines

    def sentence_cosines(self, rows: Rows, vector: Floats) -> Ragged:
        """Return the cosines of the sentences of some passages to a vector."""
        return self.sentences.cosines(rows, vector)

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        return self.sentences.spans(row)

    def word_scores(self, words: Iterable[str], rows: Rows) -> Floats:
        """Return normalized BM25 scores of some passages, in [0, 1)."""
        return self.bm25.normalized_scores(words, rows)

    def tokens(self, rows: Rows) -> tuple[Bytes, Segments, Rows]:
        """Return the tokens of some passages, one after the other."""
        return self.token_store.get(rows)

    def embedded(self, rows: range) -> list[Embedded]:
        """Return all vectors of some passages."""
        packed, segments, first = self.token_store.get(np.arange(rows.start, rows.stop))
        _, sentences, lengths = self.sentences.run(rows)
        own = Ragged(self.sentences.all_vectors.get(sentences), edges(lengths))
        return [
            Embedded(
                vector,
                self.sentences.spans(row),
                own[number],
                packed[first[number] : first[number + 1]],
                segments[first[number] : first[number + 1]],
            )
            for number, (row, vector) in enumerate(zip(rows, self.vectors.get(rows), strict=True))
        ]

    def refresh(self) -> None:
        """A generation stays what it is."""

    def close(self) -> None:
        """Let go of the files."""
        self.passages.close()

    def _mask(self, among: Rows | None) -> Mask | None:
        if among is None:
            return None
        mask = np.zeros(len(self), bool)
        mask[among] = True
        return mask
