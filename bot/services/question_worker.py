"""Questions to the index, off the event loop."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeVar

from bot.errors import Busy
from bot.texts import LANGUAGES
from bot.transport.metrics import Metrics, counted_ask
from embeddings import Answer, Manifest, PassageStore, Searcher, load_dictionaries

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

T = TypeVar("T")

_MOST_WAITING = 200
"""Questions in line; at a few milliseconds each, the last waits about a second or two."""
_MOST_MEANINGS = 2000
"""Kept, so that the same list of questions is encoded once; three megabytes."""


_TOGETHER = 8
"""Questions encoded at a time, which takes each a third to a half less; more would make the first
wait for the last."""


@dataclass(frozen=True, eq=False)
class _Waiting:
    """A question in line."""

    question: str
    k: int
    answer: "Future[Answer]" = field(default_factory=Future)


class QuestionWorker:
    """One thread answers all questions: a tokenizer is not thread-safe, and two are no faster.

    What waits while a question is answered is encoded together.

    Attributes:
        metrics: counts what is asked here.
        is_warm: whether it has answered once, so that what loads lazily is loaded.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._waiting = 0
        self._line: deque[_Waiting] = deque()
        self._meanings: dict[str, Floats] = {}
        self._lock = Lock()
        self._closed = False
        self._readers: Counter[Searcher] = Counter()
        self._retired: set[Searcher] = set()
        self.metrics = Metrics()
        self.is_warm = False

    @property
    def manifest(self) -> Manifest:
        """What the index that answers now was built from."""
        return self._searcher.generation.manifest

    @property
    def searcher(self) -> Searcher:
        """What answers now."""
        return self._searcher

    def swap(self, searcher: Searcher) -> None:
        """Answer from another index: questions that wait come after it, none is dropped."""
        self._worker.submit(self._swap, searcher).result()

    @property
    def waiting(self) -> int:
        """Questions in line, those in work among them."""
        return self._waiting

    @property
    def is_busy(self) -> bool:
        """Whether so many questions wait that another one would be refused."""
        return self._waiting >= _MOST_WAITING

    def warm_up(self) -> None:
        """Answer one question, so that the first person does not wait for what loads lazily."""
        self.ask_now("warm-up", 1)
        Thread(target=load_dictionaries, args=[LANGUAGES], name="warm-up", daemon=True).start()

    @counted_ask
    async def ask(self, question: str, k: int) -> Answer:
        """Return the answer.

        Raises:
            Busy: too many questions wait already.
        """
        if self.is_busy:
            raise Busy("Too many questions wait already.")
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._put_in_line(question, k))
        finally:
            self._waiting -= 1

    async def question_vectors(
        self, questions: Sequence[str], within_s: float
    ) -> "list[Floats | None]":
        """Return what questions ask, for `cluster_questions`; None where time ran out.

        They are encoded one by one, and questions of people come between.
        """
        loop, known = asyncio.get_running_loop(), self._meanings
        if len(known) > _MOST_MEANINGS:
            known.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                for question in questions:
                    if question not in known:
                        work = loop.run_in_executor(self._worker, self._meaning, question)
                        known[question] = await work
        return [known.get(question) for question in questions]

    async def read(self, work: Callable[[PassageStore], T]) -> T:
        """Return what `work` finds in the passages of the index that answers now.

        It runs in a thread of its own, beside the one that answers questions; its generation
        stays open until it is done.
        """
        return await asyncio.to_thread(self._read, work)

    def ask_now(self, question: str, k: int) -> Answer:
        """Return the answer to a caller who has no event loop."""
        return self._put_in_line(question, k).result()

    def close(self) -> None:
        """Finish the questions in work, drop the others."""
        self._worker.shutdown(cancel_futures=True)
        while self._line:  # a callback of one that is cancelled may add another
            self._line.popleft().answer.cancel()
        with self._lock:
            self._closed = True
        self._retire(self._searcher)

    def _put_in_line(self, question: str, k: int) -> "Future[Answer]":
        waiting = _Waiting(question, k)
        self._line.append(waiting)
        try:
            self._worker.submit(self._answer_some)
        except RuntimeError:  # closed meanwhile
            waiting.answer.cancel()
        return waiting.answer

    def _answer_some(self) -> None:
        """Answer what has come until now, a few at a time; the next call finds the others."""
        some = [self._line.popleft() for _ in range(min(_TOGETHER, len(self._line)))]
        some = [waiting for waiting in some if waiting.answer.set_running_or_notify_cancel()]
        try:
            encoded = self._searcher.encode([waiting.question for waiting in some])
        except BaseException as error:
            for waiting in some:
                waiting.answer.set_exception(error)
            return
        for waiting, question in zip(some, encoded, strict=True):
            try:
                answer = self._searcher.answer(question, waiting.k)
            except BaseException as error:
                waiting.answer.set_exception(error)
            else:
                self.is_warm = True
                waiting.answer.set_result(answer)

    def _meaning(self, question: str) -> "Floats":
        return self._searcher.question_vector(question)

    def _swap(self, searcher: Searcher) -> None:
        """Runs where questions are answered, so none is in work on the old index."""
        with self._lock:
            old, self._searcher = self._searcher, searcher
        self._retire(old)

    def _read(self, work: Callable[[PassageStore], T]) -> T:
        with self._lock:
            searcher = self._searcher
            if self._closed:
                raise RuntimeError("the question worker is closed")
            self._readers[searcher] += 1
        try:
            return work(searcher.generation.passage_store)
        finally:
            with self._lock:
                self._readers[searcher] -= 1
            self._close_unread()

    def _retire(self, searcher: Searcher) -> None:
        """Close a searcher that answers no more, once nothing is read from its generation."""
        with self._lock:
            self._retired.add(searcher)
        self._close_unread()

    def _close_unread(self) -> None:
        with self._lock:
            unread = {searcher for searcher in self._retired if not self._readers[searcher]}
            self._retired -= unread
            for searcher in unread:
                del self._readers[searcher]
        for searcher in unread:
            searcher.close()
