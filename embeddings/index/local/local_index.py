"""The index on disk, as answering questions sees it."""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import numpy as np

from embeddings.array_types import Bytes, Floats, Mask, Rows, Segments
from embeddings.errors import IndexDamaged
from embeddings.index.local.generation import Generation, open_current
from embeddings.index.manifest import Manifest
from embeddings.index.passages import Passages
from embeddings.index.search_index import Candidates, IndexSnapshot, Query
from embeddings.storage.ragged import Ragged
from embeddings.text.sentences import Span

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class LocalIndex:
    """An open generation; it never changes, and is its own snapshot."""

    generation: Generation

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the current generation; see `open_current`."""
        return cls(open_current(directory))

    @property
    def name(self) -> str:
        """The name of the generation."""
        return self.generation.name

    @property
    def manifest(self) -> Manifest:
        """What the generation was built from."""
        return self.generation.manifest

    @property
    def damage(self) -> IndexDamaged | None:
        """Why the generation serves in place of the current one."""
        return self.generation.damage

    @property
    def is_live(self) -> bool:
        """A generation stays what it is."""
        return False

    @property
    def is_away(self) -> bool:
        """It is on this machine."""
        return False

    @property
    def passages(self) -> Passages:
        """The passages and their articles."""
        return self.generation.passage_store

    @property
    def languages(self) -> Set[str]:
        """The languages of all passages."""
        return self.generation.languages.keys()

    def __len__(self) -> int:
        """Number of passages."""
        return len(self.generation.vectors)

    def snapshot(self, work: Callable[[IndexSnapshot], T]) -> T:
        """Return what `work` finds."""
        return work(self)

    def retrieve(self, query: Query) -> Candidates:
        """Return the passages nearest by passage vector, by sentence vector and by BM25."""
        generation, vector, languages = self.generation, query.vector, self.generation.languages
        retrieved = [
            self.nearest(vector, query.by_passage, query.among)[0],
            generation.sentences.passages_near(vector, query.by_sentence),
            generation.bm25.top_k(query.words, query.by_words),
        ]
        if len(languages) > 1:
            retrieved += [
                generation.vectors.query(vector[None], query.by_language, mask)[0][0]
                for mask in languages.values()
            ]
        rows = np.unique(np.concatenate(retrieved))
        if query.among is not None:
            rows = rows[np.isin(rows, query.among)]
        cosines = generation.sentences.cosines(rows, vector)
        sentence = cosines.max()
        names = np.empty(len(rows), "<U3")
        for language, mask in languages.items():
            names[mask[rows]] = language
        return Candidates(
            rows,
            names,
            dense=generation.vectors.get(rows) @ vector + sentence,
            sentence=sentence,
            bm25=self.word_scores(query.words, rows),
            cosines=cosines,
        )

    def nearest(self, vector: Floats, k: int, among: Rows | None = None) -> tuple[Rows, Floats]:
        """Return rows and cosines of the passages whose vectors are nearest, best first."""
        (rows,), (cosines,) = self.generation.vectors.query(vector[None], k, self._mask(among))
        return rows, cosines

    def sentence_cosines(self, rows: Rows, vector: Floats) -> Ragged:
        """Return the cosines of the sentences of some passages to a vector."""
        return self.generation.sentences.cosines(rows, vector)

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        return self.generation.sentences.spans(row)

    def word_scores(self, words: Iterable[str], rows: Rows) -> Floats:
        """Return normalized BM25 scores of some passages, in [0, 1)."""
        return self.generation.bm25.normalized_scores(words, rows)

    def tokens(self, rows: Rows) -> tuple[Bytes, Segments, Rows]:
        """Return the tokens of some passages, one after the other."""
        return self.generation.tokens.get(rows)

    def refresh(self) -> None:
        """A generation stays what it is."""

    def close(self) -> None:
        """Close the generation."""
        self.generation.close()

    def _mask(self, among: Rows | None) -> Mask | None:
        if among is None:
            return None
        mask = np.zeros(len(self), bool)
        mask[among] = True
        return mask
