"""Links into the bot: t.me/BOT?start=PAYLOAD."""

import hmac
import re

from bot.views.commands import PRIVATE_COMMANDS

ASK = "ask"
"""Payload of a link that invites to ask, from an inline query for which nothing was found."""

_PASSAGE = re.compile(r"p-([0-9a-f]{16}(?:[0-9a-f]{8})?)\Z")


def to_passage(passage_key: str) -> str:
    """Return the payload that opens an article at a passage."""
    return f"p-{passage_key}"


def is_code(payload: str, code: str) -> bool:
    """Whether a payload is the code of an invitation, as it is or with "i-" before it.

    Links have the "i-"; a code may begin with it, too.
    """
    return any(hmac.compare_digest(payload.encode(), form.encode()) for form in (code, f"i-{code}"))


def is_own_payload(payload: str) -> bool:
    """Whether a payload is one of the bot's own, and so no mistyped code."""
    return payload in (ASK, *PRIVATE_COMMANDS) or passage_key_in(payload) is not None


def passage_key_in(payload: str) -> str | None:
    """Return the key of the passage that a payload opens, None where it holds none."""
    found = _PASSAGE.match(payload)
    return found[1] if found else None
