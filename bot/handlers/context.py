"""What handlers share: the services they call, and the texts in a person's language."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from telegram import Update
from telegram.ext import ContextTypes

from bot.journal import Journal
from bot.services.article_admin import ArticleAdmin
from bot.services.article_reader import ArticleReader
from bot.services.inline_debounce import InlineDebounce
from bot.services.language_cache import LanguageCache
from bot.services.question_worker import QuestionWorker
from bot.services.recent_answers import RecentAnswers
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.transport.rate_limit import RateLimit

Context = ContextTypes.DEFAULT_TYPE

_SERVICES = "services"
_INLINE_QUERIES_PER_QUESTION = 5
"""Telegram sends an inline query at every pause in the typing: so many are counted as one."""


@dataclass(frozen=True)
class Services:
    """What handlers work with; one per application.

    Attributes:
        question_worker: answers.
        settings: as at the start.
        journal: of questions, answers and ratings.
        inline_debounce: decides which inline queries are recorded.
        limit: of questions per person, buttons that ask again among them.
        article_admin: what admins do to the articles; None where there are no admins.
        recent: which message answers which question.
    """

    question_worker: QuestionWorker
    settings: Settings
    journal: Journal
    inline_debounce: InlineDebounce
    limit: RateLimit
    article_admin: ArticleAdmin | None = None
    recent: RecentAnswers = field(default_factory=RecentAnswers)

    @cached_property
    def inline_limit(self) -> RateLimit:
        """Limit of inline queries per person."""
        return RateLimit(_INLINE_QUERIES_PER_QUESTION * self.settings.rate_limit)

    @cached_property
    def languages(self) -> LanguageCache:
        """The languages that people chose."""
        return LanguageCache(self.journal)

    @cached_property
    def article_reader(self) -> ArticleReader:
        """Reads pages and excerpts of the indexed articles."""
        return ArticleReader(self.question_worker)

    @property
    def admins(self) -> frozenset[int]:
        """Ids of those who may change the articles."""
        return self.settings.admin_ids if self.article_admin else frozenset()


def keep_services(bot_data: dict[str, object], services: Services) -> None:
    """Make the services known to the handlers."""
    bot_data[_SERVICES] = services


def services_of(context: Context) -> Services:
    """Return what handlers work with."""
    return cast(Services, context.bot_data[_SERVICES])


def article_admin_of(context: Context) -> ArticleAdmin:
    """Return what changes the articles; only for handlers that admins alone reach."""
    return cast(ArticleAdmin, services_of(context).article_admin)


def is_admin(update: Update, context: Context) -> bool:
    """Whether the person behind an update may change the articles."""
    user = update.effective_user
    return user is not None and user.id in services_of(context).admins


def texts_of(update: Update, context: Context) -> Texts:
    """Return the texts in the language a person has chosen, or else has set in Telegram."""
    user = update.effective_user
    if user is None:
        return texts_for(None)
    return texts_for(services_of(context).languages.get(user.id) or user.language_code)
