"""Articles to read in Telegram: a list of them, a table of contents, and pages of text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardMarkup
from telegram.constants import MessageLimit

from bot.texts import Texts
from bot.views.answers import article_line, passage_html, shorten, utf16_length
from bot.views.keyboard import button, pager
from bot.views.view import View
from embeddings import ArticleEntry, Passage, Source, TocEntry, path_key, table_of_contents

PATTERN = "^b:"
"""What the data of every button here begins with."""

_DATA = re.compile(r"b:(list|contents|page):([0-9a-f]{12}|):(\d{1,6})\Z")
_PER_PAGE = 8
_ROOM = 3000
"""UTF-16 units of text on a page: two screens of a phone, and far from Telegram's limit."""
_ON_BUTTON = 40
_INDENT = "\N{NO-BREAK SPACE}" * 3


@dataclass(frozen=True)
class Press:
    """What a button asks for.

    Attributes:
        action: list (of articles), contents or page (of an article).
        key: of the article's path.
        number: of the page in what is shown, from 0.
    """

    action: str
    key: str = ""
    number: int = 0

    @property
    def data(self) -> str:
        """Callback data; far below Telegram's 64 bytes."""
        return f"b:{self.action}:{self.key}:{self.number}"


@dataclass(frozen=True)
class ArticleOutline:
    """Where the pages and the headings of an article are.

    Attributes:
        source: the article.
        rows: of its passages in the passage store.
        pages: numbers of the passages on each page, from 0 within the article.
        contents: its table of contents; empty where it has no headings.
    """

    source: Source
    rows: range
    pages: tuple[range, ...]
    contents: tuple[TocEntry, ...]


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
    """Cut an article, given as all of its passages, into pages."""
    contents = tuple(table_of_contents(passages))
    return ArticleOutline(source, rows, tuple(text_pages(passages)), contents)


def read_press(data: str | None) -> Press | None:
    """Return what callback data asks for, None where it is none of ours."""
    found = _DATA.match(data or "")
    return Press(found[1], found[2], int(found[3])) if found else None


def list_view(articles: Sequence[ArticleEntry], page: int, texts: Texts) -> View:
    """Return one page of the list of articles."""
    if not articles:
        return View(texts("nothing_indexed"))
    pages = -(-len(articles) // _PER_PAGE)
    page = min(page, pages - 1)
    rows = [
        [button(shorten(_line(one.title), _ON_BUTTON), Press("contents", path_key(one.path)))]
        for one in articles[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    ]
    rows += pager(page, pages, lambda to: Press("list", "", to))
    return View(texts.count("articles_title", len(articles)), InlineKeyboardMarkup(rows))


def contents_view(outline: ArticleOutline, page: int, texts: Texts) -> View:
    """Return one page of the table of contents of an article that has headings."""
    pages = -(-len(outline.contents) // _PER_PAGE)
    page = min(page, pages - 1)
    key = path_key(outline.source.path)
    starts = [numbers.start for numbers in outline.pages]
    rows = [
        [
            button(
                shorten(_INDENT * entry.level + _line(entry.heading), _ON_BUTTON),
                Press("page", key, bisect_right(starts, entry.passage) - 1),
            )
        ]
        for entry in outline.contents[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    ]
    rows += pager(page, pages, lambda to: Press("contents", key, to))
    rows.append([button(texts("all_articles"), Press("list"))])
    html = f"{article_line(outline.source)}\n{texts('contents')}"
    return View(html, InlineKeyboardMarkup(rows))


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
    rows = pager(page.number, len(outline.pages), lambda to: Press("page", key, to))
    last = [button(texts("all_articles"), Press("list"))]
    if outline.contents:
        last.insert(0, button(texts("contents"), Press("contents", key)))
    rows.append(last)
    return View("\n\n".join(part for part in parts if part), InlineKeyboardMarkup(rows))


def text_pages(passages: Sequence[Passage]) -> list[range]:
    """Cut an article into pages of whole passages."""
    pages: list[range] = []
    start = room = 0
    for number, passage in enumerate(passages):
        length = utf16_length(passage.text) + _heading_room(passage)
        if number > start and length > room:
            pages.append(range(start, number))
            start = number
        room = _ROOM - length if number == start else room - length
    return [*pages, range(start, len(passages))]


def _heading_room(passage: Passage) -> int:
    return min(utf16_length(passage.heading or ""), MessageLimit.MAX_TEXT_LENGTH // 20) + 20


def _heading_html(passage: Passage, sheet: int | None, texts: Texts) -> str:
    heading = shorten(passage.heading or "", MessageLimit.MAX_TEXT_LENGTH // 20 // 2)
    parts = [f"<b>{escape(heading, quote=False)}</b>"] if heading else []
    if passage.page and passage.page != sheet:
        parts.append(f"<i>{texts('page', number=passage.page)}</i>")
    return " · ".join(parts)


def _line(text: str) -> str:
    return " ".join(text.split()) or "…"
