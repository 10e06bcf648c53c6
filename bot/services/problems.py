"""Degraded states: the bot answers, but something needs attention.

/health, /healthz and /readyz name them. Admins get a message when the index is concerned, and one
when that is over; what passes before the next look is not told.
"""

import asyncio
import json
import logging
import shutil
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.journal import Journal
from bot.services.index_updater import IndexUpdater
from bot.services.language_cache import LanguageCache
from bot.settings import Settings
from bot.texts import Texts, texts_for
from bot.transport.inbox import Inbox
from bot.views.admin_reports import skipped_report
from bot.views.admin_views import failed_view
from bot.views.view import View
from embeddings import SkippedEntry, write_atomically
from embeddings.errors import PassageBotError

logger = logging.getLogger(__name__)

_LOOK_S = 10.0
_LITTLE = 100 * 2**20
"""Bytes; with less room on the disk a build or the journal may soon fail."""
Notice = Callable[[Texts], View]


class Problems:
    """Looks at the parts of the program each time it is asked."""

    def __init__(
        self, settings: Settings, journal: Journal, inbox: Inbox, index_updater: IndexUpdater
    ) -> None:
        index = () if settings.index_url else (settings.index_dir,)
        self._folders = (*index, settings.state_dir)
        self._journal, self._inbox, self._index_updater = journal, inbox, index_updater

    @property
    def room(self) -> int | None:
        """How many bytes are left on the disk, where these are too few."""
        free = min(map(_free, self._folders))
        return free if free < _LITTLE else None

    @property
    def can_lose_questions(self) -> bool:
        """Whether updates are not written to the disk, and are lost with the process."""
        return self._inbox.is_failing

    def found(self) -> Mapping[str, str]:
        """Return everything that is wrong, by part, in English for whoever runs the program."""
        found = {}
        if stale := self._index_updater.stale:
            since = datetime.fromtimestamp(stale.since, UTC).isoformat(timespec="seconds")
            found["index"] = f"not up to date since {since}: {stale.error}"
        if (room := self.room) is not None:
            found["disk"] = f"only {room // 2**20} MB are left"
        if self.can_lose_questions:
            found["updates"] = "cannot be written down; a killed process loses questions"
        if not self._journal.is_working:
            found["journal"] = f"cannot be written; {self._journal.waiting} entries wait"
        return found


def _free(folder: Path) -> int:
    """Return the bytes that are free on the disk of a folder, or of where it is to be made."""
    for existing in (folder, *folder.absolute().parents):
        try:
            return shutil.disk_usage(existing).free
        except OSError:
            continue
    return _LITTLE


class AdminNotices:
    """Looks at the index every few seconds."""

    def __init__(
        self,
        index_updater: IndexUpdater,
        languages: LanguageCache,
        spoken: Path,
        look_s: float = _LOOK_S,
    ) -> None:
        """Prepare; `spoken` has the languages of the admins' Telegram, for after a restart."""
        self._index_updater, self._languages = index_updater, languages
        self._look_s = look_s
        self._file, self._spoken = spoken, _read_languages(spoken)
        self._is_stale_told = False
        self._skipped = self._skipped_now()  # these were told before, or in the log
        self._to_be_read: frozenset[SkippedEntry] = frozenset()
        self._unsent: list[tuple[int, Notice]] = []

    def speaks(self, admin: int, language: str | None) -> None:
        """Remember the language of an admin's Telegram."""
        if self._spoken.get(str(admin)) == language:
            return
        self._spoken[str(admin)] = language
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file, json.dumps(self._spoken))
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._file, error.strerror)

    async def run(
        self, bot: Bot, admins: Collection[int], may_tell: Callable[[], bool] = lambda: True
    ) -> None:
        """Look, and tell, until cancelled; while another replica tells, only look."""
        seen: object = None
        while True:
            await asyncio.sleep(self._look_s)
            stale, skipped = self._index_updater.stale, self._skipped_now()
            now = (stale and stale.since, skipped)
            if now == seen:  # it has lasted
                news = self._news()
                if may_tell():
                    self._unsent += [(admin, one) for one in news for admin in admins]
            seen = now
            self._unsent = [one for one in self._unsent if not await self._is_sent(bot, *one)]

    def _news(self) -> list[Notice]:
        """Return what is to be told, and note that it is."""
        news: list[Notice] = []
        stale, skipped = self._index_updater.stale, self._skipped_now()
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
        skipped = self._index_updater.question_worker.manifest.skipped
        return frozenset(one for one in skipped if one.same_as is None)

    async def _is_sent(self, bot: Bot, admin: int, notice: Notice) -> bool:
        """Send a notice; return False where it is to be tried again."""
        await self._languages.load(admin)
        texts = texts_for(self._languages.get(admin) or self._spoken.get(str(admin)))
        view = notice(texts)
        try:
            await bot.send_message(admin, view.html, "HTML", reply_markup=view.buttons)
        except (BadRequest, Forbidden) as error:  # one who has never written to the bot
            logger.info("admin %d was not told: %s", admin, error)
        except TelegramError:
            return False
        return True


def _read_languages(path: Path) -> dict[str, str | None]:
    try:
        return dict(json.loads(path.read_bytes()))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError):
        logger.warning("%s cannot be read; it is written anew", path)
    return {}


def _failed(error: PassageBotError, texts: Texts) -> View:
    view = failed_view(error, texts)
    return View(f"⚠️ {view.html}", view.rows)


def _skipped(entries: Collection[SkippedEntry], texts: Texts) -> View:
    return View(f"⚠️ {skipped_report(sorted(entries, key=lambda one: one.path), texts)}")
