"""What can go wrong in the bot; the root of the tree is in `embeddings.errors`.

PassageBotError
├── SettingsError    the environment or .env holds a value that makes no sense (a UsageError)
├── TelegramRefused  Telegram will not work with this token, or not with two processes at once
├── JournalError     the database of questions and ratings
│   ├── JournalUnavailable   it cannot be read or written now
│   └── JournalTooNew        a newer version of the program has changed it
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


class JournalError(PassageBotError):
    """Something is wrong with the database of questions and ratings."""


class JournalUnavailable(JournalError):
    """The journal cannot be read or written now; nothing else is wrong."""


class JournalTooNew(JournalError):
    """A newer version of the program has changed the journal."""
