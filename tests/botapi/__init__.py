"""A Telegram Bot API server on the loopback, as strict as Telegram, for tests.

    async with BotApi() as server:            # `with BotApi() as server` runs it in a thread
        alice = server.person(language="uk")
        alice.says("Скільки країн приєдналося?")
        answer = await alice.hears()          # `alice.hears_sync()` in a plain test

Start the bot with `TELEGRAM_API_URL=server.url` and `TELEGRAM_BOT_TOKEN=server.token`.
"""

from .errors import ApiError
from .models import Button, Message, utf16_length
from .people import Person
from .rooms import Group
from .server import BotApi

__all__ = ["ApiError", "BotApi", "Button", "Group", "Message", "Person", "utf16_length"]
