"""The records that the server keeps; they are frozen, and a change makes a new record."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Entity:
    """A formatted span; offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None  # of a text_link

    @property
    def end(self) -> int:
        """Return the offset behind the span."""
        return self.offset + self.length

    def of(self, text: str) -> str:
        """Return the words the span covers."""
        data = text.encode("utf-16-le")[2 * self.offset : 2 * self.end]
        return data.decode("utf-16-le", "replace")

    def as_json(self) -> dict[str, Any]:
        """Return a MessageEntity."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Button:
    """One button of an inline keyboard."""

    text: str
    data: str | None = None
    url: str | None = None
    raw: Json = field(default_factory=dict, repr=False)


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Formatted:
    """A text as people see it, its formatting, and the source it came from."""

    text: str
    entities: tuple[Entity, ...] = ()
    html: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields that a message shares with this text."""
        return {"text": self.text, "entities": self.entities, "html": self.html}


@dataclass(frozen=True)
class Upload:
    """A file the bot sent in a request."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class StoredFile:
    """A file the server keeps for getFile."""

    file_id: str
    unique_id: str
    name: str
    content: bytes
    mime_type: str
    path: str
    size: int

    def as_json(self) -> dict[str, Any]:
        """Return a Document; not every sender gives it a name."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            **({"file_name": self.name} if self.name else {}),
            "mime_type": self.mime_type,
            "file_size": self.size,
        }


@dataclass(frozen=True)
class Message:
    """A message in its present state; `edits` holds the earlier ones, oldest first."""

    chat_id: int
    message_id: int
    sender: Json
    date: int
    text: str  # of a photo or document: its caption
    entities: tuple[Entity, ...] = ()
    html: str | None = None  # the source, where the bot used parse_mode=HTML
    buttons: Keyboard = ()
    kind: str = "text"  # text, photo, document
    markup: Json | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    quote: str | None = None
    file: StoredFile | None = None
    edit_date: int | None = None
    edits: tuple["Message", ...] = ()
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        """Return whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    def spans(self, kind: str) -> list[str]:
        """Return the words under every entity of this type."""
        return [entity.of(self.text) for entity in self.entities if entity.type == kind]

    def button(self, label: str) -> Button:
        """Return the button whose text holds `label`, or whose data equals it."""
        everything = [button for row in self.buttons for button in row]
        exact = [b for b in everything if label in (b.text, b.data)]
        loose = [b for b in everything if label in b.text]
        if not (exact or loose):
            raise LookupError(f"no button {label!r} among {[b.text for b in everything]}")
        return (exact or loose)[0]


@dataclass(frozen=True)
class Call:
    """One request of the bot, and what it got (status 0: no answer yet, or cut off)."""

    method: str
    parameters: Json
    at: float  # time.monotonic()
    files: Mapping[str, Upload] = field(default_factory=dict)
    status: int = 0
    error: str | None = None
    until: float = math.inf  # likewise: when it got this


@dataclass(frozen=True)
class ChatAction:
    """One "typing…"."""

    chat_id: int
    action: str
    thread_id: int | None


@dataclass(frozen=True)
class CallbackAnswer:
    """What a person sees after pressing a button."""

    query_id: str
    text: str
    show_alert: bool
    url: str | None


@dataclass(frozen=True)
class InlineResult:
    """One result of an inline answer; `content` is the message that choosing it sends."""

    id: str
    type: str
    title: str
    description: str
    content: Formatted | None
    buttons: Keyboard


@dataclass(frozen=True)
class InlineAnswer:
    """The answer to an inline query."""

    query_id: str
    results: tuple[InlineResult, ...]
    cache_time: int
    is_personal: bool
    button: Json | None


@dataclass(frozen=True)
class Delivery:
    """One attempt to hand an update to the webhook; status 0: no answer."""

    update_id: int
    status: int
