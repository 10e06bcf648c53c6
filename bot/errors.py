"""The errors of the bot; all are a PassageBotError of `embeddings`."""

from embeddings.errors import PassageBotError, UsageError


class SettingsError(UsageError):
    """The environment or .env holds an invalid value."""


class TelegramRefused(PassageBotError):
    """Telegram will not work with this token, or with this address."""


class TokenUnknown(TelegramRefused, UsageError):
    """Telegram does not know the token; another start will not change that."""


class PortTaken(PassageBotError):
    """The bot cannot listen at the address and port of its settings."""


class Busy(PassageBotError):
    """Too many questions wait already."""


class JournalError(PassageBotError):
    """Something is wrong with the database of questions and ratings."""


class JournalUnavailable(JournalError):
    """The journal cannot be read or written now; nothing else is wrong."""


class JournalTooNew(JournalError):
    """A newer version of the program has changed the journal."""


class InboxUnavailable(PassageBotError):
    """Updates cannot be written down now, and must not be confirmed."""
