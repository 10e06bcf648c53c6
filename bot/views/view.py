"""A message as it is to be shown."""

import re
from dataclasses import dataclass
from html import unescape

from telegram import ForceReply, InlineKeyboardMarkup


@dataclass(frozen=True)
class View:
    """A message and the buttons below it.

    Attributes:
        html: as Telegram reads it.
        buttons: below it; or that the person's app is to open the reply to it.
    """

    html: str
    buttons: InlineKeyboardMarkup | ForceReply | None = None

    @property
    def plain(self) -> str:
        """The same without markup, sent where Telegram refuses `html`."""
        return unescape(re.sub("<[^>]+>", "", self.html))
