"""The list of articles as buttons, in the order of the titles, all or those that a person names."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.views.keyboard import Row, list_page, title_button
from embeddings import ArticleEntry, path_key

_NUMBER = re.compile(r"\d+")
_ORDER = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\ufffe", "ї": "и\uffff"})
"""Letters of Ukrainian and Russian that Unicode has after all others."""


def named(articles: Sequence[ArticleEntry], words: str) -> list[ArticleEntry]:
    """Return the articles with all of the words in title or path, in the order of the titles."""
    wanted = _folded(words).split()
    found = (one for one in articles if all(map(_folded(f"{one.title} {one.path}").count, wanted)))
    return sorted(found, key=lambda one: (_order(one.title), one.path))


def words_after_command(text: str | None) -> str:
    """Return what a person has written after a command, "" where there is nothing or no command."""
    found = re.match(r"/\S+\s+(.+)", text or "", re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def article_rows(
    articles: Sequence[ArticleEntry], page: int, prefix: str, action: str
) -> list[Row]:
    """Return the buttons on one page of articles, with those that turn pages.

    The data of the buttons begins with `prefix`; `action` is what the button of an article does.
    """
    if not articles:
        return []
    shown, page, turning = list_page(articles, page, lambda to: f"{prefix}:list::{to}")
    titles = [one.title for one in articles]
    rows = [
        [title_button(_label(one, titles), f"{prefix}:{action}:{path_key(one.path)}:{page}")]
        for one in shown
    ]
    return rows + turning


def _label(entry: ArticleEntry, titles: Sequence[str]) -> str:
    """Return the title, with the name of the file where several articles have it."""
    if titles.count(entry.title) == 1:
        return entry.title
    return f"{entry.title} · {PurePosixPath(entry.path).name}"


def _order(title: str) -> str:
    """Return what titles are sorted by: letters as the alphabets have them, numbers by value."""
    return _NUMBER.sub(lambda number: number[0].zfill(9), _folded(title).translate(_ORDER))


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
