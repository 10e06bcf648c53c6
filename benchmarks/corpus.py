"""Articles of invented words, as many as are wanted, and an encoder that takes almost no time.

They measure what a build does besides encoding.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats
from embeddings.model.encoder import Encoding, Model

PER_ARTICLE = 20
_SENTENCES, _WORDS = 6, 18
"""In each paragraph, which is one passage of some 800 characters."""
_VOCABULARY = 60_000
_SYLLABLES = "ba de fi go ku la me ni po ru sa te vi zo dra sto kli pre".split()


class Corpus:
    """Writes the same articles for the same seed; word frequencies follow Zipf's law.

    Where `words` are given, they are drawn from those, with the frequencies that they have there.
    """

    def __init__(self, seed: int = 1, words: Sequence[str] = ()) -> None:
        self._chance = np.random.default_rng(seed)
        self._given = words
        syllables = self._chance.integers(0, len(_SYLLABLES), (_VOCABULARY, 4))
        lengths = self._chance.integers(1, 5, _VOCABULARY)
        self._words = [
            "".join(_SYLLABLES[number] for number in row[:length])
            for row, length in zip(syllables, lengths, strict=True)
        ]

    def paragraph(self) -> str:
        """Return a new paragraph."""
        count = _SENTENCES * _WORDS
        if self._given:
            chosen = self._chance.integers(len(self._given), size=count)
            words = [self._given[number] for number in chosen]
        else:
            words = [self._words[rank] for rank in self._chance.zipf(1.3, count) % _VOCABULARY]
        return " ".join(
            " ".join(words[start : start + _WORDS]).capitalize() + "."
            for start in range(0, len(words), _WORDS)
        )

    def write(self, folder: Path, passages: int) -> list[Path]:
        """Write articles that make about so many passages."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for number in range(-(-passages // PER_ARTICLE)):
            path = folder / f"{number // 500:03}" / f"article-{number:05}.txt"
            path.parent.mkdir(exist_ok=True)
            paragraphs = [self.paragraph() for _ in range(PER_ARTICLE)]
            path.write_text("\n\n".join([f"Article {number}", *paragraphs]), encoding="utf-8")
            paths.append(path)
        return paths

    def edit(self, path: Path) -> None:
        """Replace one paragraph of an article."""
        parts = path.read_text(encoding="utf-8").split("\n\n")
        parts[1 + int(self._chance.integers(len(parts) - 1))] = self.paragraph()
        path.write_text("\n\n".join(parts), encoding="utf-8")


class HashEncoder:
    """Gives each text a vector by its checksum, and each five characters of it a token."""

    dimension, max_tokens, runtime = 384, 500, "hash"

    def __init__(self) -> None:
        drawn = np.random.default_rng(1).standard_normal((4096, self.dimension))
        self._pool = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        return [-(-len(text) // 5) for text in texts]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order."""
        return [self._encoded(text, self._pool[_hash(text)]) for text in texts]

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Return only the vectors of short passages."""
        vectors: Floats = self._pool[[_hash(text) for text in texts]]
        return vectors

    def _encoded(self, text: str, vector: Floats) -> Encoding:
        starts = np.arange(0, max(len(text), 1), 5, dtype=np.int32)
        spans = np.stack([starts, np.minimum(starts + 5, len(text))], axis=1)
        norms = np.full(len(starts), 8, np.float32)
        return Encoding(vector, self._tokens(text, starts), spans, norms)

    def _tokens(self, text: str, starts: NDArray[np.int32]) -> Floats:
        tokens: Floats = self._pool[(starts * 7 + len(text)) % len(self._pool)]
        return tokens


def _hash(text: str) -> int:
    return zlib.crc32(text.encode()) % 4096


def hash_model() -> Model:
    """Return a model whose encoder is a `HashEncoder`."""
    return Model("hash", "hash:1", HashEncoder)
