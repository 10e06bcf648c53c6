"""The queue of updates, as getUpdates and webhooks see it."""

from collections.abc import Iterable, Mapping
from typing import Any

KINDS = frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query "
    "purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost "
    "removed_chat_boost".split()
)
# these come only to bots that ask for them
_ON_REQUEST = frozenset(["chat_member", "message_reaction", "message_reaction_count"])

Update = dict[str, Any]


class Updates:
    """Updates not yet confirmed, in the order of their ids."""

    def __init__(self) -> None:
        self.allowed: frozenset[str] = KINDS - _ON_REQUEST
        self._next = 100_000_001
        self._waiting: dict[int, Update] = {}
        self._known: dict[int, Update] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: Iterable[str]) -> None:
        """Choose the kinds that are delivered from now on; none means the usual ones."""
        known = frozenset(kinds) & KINDS
        self.allowed = known or KINDS - _ON_REQUEST

    def push(self, update: Mapping[str, Any]) -> int:
        """Queue an update, unless the bot does not want its kind; return its id."""
        number = update.get("update_id", self._next)
        if not isinstance(number, int):
            number = self._next
        self._next = max(self._next, number + 1)
        whole = {"update_id": number, **update}
        self._known[number] = whole
        if not (KINDS & whole.keys()) - self.allowed:
            self._waiting[number] = whole
        return number

    def redeliver(self, update_id: int) -> None:
        """Queue an update again, as Telegram does when its confirmation was lost."""
        self._waiting[update_id] = self._known[update_id]

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms; a negative one keeps only the last ones."""
        numbers = sorted(self._waiting)
        gone = numbers[:offset] if offset < 0 else [n for n in numbers if n < offset]
        for number in gone:
            del self._waiting[number]

    def first(self, limit: int) -> list[Update]:
        """Return the oldest ones; they stay until they are confirmed."""
        return [self._waiting[number] for number in sorted(self._waiting)[:limit]]

    def done(self, update_id: int) -> None:
        """Forget one that a webhook has taken."""
        self._waiting.pop(update_id, None)

    def clear(self) -> None:
        """Remove all of them."""
        self._waiting.clear()
