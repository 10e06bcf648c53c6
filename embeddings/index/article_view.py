"""Articles as they are read: a passage with what stands around it, page after page.

A passage key names a passage by its article and its text, not by where it stands: it is the same
after a rebuild and below an edited paragraph; in a renamed file as long as no other article has
the same text. When the text itself changes, the key is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.articles.passage import Passage
from embeddings.index.local.passage_store import PassageStore, Source


@dataclass(frozen=True)
class ArticleView:
    """An article, open at one of its passages.

    Attributes:
        source: the article.
        passages: all of it, in order.
        at: number of the passage it is open at.
    """

    source: Source
    passages: tuple[Passage, ...]
    at: int = 0


@dataclass(frozen=True)
class TocEntry:
    """A line of a table of contents: a heading, and the passage below it.

    Attributes:
        level: 0 for the outermost headings.
        passage: its number in the article.
    """

    heading: str
    level: int
    passage: int


def view_at(passage_store: PassageStore, passage_key: str) -> ArticleView | None:
    """Open the article of a passage there; None when the passage is gone."""
    row = passage_store.row_of_key(passage_key)
    if row is None:
        return None
    rows = passage_store.rows_of_article_at(row)
    return _read(passage_store, rows, row - rows.start)


def view_article(passage_store: PassageStore, path: str) -> ArticleView | None:
    """Open an article at its beginning; None when there is none of this path."""
    rows = passage_store.rows_of_article(path)
    return _read(passage_store, rows, 0) if rows else None


def table_of_contents(passages: Sequence[Passage]) -> list[TocEntry]:
    """Return the table of contents of an article; empty, when it has no headings."""
    entries: list[TocEntry] = []
    before: tuple[str, ...] = ()
    for number, passage in enumerate(passages):
        headings = passage.headings
        same = 0
        while same < min(len(before), len(headings)) and before[same] == headings[same]:
            same += 1
        entries += [
            TocEntry(headings[level], level, number) for level in range(same, len(headings))
        ]
        before = headings
    return entries


def _read(passage_store: PassageStore, rows: range, at: int) -> ArticleView:
    found = passage_store.get(rows)
    return ArticleView(found[0][1], tuple(passage for passage, _ in found), at)
