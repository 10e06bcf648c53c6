"""Articles to read in Telegram: a list of them, a table of contents, and pages of text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardMarkup
from telegram.constants import MessageLimit

from bot.texts import Texts
from bot.views.answers import article_line, passage_html, shorten, utf16_length
from bot.views.keyboard import button, pager
from bot.views.view import View
from embeddings import ArticleEntry, ArticleView, Passage, path_key, table_of_contents

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


def contents_view(reading: ArticleView, page: int, texts: Texts) -> View | None:
    """Return one page of an article's table of contents; None, when it has no headings."""
    entries = table_of_contents(reading.passages)
    if not entries:
        return None
    places = page_of_passage(reading.passages)
    pages = -(-len(entries) // _PER_PAGE)
    page = min(page, pages - 1)
    key = path_key(reading.source.path)
    rows = [
        [
            button(
                shorten(_INDENT * entry.level + _line(entry.heading), _ON_BUTTON),
                Press("page", key, places[entry.passage]),
            )
        ]
        for entry in entries[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    ]
    rows += pager(page, pages, lambda to: Press("contents", key, to))
    rows.append([button(texts("all_articles"), Press("list"))])
    html = f"{article_line(reading.source)}\n{texts('contents')}"
    return View(html, InlineKeyboardMarkup(rows))


def page_view(reading: ArticleView, page: int, texts: Texts, *, at: int | None = None) -> View:
    """Return one page of an article.

    Args:
        reading: the article.
        page: from 0.
        texts: of the person.
        at: the passage it was opened at, set off from the others.
    """
    pages = text_pages(reading.passages)
    page = min(page, len(pages) - 1)
    here = pages[page]
    parts = [article_line(reading.source)]
    above: tuple[str, ...] = reading.passages[here.start - 1].headings if here.start else ()
    sheet = reading.passages[here.start - 1].page if here.start else None
    for number in here:
        passage = reading.passages[number]
        if passage.headings != above or (passage.page and passage.page != sheet):
            parts.append(_heading_html(passage, sheet, texts))
        above, sheet = passage.headings, passage.page
        html = passage_html(passage)
        parts.append(f"<blockquote>{html}</blockquote>" if number == at else html)
    key = path_key(reading.source.path)
    rows = pager(page, len(pages), lambda to: Press("page", key, to))
    last = [button(texts("all_articles"), Press("list"))]
    if _has_contents(reading):
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


def page_of_passage(passages: Sequence[Passage]) -> dict[int, int]:
    """Return the page that each passage is on."""
    return {number: page for page, numbers in enumerate(text_pages(passages)) for number in numbers}


def _heading_room(passage: Passage) -> int:
    return min(utf16_length(passage.heading or ""), MessageLimit.MAX_TEXT_LENGTH // 20) + 20


def _heading_html(passage: Passage, sheet: int | None, texts: Texts) -> str:
    heading = shorten(passage.heading or "", MessageLimit.MAX_TEXT_LENGTH // 20 // 2)
    parts = [f"<b>{escape(heading, quote=False)}</b>"] if heading else []
    if passage.page and passage.page != sheet:
        parts.append(f"<i>{texts('page', number=passage.page)}</i>")
    return " · ".join(parts)


def _has_contents(reading: ArticleView) -> bool:
    return any(passage.headings for passage in reading.passages)


def _line(text: str) -> str:
    return " ".join(text.split()) or "…"
