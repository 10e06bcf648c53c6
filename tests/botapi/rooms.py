"""A chat as a test sees it: reads what the bot wrote, and waits for more."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from .models import Message
from .world import World, now

T = TypeVar("T")
WAIT = 30.0
"""How long a test waits for what must happen, on a machine under load."""


class Room:
    """One chat; each message of the bot is heard once."""

    def __init__(self, world: World, chat_id: int) -> None:
        self.world = world
        self.chat_id = chat_id
        self._heard = 0

    async def hears(self, timeout: float = WAIT) -> Message:
        """Return the bot's next message."""
        return await self._await(self._next, timeout, "heard nothing")

    def hears_sync(self, timeout: float = WAIT) -> Message:
        """Do what `hears` does, in a plain test."""
        return self._wait(self._next, timeout, "heard nothing")

    async def hears_nothing(self, seconds: float = 0.3) -> None:
        """Fail if the bot writes anything now or within this time."""
        await asyncio.sleep(seconds)
        with self.world.changes.lock:
            message = self._next()
        if message is not None:
            raise AssertionError(f"the bot wrote {message.text!r}")

    async def sees_edit(self, message: Message, timeout: float = WAIT) -> Message:
        """Return the message as soon as it is newer than this one."""
        return await self._await(lambda: self._newer(message), timeout, "saw no edit")

    def sees(self, message: Message) -> Message:
        """Return a message in its present state."""
        with self.world.changes.lock:
            return self.world.messages[message.chat_id][message.message_id]

    @property
    def answers(self) -> list[Message]:
        """Return everything that the bot has written here."""
        with self.world.changes.lock:
            everything = list(self.world.messages[self.chat_id].values())
        return [message for message in everything if message.from_bot and not message.deleted]

    def _next(self) -> Message | None:
        for message in self.answers:
            if message.message_id > self._heard:
                self._heard = message.message_id
                return message
        return None

    def _newer(self, old: Message) -> Message | None:
        present = self.sees(old)
        return present if len(present.edits) > len(old.edits) else None

    async def _await(self, look: Callable[[], T | None], timeout: float, failure: str) -> T:
        try:
            return await self.world.changes.wait_for(look, timeout)
        except TimeoutError:
            raise self._silence(timeout, failure) from None

    def _wait(self, look: Callable[[], T | None], timeout: float, failure: str) -> T:
        try:
            return self.world.changes.wait_for_sync(look, timeout)
        except TimeoutError:
            raise self._silence(timeout, failure) from None

    def _silence(self, timeout: float, failure: str) -> AssertionError:
        with self.world.changes.lock:
            last = [f"{c.method}: {c.error or c.status or 'open'}" for c in self.world.calls[-8:]]
            left = len(self.world.updates)
        chat = self.world.chats[self.chat_id].title
        return AssertionError(
            f"{chat} {failure} within {timeout} s; updates not confirmed: {left}; "
            f"the bot's last calls: {'; '.join(last) or 'none'}"
        )

    def _push(self, kind: str, content: Mapping[str, Any]) -> int:
        number = self.world.updates.push({kind: dict(content)})
        self.world.changes.notify()
        return number


class Group(Room):
    """A group or supergroup with the bot in it."""

    def migrates(self) -> "Group":
        """Turn a basic group into a supergroup, with the service messages Telegram sends."""
        with self.world.changes.lock:
            old = self.world.chats[self.chat_id]
            new = replace(old, id=-1_000_000_000_000 - self.world.number(), type="supergroup")
            self.world.add_chat(new)
            self.world.update_chat(old.id, migrated_to=new.id)
            moves = ((old, "migrate_to_chat_id", new.id), (new, "migrate_from_chat_id", old.id))
            for chat, field, other in moves:
                service = {
                    "message_id": self.world.number(),
                    "date": now(),
                    "chat": chat.as_json(),
                    field: other,
                }
                self._push("message", service)
        return Group(self.world, new.id)
