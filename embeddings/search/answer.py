"""The answer to a question: passages, highlights, confidence."""

from dataclasses import asdict, dataclass
from typing import Any

from embeddings.articles.passage import Passage
from embeddings.index.passages import Source


@dataclass(frozen=True)
class Span:
    """A part of a passage; `start` and `end` are offsets in the passage's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Highlight(Span):
    """The sentence of a passage that answers.

    Attributes:
        span: the answer's own words in it, such as a number or a date, where they are certain.
    """

    span: Span | None = None

    def shifted(self, by: int) -> "Highlight":
        """Return it in a passage that begins so many characters earlier."""
        span = self.span and Span(self.span.start + by, self.span.end + by, self.span.text)
        return Highlight(self.start + by, self.end + by, self.text, span)


@dataclass(frozen=True)
class Also:
    """Where else a passage stands, word for word or nearly."""

    passage: Passage
    source: Source
    passage_key: str = ""


@dataclass(frozen=True)
class Hit:
    """One passage of an answer.

    Attributes:
        passage: the passage.
        source: its article's title, address, date and language.
        score: higher is better; comparable within one answer only.
        highlight: the span that answers; None where nothing is to be marked.
        passage_key: names the passage in links and buttons; "" for a passage in no index.
        also: where else it stands, word for word or nearly, the newest first where dates are known;
            `versions.differences` tells what differs.
    """

    passage: Passage
    source: Source
    score: float
    highlight: Highlight | None = None
    passage_key: str = ""
    also: tuple[Also, ...] = ()

    @property
    def page(self) -> int | None:
        """The number of the page with the highlight, or with the beginning of the passage."""
        return self.passage.page_at(self.highlight.start if self.highlight else 0)


@dataclass(frozen=True)
class Timing:
    """Milliseconds that a question took."""

    encode: float = 0.0
    search: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Answer:
    """The answer to a question.

    Attributes:
        question: the question as it was asked.
        passages: the passages, best first.
        answered: whether the first passage answers; None without a calibration for the model.
        confidence: the probability that it does; None likewise.
        took: the time it took.
        understood: the question as it was understood, where that is not what was typed.
    """

    question: str
    passages: tuple[Hit, ...]
    answered: bool | None = None
    confidence: float | None = None
    took: Timing = Timing()
    understood: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the command line prints it."""
        understood = {"understood": self.understood} if self.understood is not None else {}
        return {
            "question": self.question,
            **understood,
            "answered": self.answered,
            "confidence": self.confidence if self.confidence is None else round(self.confidence, 4),
            "passages": [_hit_to_json(hit) for hit in self.passages],
            "took_ms": {name: round(ms, 3) for name, ms in asdict(self.took).items()},
        }


def _hit_to_json(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    content: dict[str, Any] = {
        "article": passage.article,
        "title": hit.source.title,
        "heading": passage.heading,
        "page": hit.page,
        "url": hit.source.url,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(hit.score, 6),
        "highlight": hit.highlight and _highlight_to_json(hit.highlight),
    }
    if hit.also:
        content["also"] = [_also_to_json(also) for also in hit.also]
    return content


def _highlight_to_json(highlight: Highlight) -> dict[str, Any]:
    content = asdict(highlight)
    if highlight.span is None:
        del content["span"]
    return content


def _also_to_json(also: Also) -> dict[str, Any]:
    return {
        "article": also.passage.article,
        "title": also.source.title,
        "start": also.passage.start,
        "end": also.passage.end,
        "text": also.passage.text,
    }
