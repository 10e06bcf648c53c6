"""People, for tests that read like conversations."""

import re
from dataclasses import dataclass
from typing import Any

from .chats import User
from .models import (
    Button,
    CallbackAnswer,
    Entity,
    InlineAnswer,
    InlineResult,
    Message,
    utf16_length,
)
from .rooms import WAIT, Group, Room
from .world import World, now

_FOUND = re.compile(r"(?<!\S)(/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?<![\w/])(@[A-Za-z]\w{3,31})")


@dataclass(frozen=True)
class Query:
    """A pressed button or an inline query, waiting for its answer."""

    query_id: str
    update_id: int


def entities_in(text: str) -> tuple[Entity, ...]:
    """Return the commands and mentions Telegram finds in what a person writes."""
    return tuple(
        Entity(
            "bot_command" if found[1] else "mention",
            utf16_length(text[: found.start()]),
            utf16_length(found[0]),
        )
        for found in _FOUND.finditer(text)
    )


class Person(Room):
    """Somebody with a private chat; what they do elsewhere takes `chat=group`."""

    def __init__(self, world: World, user_id: int) -> None:
        super().__init__(world, user_id)
        self.id = user_id

    @property
    def user(self) -> User:
        """Return who this is."""
        return self.world.users[self.id]

    def says(
        self,
        text: str,
        *,
        chat: Group | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
        quote: str | None = None,
    ) -> Message:
        """Write to the bot, or into a group; commands and mentions become entities."""
        with self.world.changes.lock:
            message = self._write(text, chat or self, reply_to, thread, quote=quote)
            if self._reaches_bot(message):
                self._push("message", self.world.message_json(message))
        return message

    def edits(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        with self.world.changes.lock:
            new = self.world.edit(self.sees(message), text=text, entities=entities_in(text))
            if self._reaches_bot(new):
                self._push("edited_message", self.world.message_json(new))
        return new

    def sends_file(
        self,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        chat: Group | None = None,
        mime_type: str = "text/plain",
        size: int | None = None,
        album: str | None = None,
    ) -> Message:
        """Send a document; `size` pretends another size, `album` groups it with others."""
        with self.world.changes.lock:
            stored = self.world.keep_file(name, content, mime_type, size)
            message = self._write(caption, chat or self, None, None, kind="document", file=stored)
            if self._reaches_bot(message):
                shown = self.world.message_json(message)
                self._push("message", shown | ({"media_group_id": album} if album else {}))
        return message

    def presses(
        self, label: str | Button, *, on: Message | None = None, expired: bool = False
    ) -> Query:
        """Press a button, found by its text or data; without `on`, the newest that has it."""
        with self.world.changes.lock:
            message = self.sees(on) if on is not None else self._newest_with(label)
            button = label if isinstance(label, Button) else message.button(label)
            if button.data is None:
                raise LookupError(f"{button.text!r} sends nothing to the bot: {button.raw}")
            query = str(4_000_000_000_000 + self.world.number())
            if not expired:
                self.world.callback_queries.add(query)
            shown = self.world.message_json(message)
            if message.deleted:  # Telegram then says only which message it was
                shown = {"chat": shown["chat"], "message_id": shown["message_id"], "date": 0}
            content = {
                "id": query,
                "from": self.user.as_json(),
                "message": shown,
                "chat_instance": str(message.chat_id),
                "data": button.data,
            }
            return Query(query, self._push("callback_query", content))

    async def sees_popup(self, press: Query, timeout: float = WAIT) -> CallbackAnswer:
        """Return what the bot answered to a pressed button."""
        answers, query = self.world.callback_answers, press.query_id
        return await self._await(
            lambda: answers.get(query), timeout, "got no answer to a pressed button"
        )

    def asks_inline(self, query: str) -> Query:
        """Write "@bot query" in some chat."""
        with self.world.changes.lock:
            number = str(5_000_000_000_000 + self.world.number())
            self.world.inline_queries.add(number)
            content = {
                "id": number,
                "from": self.user.as_json(),
                "query": query[:256],
                "offset": "",
                "chat_type": "private",
            }
            return Query(number, self._push("inline_query", content))

    async def sees_results(self, asked: Query, timeout: float = WAIT) -> InlineAnswer:
        """Return the results of an inline query."""
        answers, query = self.world.inline_answers, asked.query_id
        return await self._await(lambda: answers.get(query), timeout, "got no inline results")

    def chooses(self, result: InlineResult, *, chat: Group | None = None) -> Message:
        """Send a result of an inline query to the bot, or into a group."""
        with self.world.changes.lock:
            text = result.content.text if result.content else ""
            message = self._write(text, chat or self, None, None)
            if self._reaches_bot(message):
                via = {"via_bot": self.world.bot.as_json()}
                self._push("message", self.world.message_json(message) | via)
        return message

    def adds_bot(self, chat: Group) -> int:
        """Add the bot to a group."""
        with self.world.changes.lock:
            return self._changes_membership(chat, "left", {"status": "member"})

    def blocks(self) -> int:
        """Block the bot; it gets a 403 from now on."""
        with self.world.changes.lock:
            self.world.update_chat(self.chat_id, refusal="bot was blocked by the user")
            return self._changes_membership(self, "member", {"status": "kicked", "until_date": 0})

    def _changes_membership(self, room: Room, old: str, new: dict[str, Any]) -> int:
        bot = {"user": self.world.bot.as_json()}
        content = {
            "chat": self.world.chats[room.chat_id].as_json(),
            "from": self.user.as_json(),
            "date": now(),
            "old_chat_member": bot | {"status": old},
            "new_chat_member": bot | new,
        }
        return self._push("my_chat_member", content)

    def _write(
        self,
        text: str,
        room: Room,
        reply_to: Message | None,
        thread: int | None,
        **extra: Any,
    ) -> Message:
        message = Message(
            chat_id=room.chat_id,
            message_id=self.world.number(),
            sender=self.user.as_json(),
            date=now(),
            text=text,
            entities=entities_in(text),
            reply_to=reply_to.message_id if reply_to else None,
            thread_id=thread or (reply_to.thread_id if reply_to else None),
            **extra,
        )
        return self.world.put(message)

    def _reaches_bot(self, message: Message) -> bool:
        return not self.world.chats[message.chat_id].refusal

    def _newest_with(self, label: str | Button) -> Message:
        wanted = label.text if isinstance(label, Button) else label
        for message in reversed(self.answers):
            for row in message.buttons:
                for button in row:
                    if wanted == button.data or wanted in button.text:
                        return message
        raise LookupError(f"no message of the bot has a button {wanted!r}")
