"""Token vectors: brought to a common origin, compressed to 2 bits a dimension, compared.

Late interaction (ColBERT, Khattab and Zaharia 2020) with the vectors of the same encoder that
makes passage vectors: every token of the question looks for its best token in the passage.
Without training this works once what a vector says of its language alone is taken off it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Bytes, Floats, Rows, Segments
from embeddings.storage.ragged import Ragged, edges

_LEVELS = (0.4528, 1.5104)
_BORDER = 0.9816
"""The best four levels for a normal variable, ± these standard deviations (Max 1960)."""

_SAYS_NOTHING = 3.0
"""Information, in nats, of a comma: a token with no more than this tells nothing."""


_AT_ONCE = 128
"""Tokens unpacked at a time: 200 kB, twice as fast as all of them together."""


@dataclass(frozen=True)
class TokenMeans:
    """Means of token vectors by language, of questions and of passages.

    "" is the mean over languages, for those that have none of their own.
    """

    questions: Mapping[str, Floats]
    passages: Mapping[str, Floats]

    def of_question(self, language: str) -> Floats:
        """Return what is subtracted from the tokens of a question, of shape (d,)."""
        return self.questions.get(language, self.questions[""])

    def of_passage(self, language: str) -> Floats:
        """Return what is subtracted from the tokens of a passage, of shape (d,)."""
        return self.passages.get(language, self.passages[""])


def center_and_rotate(tokens: Floats, origin: Floats) -> Floats:
    """Return rotated unit vectors of tokens as seen from an origin, of shape (n, d)."""
    seen = (tokens - origin) @ _rotation(tokens.shape[1])
    vectors: Floats = seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-6)
    return vectors


def quantize(vectors: Floats) -> Bytes:
    """Compress unit vectors of shape (n, d) to bytes of shape (n, d / 4): sign, near or far."""
    deviation = 1 / np.sqrt(vectors.shape[1])
    codes = (vectors > 0).astype(np.uint8) << 1 | (np.abs(vectors) > _BORDER * deviation)
    quads = codes.reshape(len(vectors), vectors.shape[1] // 4, 4)
    packed: Bytes = quads[..., 0] | quads[..., 1] << 2 | quads[..., 2] << 4 | quads[..., 3] << 6
    return packed


def dequantize(packed: Bytes) -> Floats:
    """Return the vectors behind `quantize`'s bytes, to within its four levels."""
    dimension = packed.shape[1] * 4
    values = np.take(_dequantization_table(dimension), packed)
    return values.view(np.float32).reshape(len(packed), dimension)


def token_weights(information: Floats) -> Floats:
    """Return how much each token of a question counts, from its -log p; they add up to 1."""
    informative = np.maximum(information - _SAYS_NOTHING, 0.1)
    counted: Floats = (informative / informative.sum()).astype(np.float32)
    return counted


def maxsim(
    question: Floats, packed: Bytes, segments: Segments, first: Rows, counts: Rows
) -> Ragged:
    """Return for each segment of each passage the best cosine of each token of the question.

    Args:
        question: directions of the question's tokens, (q, d).
        packed: the tokens of all passages, one passage after the other, (t, d / 4).
        segments: of each token, rising within a passage, (t,).
        first: where the tokens of each passage begin, and where the last one ends.
        counts: how many segments each passage has, at least one.

    Returns:
        For each passage an array of shape (segments, q); -1 where a segment has no token.
    """
    begins = edges(counts)
    matches = np.full((int(begins[-1]), len(question)), -1, np.float32)
    if len(packed):
        of_all = segments + np.repeat(begins[:-1], np.diff(first))
        starts = np.flatnonzero(np.diff(of_all, prepend=-1))
        similar = _cosines(packed, question)
        matches[of_all[starts]] = np.maximum.reduceat(similar, starts, axis=0)
    return Ragged(matches, begins)


def _cosines(packed: Bytes, question: Floats) -> Floats:
    """Compare all tokens, (t, q); as many at a time as stay in the processor's cache unpacked."""
    table, across = _dequantization_table(question.shape[1]), np.ascontiguousarray(question.T)
    few = np.empty((_AT_ONCE, packed.shape[1]), table.dtype)
    cosines = np.empty((len(packed), len(question)), np.float32)
    for start in range(0, len(packed), _AT_ONCE):
        part = packed[start : start + _AT_ONCE]
        values = few[: len(part)]
        np.take(table, part, out=values, mode="clip")  # any other mode unpacks into a copy first
        np.matmul(values.view(np.float32), across, out=cosines[start : start + len(part)])
    return cosines


@lru_cache(maxsize=4)
def _rotation(dimension: int) -> Floats:
    """Return an orthogonal matrix that spreads a vector evenly over its dimensions.

    Random signs and a cosine transform, twice: the same on every machine, and nothing to store.
    """
    position = np.arange(dimension)
    cosines = np.cos(np.pi / dimension * np.outer(position, position + 0.5))
    cosines *= np.sqrt(2 / dimension)
    cosines[0] /= np.sqrt(2)
    signs = np.random.default_rng(0).integers(0, 2, size=(2, dimension)) * 2 - 1
    first, second = (sign[:, None] * cosines.T for sign in signs)
    return np.ascontiguousarray(first @ second, np.float32)


@lru_cache(maxsize=4)
def _dequantization_table(dimension: int) -> NDArray[np.complex128]:
    """Return the four values behind each byte as one 16-byte item, so that one take unpacks."""
    near, far = (level / np.sqrt(dimension) for level in _LEVELS)
    values = np.array([-near, -far, near, far], np.float32)
    codes = np.arange(256)
    quads = np.stack([values[codes >> shift & 3] for shift in (0, 2, 4, 6)], axis=1)
    return np.ascontiguousarray(quads).view(np.complex128).reshape(256)
