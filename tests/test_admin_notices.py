"""Admins are told once when the index is stale or a file is skipped, and once when that is over."""

import asyncio
import shutil
from pathlib import Path

import pytest
from telegram import Bot

from bot.journal import Journal
from bot.services.index_updater import IndexUpdater
from bot.services.language_cache import LanguageCache
from bot.services.problems import AdminNotices, Problems
from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from bot.transport.file_inbox import FileInbox
from embeddings import Model
from embeddings.errors import SeedsEmptied
from tests.botapi import BotApi, Message
from tests.conftest import settings_for
from tests.conversations import all_labels


async def test_admins_are_told_once_and_once_that_it_is_over(
    question_worker: QuestionWorker, seeds: Path, index: Path, tmp_path: Path, tiny: Model
) -> None:
    texts = texts_for("uk")
    updater = IndexUpdater(seeds, index, tiny, question_worker)
    async with (
        BotApi() as server,
        Journal(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}") as journal,
        Bot(server.token, f"{server.url}/bot") as telegram,
    ):
        settings = settings_for(server, tmp_path, index_dir=index)
        problems = Problems(settings, journal, FileInbox(tmp_path / "updates", "42"), updater)
        admin, spoken = server.person("Admin"), tmp_path / "state" / "languages.json"

        def started() -> AdminNotices:
            return AdminNotices(updater, LanguageCache(journal), spoken, 0.05)

        started().speaks(admin.id, "uk")
        notices, silent = started(), started()  # after a restart
        server.fail("sendMessage", status=500)  # it is tried again
        task = asyncio.create_task(notices.run(telegram, [admin.id]))
        other = asyncio.create_task(silent.run(telegram, [admin.id], lambda: False))

        async def built() -> Message:
            await asyncio.to_thread(updater.build)
            return await admin.hears()

        shutil.move(seeds, tmp_path / "away")
        seeds.mkdir()
        for _ in range(2):
            with pytest.raises(SeedsEmptied):
                await asyncio.to_thread(updater.build)
        told = await admin.hears()
        assert texts("seeds_emptied") in told.text
        assert all_labels(told) == [texts("seeds_emptied_yes")]
        assert problems.found()["index"].startswith("not up to date since 20")
        shutil.copytree(tmp_path / "away", seeds, dirs_exist_ok=True)
        assert texts("notice_well") in (await built()).text
        assert not problems.found()
        (seeds / "broken.txt").write_bytes(b"")
        (seeds / "copy.txt").write_bytes((seeds / "bread.txt").read_bytes())
        skipped = (await built()).text
        assert "broken.txt" in skipped
        assert "copy.txt" not in skipped
        (seeds / "broken.txt").write_text("Tea\n\nTea is made of leaves and hot water.\n", "utf-8")
        assert texts("notice_read") in (await built()).text
        task.cancel()
        other.cancel()
        assert len(admin.answers) == 4
    updater.close()
