"""Pages and excerpts of the indexed articles, read beside the thread that answers questions."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bot.services.question_worker import QuestionWorker
from bot.views.answers import ArticleExcerpt
from bot.views.article_browser import ArticleOutline, ArticlePage, outline_article
from embeddings import Hit, Passages, Source

if TYPE_CHECKING:
    Outlines = dict[int, ArticleOutline]

_MOST_OUTLINES = 100
"""Kept for each generation; an outline is some kilobytes."""
_JOINED = 3
"""Passages on each side that an answer may show as one with the passage it is named by."""


class ArticleReader:
    """Reads no more of an article than is shown.

    Only the first page of an article that is opened costs reading all of it, to know where the
    pages begin.
    """

    def __init__(self, question_worker: QuestionWorker) -> None:
        self._worker = question_worker
        self._outlines: WeakKeyDictionary[Passages, Outlines] = WeakKeyDictionary()

    async def source(self, path: str) -> Source | None:
        """Return what is known of an article; None when it is gone."""

        def read(store: Passages) -> Source | None:
            rows = store.rows_of_article(path)
            return store.get(rows[:1])[0][1] if rows else None

        return await self._worker.read(read)

    async def newest(self, most: int) -> tuple[Hit, ...]:
        """Return the beginnings of the articles with the latest dates, then of those without."""

        def read(store: Passages) -> tuple[Hit, ...]:
            records = [record for record in store.articles() if record.rows]
            records.sort(key=lambda record: record.source.date or "", reverse=True)
            rows = [record.rows.start for record in records[:most]]
            return tuple(
                Hit(passage, source, 0.0, passage_key=key)
                for (passage, source), key in zip(
                    store.get(rows), store.passage_keys(rows), strict=True
                )
            )

        return await self._worker.read(read)

    async def outline(self, path: str) -> ArticleOutline | None:
        """Return the pages and the table of contents of an article; None when it is gone."""
        return await self._worker.read(
            lambda store: self._outline(store, store.rows_of_article(path))
        )

    async def page(self, path: str, number: int) -> ArticlePage | None:
        """Return a page of an article, counted from 0; the last one where there are fewer."""

        def read(store: Passages) -> ArticlePage | None:
            outline = self._outline(store, store.rows_of_article(path))
            if outline is None:
                return None
            return _page(store, outline, min(number, len(outline.pages) - 1))

        return await self._worker.read(read)

    async def page_at(self, passage_key: str) -> ArticlePage | None:
        """Return the page with a passage, opened at the passage; None when that is gone."""

        def read(store: Passages) -> ArticlePage | None:
            row = store.row_of_key(passage_key)
            outline = None if row is None else self._outline(store, store.rows_of_article_at(row))
            if row is None or outline is None:
                return None
            at = row - outline.rows.start
            return _page(store, outline, outline.page_of(at), at)

        return await self._worker.read(read)

    async def excerpt(self, passage_key: str, radius: int) -> ArticleExcerpt | None:
        """Return a passage among its neighbours; None when it is gone.

        There are `radius` neighbours on each side, or some more.
        """

        def read(store: Passages) -> ArticleExcerpt | None:
            row = store.row_of_key(passage_key)
            if row is None:
                return None
            rows, reach = store.rows_of_article_at(row), radius + _JOINED
            first, end = max(row - reach, rows.start), min(row + reach + 1, rows.stop)
            entries = store.get(range(first, end))
            passages = tuple(passage for passage, _ in entries)
            return ArticleExcerpt(
                entries[0][1], passages, row - first, first == rows.start, end == rows.stop
            )

        return await self._worker.read(read)

    def _outline(self, store: Passages, rows: range | None) -> ArticleOutline | None:
        """Return the outline of an article that has these rows; None where it has none."""
        if not rows:
            return None
        outlines = self._outlines.setdefault(store, {})
        outline = outlines.get(rows.start)  # several threads read at once, and one may clear it
        if outline is None:
            if len(outlines) >= _MOST_OUTLINES:
                outlines.clear()
            entries = store.get(rows)
            outline = outline_article(entries[0][1], rows, [passage for passage, _ in entries])
            outlines[rows.start] = outline
        return outline


def _page(
    store: Passages, outline: ArticleOutline, number: int, at: int | None = None
) -> ArticlePage:
    page, first = outline.pages[number], outline.rows.start
    numbers = range(max(page.start - 1, 0), page.stop)  # with the one before, for its headings
    entries = store.get(range(first + numbers.start, first + numbers.stop))
    passages = {n: passage for n, (passage, _) in zip(numbers, entries, strict=True)}
    return ArticlePage(outline, number, passages, at)
