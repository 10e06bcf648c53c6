"""A message as it is to be shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from telegram import ForceReply, InlineKeyboardMarkup

from bot.views.keyboard import Row


@dataclass(frozen=True)
class View:
    """A message and what stands below it.

    Attributes:
        html: as Telegram reads it.
        rows: of buttons.
        placeholder: what the field for a reply says, which the person's app is to open; None where
            it is not to be opened.
    """

    html: str
    rows: Sequence[Row] = ()
    placeholder: str | None = None

    @property
    def plain(self) -> str:
        """The same without markup, sent where Telegram refuses `html`."""
        return unescape(re.sub("<[^>]+>", "", self.html))

    @property
    def buttons(self) -> InlineKeyboardMarkup | None:
        """The rows as Telegram takes them."""
        return InlineKeyboardMarkup(self.rows) if self.rows else None

    @property
    def markup(self) -> InlineKeyboardMarkup | ForceReply | None:
        """What stands below the message: buttons, or a field for a reply."""
        if self.placeholder is None:
            return self.buttons
        return ForceReply(selective=True, input_field_placeholder=self.placeholder)
