"""What the buttons below lists and answers have in common."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from telegram import InlineKeyboardButton

T = TypeVar("T")
Row = Sequence[InlineKeyboardButton]

PER_PAGE = 8
"""Items on a page of a list."""
BASE36 = "[0-9a-z]{1,13}"
"""The pattern of what `base36` writes of numbers of 63 bits."""
_LABEL, _LABEL_END = 40, 14
"""Characters of a label, and those of them that end it where it is too long."""


def button(label: str, data: str) -> InlineKeyboardButton:
    """Return a button that sends its data, at most 64 bytes, when it is pressed."""
    return InlineKeyboardButton(label, callback_data=data)


def title_button(title: str, data: str, indent: str = "") -> InlineKeyboardButton:
    """Return a button with a title of any length and of any lines, cut in its middle."""
    label = indent + (" ".join(title.split()) or "…")
    if len(label) > _LABEL:
        label = f"{label[: _LABEL - _LABEL_END - 1].rstrip()}…{label[-_LABEL_END:].lstrip()}"
    return button(label, data)


def pager(number: int, count: int, to: Callable[[int], str], here: str | None = None) -> list[Row]:
    """Return a row of buttons to what stands before and after; none, where there is only one.

    After the last of `count` comes the first. The data of a button that leads to a number, from 0,
    is returned by `to`; that of the counter is `here`, or leads to what is shown.
    """
    if count < 2:
        return []
    before, after = (to((number + step) % count) for step in (-1, 1))
    counter = button(f"{number + 1}/{count}", here or to(number))
    return [[button("◀", before), counter, button("▶", after)]]


def list_page(
    items: Sequence[T], page: int, to: Callable[[int], str]
) -> tuple[Sequence[T], int, list[Row]]:
    """Return the items on a page, or on the last one where there are fewer; its number; its pager.

    There is at least one item; `to` returns the data of a button that leads to a page, from 0.
    """
    pages = -(-len(items) // PER_PAGE)
    page = min(page, pages - 1)
    return items[page * PER_PAGE : (page + 1) * PER_PAGE], page, pager(page, pages, to)


def base36(number: int) -> str:
    """Write a number that is not negative in few letters; `read_base36` reads it."""
    return np.base_repr(number, 36).lower()


def read_base36(letters: str) -> int | None:
    """Return a number in the data of a button, None where it is more than a database takes."""
    number = int(letters, 36)
    return number if number < 1 << 63 else None
