"""The state of the server; it is changed only under the lock of `changes`."""

import itertools
import time
from dataclasses import dataclass, field, replace
from typing import Any

from .chats import Chat, User
from .errors import ApiError, bad_request
from .faults import Fault
from .models import (
    Call,
    CallbackAnswer,
    ChatAction,
    Delivery,
    InlineAnswer,
    Message,
    StoredFile,
    utf16_length,
)
from .params import Params
from .updates import Updates
from .waiting import Changes


@dataclass
class Webhook:
    """The address to which updates are posted; empty without a webhook."""

    url: str = ""
    secret: str = ""
    failed_at: int = 0
    last_error: str = ""


@dataclass
class World:
    """The state of a simulated Telegram with one bot."""

    token: str
    bot: User
    changes: Changes = field(default_factory=Changes)
    updates: Updates = field(default_factory=Updates)
    faults: list[Fault] = field(default_factory=list)  # still to come, oldest first
    webhook: Webhook = field(default_factory=Webhook)
    poll: int = 0  # the newest long poll; an older one is in conflict
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    profile: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    callback_queries: set[str] = field(default_factory=set)  # not yet answered
    inline_queries: set[str] = field(default_factory=set)
    callback_answers: dict[str, CallbackAnswer] = field(default_factory=dict)
    inline_answers: dict[str, InlineAnswer] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    actions: list[ChatAction] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1001))

    def number(self) -> int:
        """Return a number that was not used before."""
        return next(self._numbers)

    def add_user(self, user: User) -> None:
        """Add a person with a private chat."""
        self.users[user.id] = user
        self.add_chat(Chat(user.id, "private", user.first_name, user.username))

    def add_chat(self, chat: Chat) -> None:
        """Add a chat."""
        self.chats[chat.id] = chat
        self.messages.setdefault(chat.id, {})

    def update_chat(self, chat_id: int, **changes: Any) -> Chat:
        """Replace fields of a chat."""
        self.chats[chat_id] = replace(self.chats[chat_id], **changes)
        self.changes.notify()
        return self.chats[chat_id]

    def find_chat(self, params: Params) -> Chat:
        """Return the chat a request names, or refuse."""
        if not params.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self.chats.get(params.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, params: Params) -> Chat:
        """Return a chat the bot may write to, or refuse."""
        chat = self.find_chat(params)
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.refusal:
            raise ApiError(403, f"Forbidden: {chat.refusal}")
        return chat

    def thread(self, chat: Chat, params: Params) -> int | None:
        """Return the topic a request names, or refuse."""
        thread = params.integer("message_thread_id")
        if not thread:
            return None
        if chat.topics is None or thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread

    def find_message(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message that was not deleted."""
        message = self.messages.get(chat_id, {}).get(message_id)
        return None if message is None or message.deleted else message

    def put(self, message: Message) -> Message:
        """Store a message in its present state."""
        self.messages[message.chat_id][message.message_id] = message
        self.changes.notify()
        return message

    def edit(self, old: Message, **changes: Any) -> Message:
        """Store a message's next state and keep the old one in `edits`."""
        before = replace(old, edits=())
        return self.put(replace(old, edit_date=now(), edits=(*old.edits, before), **changes))

    def keep_file(
        self, name: str, content: bytes, mime: str, size: int | None = None
    ) -> StoredFile:
        """Store a file under a new id; `size` lets a test pretend a big one."""
        number = self.number()
        stored = StoredFile(
            file_id=f"BQACAgIAAxkBAAI{number}",
            unique_id=f"AgAD{number}",
            name=name,
            content=content,
            mime_type=mime,
            path=f"documents/file_{number}",
            size=len(content) if size is None else size,
        )
        self.files[stored.file_id] = stored
        return stored

    def message_json(self, message: Message, *, with_reply: bool = True) -> dict[str, Any]:
        """Return a Message as the API shows it."""
        shown: dict[str, Any] = {
            "message_id": message.message_id,
            "from": dict(message.sender),
            "chat": self.chats[message.chat_id].as_json(),
            "date": message.date,
        }
        shown |= self._content_json(message)
        optional = {
            "edit_date": message.edit_date,
            "reply_markup": message.markup if message.buttons else None,
            "message_thread_id": message.thread_id,
            "is_topic_message": bool(message.thread_id),
        }
        shown |= {name: value for name, value in optional.items() if value}
        replied = self.find_message(message.chat_id, message.reply_to) if message.reply_to else None
        if replied and with_reply:
            shown["reply_to_message"] = self.message_json(replied, with_reply=False)
        if replied and message.quote:
            position = utf16_length(replied.text[: replied.text.find(message.quote)])
            shown["quote"] = {"text": message.quote, "position": position, "is_manual": True}
        return shown

    def _content_json(self, message: Message) -> dict[str, Any]:
        plain = message.kind == "text"
        words, marks = ("text", "entities") if plain else ("caption", "caption_entities")
        shown: dict[str, Any] = {words: message.text} if message.text else {}
        if message.entities:
            shown[marks] = [entity.as_json() for entity in message.entities]
        if message.kind == "document" and message.file:
            shown["document"] = message.file.as_json()
        if message.kind == "photo" and message.file:
            shown["photo"] = [_photo_size(message.file)]
        return shown


def _photo_size(stored: StoredFile) -> dict[str, Any]:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "width": 100,
        "height": 100,
        "file_size": stored.size,
    }


def now() -> int:
    """Return the time as Telegram writes it."""
    return int(time.time())
