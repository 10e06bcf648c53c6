"""The list of articles for an admin: its pages, its questions, and their buttons.

Everything that a button needs is in its data, so it works after a restart too: an action, a key,
and the page of the list that it came from. An article's key is a digest of its path; a removed
file's key is the one in the trash.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import InlineKeyboardButton

from bot.texts import Texts
from bot.views.admin_reports import article_facts, code, failure_report, one_line
from bot.views.article_list import article_rows, named
from bot.views.keyboard import button, list_page, title_button
from bot.views.view import View
from embeddings import ArticleEntry, Trashed, path_key
from embeddings.errors import PassageBotError, SeedsEmptied

PATTERN = re.compile(
    r"m:(list|all|open|ask|yes|undo|trash|empty):([0-9a-f]{12}(?:-[0-9a-f]{12})?|):(\d{1,6})\Z"
)
"""The data of the buttons: action, key and page."""

_TITLE = 150


def list_view(
    articles: Sequence[ArticleEntry], words: str, page: int, removed: int, texts: Texts
) -> View:
    """Return one page of the list; the last one where there are not so many.

    It has the articles with these words, or all; `removed` is how many can be brought back.
    """
    found = named(articles, words)
    html = texts.count("manage_title", len(articles)) if articles else texts("manage_empty")
    if words:
        key = "articles_found" if found else "articles_not_found"
        html = texts(key, words=one_line(words), number=texts.number(len(found)))
    rows = article_rows(found, page, "m", "open")
    if removed:
        rows.append([button(texts("manage_trash", number=texts.number(removed)), "m:trash::0")])
    return View(html, rows)


def trash_view(removed: Sequence[Trashed], page: int, texts: Texts) -> View:
    """Return one page of what was removed or replaced and can be brought back, newest first."""
    if not removed:
        return back_to_list_view(texts("nothing_removed"), 0, texts)
    shown, page, turning = list_page(removed, page, lambda to: f"m:trash::{to}")
    days = [(one.title, _when(one).date()) for one in removed]
    rows = []
    for one in shown:
        day = _when(one).date()
        alone = days.count((one.title, day)) == 1
        when = texts.day(day.isoformat()) if alone else f"{_when(one):%d.%m %H:%M:%S}"
        rows.append([title_button(f"{one.title} · {when}", f"m:undo:{one.key}:0")])
    back = [_list_button(0, texts)]
    return View(texts("manage_removed_list"), [*rows, *turning, back])


def _when(trashed: Trashed) -> datetime:
    return datetime.fromtimestamp(trashed.at, UTC)


def article_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return one article with what can be done to it."""
    html = f"<b>{one_line(entry.title, _TITLE)}</b>\n{article_facts(entry, texts)}"
    row = [
        button(texts("manage_remove"), f"m:ask:{path_key(entry.path)}:{page}"),
        button(texts("manage_back"), f"m:list::{page}"),
    ]
    return View(html, [row])


def ask_view(entry: ArticleEntry, page: int, texts: Texts) -> View:
    """Return the question whether to remove an article."""
    key = path_key(entry.path)
    row = [
        button(texts("manage_yes"), f"m:yes:{key}:{page}"),
        button(texts("manage_cancel"), f"m:open:{key}:{page}"),
    ]
    return View(_about(entry, "manage_ask", texts), [row])


def removed_view(trashed: Trashed, page: int, texts: Texts, failed: str | None) -> View:
    """Return that an article is removed, and the way back; if it `failed`, why."""
    row = [undo_button(trashed, page, texts), _list_button(page, texts)]
    html = _about(trashed, "manage_removed", texts, failed)
    return View(html, [row])


def restored_view(
    restored: ArticleEntry | Trashed, page: int, texts: Texts, failed: str | None
) -> View:
    """Return that an article is back, and why the index does not have it yet if it `failed`."""
    return back_to_list_view(_about(restored, "manage_restored", texts, failed), page, texts)


def back_to_list_view(html: str, page: int, texts: Texts) -> View:
    """Return a text with the way back to the list."""
    return View(html, [[_list_button(page, texts)]])


def failed_view(error: PassageBotError, texts: Texts) -> View:
    """Return why a build failed, and what an admin can do about it at once."""
    html = failure_report(error, texts)
    if not isinstance(error, SeedsEmptied):
        return View(html)
    return View(html, [[button(texts("seeds_emptied_yes"), "m:empty::0")]])


def read_button(path: str, texts: Texts) -> InlineKeyboardButton:
    """Return the button that opens an article at its beginning, in a message of its own."""
    return button(texts("open_article"), f"b:new:{path_key(path)}:0")


def undo_button(trashed: Trashed, page: int, texts: Texts) -> InlineKeyboardButton:
    """Return the button that puts a file back."""
    return button(texts("manage_undo"), f"m:undo:{trashed.key}:{page}")


def _list_button(page: int, texts: Texts) -> InlineKeyboardButton:
    return button(texts("all_articles"), f"m:all::{page}")


def _about(
    article: ArticleEntry | Trashed, key: str, texts: Texts, failed: str | None = None
) -> str:
    html = f"{texts(key, title=one_line(article.title, _TITLE))}\n{code(article.path)}"
    return f"{html}\n\n{failed}" if failed else html
