"""One encoder for questions and for builds: questions go first.

A second encoder would take the memory of a second model. A build encodes a few texts at a time
and lets every question that waits go before the next few.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from embeddings.model.encoder import Encoder, Encoding, Model

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats

T = TypeVar("T")

_AT_ONCE = 8
"""Texts of a build that a question may have to wait for."""


def prioritized(model: Model) -> tuple[Model, Model]:
    """Return the model for questions, and the same for builds; each is for any thread."""
    turns, load = _Turns(), cache(model.load)
    return (
        replace(model, load=lambda: _Shared(load(), turns, urgent=True)),
        replace(model, load=lambda: _Shared(load(), turns, urgent=False)),
    )


class _Turns:
    """Lets one in at a time, and nobody patient while somebody urgent waits."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._taken = False
        self._urgent = 0

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Wait for a turn, and have it for as long as the block runs."""
        with self._changed:
            self._urgent += urgent
            self._changed.wait_for(lambda: not self._taken and (urgent or not self._urgent))
            self._urgent -= urgent
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()


class _Shared:
    """An encoder that waits for its turn."""

    def __init__(self, encoder: Encoder, turns: _Turns, *, urgent: bool) -> None:
        self._encoder, self._turns, self._urgent = encoder, turns, urgent
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self.runtime = encoder.runtime

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        with self._turns.take(urgent=self._urgent):
            return self._encoder.count_tokens(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""
        with self._turns.take(urgent=self._urgent):
            return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order."""
        return self._by_turns(texts, self._encoder.encode_passages)

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Return only the vectors of short passages, unit vectors of shape (n, dimension)."""
        import numpy as np

        vectors = self._by_turns(texts, lambda few: list(self._encoder.encode_sentences(few)))
        return np.array(vectors, np.float32).reshape(len(texts), self.dimension)

    def _by_turns(self, texts: Sequence[str], encode: Callable[[list[str]], list[T]]) -> list[T]:
        """Encode a few at a time; texts of similar length together, as it is faster so."""
        done: dict[int, T] = {}
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), _AT_ONCE):
            rows = order[start : start + _AT_ONCE]
            with self._turns.take(urgent=self._urgent):
                done |= zip(rows, encode([texts[row] for row in rows]), strict=True)
        return [done[row] for row in range(len(texts))]
