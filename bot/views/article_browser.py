"""Articles to read in Telegram: a list of them, a table of contents, and pages of text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from telegram.constants import MessageLimit

from bot.texts import Texts
from bot.views.answers import article_line, passage_html, shorten, utf16_length
from bot.views.article_list import article_rows, named
from bot.views.keyboard import PER_PAGE, Row, button, list_page, pager, title_button
from bot.views.view import View
from embeddings import ArticleEntry, Passage, Source, path_key

PATTERN = re.compile(r"b:(list|all|contents|page|new):([0-9a-f]{12}|):(\d{1,6})\Z")
"""The data of the buttons: what to show, the key of the article's path, and the page, from 0."""

_ROOM = 3000
"""UTF-16 units of text on a page: two screens of a phone, and far from Telegram's limit."""
_HEADING = MessageLimit.MAX_TEXT_LENGTH // 40
"""Characters of a heading that are shown; each is at most two UTF-16 units."""
_INDENT = "\N{NO-BREAK SPACE}" * 3


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


@dataclass(frozen=True)
class ArticleOutline:
    """Where the pages and the headings of an article are.

    Attributes:
        source: the article.
        rows: of its passages in the passage store.
        pages: numbers of the passages on each page, from 0 within the article.
        contents: its table of contents; empty where it has no headings, or one page only.
    """

    source: Source
    rows: range
    pages: tuple[range, ...]
    contents: tuple[TocEntry, ...]

    def page_of(self, number: int) -> int:
        """Return the number of the page with a passage."""
        return bisect_right([numbers.start for numbers in self.pages], number) - 1


@dataclass(frozen=True)
class ArticlePage:
    """One page of an article.

    Attributes:
        outline: of the article.
        number: of the page, from 0.
        passages: those on the page by their number within the article, and the one before them.
        at: number of the passage that the article was opened at, to be set off from the others.
    """

    outline: ArticleOutline
    number: int
    passages: Mapping[int, Passage]
    at: int | None = None


def outline_article(source: Source, rows: range, passages: Sequence[Passage]) -> ArticleOutline:
    """Cut an article, given as all of its passages, into pages of whole passages."""
    pages: list[range] = []
    start = room = 0
    for number, passage in enumerate(passages):
        length = utf16_length(passage.text) + 20
        length += min(utf16_length(passage.heading or ""), 2 * _HEADING)
        if number > start and length > room:
            pages.append(range(start, number))
            start = number
        room = _ROOM - length if number == start else room - length
    pages.append(range(start, len(passages)))
    contents = table_of_contents(passages) if len(pages) > 1 else []
    return ArticleOutline(source, rows, tuple(pages), tuple(contents))


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


def list_view(articles: Sequence[ArticleEntry], words: str, page: int, texts: Texts) -> View:
    """Return one page of the list of articles: of all, or of those with words in title or path.

    There is at least one article.
    """
    found = named(articles, words)
    if words:
        title = escape(shorten(words, _HEADING), quote=False)
        key = "articles_found" if found else "articles_not_found"
        html = texts(key, words=title, number=texts.number(len(found)))
    else:
        search = [texts("articles_search")] if len(articles) > PER_PAGE else []
        title = texts.count("articles_title", len(articles))
        html = "\n".join([title, *search, texts("articles_choose")])
    rows = article_rows(found, page, "b", "contents")
    return View(html, rows or [[button(texts("all_articles"), "b:all::0")]])


def contents_view(outline: ArticleOutline, page: int, texts: Texts) -> View:
    """Return one page of the table of contents of an article that has headings."""
    key = path_key(outline.source.path)
    shown, _, turning = list_page(outline.contents, page, lambda to: f"b:contents:{key}:{to}")
    rows: list[Row] = []
    for entry in shown:
        data = f"b:page:{key}:{outline.page_of(entry.passage)}"
        rows.append([title_button(entry.heading, data, indent=_INDENT * entry.level)])
    rows += [*turning, [button(texts("all_articles"), "b:list::0")]]
    return View(f"{article_line(outline.source)}\n{texts('contents')}", rows)


def page_view(page: ArticlePage, texts: Texts) -> View:
    """Return one page of an article."""
    outline = page.outline
    numbers = outline.pages[page.number]
    parts = [article_line(outline.source)]
    before = page.passages.get(numbers.start - 1)
    for number in numbers:
        passage = page.passages[number]
        headings, sheet = (before.headings, before.page) if before else ((), None)
        if passage.headings != headings or (passage.page and passage.page != sheet):
            parts.append(_heading_html(passage, sheet, texts))
        before = passage
        html = passage_html(passage)
        parts.append(f"<blockquote>{html}</blockquote>" if number == page.at else html)
    key = path_key(outline.source.path)
    rows = pager(page.number, len(outline.pages), lambda to: f"b:page:{key}:{to}")
    last = [button(texts("all_articles"), "b:list::0")]
    if outline.contents:
        last.insert(0, button(texts("contents"), f"b:contents:{key}:0"))
    return View("\n\n".join(filter(None, parts)), [*rows, last])


def _heading_html(passage: Passage, sheet: int | None, texts: Texts) -> str:
    heading = shorten(passage.heading or "", _HEADING)
    parts = [f"<b>{escape(heading, quote=False)}</b>"] if heading else []
    if passage.page and passage.page != sheet:
        parts.append(f"<i>{texts('page', number=passage.page)}</i>")
    return " · ".join(parts)
