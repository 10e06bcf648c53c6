"""What admins do to the articles: files in and out, builds one at a time, off the event loop."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import TypeVar

from bot.services.index_updater import IndexUpdater
from embeddings import (
    Article,
    ArticleEntry,
    BuildResult,
    Progress,
    StoredFile,
    Trashed,
    add_article,
    cancellable,
    empty_trash,
    last_removed,
    list_files,
    list_trashed,
    parse_file,
    remove_article,
    restore_article,
)
from embeddings.errors import PassageBotError, SeedsEmptied, Stopped

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ArticleAdmin:
    """One per bot; its methods are called in the event loop and never block it.

    Attributes:
        rebuilding: whether somebody's /rebuild is under way.
        reading: hold it to download and read a file; one at a time, for each may take much memory.
    """

    def __init__(self, index_updater: IndexUpdater, seeds: Path, trash: Path) -> None:
        """Prepare to edit a folder; what is removed is kept in `trash` for undo."""
        self._index_updater, self._seeds, self._trash = index_updater, seeds, trash
        self.rebuilding = False
        self.reading = asyncio.Lock()
        self._building = asyncio.Lock()
        self._requests = 0
        self._covered = 0
        self._allow_empty = False
        self._last: BuildResult | None = None
        self._stopping = Event()
        # Not asyncio's own threads: the end of the loop would wait for a build.
        self._builder = ThreadPoolExecutor(1, "admin-build")

    def stop(self) -> None:
        """Give up the build that is under way, and begin no other."""
        self._stopping.set()
        self._builder.shutdown(wait=False, cancel_futures=True)

    async def build(
        self, progress: Progress = lambda *_: None, *, allow_empty: bool = False
    ) -> BuildResult:
        """Bring the index up to date with the folder as it is now.

        All that ask for a build while one is under way share the next one; it may empty the index
        when one of them allows it.

        Raises:
            PassageBotError: it cannot be done; the index in use stays.
        """
        self._requests += 1
        self._allow_empty |= allow_empty
        mine = self._requests
        if self._building.locked():
            progress("wait", 0, 1)
        async with self._building:
            if self._last is not None and self._covered >= mine:
                return self._last
            covered, may_empty, self._allow_empty = self._requests, self._allow_empty, False
            report_progress = cancellable(self._stopping, progress)
            report_progress("wait", 0, 1)
            build = partial(self._index_updater.build, report_progress, allow_empty=may_empty)
            try:
                self._last = await asyncio.get_running_loop().run_in_executor(self._builder, build)
            except PassageBotError as error:
                logger.warning("an admin's build was not done: %s", error)
                raise
            except Exception as error:
                logger.exception("a build failed")
                said = "Something unexpected went wrong; the log says more."
                raise PassageBotError(said) from error
            self._covered = covered
            return self._last

    def check_stopped(self) -> None:
        """Stop long work when the bot is being stopped.

        Raises:
            Stopped: it is.
        """
        if self._stopping.is_set():
            raise Stopped

    async def check_not_emptied(self, indexed: Collection[ArticleEntry]) -> None:
        """Refuse to put a file into a folder that is empty though articles are indexed.

        With one file in it the folder would count as edited, and the others would leave the index.

        Raises:
            SeedsEmptied: the folder is empty.
            SeedsError: there is none.
        """
        if indexed and not await asyncio.to_thread(list_files, self._seeds):
            raise SeedsEmptied(
                "There are no articles in {folder} any more.", folder=str(self._seeds)
            )

    async def empty_trash(self) -> None:
        """Delete what has been in the trash for too long."""
        await asyncio.to_thread(empty_trash, self._trash)

    async def parse_file(self, data: bytes, name: str) -> Article:
        """See `embeddings.parse_file`."""
        return await asyncio.to_thread(parse_file, data, name)

    async def add(
        self, name: str, data: bytes, title_before: str, *, again: bool = False
    ) -> StoredFile:
        """See `embeddings.add_article`.

        Where an earlier process may have stored the file (`again`), return what that has changed.
        """
        stored = await self._edit(add_article, self._seeds, name, data, self._trash, title_before)
        if stored.changed or not again:
            return stored
        sha256 = hashlib.sha256(data).hexdigest()
        replaced = (
            one
            for one in await self.removed()
            if one.path == stored.path and one.replaced_by == sha256
        )
        return StoredFile(stored.path, next(replaced, None))

    async def remove(self, article: ArticleEntry) -> Trashed:
        """See `embeddings.remove_article`."""
        where = self._seeds, article.path, self._trash
        return await self._edit(remove_article, *where, article.title)

    async def restore(self, key: str) -> Trashed:
        """See `embeddings.restore_article`."""
        return await self._edit(restore_article, self._seeds, self._trash, key)

    async def removed(self) -> list[Trashed]:
        """Return what was removed or replaced and can be restored, newest first."""
        return await self._edit(list_trashed, self._trash)

    async def _edit(self, work: Callable[..., T], *arguments: object) -> T:
        """Work in the folder or the trash, once what has been there for too long is deleted."""
        await self.empty_trash()
        return await asyncio.to_thread(work, *arguments)

    async def last_removed(self, key: str) -> Trashed | None:
        """Return what was removed last from the path with this `path_key`."""
        return await asyncio.to_thread(last_removed, self._trash, key)
