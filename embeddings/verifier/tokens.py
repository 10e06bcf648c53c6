"""What the verifier reads: a question and a window of a passage, token by token."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats, Ints
from embeddings.index.embed import Text
from embeddings.model.encoder import LowerEncoding

WINDOW, STEP = 256, 192
"""Tokens of a passage's own text that are read at a time, and how far windows are apart.

Most passages are one window. It was trained on shorter ones, and tells answers from near misses in
long ones as well as in several short ones, in half the time.
"""
_MOST_QUESTION, _MOST_TITLE = 64, 24
"""Most tokens of a question, and of the title and headings of a passage, that are read."""
_LENGTH_STEP = 32
"""Lengths are padded to a multiple of this: a shape that is new to OpenVINO takes long."""
_NATS = 10.0
"""Scale of a token's information."""


class Kind(IntEnum):
    """What a token of the input belongs to; the first token stands for the whole."""

    PADDING = 0
    WHOLE = 1
    QUESTION = 2
    TITLE = 3
    TEXT = 4


@dataclass(frozen=True)
class Tokens:
    """The tokens of a question or a passage.

    Attributes:
        middle: the output of the lower half of the encoder's layers, (t, d).
        directions: unit vectors of late interaction, (t, d).
        information: -log p of each, in nats, (t,).
        spans: start and end of each, in the characters of the question or of the passage's own
            text, (t, 2); those of a title are below 0.
    """

    middle: Floats
    directions: Floats
    information: Floats
    spans: Ints

    def part(self, start: int, end: int) -> "Tokens":
        """Return some of the tokens."""
        return Tokens(*(values[start:end] for values in vars(self).values()))

    def __len__(self) -> int:
        """Number of tokens."""
        return len(self.information)


@dataclass(frozen=True)
class PassageTokens:
    """The tokens of a passage: of the title and headings that it was encoded with, and its own."""

    title: Tokens
    text: Tokens


@dataclass(frozen=True)
class Inputs:
    """A batch of questions with a window of a passage each; l is the length of the longest.

    Attributes:
        middle: outputs of the lower half of the encoder's layers, (n, l, d).
        matches: cosines of the tokens of the question and the passage, 0 within either, (n, l, l).
        features: the best match of each token, and its information, (n, l, 2).
        kinds: `Kind` of each token, (n, l).
    """

    middle: Floats
    matches: Floats
    features: Floats
    kinds: NDArray[np.int64]


def question_tokens(lower: LowerEncoding, directions: Floats) -> Tokens:
    """Return the tokens of a question, given their directions in late interaction, (t, d)."""
    tokens = Tokens(lower.tokens, directions, lower.information, lower.spans)
    return tokens.part(0, _MOST_QUESTION)


def passage_tokens(lower: LowerEncoding, directions: Floats, text: Text) -> PassageTokens:
    """Return the tokens of a passage, given their directions in late interaction, (t, d)."""
    spans = lower.spans - (len(text.whole) - len(text.body))
    tokens = Tokens(lower.tokens, directions, lower.information, spans)
    title = int((spans[:, 1] <= 0).sum())
    return PassageTokens(tokens.part(0, min(title, _MOST_TITLE)), tokens.part(title, len(tokens)))


def windows(count: int) -> list[range]:
    """Return windows over the tokens of a passage's text, which overlap; at least one."""
    last = max(0, count - WINDOW)
    return [range(start, min(start + WINDOW, count)) for start in (*range(0, last, STEP), last)]


def inputs_of(pairs: Sequence[tuple[Tokens, PassageTokens, range]]) -> Inputs:
    """Put questions and windows of passages into one batch."""
    lengths = [1 + len(q) + len(p.title) + len(window) for q, p, window in pairs]
    count, longest = len(pairs), -(-max(lengths) // _LENGTH_STEP) * _LENGTH_STEP
    dimension = pairs[0][0].middle.shape[1]
    middle = np.zeros((count, longest, dimension), np.float32)
    matches = np.zeros((count, longest, longest), np.float32)
    features = np.zeros((count, longest, 2), np.float32)
    kinds = np.zeros((count, longest), np.int64)
    for row, (question, passage, window) in enumerate(pairs):
        text = passage.text.part(window.start, window.stop)
        parts = (question, passage.title, text)
        end, read = lengths[row], 1 + len(question)
        middle[row, 1:end] = np.concatenate([part.middle for part in parts])
        directions = np.concatenate([passage.title.directions, text.directions])
        cosines = question.directions @ directions.T
        matches[row, 1:read, read:end] = cosines
        matches[row, read:end, 1:read] = cosines.T
        features[row, :end, 0] = matches[row, :end, :end].max(axis=1, initial=0)
        features[row, 1:end, 1] = np.concatenate([part.information for part in parts]) / _NATS
        kinds[row, :end] = np.repeat(list(Kind)[1:], [1, *map(len, parts)])
    return Inputs(middle, matches, features, kinds)
