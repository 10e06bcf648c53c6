"""What handlers share: the services they call, and the texts in a person's language."""

from re import Match
from typing import Any, cast

from telegram import CallbackQuery, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.journal import Journal
from bot.services.article_admin import ArticleAdmin
from bot.services.article_reader import ArticleReader
from bot.services.index_updater import IndexUpdater
from bot.services.inline_debounce import InlineDebounce
from bot.services.language_cache import LanguageCache
from bot.services.page_pictures import PagePictures
from bot.services.problems import AdminNotices, Problems
from bot.services.recent_answers import LastQuestions, RecentAnswers
from bot.services.redelivery import Redelivery
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.transport.inbox import Inbox
from bot.transport.question_text import is_article
from bot.transport.rate_limit import RateLimit
from embeddings import ArticleEntry, path_key


class Services:
    """What handlers work with; one per application.

    Questions of a person have the `limit`, their inline queries the `inline_limit`.
    """

    def __init__(
        self,
        settings: Settings,
        index_updater: IndexUpdater,
        journal: Journal,
        inbox: Inbox,
        limit: RateLimit,
        inline_limit: RateLimit,
    ) -> None:
        self.settings, self.journal, self.inbox = settings, journal, inbox
        self.index_updater = index_updater
        self.question_worker = question_worker = index_updater.question_worker
        self.limit, self.inline_limit = limit, inline_limit
        self.inline_debounce = InlineDebounce(journal)
        self.languages = LanguageCache(journal, is_shared=settings.is_replicated)
        self.last_questions = LastQuestions(journal)
        self.recent_answers = RecentAnswers()
        self.redelivery = Redelivery(inbox)
        self.article_reader = ArticleReader(question_worker)
        self.page_pictures = PagePictures(settings.seeds_dir)
        state = settings.state_dir
        self.article_admin = ArticleAdmin(index_updater, settings.seeds_dir, state / "trash")
        self.problems = Problems(settings, journal, inbox, index_updater)
        spoken = state / "admin-languages.json"
        self.admin_notices = AdminNotices(index_updater, self.languages, spoken)


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context, with the bot's services, and the message and texts of an update."""

    _update: Update
    _texts: Texts | None = None

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
        return cast(Services, self.bot_data["services"])

    @property
    def articles(self) -> tuple[ArticleEntry, ...]:
        """The articles of the index that answers now."""
        return self.services.question_worker.manifest.articles

    def article(self, key: str) -> ArticleEntry | None:
        """Return the article whose path has this `path_key`."""
        return next((one for one in self.articles if path_key(one.path) == key), None)

    @property
    def no_articles(self) -> str:
        """Key of the text for when nothing is indexed: the articles are being read, or are none."""
        services = self.services
        is_reading = services.question_worker.is_reading or services.index_updater.building
        return "still_reading" if is_reading else "nothing_indexed"

    @property
    def message(self) -> Message:
        """The message that a person sent, or whose button they pressed."""
        return cast(Message, self._update.effective_message)

    @property
    def is_private(self) -> bool:
        """Whether nobody else sees the message."""
        return self.message.chat.type == self.message.chat.PRIVATE

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
        return user is not None and user.id in self.services.settings.admin_ids

    @property
    def brings_article(self) -> bool:
        """Whether an admin sends a file for the articles, or changes the text below one."""
        message = self._update.message or self._update.edited_message
        return message is not None and self.is_private and self.is_admin and is_article(message)

    @property
    def texts(self) -> Texts:
        """The texts in a person's language, unless it is to `speak` others."""
        if self._texts:
            return self._texts
        user = self._update.effective_user
        return texts_for(self.services.languages.of(user) if user else None)

    async def load_texts(self) -> Texts:
        """The texts in a person's language, which may not have been read from the journal yet."""
        user = self._update.effective_user
        if user is not None:
            await self.services.languages.load(user.id)
        return self.texts

    def speak(self, texts: Texts) -> None:
        """Use these texts from now on."""
        self._texts = texts

    async def asker_texts(self, language: str | None = None) -> Texts:
        """The texts of what a button changes: in a group it stays in the language of who asked.

        The journal may know the `language` of the answer.
        """
        asked = self.message.reply_to_message
        if self.is_private:
            return self.texts
        asker = asked.from_user if asked else None
        if language is None and asker and not asker.is_bot:
            await self.services.languages.load(asker.id)
            language = self.services.languages.of(asker)
        return texts_for(language) if language else self.texts
