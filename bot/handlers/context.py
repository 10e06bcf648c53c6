"""What handlers share: what they work with, and the texts of the person."""

from dataclasses import dataclass, field
from typing import cast

from telegram import Update
from telegram.ext import ContextTypes

from bot.journal import Journal
from bot.services.article_admin import Curator
from bot.services.inline_debounce import Bursts
from bot.services.question_worker import Asker
from bot.services.recent_answers import RecentAnswers
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.transport.rate_limit import RateLimit

Context = ContextTypes.DEFAULT_TYPE

LANGUAGE = "language"
"""In a person's data: the language chosen, None for that of Telegram."""
_TOOLS = "tools"


@dataclass(frozen=True)
class Tools:
    """What handlers work with; one per application.

    Attributes:
        asker: answers.
        settings: as at the start.
        journal: what was asked, answered and rated.
        curator: what admins do to the articles; None where there are no admins.
        bursts: holds what people type inline.
        limit: counts the questions of each person.
        recent: which message answers which.
    """

    asker: Asker
    settings: Settings
    journal: Journal
    bursts: Bursts
    limit: RateLimit
    curator: Curator | None = None
    recent: RecentAnswers = field(default_factory=RecentAnswers)

    @property
    def admins(self) -> frozenset[int]:
        """Ids of those who may change the articles."""
        return self.settings.admin_ids if self.curator else frozenset()


def keep_tools(bot_data: dict[str, object], tools: Tools) -> None:
    """Make the tools known to the handlers."""
    bot_data[_TOOLS] = tools


def tools_of(context: Context) -> Tools:
    """Return what handlers work with."""
    return cast(Tools, context.bot_data[_TOOLS])


def curator_of(context: Context) -> Curator:
    """Return the curator; only for handlers that admins alone reach."""
    return cast(Curator, tools_of(context).curator)


def is_admin(update: Update, context: Context) -> bool:
    """Whether the person behind an update may change the articles."""
    user = update.effective_user
    return user is not None and user.id in tools_of(context).admins


def texts_of(update: Update, context: Context) -> Texts:
    """Return the texts in the language a person has chosen, or else has set in Telegram."""
    user = update.effective_user
    chosen = (context.user_data or {}).get(LANGUAGE)
    return texts_for(chosen or (user.language_code if user else None))
