"""A running bot with an admin, for tests that read like conversations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from embeddings import Searcher
from tests.botapi import BotApi, Message, Person
from tests.conftest import tiny_model
from tests.conversations import Talk, serving

ADMIN = 4_200_001
KENYA = (
    "Lighthouses of Kenya\n\n"
    "The old lighthouse of Malindi was lit with palm oil until the year 1934. "
    "Two keepers lived in it with their families.\n"
)
"""An article that an admin sends."""


@dataclass(frozen=True)
class House:
    """The folders of a bot."""

    seeds: Path
    index: Path
    state: Path

    @property
    def files(self) -> dict[str, str]:
        """Every file in the folder of articles, hidden ones too."""
        return {
            path.relative_to(self.seeds).as_posix(): path.read_text("utf-8", "replace")
            for path in self.seeds.rglob("*")
            if path.is_file()
        }


@dataclass(frozen=True)
class Bot:
    """A running bot."""

    talk: Talk
    server: BotApi
    house: House
    index_updater: IndexUpdater
    question_worker: QuestionWorker
    admin: Person

    async def ends_with(self, first: Message, words: str, edits: int = 0) -> Message:
        """Wait until a message of the bot holds these words, and return it as it is then."""

        def look() -> Message | None:
            now = self.admin.sees(first)
            return now if words in now.text and len(now.edits) >= edits else None

        return await self.server.wait_until(look, 15)

    async def hears_out(self, words: str, who: Person | None = None) -> Message:
        """Return the bot's next message, once it holds these words."""
        return await self.ends_with(await (who or self.admin).hears(), words)

    async def says(self, text: str, words: str) -> Message:
        """Let the admin say something; return the bot's answer once it holds these words."""
        self.admin.says(text)
        return await self.hears_out(words)

    async def sends(self, name: str, text: str, words: str) -> Message:
        """Let the admin send a file; return the bot's answer once it holds these words."""
        self.admin.sends_file(name, text.encode())
        return await self.hears_out(words)

    async def presses(self, label: str, on: Message, words: str) -> Message:
        """Press a button, and return the message once it has changed and holds these words."""
        now = self.admin.sees(on)
        press = self.admin.presses(label, on=now)
        await self.admin.sees_popup(press)
        return await self.ends_with(now, words, len(now.edits) + 1)


@asynccontextmanager
async def bot_with_admin(
    server: BotApi, house: House, *, language: str = "en", follows: bool = False
) -> AsyncIterator[Bot]:
    """Run a bot; it watches the folder by itself only when it `follows`."""
    model = tiny_model()
    known = [user for user in server.world.users.values() if user.id == ADMIN]
    admin = (
        Person(server.world, ADMIN)
        if known
        else server.person("Admin", language=language, id=ADMIN)
    )
    opened = Searcher.open(house.index, model) if house.index.exists() else Searcher.empty(model)
    question_worker = QuestionWorker(opened)
    index_updater = IndexUpdater(house.seeds, house.index, model, question_worker)
    if follows:
        index_updater.start()
    try:
        async with serving(
            server,
            question_worker,
            house.state,
            index_updater,
            admin_ids=frozenset({ADMIN}),
            seeds_dir=house.seeds,
            index_dir=house.index,
        ) as talk:
            yield Bot(talk, server, house, index_updater, question_worker, admin)
    finally:
        await asyncio.to_thread(index_updater.close)
        question_worker.close()
