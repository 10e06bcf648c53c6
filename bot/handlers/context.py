"""What handlers share: what they work with, and the texts of the person."""

from dataclasses import dataclass, field
from typing import cast

from telegram import Update
from telegram.ext import ContextTypes

from bot.journal import Journal
from bot.services.article_admin import ArticleAdmin
from bot.services.inline_debounce import InlineDebounce
from bot.services.question_worker import QuestionWorker
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
        question_worker: answers.
        settings: as at the start.
        journal: what was asked, answered and rated.
        article_admin: what admins do to the articles; None where there are no admins.
        inline_debounce: holds what people type inline.
        limit: counts the questions of each person.
        recent: which message answers which.
    """

    question_worker: QuestionWorker
    settings: Settings
    journal: Journal
    inline_debounce: InlineDebounce
    limit: RateLimit
    article_admin: ArticleAdmin | None = None
    recent: RecentAnswers = field(default_factory=RecentAnswers)

    @property
    def admins(self) -> frozenset[int]:
        """Ids of those who may change the articles."""
        return self.settings.admin_ids if self.article_admin else frozenset()


def keep_tools(bot_data: dict[str, object], tools: Tools) -> None:
    """Make the tools known to the handlers."""
    bot_data[_TOOLS] = tools


def tools_of(context: Context) -> Tools:
    """Return what handlers work with."""
    return cast(Tools, context.bot_data[_TOOLS])


def article_admin_of(context: Context) -> ArticleAdmin:
    """Return the curator; only for handlers that admins alone reach."""
    return cast(ArticleAdmin, tools_of(context).article_admin)


def is_admin(update: Update, context: Context) -> bool:
    """Whether the person behind an update may change the articles."""
    user = update.effective_user
    return user is not None and user.id in tools_of(context).admins


def texts_of(update: Update, context: Context) -> Texts:
    """Return the texts in the language a person has chosen, or else has set in Telegram."""
    user = update.effective_user
    chosen = (context.user_data or {}).get(LANGUAGE)
    return texts_for(chosen or (user.language_code if user else None))
