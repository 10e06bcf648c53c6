"""Users and chats."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return a User."""
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **({"username": self.username} if self.username else {}),
            **({"language_code": self.language_code} if self.language_code else {}),
        }


@dataclass(frozen=True)
class Chat:
    """A private chat, a group or a supergroup, and whether the bot may write there."""

    id: int
    type: str
    title: str
    username: str | None = None
    topics: frozenset[int] | None = None  # None: not a forum
    refusal: str | None = None  # why the bot gets a 403
    migrated_to: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return a Chat."""
        name = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return {
            "id": self.id,
            "type": self.type,
            **name,
            **({"username": self.username} if self.username else {}),
            **({"is_forum": True} if self.topics is not None else {}),
        }
