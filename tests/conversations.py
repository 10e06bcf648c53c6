"""A running bot and what people do with it, for tests that read like conversations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.app import Session
from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from tests.botapi import BotApi, Button, Group, Message, Person
from tests.conftest import PATIENCE_S, settings_for, tiny_model

RISE = "How long should the dough rise?"
RISE_ANSWER = "Let the dough rise for two hours"


@dataclass(frozen=True)
class Talk:
    """A running bot and the server it talks to."""

    server: BotApi
    session: Session
    question_worker: QuestionWorker
    task: "asyncio.Task[None]"

    async def all_answers(self, chat: Person | Group) -> list[Message]:
        """Let the bot finish, see `settle`, and return everything that it has said in a chat."""
        await self.settle()
        return chat.answers

    async def settle(self) -> None:
        """End the bot once it has received every update; it finishes what it has begun.

        After that nothing more is said, so what was not said can be asserted.
        """
        await self.server.wait_until(lambda: not self.server.pending, PATIENCE_S)
        self.session.stop()
        await asyncio.wait_for(asyncio.shield(self.task), PATIENCE_S)


class Serve(Protocol):
    """Runs a bot, with these settings besides the usual ones, until the block ends."""

    def __call__(self, **settings: Any) -> AbstractAsyncContextManager[Talk]: ...


def idle_updater(question_worker: QuestionWorker, state: Path) -> IndexUpdater:
    """Return an updater that builds only when it is asked to."""
    return IndexUpdater(state / "seeds", state / "index", tiny_model(), question_worker)


@asynccontextmanager
async def serving(
    server: BotApi,
    question_worker: QuestionWorker,
    state: Path,
    index_updater: IndexUpdater | None = None,
    **settings: Any,
) -> AsyncIterator[Talk]:
    """Run a bot until the block ends."""
    index_updater = index_updater or idle_updater(question_worker, state)
    session = Session(settings_for(server, state, **settings), index_updater)
    task = asyncio.create_task(session.serve())
    polls = len(server.calls("getUpdates"))
    try:
        await server.called("getUpdates", polls + 1)
        yield Talk(server, session, question_worker, task)
    finally:
        session.stop()
        await asyncio.wait_for(task, 3 * PATIENCE_S)


async def asks(
    person: Person, question: str = RISE, *, chat: Group | None = None, **more: Any
) -> Message:
    """Say something in private, or in a group, and return what the bot says to it."""
    person.says(question, chat=chat, **more)
    return await (chat or person).hears()


async def pressed(person: Person, label: str, on: Message, *, chat: Group | None = None) -> Message:
    """Press a button, and return the message as it is then."""
    person.presses(label, on=on)
    return await (chat or person).sees_edit(on)


async def popup(person: Person, label: str | Button, on: Message) -> str:
    """Press a button, and return what the bot shows for a moment."""
    return (await person.sees_popup(person.presses(label, on=on))).text


def labels(message: Message) -> list[list[str]]:
    """Return the labels of the buttons below a message."""
    return [[button.text for button in row] for row in message.buttons]


def all_labels(message: Message) -> list[str]:
    """Return the labels of the buttons below a message, without their rows."""
    return [label for row in labels(message) for label in row]


def said_by_bot(server: BotApi, chat: Person | Group) -> list[Message]:
    """Return what the bot has said in a chat."""
    return [message for message in server.messages(chat) if message.from_bot]
