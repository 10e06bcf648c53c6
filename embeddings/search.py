"""A question to an answer."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from embeddings import generation as generations
from embeddings.encoder import Encoder, Model
from embeddings.errors import IndexMismatch
from embeddings.generation import Generation
from embeddings.library import Source
from embeddings.passage import Passage
from embeddings.readers.decode import clean

DEFAULT_K = 5
LONGEST_QUESTION = 1000
"""Characters read of a question; what is longer is no question but a text."""


@dataclass(frozen=True)
class Highlight:
    """The span of a passage that answers; `start` and `end` count within the passage's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Found:
    """One passage of an answer.

    Attributes:
        score: higher is nearer to the question; comparable within one answer only.
    """

    passage: Passage
    source: Source
    score: float
    highlight: Highlight | None = None


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    encode: float = 0.0
    search: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What the articles say to a question.

    Attributes:
        question: as it was asked.
        passages: best first.
        answered: whether the best passage answers; None while nothing decides it.
        confidence: probability that it does, None while nothing tells it.
    """

    question: str
    passages: tuple[Found, ...]
    answered: bool | None = None
    confidence: float | None = None
    took: Timing = Timing()

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the command line prints it."""
        return {
            "question": self.question,
            "answered": self.answered,
            "confidence": self.confidence,
            "passages": [_found_to_json(found) for found in self.passages],
            "took_ms": {
                "encode": round(self.took.encode, 3),
                "search": round(self.took.search, 3),
                "total": round(self.took.total, 3),
            },
        }


class Searcher:
    """Answers questions from one open generation. Not thread-safe: its encoder is not."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self.generation = generation
        self._encoder = encoder

    @classmethod
    def open(cls, index: Path, model: Model) -> Self:
        """Open the current generation of `index` and load the model.

        Raises:
            IndexMissing: nothing has been built.
            IndexDamaged: a file is not what it was when it was written.
            IndexMismatch: the index was built with another model.
            ModelError: the model does not load.
        """
        generation = generations.open_current(index)
        built_with = generation.manifest.model
        if built_with.digest != model.digest:
            generation.close()
            raise IndexMismatch(
                f"The index in {index} was built with the model {built_with.name} "
                f"({built_with.digest}), and now {model.name} ({model.digest}) is asked for. "
                "Build it again, python -m embeddings build, or set EMBEDDING_MODEL back."
            )
        return cls(generation, model.load())

    def search(self, question: str, k: int = DEFAULT_K) -> Answer:
        """Return the `k` passages nearest to a question; none when it holds no words."""
        started = time.perf_counter()
        words = normalise(question)
        if not words or not len(self.generation.vectors):
            return Answer(question, ())
        vector = self._encoder.encode_questions([words])
        encoded = time.perf_counter()
        rows, scores = self.generation.vectors.query(vector, k)
        entries = self.generation.library.get(rows[0].tolist())
        found = tuple(
            Found(passage, source, float(score))
            for (passage, source), score in zip(entries, scores[0], strict=True)
        )
        ended = time.perf_counter()
        took = Timing(
            encode=1000 * (encoded - started),
            search=1000 * (ended - encoded),
            total=1000 * (ended - started),
        )
        return Answer(question, found, took=took)

    def close(self) -> None:
        """Let go of the generation."""
        self.generation.close()


def normalise(question: str) -> str:
    """Bring a question to the form that is encoded; "" when there is no word in it."""
    words = " ".join(clean(question[: 4 * LONGEST_QUESTION]).split())[:LONGEST_QUESTION].strip()
    return words if any(map(str.isalnum, words)) else ""


def _found_to_json(found: Found) -> dict[str, Any]:
    passage, highlight = found.passage, found.highlight
    return {
        "article": passage.article,
        "title": found.source.title,
        "heading": passage.heading,
        "page": passage.page,
        "url": found.source.url,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(found.score, 6),
        "highlight": highlight
        and {"start": highlight.start, "end": highlight.end, "text": highlight.text},
    }
