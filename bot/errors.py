"""What can go wrong in the bot; the root of the tree is in `embeddings.errors`.

PassageBotError
├── SettingsError    the environment or .env holds a value that makes no sense (a UsageError)
├── TelegramRefused  Telegram will not work with this token, or not with two processes at once
├── PortTaken        the bot cannot listen where it was told to
└── Busy             too many questions wait already
"""

from embeddings import PassageBotError, UsageError


class SettingsError(UsageError):
    """The environment or .env holds a value that makes no sense."""


class TelegramRefused(PassageBotError):
    """Telegram will not work with this token, or not with two processes at once."""


class PortTaken(PassageBotError):
    """The bot cannot listen where it was told to."""


class Busy(PassageBotError):
    """Too many questions wait already."""
