"""What handlers share: the services they call, and the texts in a person's language."""

from dataclasses import dataclass, field
from functools import cached_property
from re import Match
from typing import Any, cast

from telegram import CallbackQuery, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.journal import Journal
from bot.services.article_admin import ArticleAdmin
from bot.services.article_reader import ArticleReader
from bot.services.inline_debounce import InlineDebounce
from bot.services.language_cache import LanguageCache
from bot.services.page_pictures import PagePictures
from bot.services.problems import AdminNotices, Problems
from bot.services.question_worker import QuestionWorker
from bot.services.recent_answers import LastQuestions, RecentAnswers
from bot.services.redelivery import Redelivery
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.transport.rate_limit import RateLimit
from embeddings import ArticleEntry

_SERVICES = "services"


@dataclass(frozen=True)
class Services:
    """What handlers work with; one per application.

    Attributes:
        question_worker: answers questions.
        settings: as at the start.
        journal: of questions, answers and ratings.
        inline_debounce: decides which inline queries are recorded.
        limit: of questions per person; `inline_limit` of inline queries.
        redelivery: sends again what did not reach Telegram.
        problems: what is wrong although the bot answers.
        article_admin: what admins do to the articles; None where there are no admins.
        recent: which message answers which question.
    """

    question_worker: QuestionWorker
    settings: Settings
    journal: Journal
    inline_debounce: InlineDebounce
    limit: RateLimit
    inline_limit: RateLimit
    redelivery: Redelivery
    problems: Problems
    article_admin: ArticleAdmin | None = None
    recent: RecentAnswers = field(default_factory=RecentAnswers)

    @cached_property
    def languages(self) -> LanguageCache:
        """The languages of people."""
        return LanguageCache(self.journal, is_shared=self.settings.is_replicated)

    @cached_property
    def last_questions(self) -> LastQuestions:
        """What people asked last."""
        return LastQuestions(self.journal)

    @cached_property
    def admin_notices(self) -> AdminNotices:
        """Tells the admins what happens to the index."""
        spoken = self.settings.state_dir / "admin-languages.json"
        return AdminNotices(self.question_worker, self.problems, self.languages, spoken)

    @cached_property
    def article_reader(self) -> ArticleReader:
        """Reads pages and excerpts of the indexed articles."""
        return ArticleReader(self.question_worker)

    @cached_property
    def page_pictures(self) -> PagePictures:
        """Draws the pages of PDFs."""
        return PagePictures(self.settings.seeds_dir)

    @property
    def admins(self) -> frozenset[int]:
        """Ids of those who may change the articles."""
        return self.settings.admin_ids if self.article_admin else frozenset()


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context, with the bot's services, and the message and texts of an update."""

    _update: Update

    @classmethod
    def from_update(
        cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]"
    ) -> "Context":
        """See `CallbackContext`."""
        context = super().from_update(update, application)
        context._update = cast(Update, update)
        return context

    @property
    def services(self) -> Services:
        """What handlers work with."""
        return cast(Services, self.bot_data[_SERVICES])

    @property
    def article_admin(self) -> ArticleAdmin:
        """What changes the articles; only for handlers that admins alone reach."""
        return cast(ArticleAdmin, self.services.article_admin)

    @property
    def articles(self) -> tuple[ArticleEntry, ...]:
        """The articles of the index that answers now."""
        return self.services.question_worker.manifest.articles

    @property
    def no_articles(self) -> str:
        """Key of the text for when nothing is indexed: the articles are being read, or are none."""
        services = self.services
        is_reading = services.question_worker.is_reading or services.problems.building is not None
        return "still_reading" if is_reading else "nothing_indexed"

    @property
    def message(self) -> Message:
        """The message that a person sent, or whose button they pressed."""
        return cast(Message, self._update.effective_message)

    @property
    def query(self) -> CallbackQuery:
        """The press of a button; only for handlers of buttons."""
        return cast(CallbackQuery, self._update.callback_query)

    @property
    def pressed(self) -> tuple[str, ...]:
        """The groups of the pattern that the data of a pressed button matched."""
        return cast("Match[str]", self.match).groups()

    @property
    def is_admin(self) -> bool:
        """Whether the person behind the update may change the articles."""
        user = self._update.effective_user
        return user is not None and user.id in self.services.admins

    @property
    def texts(self) -> Texts:
        """The texts in a person's language."""
        user = self._update.effective_user
        return texts_for(self.services.languages.of(user) if user else None)

    async def asker_texts(self, language: str | None = None) -> Texts:
        """The texts of what a button changes: in a group it stays in the language of who asked.

        Args:
            language: of the answer, as the journal has it.
        """
        asked = self.message.reply_to_message
        if self.message.chat.type == self.message.chat.PRIVATE:
            return self.texts
        asker = asked.from_user if asked else None
        if language is None and asker and not asker.is_bot:
            await self.services.languages.load(asker.id)
            language = self.services.languages.of(asker)
        return texts_for(language) if language else self.texts


def keep_services(bot_data: dict[Any, Any], services: Services) -> None:
    """Make the services known to the handlers."""
    bot_data[_SERVICES] = services
