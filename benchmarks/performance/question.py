"""Measures a question from its text to a ranked answer with a highlight, and each of its parts.

The questions of a data set are asked one after the other, in one process, as the bot does. They
are asked twice: without timers for the time of the whole, and with timers for the parts.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from benchmarks import percentiles
from benchmarks.performance.common import Options, log
from bot.texts import texts_for
from bot.views import answers as render
from embeddings import Encoder, Searcher, find_model

WARM_UP = 20

_TIMED = {
    "tokenise": ("embeddings.model.openvino.tokenizer.TokenReader.read",),
    "run the model": (),  # the encoder's own method
    "language and words": (
        "embeddings.search.ranking.detect",
        "embeddings.search.ranking.lemmas",
        "embeddings.index.bm25.Bm25Index.top_k",
        "embeddings.index.bm25.Bm25Index.normalized_scores",
    ),
    "vectors": ("embeddings.search.ranking.retrieve", "embeddings.search.search.extend_dense"),
    "late interaction": ("embeddings.search.candidates.score_late_interaction",),
    "rank and highlight": ("embeddings.search.search.rank",),
    "read the passages": ("embeddings.search.search.deduplicate",),
    "decide": (
        "embeddings.search.confidence.Calibration.confidence",
        "embeddings.search.confidence.Calibration.answered",
    ),
    "everything else": ("embeddings.search.search.Searcher.search",),
    "render": ("bot.views.answers.render_passage",),
}
PARTS = tuple(_TIMED)
"""The parts of a question, in the order in which it goes through them."""


def measure(options: Options) -> dict[str, Any]:
    """Ask all questions.

    Returns:
        Milliseconds of a search and of each part, by percentile; and the slowest question.
    """
    model = find_model()
    encoder = model.load()
    searcher = Searcher.open(options.index(model), model)
    questions = options.questions(options.count(10_000, 60))
    try:
        for text in questions[-WARM_UP:]:
            searcher.search(text)
        log(f"{len(questions)} questions")
        took = [_milliseconds(searcher, text) for text in questions]
        log("the same with timers")
        parts = time_parts(searcher, encoder, questions)
        return {
            "dataset": options.dataset.name,
            "runtime": encoder.runtime,
            "questions": len(questions),
            "passages": searcher.index.manifest.passages,
            "milliseconds": percentiles(took),
            "slowest": max(took),
            "parts": {part: percentiles(values) for part, values in parts.items()},
        }
    finally:
        searcher.close()


class Timers:
    """Times functions of the program where it calls them.

    Time that a timed function spends in another timed function counts for that one only, so that
    the parts add up to the whole.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        """By part."""
        self._inner: list[float] = []

    @contextmanager
    def around(self, timed: Mapping[str, Sequence[str]]) -> Iterator[None]:
        """Time functions within the block.

        Args:
            timed: dotted names of functions, by the part that they belong to.

        Raises:
            AttributeError: the program has no such function.
        """
        with ExitStack() as stack:
            for part, names in timed.items():
                for name in names:
                    stack.enter_context(patch(name, self._timed(part, resolve_name(name))))
            yield

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                took = time.perf_counter() - started
                self.seconds[part] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return timed


def method_of(encoder: Encoder, name: str) -> str:
    """Return the dotted name of a method of the encoder."""
    return f"{type(encoder).__module__}.{type(encoder).__name__}.{name}"


def timed_functions(encoder: Encoder) -> dict[str, tuple[str, ...]]:
    """Return the dotted names of the functions that are timed, by part."""
    return _TIMED | {"run the model": (method_of(encoder, "encode_questions"),)}


def time_parts(
    searcher: Searcher, encoder: Encoder, questions: Sequence[str]
) -> dict[str, list[float]]:
    """Return the milliseconds that each part takes for each question; unused parts are left out."""
    timers, texts = Timers(), texts_for("en")
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    with timers.around(timed_functions(encoder)):
        for text in questions:
            timers.seconds.clear()
            answer = searcher.search(text)
            if answer.passages:
                render.render_passage(answer, 0, texts)
            for part, values in found.items():
                values.append(1000 * timers.seconds[part])
    return {part: values for part, values in found.items() if any(values)}


def _milliseconds(searcher: Searcher, text: str) -> float:
    started = time.perf_counter()
    searcher.search(text)
    return 1000 * (time.perf_counter() - started)
