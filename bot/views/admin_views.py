"""The list of articles for an admin: its pages, its questions, and their buttons.

Everything that a button needs is in its data, so it works after a restart too. A button names an
article by a digest of its path, and what can be undone by its key in the trash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import Texts
from bot.views.admin_reports import article_facts, code, shown
from bot.views.answers import shorten
from bot.views.keyboard import button, pager
from bot.views.view import View
from embeddings import ArticleEntry, Trashed, path_key

PER_PAGE = 8
PATTERN = "^m:"
"""What the data of every button here begins with."""

_DATA = re.compile(r"m:(list|open|ask|yes|undo):([0-9a-f]{12}(?:-[0-9a-f]{12})?|):(\d{1,6})\Z")
_TITLE = 150
_ON_BUTTON = 40


@dataclass(frozen=True)
class Press:
    """What a button asks for.

    Attributes:
        action: list, open, ask, yes or undo.
        key: of an article's path, or of what is in the trash.
        page: of the list that it came from.
    """

    action: str
    key: str
    page: int

    @property
    def data(self) -> str:
        """Callback data; far below Telegram's 64 bytes."""
        return f"m:{self.action}:{self.key}:{self.page}"


def read_press(data: str | None) -> Press | None:
    """Return what callback data asks for, None where it is none of ours."""
    found = _DATA.match(data or "")
    return Press(found[1], found[2], int(found[3])) if found else None


def list_view(articles: Sequence[ArticleEntry], page: int, texts: Texts) -> View:
    """Return one page of the list; the last one where there are not so many."""
    if not articles:
        return View(texts("manage_empty"))
    pages = -(-len(articles) // PER_PAGE)
    page = min(page, pages - 1)
    here = articles[page * PER_PAGE : (page + 1) * PER_PAGE]
    entries = [f"<b>{shown(one.title)}</b>\n{article_facts(one, texts)}" for one in here]
    rows = [
        [button(shorten(_line(one.title), _ON_BUTTON), Press("open", path_key(one.path), page))]
        for one in here
    ]
    rows += pager(page, pages, lambda to: Press("list", "", to))
    said = texts("manage_title", number=len(articles))
    return View("\n\n".join([said, *entries]), InlineKeyboardMarkup(rows))


def article_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return one article with what can be done to it."""
    html = f"<b>{shown(entry.title, _TITLE)}</b>\n{article_facts(entry, texts)}"
    buttons = [
        button(texts("manage_remove"), Press("ask", path_key(entry.path), page)),
        button(texts("manage_back"), Press("list", "", page)),
    ]
    return View(html, InlineKeyboardMarkup([buttons]))


def ask_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return the question whether to remove an article."""
    key = path_key(entry.path)
    buttons = [
        button(texts("manage_yes"), Press("yes", key, page)),
        button(texts("manage_cancel"), Press("open", key, page)),
    ]
    html = f"{texts('manage_ask', title=shown(entry.title, _TITLE))}\n{code(entry.path)}"
    return View(html, InlineKeyboardMarkup([buttons]))


def removed_view(trashed: Trashed, page: int, texts: Texts, failed: str | None) -> View:
    """Return that an article is removed, and the way back."""
    html = f"{texts('manage_removed', title=shown(trashed.title, _TITLE))}\n{code(trashed.path)}"
    buttons = [undo(trashed, page, texts), _to_list(page, texts)]
    return View(_with(html, failed), InlineKeyboardMarkup([buttons]))


def restored_view(title: str, path: str, page: int, texts: Texts, failed: str | None) -> View:
    """Return that an article is back."""
    html = f"{texts('manage_restored', title=shown(title, _TITLE))}\n{code(path)}"
    return View(_with(html, failed), InlineKeyboardMarkup([[_to_list(page, texts)]]))


def said_view(html: str, page: int, texts: Texts) -> View:
    """Return a text with the way back to the list."""
    return View(html, InlineKeyboardMarkup([[_to_list(page, texts)]]))


def undo(trashed: Trashed, page: int, texts: Texts) -> InlineKeyboardButton:
    """Return the button that puts a file back."""
    return button(texts("manage_undo"), Press("undo", trashed.key, page))


def _to_list(page: int, texts: Texts) -> InlineKeyboardButton:
    return button(texts("manage_list"), Press("list", "", page))


def _line(text: str) -> str:
    return " ".join(text.split()) or "…"


def _with(html: str, failed: str | None) -> str:
    return f"{html}\n\n{failed}" if failed else html
