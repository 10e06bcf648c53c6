"""How long a question takes, from its text to a ranked answer with a highlight, and in which part.

The questions of a data set are asked one after the other, in one process, as the bot does. They
are asked twice: the times of the whole are taken without any timer inside, those of the parts in
the second round, and a profile in a third one.
"""

import cProfile
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.performance.options import Options, tell
from benchmarks.performance.result import percentiles
from benchmarks.performance.timers import PARTS, Timers, points
from bot.texts import texts_for
from bot.views import answers as render
from embeddings import Encoder, Searcher, find_model

WARM_UP = 20
_PROFILED, _SHOWN = 300, 15
_TEXTS = texts_for("en")


@dataclass(frozen=True)
class Question:
    """What was found.

    Attributes:
        dataset: whose questions were asked.
        runtime: what runs the model.
        questions: how many.
        passages: in the index.
        milliseconds: of a search, by percentile.
        slowest: of all questions, in milliseconds.
        parts: milliseconds of each, by percentile.
        profile: where the processor is, by function: name, milliseconds and calls a question.
    """

    dataset: str
    runtime: str
    questions: int
    passages: int
    milliseconds: dict[str, float]
    slowest: float
    parts: dict[str, dict[str, float]]
    profile: list[tuple[str, float, float]]


def measure(options: Options) -> Question:
    """Ask all questions."""
    model = find_model()
    encoder = model.load()
    searcher = Searcher.open(options.index(model), model)
    asked = [question.text for question in options.questions(options.few(10_000, 60))]
    try:
        for text in asked[-WARM_UP:]:
            searcher.search(text)
        tell(f"{len(asked)} questions")
        took = [_milliseconds(searcher, text) for text in asked]
        tell("the same with timers")
        parts = parts_of(searcher, encoder, asked)
        tell("the same with a profile")
        profile = _profile(searcher, asked[:_PROFILED])
        return Question(
            dataset=options.dataset.resolve().name,
            runtime=encoder.runtime,
            questions=len(asked),
            passages=len(searcher.generation.vectors),
            milliseconds=percentiles(took),
            slowest=max(took),
            parts={part: percentiles(values) for part, values in parts.items()},
            profile=profile,
        )
    finally:
        searcher.close()


def parts_of(searcher: Searcher, encoder: Encoder, asked: Sequence[str]) -> dict[str, list[float]]:
    """Return the milliseconds that each part took of each question."""
    timers, found = Timers(), dict[str, list[float]]()
    with timers.at(points(encoder)):
        for text in asked:
            timers.start()
            answer = searcher.search(text)
            if answer.passages:
                render.render_passage(answer, 0, _TEXTS)
            for part in PARTS:
                found.setdefault(part, []).append(1000 * timers.spent.get(part, 0.0))
    return {part: values for part, values in found.items() if median(values) or max(values)}


def _milliseconds(searcher: Searcher, text: str) -> float:
    started = time.perf_counter()
    searcher.search(text)
    return 1000 * (time.perf_counter() - started)


def _profile(searcher: Searcher, asked: Sequence[str]) -> list[tuple[str, float, float]]:
    """Return the functions that took most themselves, not in those they call."""
    profile = cProfile.Profile()
    with profile:
        for text in asked:
            searcher.search(text)
    entries = sorted(profile.getstats(), key=lambda entry: -entry.inlinetime)
    return [
        (_called(entry.code), 1000 * entry.inlinetime / len(asked), entry.callcount / len(asked))
        for entry in entries[:_SHOWN]
    ]


def _called(code: Any) -> str:
    """Name a function without saying where on this machine it lies."""
    if isinstance(code, str):
        return re.sub(r"built-in method |method |[<>']", "", code)
    path = Path(code.co_filename)
    return f"{path.parent.name}/{path.name}: {code.co_name}"
