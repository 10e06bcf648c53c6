"""A message as it is to be shown."""

from dataclasses import dataclass

from telegram import ForceReply, InlineKeyboardMarkup


@dataclass(frozen=True)
class View:
    """A message and the buttons below it.

    Attributes:
        html: as Telegram reads it.
        buttons: below it; or that the person's app is to open the reply to it.
        plain: the same without markup, sent where Telegram refuses `html`; for foreign text.
    """

    html: str
    buttons: InlineKeyboardMarkup | ForceReply | None = None
    plain: str | None = None
