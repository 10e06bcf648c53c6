"""Keeps the index up to date with the articles, and the question worker with the index."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from bot.services.question_worker import QuestionWorker
from embeddings import (
    BuildResult,
    Location,
    Model,
    Progress,
    build_index,
    cancellable,
    current_stamp,
    stop_reading,
    watch_folder,
)
from embeddings.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    PassageBotError,
    Stopped,
)

logger = logging.getLogger(__name__)

_LOOK_S = 0.5
"""How often it looks for an index that somebody else has built; this reads nine bytes."""

_RETRY_S = 60.0
"""Until the next try after a build that failed; by then the disk may have room again."""

_FIRST_DELAY_S = 1.0
"""Until the next try after a generation did not open; doubled each time."""


@dataclass(frozen=True)
class Stale:
    """An index that is not up to date: since when, as a Unix time, and why."""

    since: float
    error: PassageBotError


class IndexUpdater:
    """Two threads: one follows the folder of articles, the other the index.

    A build that fails, or dies with its process, leaves the question worker with the index it has.

    Attributes:
        question_worker: gets each new generation.
        building: the step of the build that is under way, how much of it is done, and of how much;
            None between builds.
        is_first_build_over: whether the first build has ended, well or not.
    """

    def __init__(
        self,
        seeds: Path,
        index: Location,
        model: Model,
        question_worker: QuestionWorker,
        retry_s: float = _RETRY_S,
        may_build: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare to keep an index.

        Args:
            seeds: the folder of articles.
            index: its directory, or the database that holds it.
            model: for builds; must be one that may be used beside the question worker's.
            question_worker: gets each new generation.
            retry_s: seconds until the next try after a build that failed, and at most after a
                generation that did not open.
            may_build: whether this process is the one that follows the folder; where another one
                does, this one only opens what that one builds.
        """
        self._retry_s, self._may_build = retry_s, may_build
        self._seeds, self._index, self._model = seeds, index, model
        self.question_worker = question_worker
        self._stop = Event()
        self.is_first_build_over = False
        self._opening = Lock()
        self._stamp: object = None
        self._open_again = 0.0
        self._open_delay_s = _FIRST_DELAY_S
        self._logged: str | None = None
        self.building: tuple[str, int, int] | None = None
        self._not_built: Stale | None = None
        self._not_opened: Stale | None = None
        self._build_again = math.inf
        self._threads = [
            Thread(target=self._follow_seeds, name="seeds"),
            Thread(target=self._follow_index, name="index"),
        ]

    def start(self) -> None:
        """Begin; the first build starts at once."""
        self.question_worker.is_reading = True
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; a build that is under way is given up."""
        self._stop.set()
        for thread in self._threads:
            while thread.is_alive():
                stop_reading()
                thread.join(_LOOK_S)

    @property
    def stale(self) -> Stale | None:
        """Since when the index is not up to date, and why; None when it is."""
        return self._not_built or self._not_opened

    @property
    def is_mismatched(self) -> bool:
        """Whether an index that is asked as it is was built with another model meanwhile."""
        stale, index = self._not_opened, self.question_worker.searcher.index
        return stale is not None and index.is_live and isinstance(stale.error, IndexMismatch)

    def build(
        self,
        progress: Progress | None = None,
        *,
        repair: bool = False,
        allow_empty: bool = False,
    ) -> BuildResult:
        """Bring the index up to date, and the question worker with it; for any thread.

        It is counted, unless it is stopped. See `embeddings.build_index` for the arguments.

        Raises:
            PassageBotError: it cannot be done; the question worker keeps what it has.
        """
        metrics, started = self.question_worker.metrics, time.perf_counter()
        try:
            result = self._build_index(progress, repair=repair, allow_empty=allow_empty)
            self._open_current()
        except Stopped:
            raise
        except Exception:
            metrics.built("failed", time.perf_counter() - started)
            raise
        outcome = "published" if result.published else "unchanged"
        metrics.built(outcome, time.perf_counter() - started)
        return result

    def _build_index(
        self, progress: Progress | None, *, repair: bool, allow_empty: bool
    ) -> BuildResult:
        def note(what: str, done: int, total: int) -> None:
            self.building = (what, done, total)
            if progress:
                progress(what, done, total)

        try:
            result = build_index(
                self._seeds,
                self._index,
                self._model,
                repair=repair,
                allow_empty=allow_empty,
                progress=cancellable(self._stop, note),
            )
        except Stopped:
            raise
        except Exception as error:
            self._not_built = _stale(error, self._not_built)
            raise
        finally:
            self.building = None
        self._not_built = None
        return result

    def _follow_seeds(self) -> None:
        changes = watch_folder(self._seeds, self._stop)  # before the build, to miss no edit
        self._build(repair=self._is_damaged)
        self.question_worker.is_reading = False
        self.is_first_build_over = True
        for _ in changes:
            self._build()

    def _follow_index(self) -> None:
        while not self._stop.wait(_LOOK_S):
            if not self.is_first_build_over:
                continue
            if not self._may_build():
                self._build_again = 0.0  # once it may: it can have missed an edit
            elif time.monotonic() >= self._build_again:
                self._build(repair=self._is_damaged)
            if time.monotonic() < self._open_again:
                continue
            try:
                self._open_current()
            except (IndexMissing, IndexDamaged) as error:
                if self._build_again == math.inf and self._log_once(error):
                    self._build(repair=True)
            except Exception as error:
                self._log_once(error)

    @property
    def _is_damaged(self) -> bool:
        return self.question_worker.searcher.index.damage is not None

    def _build(self, *, repair: bool = False) -> None:
        self._build_again = math.inf
        if not self._may_build():
            return
        try:
            result = self.build(repair=repair)
        except Stopped:
            return
        except Exception as error:
            self._build_again = time.monotonic() + self._retry_s
            self._log_once(error)
            return
        self._logged = None
        if not result.published:
            return
        for entry in result.skipped:
            logger.warning("skipped %r: %s", entry.path, entry.reason)
        logger.info(
            "indexed %d articles, %d passages (%d encoded) in %.1f s",
            result.articles,
            result.passages,
            result.encoded,
            result.seconds,
        )

    def _open_current(self) -> None:
        """Open the current generation if it is a new one.

        Raises:
            StoreError: it cannot be opened, or only one before it.
            Exception: whatever else kept it from being opened; it is tried again later.
        """
        with self._opening:
            if self.question_worker.searcher.index.is_live:
                self._refresh()
                return
            found = current_stamp(self._index)
            if found == self._stamp:
                return
            if self._stamp is None and found[0] == self.question_worker.searcher.index.name:
                self._stamp = found
                return
            try:
                searcher = self.question_worker.searcher.reopened(self._index)
            except Exception as error:
                self._not_opened = _stale(error, self._not_opened)
                self._open_again = time.monotonic() + self._open_delay_s
                self._open_delay_s = min(2 * self._open_delay_s, self._retry_s)
                raise
            self._stamp, self._not_opened = found, None
            self._open_delay_s = _FIRST_DELAY_S
            self._logged = None
            self.question_worker.swap(searcher)
            logger.info("answers come from generation %s now", searcher.index.name)
        if searcher.index.damage:
            self._not_opened = _stale(searcher.index.damage, None)
            raise searcher.index.damage

    def _refresh(self) -> None:
        """Notice what has changed in an index that questions are always asked of as it is."""
        index = self.question_worker.searcher.index
        before = index.name
        try:
            index.refresh()
        except Exception as error:
            self._not_opened = _stale(error, self._not_opened)
            raise
        self._not_opened = None
        if index.name != before:
            self._logged = None
            logger.info("answers come from state %s of the index now", index.name)

    def _log_once(self, error: Exception) -> bool:
        """Log an error unless it was the last one logged; return whether it was not."""
        if repr(error) == self._logged:
            return False
        self._logged = repr(error)
        unexpected = None if isinstance(error, PassageBotError) else error
        logger.error("the index is not up to date: %s", error, exc_info=unexpected)
        return True


def _stale(error: Exception, before: Stale | None) -> Stale:
    """Return what to say of an index after an error; it is stale since the first one in a row."""
    if not isinstance(error, PassageBotError):
        error = PassageBotError("Something unexpected went wrong; the log says more.")
    return Stale(before.since if before else time.time(), error)
