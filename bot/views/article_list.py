"""The list of articles as buttons, in the order of the titles, all or those that a person names."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.views.keyboard import Row, list_page, title_button
from embeddings import ArticleEntry, path_key

_ORDER = str.maketrans({"ґ": "г~", "є": "е~", "і": "и~", "ї": "и~~"})
"""Letters of Ukrainian and Russian that Unicode has after all others."""


def named(articles: Sequence[ArticleEntry], words: str) -> list[ArticleEntry]:
    """Return the articles whose title or path holds all of the words, in the order of the titles."""
    wanted = _folded(words).split()
    found = (one for one in articles if all(map(_folded(f"{one.title} {one.path}").count, wanted)))
    return sorted(found, key=lambda one: (_folded(one.title).translate(_ORDER), one.path))


def words_after_command(text: str | None) -> str:
    """Return what a person has written after a command, "" where there is nothing or no command."""
    found = re.match(r"/\S+\s+(.+)", text or "", re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def article_rows(
    articles: Sequence[ArticleEntry], page: int, prefix: str, action: str
) -> tuple[list[Row], int]:
    """Return the buttons on one page of articles, with those that turn pages, and its number.

    Args:
        articles: at least one.
        page: counted from 0.
        prefix: what the data of the buttons begins with.
        action: what the button of an article does.
    """
    shown, page, turning = list_page(articles, page, lambda to: f"{prefix}:list::{to}")
    titles = [one.title for one in articles]
    rows = [
        [title_button(_label(one, titles), f"{prefix}:{action}:{path_key(one.path)}:{page}")]
        for one in shown
    ]
    return rows + turning, page


def _label(entry: ArticleEntry, titles: Sequence[str]) -> str:
    """Return the title, with the name of the file where several articles have it."""
    if titles.count(entry.title) == 1:
        return entry.title
    return f"{entry.title} · {PurePosixPath(entry.path).name}"


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
