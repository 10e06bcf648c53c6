"""Pictures of pages: drawn once, and then sent again by the file ids that Telegram gave them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.bounded_dict import BoundedDict
from embeddings import Hit, Manifest, page_pictures

_MOST_WAITING = 5
"""Pictures that wait to be drawn; more are refused."""
_CAPACITY = 2000
"""Passages whose file ids are kept in memory, some hundred bytes each."""

Key = tuple[str, int, int, tuple[int, int] | None]


class PagePictures:
    """The pictures of the passages that people ask for; one is drawn at a time."""

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        self._file_ids = BoundedDict[Key, tuple[str, ...]](_CAPACITY)
        self._drawing = asyncio.Lock()
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether so many pictures wait that no other is taken."""
        return self._waiting >= _MOST_WAITING

    async def pictures(self, hit: Hit, manifest: Manifest) -> Sequence[str | bytes]:
        """Return a file id or a JPEG for each page of a hit.

        Raises:
            ArticleGone: the file is gone, or has been changed since the index was built.
            UnreadableFile: it cannot be drawn.
        """
        self._waiting += 1
        try:
            async with self._drawing:
                if known := self._file_ids.get(_key(hit, manifest)):
                    return known
                return await asyncio.to_thread(page_pictures, self._seeds, manifest, hit)
        finally:
            self._waiting -= 1

    def keep(self, hit: Hit, manifest: Manifest, file_ids: Sequence[str]) -> None:
        """Remember the file ids of the pictures of a hit."""
        self._file_ids[_key(hit, manifest)] = tuple(file_ids)


def _key(hit: Hit, manifest: Manifest) -> Key:
    """Name the bytes of the file, the passage and the highlight."""
    passage, mark = hit.passage, hit.highlight
    files = (entry.sha256 for entry in manifest.articles if entry.path == passage.article)
    span = (mark.start, mark.end) if mark else None
    return next(files, ""), passage.start, passage.end, span
