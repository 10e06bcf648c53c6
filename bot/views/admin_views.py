"""The list of articles for an admin: its pages, its questions, and their buttons.

Everything that a button needs is in its data, so it works after a restart too: an action, a key,
and the page of the list that it came from. An article's key is a digest of its path; a removed
file's key is the one in the trash.
"""

import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import Texts
from bot.views.admin_reports import article_facts, code, failure_report, one_line
from bot.views.keyboard import button, list_page, title_button
from bot.views.view import View
from embeddings import ArticleEntry, Trashed, path_key
from embeddings.errors import PassageBotError, SeedsEmptied

PATTERN = re.compile(
    r"m:(list|open|ask|yes|undo|empty):([0-9a-f]{12}(?:-[0-9a-f]{12})?|):(\d{1,6})\Z"
)
"""The data of the buttons: action, key and page."""

_TITLE = 150


def list_view(articles: Sequence[ArticleEntry], page: int, texts: Texts) -> View:
    """Return one page of the list; the last one where there are not so many."""
    if not articles:
        return View(texts("manage_empty"))
    shown, page, turning = list_page(articles, page, lambda to: f"m:list::{to}")
    entries = [f"<b>{one_line(one.title)}</b>\n{article_facts(one, texts)}" for one in shown]
    rows = [[title_button(one.title, f"m:open:{path_key(one.path)}:{page}")] for one in shown]
    html = "\n\n".join([texts("manage_title", number=len(articles)), *entries])
    return View(html, InlineKeyboardMarkup(rows + turning))


def article_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return one article with what can be done to it."""
    html = f"<b>{one_line(entry.title, _TITLE)}</b>\n{article_facts(entry, texts)}"
    row = [
        button(texts("manage_remove"), f"m:ask:{path_key(entry.path)}:{page}"),
        button(texts("manage_back"), f"m:list::{page}"),
    ]
    return View(html, InlineKeyboardMarkup([row]))


def ask_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return the question whether to remove an article."""
    key = path_key(entry.path)
    row = [
        button(texts("manage_yes"), f"m:yes:{key}:{page}"),
        button(texts("manage_cancel"), f"m:open:{key}:{page}"),
    ]
    return View(_about(entry, "manage_ask", texts), InlineKeyboardMarkup([row]))


def removed_view(trashed: Trashed, page: int, texts: Texts, failed: str | None) -> View:
    """Return that an article is removed, and the way back.

    Args:
        trashed: the article.
        page: of the list.
        texts: of the admin.
        failed: why the index still has it, None where it has not.
    """
    row = [undo_button(trashed, page, texts), _list_button(page, texts)]
    html = _about(trashed, "manage_removed", texts, failed)
    return View(html, InlineKeyboardMarkup([row]))


def restored_view(
    restored: ArticleEntry | Trashed, page: int, texts: Texts, failed: str | None
) -> View:
    """Return that an article is back, and why the index does not have it yet if it `failed`."""
    return back_to_list_view(_about(restored, "manage_restored", texts, failed), page, texts)


def back_to_list_view(html: str, page: int, texts: Texts) -> View:
    """Return a text with the way back to the list."""
    return View(html, InlineKeyboardMarkup([[_list_button(page, texts)]]))


def failed_view(error: PassageBotError, texts: Texts) -> View:
    """Return why a build failed, and what an admin can do about it at once."""
    html = failure_report(error, texts)
    if not isinstance(error, SeedsEmptied):
        return View(html)
    return View(html, InlineKeyboardMarkup([[button(texts("seeds_emptied_yes"), "m:empty::0")]]))


def read_button(path: str, texts: Texts) -> InlineKeyboardButton:
    """Return the button that opens an article at its beginning."""
    return button(texts("document_read"), f"b:page:{path_key(path)}:0")


def undo_button(trashed: Trashed, page: int, texts: Texts) -> InlineKeyboardButton:
    """Return the button that puts a file back."""
    return button(texts("manage_undo"), f"m:undo:{trashed.key}:{page}")


def _list_button(page: int, texts: Texts) -> InlineKeyboardButton:
    return button(texts("manage_list"), f"m:list::{page}")


def _about(
    article: ArticleEntry | Trashed, key: str, texts: Texts, failed: str | None = None
) -> str:
    html = f"{texts(key, title=one_line(article.title, _TITLE))}\n{code(article.path)}"
    return f"{html}\n\n{failed}" if failed else html
