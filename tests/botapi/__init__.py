"""A Telegram Bot API server on the loopback, strict as Telegram, for tests.

    async with BotApi() as server:            # `with BotApi() as server` runs it in a thread
        alice = server.person(language="uk")
        alice.says("Скільки країн приєдналося?")
        answer = await alice.hears()          # `alice.hears_sync()` in a plain test

The bot is told `TELEGRAM_API_URL=server.url` and `TELEGRAM_BOT_TOKEN=server.token`.
"""

from .errors import ApiError
from .models import (
    Button,
    Call,
    CallbackAnswer,
    ChatAction,
    Entity,
    Formatted,
    InlineAnswer,
    InlineResult,
    Message,
    utf16_length,
)
from .people import Person
from .rooms import Group
from .server import TOKEN, BotApi

__all__ = [
    "TOKEN",
    "ApiError",
    "BotApi",
    "Button",
    "Call",
    "CallbackAnswer",
    "ChatAction",
    "Entity",
    "Formatted",
    "Group",
    "InlineAnswer",
    "InlineResult",
    "Message",
    "Person",
    "utf16_length",
]
