"""Passages by the hundred thousand that resemble real ones to a search.

Encoding so many with the model takes hours. Their words are drawn from a data set's articles, as
often as they stand there, so that real questions find as many of them as they would. Their vectors
are those of real passages, moved by differences between two other real ones: in the directions in
which real vectors differ, and about as far from each other as neighbours are. A passage's
sentences lie near the passage. Such text is meaningless, so only its speed is measured.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Corpus, HashEncoder
from embeddings import Model
from embeddings.array_types import Floats
from embeddings.index.local.generation import open_current
from embeddings.model.encoder import Encoding

_MOVED, _SENTENCE_MOVED = 0.7, 0.4
"""Share of a difference that is added: cosines of about .92 to the original vector, and .97."""
_TOKENS_FROM = 64
"""Passages whose tokens are encoded, to draw from."""


class Pool(NamedTuple):
    """Real vectors to draw from: of passages and sentences, and of tokens."""

    vectors: Floats
    tokens: Floats


def pool_of(index: Path, model: Model) -> Pool:
    """Take the vectors of an index that the real model has made."""
    with closing(open_current(index)) as generation:
        stores = (generation.vectors, generation.sentences.all_vectors)
        vectors = np.concatenate([store.get(range(len(store))) for store in stores])
        rows = range(min(_TOKENS_FROM, len(generation.vectors)))
        texts = [passage.text for passage, _ in generation.passages.get(rows)]
    encodings = model.load().encode_passages(texts)
    return Pool(vectors, np.concatenate([each.tokens for each in encodings]))


def drawing_model(index: Path, model: Model) -> Model:
    """Return a model in place of another one, with vectors near those that it has in an index.

    It has one encoder: another one would draw the same vectors again.
    """
    encoder = DrawingEncoder(pool_of(index, model))
    return Model(model.name, model.digest, lambda: encoder)


class DrawingEncoder(HashEncoder):
    """Draws vectors near real ones; the same calls give the same vectors."""

    runtime = "drawn"

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self.dimension = pool.vectors.shape[1]
        self._drawn = pool
        self._chance = np.random.default_rng(1)
        self._last: list[tuple[str, Floats]] = []

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Draw a vector for each, and tokens for every five characters of it."""
        real = self._drawn.vectors
        near = real[self._chance.integers(len(real), size=len(texts))]
        self._last = list(zip(texts, self._moved(near, _MOVED), strict=True))
        return [self._encoded(text, vector) for text, vector in self._last]

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Draw a vector for each, near the passage among the last ones that contains it."""
        vectors, at = [], 0
        for text in texts:  # sentences come in the order of their passages
            body = text.rpartition("\n")[2]
            later = (n for n in range(at, len(self._last)) if body in self._last[n][0])
            at = next(later, at)
            vectors.append(self._last[at][1])
        return self._moved(np.reshape(vectors, (-1, self.dimension)), _SENTENCE_MOVED)

    def _moved(self, vectors: Floats, share: float) -> Floats:
        real = self._drawn.vectors
        one, other = self._chance.integers(len(real), size=(2, len(vectors)))
        moved = vectors + share * (real[one] - real[other])
        result: Floats = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        return result

    def _tokens(self, _text: str, starts: NDArray[np.int32]) -> Floats:
        real = self._drawn.tokens
        tokens: Floats = real[self._chance.integers(len(real), size=len(starts))]
        return tokens


def write_articles(folder: Path, passages: int, like: Path) -> None:
    """Write articles of words drawn from those in another folder."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(like.rglob("*.txt")))
    words = [word for text in texts for word in text.split() if word.isalnum()]
    Corpus(words=words).write(folder, passages)
