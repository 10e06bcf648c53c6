"""The parts of a question, timed where the program itself calls them.

Functions are replaced by ones that look at the clock before and after. What a function spends in
another one that is timed as well counts for that one only, so that parts add up to the whole.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any

from embeddings import Encoder

PARTS = (
    "tokenise",
    "run the model",
    "language and words",
    "vectors",
    "late interaction",
    "rank and highlight",
    "read the passages",
    "decide",
    "everything else",
    "render",
)
"""In the order in which a question goes through them."""


@dataclass(frozen=True)
class Point:
    """A function of the program, and the part that its time belongs to.

    Attributes:
        place: a module, and a class in it where there is one: `embeddings.index.bm25:Lexical`.
    """

    part: str
    place: str
    name: str

    @property
    def owner(self) -> Any:
        """What the function is an attribute of."""
        module, _, kind = self.place.partition(":")
        found = import_module(module)
        return getattr(found, kind) if kind else found

    @property
    def is_there(self) -> bool:
        """Whether the program has such a function."""
        return hasattr(self.owner, self.name)


def points(encoder: Encoder) -> list[Point]:
    """Return what is timed."""
    home = f"{type(encoder).__module__}:{type(encoder).__name__}"
    return [
        Point("tokenise", "embeddings.model.openvino.tokenizer:TokenReader", "read"),
        Point("run the model", home, "encode_questions"),
        Point("language and words", "embeddings.search.ranking", "detect"),
        Point("language and words", "embeddings.search.ranking", "words"),
        Point("language and words", "embeddings.index.bm25:Bm25Index", "best"),
        Point("language and words", "embeddings.index.bm25:Bm25Index", "coverage"),
        Point("vectors", "embeddings.search.ranking", "near_by_any"),
        Point("vectors", "embeddings.search.search", "behind"),
        Point("late interaction", "embeddings.search.ranking", "compared"),
        Point("rank and highlight", "embeddings.search.search", "rank"),
        Point("read the passages", "embeddings.search.search", "shortlist"),
        Point("decide", "embeddings.search.confidence:Calibration", "confidence"),
        Point("decide", "embeddings.search.confidence:Calibration", "answered"),
        Point("everything else", "embeddings.search.search:Searcher", "search"),
        Point("render", "bot.views.answers", "render_passage"),
    ]


class Timers:
    """Adds up what is spent in each part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        """Seconds since `start`."""
        self._inner: list[float] = []

    def start(self) -> None:
        """Begin from nothing."""
        self.spent.clear()

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same, and is timed."""

        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                took = time.perf_counter() - started
                self.spent[part] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return timed

    @contextmanager
    def at(self, points: list[Point]) -> Iterator[None]:
        """Time the functions at these points that are there, for a while."""
        with ExitStack() as stack:
            for point in points:
                if point.is_there:
                    function = getattr(point.owner, point.name)
                    stack.enter_context(
                        replaced(point.owner, point.name, self.timed(point.part, function))
                    )
            yield


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Put another function in the place of one, for a while."""
    own, before = name in vars(owner), getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)
