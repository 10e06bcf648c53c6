"""One encoder shared by questions and index builds, with priority for questions.

A second encoder would take the memory of a second model. A build encodes a few texts at a time,
and all waiting questions are encoded before the next few.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from threading import Condition
from typing import TypeVar

import numpy as np

from embeddings.array_types import Floats
from embeddings.model.encoder import Encoder, Encoding, Model

T = TypeVar("T")

_BATCH = 8
"""Texts that a build encodes without interruption; a question waits for them at most."""


def prioritized(model: Model) -> tuple[Model, Model]:
    """Return two thread-safe models that share one encoder: for questions, and for builds."""
    lock, load = _PriorityLock(), cache(model.load)
    return (
        replace(model, load=lambda: _SharedEncoder(load(), lock, urgent=True)),
        replace(model, load=lambda: _SharedEncoder(load(), lock, urgent=False)),
    )


class _PriorityLock:
    """A lock that is given to an urgent waiter before any other."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._held = False
        self._urgent_waiting = 0

    @contextmanager
    def hold(self, *, urgent: bool) -> Iterator[None]:
        """Wait for the lock, and hold it while the block runs."""
        with self._changed:
            self._urgent_waiting += urgent
            self._changed.wait_for(lambda: not self._held and (urgent or not self._urgent_waiting))
            self._urgent_waiting -= urgent
            self._held = True
        try:
            yield
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()


class _SharedEncoder:
    """An encoder that acquires the lock for each batch."""

    def __init__(self, encoder: Encoder, lock: _PriorityLock, *, urgent: bool) -> None:
        self._encoder, self._lock, self._urgent = encoder, lock, urgent
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self.runtime = encoder.runtime

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without prompt and special tokens."""
        with self._lock.hold(urgent=self._urgent):
            return self._encoder.count_tokens(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in the given order."""
        with self._lock.hold(urgent=self._urgent):
            return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in the given order."""
        return self._in_batches(texts, self._encoder.encode_passages)

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Return only the text vectors of short passages, unit vectors of shape (n, dimension)."""
        vectors = self._in_batches(texts, lambda few: list(self._encoder.encode_sentences(few)))
        return np.array(vectors, np.float32).reshape(len(texts), self.dimension)

    def _in_batches(self, texts: Sequence[str], encode: Callable[[list[str]], list[T]]) -> list[T]:
        """Encode texts of similar length together; return the results in the given order."""
        done: dict[int, T] = {}
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            with self._lock.hold(urgent=self._urgent):
                done |= zip(rows, encode([texts[row] for row in rows]), strict=True)
        return [done[row] for row in range(len(texts))]
