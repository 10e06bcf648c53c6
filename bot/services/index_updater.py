"""Keeps the index up to date with the articles, and the asker with the index."""

import logging
import math
import time
from pathlib import Path
from threading import Event, Lock, Thread

from bot.services.question_worker import QuestionWorker
from bot.transport.metrics import counted_build
from embeddings import (
    BuildResult,
    IndexDamaged,
    IndexMissing,
    Model,
    PassageBotError,
    Progress,
    Stopped,
    build_index,
    cancellable,
    current_stamp,
    watch_folder,
)

logger = logging.getLogger(__name__)

_LOOK_S = 0.5
"""How often it looks for an index that somebody else has built; this reads nine bytes."""

_AGAIN_S = 60.0
"""After a build that failed: by then there may be room on the disk, or nobody else builds."""


class IndexUpdater:
    """Two threads: one follows the folder of articles, the other the index.

    A build that fails, or dies with its process, leaves the asker with the index it has.
    """

    def __init__(
        self, seeds: Path, index: Path, model: Model, question_worker: QuestionWorker
    ) -> None:
        """Prepare to keep an index.

        Args:
            seeds: the folder of articles.
            index: the directory of the index.
            model: for builds; must be one that may be used beside the asker's.
            question_worker: gets each new generation.
        """
        self._seeds, self._index, self._model, self._asker = seeds, index, model, question_worker
        self.metrics = question_worker.metrics
        self._stop = Event()
        self._opening = Lock()
        self._stamp: object = None
        self._said: object = None
        self._again = math.inf
        self._threads = [
            Thread(target=self._follow_seeds, name="seeds"),
            Thread(target=self._follow_index, name="index"),
        ]

    def start(self) -> None:
        """Begin; the first build starts at once."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; a build that is under way is given up."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    @counted_build
    def build(self, progress: Progress | None = None, *, repair: bool = False) -> BuildResult:
        """Bring the index up to date, and the asker with it; for any thread.

        Raises:
            PassageBotError: it cannot be done; the asker keeps what it has.
        """
        report_progress = cancellable(self._stop, progress or _silent)
        result = build_index(
            self._seeds, self._index, self._model, repair=repair, progress=report_progress
        )
        self._look()
        return result

    def _follow_seeds(self) -> None:
        following = watch_folder(
            self._seeds, self._stop
        )  # an edit during the first build is not lost
        self._build(repair=self._is_damaged)
        for _ in following:
            self._build()

    def _follow_index(self) -> None:
        while not self._stop.wait(_LOOK_S):
            if time.monotonic() >= self._again:
                self._build(repair=self._is_damaged)
            try:
                self._look()
            except (IndexMissing, IndexDamaged) as error:
                if self._say(error):
                    self._build(repair=True)
            except PassageBotError as error:
                self._say(error)
            except Exception:
                logger.exception("the index was not opened")

    @property
    def _is_damaged(self) -> bool:
        return self._asker.searcher.generation.damage is not None

    def _build(self, *, repair: bool = False) -> None:
        self._again = math.inf
        try:
            result = self.build(repair=repair)
        except Stopped:
            return
        except Exception as error:
            self._again = time.monotonic() + _AGAIN_S
            if not isinstance(error, PassageBotError):
                logger.exception("a build failed")
            else:
                self._say(error)
            return
        self._said = None
        if result.published:
            log_build(result)

    def _look(self) -> None:
        """Open the current generation if it is a new one.

        Raises:
            StoreError: it cannot be opened, or only one before it.
        """
        with self._opening:
            found = current_stamp(self._index)
            if found == self._stamp:
                return
            if self._stamp is None and found[0] == self._asker.searcher.generation.name:
                self._stamp = found
                return
            self._stamp = found  # one that does not open is not tried again
            searcher = self._asker.searcher.reopened(self._index)
            self._asker.swap(searcher)
            logger.info("answers come from generation %s now", searcher.generation.name)
        if searcher.generation.damage:
            raise searcher.generation.damage

    def _say(self, error: PassageBotError) -> bool:
        """Log what is wrong, once and not at every look; return whether it is news."""
        is_news = str(error) != self._said
        if is_news:
            self._said = str(error)
            logger.error("the index is not up to date: %s", error)
        return is_news


def log_build(result: BuildResult) -> None:
    """Say what a build did, and which files gave no article."""
    for entry in result.skipped:
        logger.warning("skipped %r: %s", entry.path, entry.reason)
    logger.info(
        "indexed %d articles, %d passages (%d encoded) in %.1f s",
        result.articles,
        result.passages,
        result.encoded,
        result.seconds,
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    pass
