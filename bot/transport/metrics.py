"""What is counted, for Prometheus. No label holds a person, a chat or a text.

One `Metrics` belongs to one question worker, so that two bots in one process do not count together.
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from telegram import Update

    from embeddings import Answer, Manifest

UPDATE_KINDS = ("message", "edited_message", "callback_query", "inline_query")
QUESTION_KINDS = ("private", "group", "edited", "button", "inline", "other")
RESULTS = ("answered", "not_answered", "refused", "busy", "failed")

_ANSWER_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BUILD_S = (0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200)

_kind: ContextVar[str] = ContextVar("kind of the question being answered", default="other")


class Metrics:
    """The counters of one bot, in a registry of their own.

    Attributes:
        polling_works: whether the last poll reached Telegram; True before the first.
        is_contested: whether another process polls with the same token, and this one waits.
        webhook_problem: why Telegram's deliveries fail, as far as is known.
    """

    def __init__(self) -> None:
        self.polling_works = True
        self.is_contested = False
        self.webhook_problem: str | None = None
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)

        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(name, what, labels, "passage_bot", registry=registry)

        def histogram(name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(
                name, what, labels, namespace="passage_bot", buckets=buckets, registry=registry
            )

        def gauge(name: str, what: str) -> Gauge:
            return Gauge(name, what, namespace="passage_bot", registry=registry)

        self._questions = counter("questions", "Questions by what became of them", "kind", "result")
        self._seconds = histogram(
            "question_seconds",
            "Time for an answer: its parts, and all of it with the waiting",
            _ANSWER_S,
            "phase",
        )
        self._updates = counter("updates", "Updates from Telegram", "kind")
        self.passed_over = counter("updates_passed_over", "Updates not worked on", "reason")
        self.calls = counter("telegram_calls", "Calls to Telegram", "method", "outcome")
        self.retries = counter("telegram_retries", "Calls tried again", "reason")
        self.rejections = counter("webhook_rejections", "Requests refused", "reason")
        self.webhook_pending = gauge("webhook_pending_updates", "Updates not delivered yet")
        self.webhook_failed = gauge(
            "webhook_last_failure_timestamp_seconds", "When Telegram last failed to deliver"
        )
        self._builds = counter("builds", "Builds of the index by result", "result")
        self._build_seconds = histogram("build_seconds", "Time for a build that ended", _BUILD_S)
        self._waiting = gauge("questions_waiting", "Questions in line or in work")
        self._articles = gauge("index_articles", "Articles in the index")
        self._passages = gauge("index_passages", "Passages in the index")
        self._number = gauge("index_generation_number", "Number of the generation in use")
        self._index = Info("index", "The generation in use", (), "passage_bot", registry=registry)
        # A zero for what has not happened yet, so that the first time is a change.
        for kind in QUESTION_KINDS:
            for result in RESULTS:
                self._questions.labels(kind, result)
        for result in ("published", "unchanged", "failed"):
            self._builds.labels(result)

    def received(self, update: "Update") -> None:
        """Count an update, and set for this task what kind of question it may hold."""
        kind = next((kind for kind in UPDATE_KINDS if getattr(update, kind)), "other")
        self._updates.labels(kind).inc()
        _kind.set(_question_kind(update, kind))

    def asked(self, result: str) -> None:
        """Count a question by what became of it, one of `RESULTS`."""
        self._questions.labels(_kind.get(), result).inc()

    def answered(self, answer: "Answer", seconds: float) -> None:
        """Count an answer, given after so many seconds."""
        found = answer.passages and answer.answered is not False
        self.asked("answered" if found else "not_answered")
        self._seconds.labels("encode").observe(answer.took.encode / 1000)
        self._seconds.labels("search").observe(answer.took.search / 1000)
        self._seconds.labels("total").observe(seconds)

    def built(self, result: str, seconds: float) -> None:
        """Count a build that ended: "published", "unchanged" or "failed"."""
        self._builds.labels(result).inc()
        self._build_seconds.observe(seconds)

    def text(self, waiting: int, generation: str, manifest: "Manifest") -> bytes:
        """Return everything in Prometheus' text format, with the index as it is now."""
        self._waiting.set(waiting)
        self._articles.set(len(manifest.articles))
        self._passages.set(manifest.passages)
        self._number.set(int(generation))
        self._index.info(
            {"generation": generation, "built": manifest.created, "model": manifest.model.name}
        )
        return generate_latest(self._registry)


def _question_kind(update: "Update", kind: str) -> str:
    simple = {"edited_message": "edited", "callback_query": "button", "inline_query": "inline"}
    if kind != "message" or update.message is None:
        return simple.get(kind, "other")
    return "private" if update.message.chat.type == "private" else "group"
