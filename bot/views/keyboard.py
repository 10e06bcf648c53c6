"""What the buttons below lists and answers have in common."""

from collections.abc import Callable
from typing import Protocol

from telegram import InlineKeyboardButton

Row = list[InlineKeyboardButton]


class HasData(Protocol):
    """What a button asks for, as it is sent back when it is pressed."""

    @property
    def data(self) -> str:
        """At most 64 bytes."""


def button(label: str, press: HasData) -> InlineKeyboardButton:
    """Return a button that sends its data."""
    return InlineKeyboardButton(label, callback_data=press.data)


def pager(number: int, count: int, to: Callable[[int], HasData]) -> list[Row]:
    """Return a row of buttons to what stands before and after; none, where there is only one.

    Args:
        number: of what is shown, from 0.
        count: how many there are; after the last comes the first.
        to: what leads to a number.
    """
    if count < 2:
        return []
    before, here, after = (to((number + step) % count) for step in (-1, 0, 1))
    return [[button("◀", before), button(f"{number + 1}/{count}", here), button("▶", after)]]


def base36(number: int) -> str:
    """Write a number that is not negative in few letters; `int(…, 36)` reads it."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
