"""What the articles say to a question."""

from dataclasses import dataclass
from typing import Any

from embeddings.articles.passage import Passage
from embeddings.index.local.passage_store import Source


@dataclass(frozen=True)
class Highlight:
    """The span of a passage that answers; `start` and `end` count within the passage's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hit:
    """One passage of an answer.

    Attributes:
        score: higher is nearer to the question; comparable within one answer only.
        passage_key: names the passage by its article and its text; see `article_view`. "" where
            it is in no index.
    """

    passage: Passage
    source: Source
    score: float
    highlight: Highlight | None = None
    passage_key: str = ""


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
        answered: whether the best passage answers; None where no calibration fits the model.
        confidence: probability that it does; None likewise.
    """

    question: str
    passages: tuple[Hit, ...]
    answered: bool | None = None
    confidence: float | None = None
    took: Timing = Timing()

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the command line prints it."""
        return {
            "question": self.question,
            "answered": self.answered,
            "confidence": self.confidence if self.confidence is None else round(self.confidence, 4),
            "passages": [_found_to_json(found) for found in self.passages],
            "took_ms": {
                "encode": round(self.took.encode, 3),
                "search": round(self.took.search, 3),
                "total": round(self.took.total, 3),
            },
        }


def _found_to_json(found: Hit) -> dict[str, Any]:
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
