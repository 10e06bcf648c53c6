"""Passages by the hundred thousand that look like real ones to a search.

Encoding so many with the model takes hours. Their words are drawn from a data set's articles, as
often as they stand there, so that real questions find as many of them as they would. Their vectors
are those of real passages, moved by differences between two other real ones: in the directions in
which real vectors differ, and about as far from each other as neighbours are. A passage's
sentences lie near the passage. Such text means nothing, so nothing is said of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.corpus import Corpus, HashEncoder
from embeddings import Model, open_current
from embeddings.model.encoder import Encoding

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats

_MOVED, _SENTENCE_MOVED = 0.7, 0.4
"""Of a difference: cosines of about .92 to the vector it began at, and .97."""
_TOKENS_FROM = 64
"""Passages whose tokens are encoded, to draw from."""


@dataclass(frozen=True)
class Pool:
    """Real vectors to draw from: of passages and sentences, and of tokens as the model has them."""

    vectors: "Floats"
    tokens: "Floats"


def pool_of(index: Path, model: Model) -> Pool:
    """Take the vectors of an index that the real model has made."""
    generation = open_current(index)
    try:
        sentences = generation.sentences.all_vectors
        vectors = [
            generation.vectors.get(range(len(generation.vectors))),
            sentences.get(range(len(sentences))),
        ]
        rows = range(min(_TOKENS_FROM, len(generation.vectors)))
        texts = [passage.text for passage, _ in generation.passage_store.get(rows)]
    finally:
        generation.close()
    encodings = model.load().encode_passages(texts)
    return Pool(np.concatenate(vectors), np.concatenate([each.tokens for each in encodings]))


class NearReal(HashEncoder):
    """Draws vectors near real ones; the same calls give the same vectors."""

    runtime = "drawn"

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self.dimension = pool.vectors.shape[1]
        self._drawn, self._tokens = pool.vectors, pool.tokens
        self._chance = np.random.default_rng(1)
        self._last: list[tuple[str, Floats]] = []

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Draw a vector for each, and tokens for every five characters of it."""
        near = self._drawn[self._chance.integers(len(self._drawn), size=len(texts))]
        vectors = self._moved(near, _MOVED)
        self._last = list(zip(texts, vectors, strict=True))
        return [self._encoded(text, vector) for text, vector in self._last]

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Draw a vector for each, near the passage among the last ones that holds it."""
        if not len(texts):
            return np.empty((0, self.dimension), np.float32)
        return self._moved(np.stack(list(self._homes(texts))), _SENTENCE_MOVED)

    def _homes(self, texts: Sequence[str]) -> "list[Floats]":
        """Find the passage of each sentence; both come in the same order."""
        homes, place = [], 0
        for text in texts:
            body = text.rpartition("\n")[2]
            ahead = (n for n in range(place, len(self._last)) if body in self._last[n][0])
            place = next(ahead, place)
            homes.append(self._last[place][1])
        return homes

    def _moved(self, vectors: "Floats", far: float) -> "Floats":
        one, other = self._chance.integers(len(self._drawn), size=(2, len(vectors)))
        moved = vectors + far * (self._drawn[one] - self._drawn[other])
        result: Floats = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return result

    def _encoded(self, text: str, vector: "Floats") -> Encoding:
        starts = np.arange(0, max(len(text), 1), 5, dtype=np.int32)
        tokens = self._tokens[self._chance.integers(len(self._tokens), size=len(starts))]
        spans = np.stack([starts, np.minimum(starts + 5, len(text))], axis=1)
        return Encoding(vector, tokens, spans, np.full(len(starts), 8, np.float32))


def write_articles(folder: Path, passages: int, like: Path) -> None:
    """Write articles of words drawn from those in another folder."""
    words = [
        word
        for path in sorted(like.rglob("*.txt"))
        for word in path.read_text(encoding="utf-8").split()
        if word.isalnum()
    ]
    Corpus(words=words).write(folder, passages)
