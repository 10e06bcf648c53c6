"""Tells the admins what happens to the index when they do not look: once, and once that it is over.

What passes by itself before the next look is not told.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.services.language_cache import LanguageCache
from bot.services.problems import Problems
from bot.services.question_worker import QuestionWorker
from bot.texts import Texts, texts_for
from bot.views.admin_reports import skipped_report
from bot.views.admin_views import failed_view
from bot.views.view import View
from embeddings import SkippedEntry
from embeddings.errors import PassageBotError

logger = logging.getLogger(__name__)

_LOOK_S = 10.0
Notice = Callable[[Texts], View]


class AdminNotices:
    """Looks at the index every few seconds."""

    def __init__(
        self,
        question_worker: QuestionWorker,
        problems: Problems,
        languages: LanguageCache,
        look_s: float = _LOOK_S,
    ) -> None:
        self._worker, self._problems, self._languages = question_worker, problems, languages
        self._look_s = look_s
        self._spoken: dict[int, str | None] = {}
        self._is_stale_told = False
        self._skipped = self._skipped_now()  # these were told before, or in the log
        self._to_be_read: frozenset[SkippedEntry] = frozenset()
        self._unsent: list[tuple[int, Notice]] = []

    def speaks(self, admin: int, language: str | None) -> None:
        """Remember the language of an admin's Telegram."""
        self._spoken[admin] = language

    async def run(self, bot: Bot, admins: Collection[int]) -> None:
        """Look, and tell, until cancelled."""
        seen: object = None
        while True:
            await asyncio.sleep(self._look_s)
            stale, skipped = self._problems.stale, self._skipped_now()
            now = (stale and stale.since, skipped)
            if now == seen:  # it has lasted
                self._unsent += [(admin, one) for one in self._news() for admin in admins]
            seen = now
            self._unsent = [one for one in self._unsent if not await self._is_sent(bot, *one)]

    def _news(self) -> list[Notice]:
        """Return what is to be told, and note that it is."""
        news: list[Notice] = []
        stale, skipped = self._problems.stale, self._skipped_now()
        if stale and not self._is_stale_told:
            news.append(partial(_failed, stale.error))
        elif self._is_stale_told and not stale:
            news.append(lambda texts: View(f"✅ {texts('notice_well')}"))
        self._is_stale_told = bool(stale)
        new = skipped - self._skipped
        self._to_be_read = (self._to_be_read & skipped) | new if new else self._to_be_read
        if new:
            news.append(partial(_skipped, new))
        elif self._to_be_read and not self._to_be_read & skipped:
            self._to_be_read = frozenset()
            news.append(lambda texts: View(f"✅ {texts('notice_read')}"))
        self._skipped = skipped
        return news

    def _skipped_now(self) -> frozenset[SkippedEntry]:
        """Return the files that give no article; a copy of another is none of them."""
        return frozenset(one for one in self._worker.manifest.skipped if one.same_as is None)

    async def _is_sent(self, bot: Bot, admin: int, notice: Notice) -> bool:
        """Send a notice; return False where it is to be tried again."""
        await self._languages.load(admin)
        texts = texts_for(self._languages.get(admin) or self._spoken.get(admin))
        view = notice(texts)
        try:
            await bot.send_message(admin, view.html, "HTML", reply_markup=view.buttons)
        except (BadRequest, Forbidden) as error:  # one who has never written to the bot
            logger.info("admin %d was not told: %s", admin, error)
        except TelegramError:
            return False
        return True


def _failed(error: PassageBotError, texts: Texts) -> View:
    view = failed_view(error, texts)
    return View(f"⚠️ {view.html}", view.buttons)


def _skipped(entries: Collection[SkippedEntry], texts: Texts) -> View:
    return View(f"⚠️ {skipped_report(sorted(entries, key=lambda one: one.path), texts)}")
