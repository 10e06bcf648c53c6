"""A question to an answer: rank, choose what to show, highlight, decide."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from embeddings.errors import IndexMismatch
from embeddings.index.local import generation as generations
from embeddings.index.local.generation import Generation
from embeddings.index.local.manifest import ModelEntry
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoder, Encoding, Model
from embeddings.search.answer import Answer, Timing
from embeddings.search.confidence import Calibration, calibration_for
from embeddings.search.deduplicate import deduplicate
from embeddings.search.question_similarity import mean_question_vector, question_vector
from embeddings.search.ranking import Ranking, extend_dense, rank
from embeddings.search.reranker import CrossEncoderReranker, Reranker
from embeddings.text.decoding import clean

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats

DEFAULT_K = 5
_HOPELESS = 0.2
"""Confidence below which a marked sentence would be wrong four times of five."""
LONGEST_QUESTION = 1000
"""Characters read of a question; what is longer is no question but a text."""


@dataclass(frozen=True)
class EncodedQuestion:
    """A question that is encoded.

    Attributes:
        question: as it was asked.
        words: normalised.
        encoding: None where there are no words.
        took_ms: the encoding, of all the questions that were encoded together.
    """

    question: str
    words: str
    encoding: Encoding | None
    took_ms: float


class Searcher:
    """Answers questions from one open generation. Not thread-safe: its encoder is not."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        calibration: Calibration | None,
        reranker: Reranker | None = None,
    ) -> None:
        self.generation = generation
        self._encoder = encoder
        self._calibration = calibration
        self._reranker = reranker
        self._origins = token_means_for(generation.manifest.model.digest, encoder.dimension)

    @classmethod
    def open(
        cls,
        index: Path,
        model: Model,
        calibration: Path | None = None,
        reranker: str | None = None,
    ) -> Self:
        """Open the current generation of `index` and load the model.

        Args:
            index: the directory of the index.
            model: the one that the index was built with.
            calibration: a file of one's own; the shipped one, where it is None.
            reranker: a CrossEncoder's name or directory; none, where it is None.

        Raises:
            IndexMissing: nothing has been built.
            IndexDamaged: a file is not what it was when it was written.
            IndexMismatch: the index was built with another model.
            CalibrationError: the file is none, or belongs to another model.
            ModelError: the model does not load.
        """
        generation = generations.open_current(index)
        try:
            _must_match(generation.manifest.model, model.name, model.digest)
            decides = calibration_for(model.digest, calibration)
            reads = CrossEncoderReranker(reranker) if reranker else None
            return cls(generation, model.load(), decides, reads)
        except BaseException:
            generation.close()
            raise

    def reopened(self, index: Path) -> Self:
        """Open the generation that is current now, with everything else as it is here.

        Raises:
            StoreError: as `open` does.
        """
        generation = generations.open_current(index)
        try:
            built_with = self.generation.manifest.model
            _must_match(generation.manifest.model, built_with.name, built_with.digest)
        except BaseException:
            generation.close()
            raise
        return type(self)(generation, self._encoder, self._calibration, self._reranker)

    def search(self, question: str, k: int = DEFAULT_K) -> Answer:
        """Return the `k` passages nearest to a question, and whether the first one answers it.

        A question without words, and an empty index, give no passages.
        """
        (asked,) = self.encode([question])
        return self.answer(asked, k)

    def encode(self, questions: Sequence[str]) -> list[EncodedQuestion]:
        """Encode questions for `answer`, all at once: together they are faster."""
        started = time.perf_counter()
        words = [normalise(question) for question in questions]
        texts = [text for text in words if text]
        encodings = iter(self._encoder.encode_questions(texts) if texts else ())
        took = 1000 * (time.perf_counter() - started)
        return [
            EncodedQuestion(question, text, next(encodings) if text else None, took)
            for question, text in zip(questions, words, strict=True)
        ]

    def answer(self, asked: EncodedQuestion, k: int = DEFAULT_K) -> Answer:
        """Return what `search` does for a question that is encoded."""
        encoding = asked.encoding
        if encoding is None or not len(self.generation.vectors):
            decided = None if self._calibration is None else False
            return Answer(asked.question, (), decided, None if decided is None else 0.0)
        started = time.perf_counter()
        ranking = rank(
            self.generation, asked.words, encoding, self._origins, reranker=self._reranker
        )
        ranked = ranking.ranked
        if len(ranked) < k:
            ranked = [*ranked, *extend_dense(self.generation, ranked, encoding.vector, 2 * k)]
        found = deduplicate(self.generation, ranked, k)
        answered, confidence = self._decide(ranking)
        if confidence is not None and confidence < _HOPELESS:
            found = tuple(replace(entry, highlight=None) for entry in found)
        search = 1000 * (time.perf_counter() - started)
        took = Timing(encode=asked.took_ms, search=search, total=asked.took_ms + search)
        return Answer(asked.question, found, answered, confidence, took)

    def question_vector(self, question: str) -> "Floats":
        """Return a unit vector of what a question asks, for `cluster_questions`; zeros if empty."""
        return question_vector(
            self._encoder.encode_questions([normalise(question)])[0], self._shared
        )

    @cached_property
    def _shared(self) -> "Floats":
        return mean_question_vector(self._encoder)

    def close(self) -> None:
        """Let go of the generation."""
        self.generation.close()

    def _decide(self, ranking: Ranking) -> tuple[bool | None, float | None]:
        if self._calibration is None:
            return None, None
        confidence = self._calibration.confidence(ranking.features)
        return self._calibration.answered(ranking.features, confidence), confidence


def normalise(question: str) -> str:
    """Bring a question to the form that is encoded; "" when there is no word in it."""
    words = " ".join(clean(question[: 4 * LONGEST_QUESTION]).split())[:LONGEST_QUESTION].strip()
    return words if any(map(str.isalnum, words)) else ""


def _must_match(built_with: ModelEntry, name: str, digest: str) -> None:
    if built_with.digest != digest:
        raise IndexMismatch(
            f"The index was built with the model {built_with.name} ({built_with.digest}), and now "
            f"{name} ({digest}) is asked for. Build it again, "
            "python -m embeddings build, or set EMBEDDING_MODEL back."
        )
