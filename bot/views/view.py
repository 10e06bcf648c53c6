"""A message as it is to be shown."""

from dataclasses import dataclass

from telegram import InlineKeyboardMarkup


@dataclass(frozen=True)
class View:
    """A message and the buttons below it.

    Attributes:
        html: as Telegram reads it.
        buttons: below it.
        plain: the same without markup, sent where Telegram refuses `html`; for foreign text.
    """

    html: str
    buttons: InlineKeyboardMarkup | None = None
    plain: str | None = None
