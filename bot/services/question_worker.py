"""Questions to the index, off the event loop."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeVar

from bot.errors import Busy
from bot.texts import LANGUAGES
from bot.transport.metrics import Metrics
from embeddings import Answer, Manifest, Passages, Searcher, load_dictionaries

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

T = TypeVar("T")

_MOST_WAITING = 200
"""At up to a tenth of a second each, the last question waits ten to twenty seconds."""
_LOOK_S = 0.1
_MOST_PATIENT = 8
"""Questions that wait for the first index: a third of the places in which updates are handled."""
_MOST_VECTORS = 2000
"""Kept, so that the same list of questions is encoded once; three megabytes."""
BATCH = 8
"""Questions encoded at a time, which takes each a third to a half less; more would make the first
wait for the last."""


@dataclass(frozen=True, eq=False)
class _Queued:
    """A question that waits for its answer."""

    question: str
    k: int
    answer: "Future[Answer]" = field(default_factory=Future)


class QuestionWorker:
    """One thread answers all questions: a tokenizer is not thread-safe, and two are no faster.

    Questions that wait while another one is answered are encoded together.

    Attributes:
        searcher: answers now.
        metrics: counts the questions.
        is_warm: whether it has answered once, so that what loads lazily is loaded.
        most_waiting: questions that may wait; one more is refused.
        waiting: questions that wait or are being answered.
        is_reading: whether the articles are being read for the first index.
    """

    def __init__(self, searcher: Searcher, most_waiting: int = _MOST_WAITING) -> None:
        self.most_waiting = most_waiting
        self.waiting = 0
        self.searcher = searcher
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._queue: deque[_Queued] = deque()
        self._vectors: dict[str, Floats] = {}
        self._not_answered: tuple[str, set[str]] = ("", set())
        self._lock = Lock()
        self._closed = False
        self._readers: Counter[Searcher] = Counter()
        self._retired: set[Searcher] = set()
        self.metrics = Metrics()
        self.is_warm = False
        self.is_reading = False
        self._patient = 0

    @property
    def manifest(self) -> Manifest:
        """What the index that answers now was built from."""
        return self.searcher.index.manifest

    def swap(self, searcher: Searcher) -> None:
        """Answer from another index: questions that wait come after it, none is dropped."""

        def replace() -> None:  # in the thread that answers, so no question is in work
            with self._lock:
                old, self.searcher = self.searcher, searcher
            self._retire(old)

        self._thread.submit(replace).result()

    @property
    def is_busy(self) -> bool:
        """Whether so many questions wait that another one would be refused."""
        return self.waiting >= self.most_waiting

    def warm_up(self) -> None:
        """Answer one question, so that the first person does not wait for what loads lazily."""
        self.ask_now("warm-up", 1)
        Thread(target=load_dictionaries, args=[LANGUAGES], name="warm-up", daemon=True).start()

    async def first_index(self, within_s: float) -> None:
        """Wait for the first index while it is being built, but not for longer than that.

        Where many wait already, return at once, so that others are still heard.
        """
        if self._patient >= _MOST_PATIENT:
            return
        self._patient += 1
        try:
            async with asyncio.timeout(within_s):
                while self.is_reading and not self.manifest.articles:
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            pass
        finally:
            self._patient -= 1

    async def ask(self, question: str, k: int) -> Answer:
        """Return the answer, and count it.

        Raises:
            Busy: too many questions wait already.
        """
        if self.is_busy:
            self.metrics.asked("busy")
            raise Busy("Too many questions wait already.")
        started = time.perf_counter()
        self.waiting += 1
        try:
            answer = await asyncio.wrap_future(self._enqueue(question, k))
        except Exception:
            self.metrics.asked("failed")
            raise
        finally:
            self.waiting -= 1
        self.metrics.answered(answer, time.perf_counter() - started)
        return answer

    async def answers_now(self, question: str) -> bool:
        """Whether the articles answer a question; what an index did not answer is remembered."""
        name = self.searcher.index.name
        if self._not_answered[0] != name:
            self._not_answered = name, set()
        known = self._not_answered[1]
        if question in known:
            return False
        answer = await asyncio.wrap_future(self._enqueue(question, 1))
        if not answer.answered:
            known.add(question)
        return bool(answer.answered)

    async def question_vectors(
        self, questions: Sequence[str], within_s: float
    ) -> "list[Floats | None]":
        """Return what questions ask, for `cluster_questions`; None where time ran out.

        They are encoded one by one, and questions of people come between.
        """
        known = self._vectors
        if len(known) > _MOST_VECTORS:
            known.clear()

        def encode(question: str) -> "Floats":
            return self.searcher.question_vector(question)

        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                for question in questions:
                    if question not in known:
                        work = self._thread.submit(encode, question)
                        known[question] = await asyncio.wrap_future(work)
        return [known.get(question) for question in questions]

    async def read(self, work: Callable[[Passages], T]) -> T:
        """Return what `work` finds in the passages of the index that answers now.

        It runs in a thread of its own, beside the one that answers questions; its generation
        stays open until it is done.
        """

        def read() -> T:
            with self._lock:
                searcher = self.searcher
                if self._closed:
                    raise RuntimeError("the question worker is closed")
                self._readers[searcher] += 1
            try:
                return searcher.index.snapshot(lambda index: work(index.passages))
            finally:
                with self._lock:
                    self._readers[searcher] -= 1
                self._retire()

        return await asyncio.to_thread(read)

    def ask_now(self, question: str, k: int) -> Answer:
        """Return the answer to a caller who has no event loop."""
        return self._enqueue(question, k).result()

    def close(self) -> None:
        """Finish the questions in work, drop the others."""
        self._thread.shutdown(cancel_futures=True)
        while self._queue:  # a callback of one that is cancelled may add another
            self._queue.popleft().answer.cancel()
        with self._lock:
            self._closed = True
        self._retire(self.searcher)

    def _enqueue(self, question: str, k: int) -> "Future[Answer]":
        queued = _Queued(question, k)
        self._queue.append(queued)
        try:
            self._thread.submit(self._answer_batch)
        except RuntimeError:  # closed meanwhile
            queued.answer.cancel()
        return queued.answer

    def _answer_batch(self) -> None:
        """Answer what has come until now, a few at a time; the next call finds the others."""
        batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        batch = [queued for queued in batch if queued.answer.set_running_or_notify_cancel()]
        try:
            encoded = self.searcher.encode([queued.question for queued in batch])
        except BaseException as error:
            for queued in batch:
                queued.answer.set_exception(error)
            return
        for queued, question in zip(batch, encoded, strict=True):
            try:
                answer = self.searcher.answer(question, queued.k)
            except BaseException as error:
                queued.answer.set_exception(error)
            else:
                self.is_warm = True
                queued.answer.set_result(answer)

    def _retire(self, *searchers: Searcher) -> None:
        """Close searchers that answer no more, each once nothing is read from its generation."""
        with self._lock:
            self._retired.update(searchers)
            unread = {searcher for searcher in self._retired if not self._readers[searcher]}
            self._retired -= unread
            for searcher in unread:
                del self._readers[searcher]
        for searcher in unread:
            searcher.close()
