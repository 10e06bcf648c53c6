"""Draws examples and windows of their passages, and puts them into batches for the network."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats
from embeddings.index.late_interaction import token_weights
from embeddings.quality.verifier.examples import Example, Examples
from embeddings.quality.verifier.states import States
from embeddings.verifier.tokens import Inputs, PassageTokens, Tokens, inputs_of

_WINDOW = 96
"""Tokens of a passage's own text that an example has."""
_SHARES = {
    "squad": 1.0,
    "people": 2.0,
    "xquad": 0.5,
    "across": 0.5,
    "cut": 0.5,
    "short": 0.6,
    "short cut": 0.4,
    "changed": 0.4,
    "own": 8.0,
    "own near": 1.6,
    "own cut": 4.0,
}
"""How often an example of each kind is drawn in a round; the rest is left to the next rounds."""
_BESIDE, _FAR = 0.35, 0.12
"""How often a question is asked of another passage of its article, and of another article."""
_HARDEST = 3
"""Among how many of the nearest passages one that does not answer is drawn."""
_ELSEWHERE = 0.08
"""How often a window without the answer is drawn of a passage that answers."""
_NEAREST_WINDOW = 0.8
"""How often the window that matches the question best is drawn, where no answer is marked."""
_MANY = 2048
"""Examples among which those of similar length are put together."""


@dataclass(frozen=True)
class Batch:
    """Inputs, and what the network should say of them.

    Attributes:
        inputs: see there.
        answers: 1 where a window answers, otherwise 0, (n,).
        starts, ends: the answer's first and last token in the input; 0 where there is none, and -1
            where it is not known, (n,).
    """

    inputs: Inputs
    answers: Floats
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class _Drawn:
    question: int
    passage: int
    window: range
    answers: bool
    start: int
    end: int


class Sampler:
    """Draws batches without end."""

    def __init__(
        self, examples: Examples, questions: States, passages: States, size: int, seed: int = 0
    ) -> None:
        self._examples = examples
        self._questions, self._passages = questions, passages
        self._size = size
        self._chance = random.Random(seed)  # noqa: S311

    def batches(self) -> Iterator[Batch]:
        """Yield batches of windows of similar length."""
        waiting: list[_Drawn] = []
        for example in self._rounds():
            waiting.append(self._with_window(example))
            if len(waiting) == _MANY:
                waiting.sort(key=self._length)
                groups = [waiting[n : n + self._size] for n in range(0, _MANY, self._size)]
                self._chance.shuffle(groups)
                yield from map(self._batch, groups)
                waiting = []

    def _rounds(self) -> Iterator[Example]:
        while True:
            drawn = [one for one in self._examples.known for _ in range(self._times(one))]
            for share, kind, asked in (
                (_BESIDE, "beside", self._examples.beside),
                (_FAR, "far", self._examples.far),
            ):
                for question, others in asked:
                    if self._chance.random() < share:
                        drawn.append(
                            Example(question, self._near(question, others), False, (), kind)
                        )
            self._chance.shuffle(drawn)
            yield from drawn

    def _times(self, example: Example) -> int:
        share = _SHARES[example.kind]
        return int(share) + (self._chance.random() < share % 1)

    def _near(self, question: int, others: tuple[int, ...]) -> int:
        """Return one of the nearest passages: what the search would come up with."""
        near = self._passages.vectors[list(others)] @ self._questions.vectors[question]
        return others[int(self._chance.choice(np.argsort(-near)[:_HARDEST].tolist()))]

    def _with_window(self, example: Example) -> _Drawn:
        passage = self._passages.passage(example.passage)
        count, last = len(passage.text), max(0, len(passage.text) - _WINDOW)
        found = [self._tokens_of(passage, span) for span in example.spans]
        found = [(start, end) for start, end in found if start < end]
        answers, start, end = example.answers, -1, -1
        if found and self._chance.random() >= _ELSEWHERE:
            start, end = self._chance.choice(found)
            least, most = max(0, end - _WINDOW), min(start, last)
            first = self._chance.randint(min(least, most), most)
        elif found:
            free = [
                first
                for first in range(0, last + 1, 8)
                if not any(start < first + _WINDOW and first < end for start, end in found)
            ]
            if not free:
                return self._with_window(example)
            first, answers = self._chance.choice(free), False
        elif self._chance.random() < _NEAREST_WINDOW:
            first = self._best_window(self._questions.tokens(example.question), passage.text)
        else:
            first = self._chance.randint(0, last)
        window = range(first, min(first + _WINDOW, count))
        if end > window.stop:  # the answer is longer than a window
            start, end = -1, -1
        return _Drawn(example.question, example.passage, window, answers, start, end)

    @staticmethod
    def _tokens_of(passage: PassageTokens, span: tuple[int, int]) -> tuple[int, int]:
        """Return the first token of a span of the passage's text, and one after its last."""
        inside = (passage.text.spans[:, 1] > span[0]) & (passage.text.spans[:, 0] < span[1])
        (places,) = np.nonzero(inside)
        return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)

    def _best_window(self, question: Tokens, text: Tokens) -> int:
        """Return where the window begins in which the question's tokens match best."""
        firsts = list(range(0, max(0, len(text) - _WINDOW) + 1, 16))
        if len(firsts) == 1:
            return 0
        cosines = question.directions @ text.directions.T
        weights = token_weights(question.information)
        matched = [weights @ cosines[:, first : first + _WINDOW].max(axis=1) for first in firsts]
        return firsts[int(np.argmax(matched))]

    def _length(self, drawn: _Drawn) -> int:
        question = int(
            self._questions.first[drawn.question + 1] - self._questions.first[drawn.question]
        )
        return 1 + question + int(self._passages.titles[drawn.passage]) + len(drawn.window)

    def _batch(self, group: list[_Drawn]) -> Batch:
        pairs = [
            (self._questions.tokens(one.question), self._passages.passage(one.passage), one.window)
            for one in group
        ]
        places = [
            self._places(one, 1 + len(question) + len(passage.title))
            for one, (question, passage, _) in zip(group, pairs, strict=True)
        ]
        starts, ends = np.array(places, np.int64).T
        answers = np.array([one.answers for one in group], np.float32)
        return Batch(inputs_of(pairs), answers, starts, ends)

    @staticmethod
    def _places(drawn: _Drawn, before: int) -> tuple[int, int]:
        """Return the places of the answer's first and last token in the input.

        Args:
            drawn: the example.
            before: tokens of the input before those of the window.
        """
        if not drawn.answers:
            return 0, 0
        if drawn.start < 0:
            return -1, -1
        shift = before - drawn.window.start
        return shift + drawn.start, shift + drawn.end - 1
