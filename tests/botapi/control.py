"""What a test does with the server as a whole: people, updates, faults, records."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .chats import Chat, User
from .errors import ApiError, too_many_requests
from .faults import Fault, Matches
from .methods.profile import scope_key
from .models import Call, ChatAction, Delivery, Draft, Json, Message
from .people import Person
from .rooms import Group
from .world import World

T = TypeVar("T")
WAIT = 5.0
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Control:
    """The test's side of the server; safe from any thread."""

    def __init__(self, world: World) -> None:
        self.world = world

    # people and updates

    def person(
        self,
        first_name: str = "Alice",
        *,
        language: str | None = "en",
        username: str | None = None,
        id: int | None = None,  # noqa: A002  (Telegram's own word)
    ) -> Person:
        """Return a new person who has opened a private chat with the bot."""
        with self.world.changes.lock:
            number = 700_000_000 + self.world.number() if id is None else id
            self.world.add_user(User(number, first_name, username, language))
        return Person(self.world, number)

    def group(
        self,
        title: str = "Readers",
        *,
        supergroup: bool = True,
        topics: tuple[int, ...] | None = None,
        privacy: bool = False,
        bot_is_admin: bool = False,
        username: str | None = None,
    ) -> Group:
        """Return a new group with the bot in it; `privacy` withholds what is not for the bot."""
        with self.world.changes.lock:
            number = self.world.number()
            chat = Chat(
                -1_000_000_000_000 - number if supergroup else -number,
                "supergroup" if supergroup else "group",
                title,
                username,
                topics=None if topics is None else frozenset(topics),
                privacy=privacy,
                bot_is_admin=bot_is_admin,
            )
            self.world.add_chat(chat)
        return Group(self.world, chat.id)

    def push(self, update: Mapping[str, Any]) -> int:
        """Queue any update, malformed ones too; return its update_id."""
        with self.world.changes.lock:
            number = self.world.updates.push(update)
            self.world.changes.notify()
        return number

    def redeliver(self, update_id: int) -> None:
        """Queue an update again, as if its confirmation had been lost."""
        with self.world.changes.lock:
            self.world.updates.redeliver(update_id)
            self.world.changes.notify()

    # faults

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        status: int = 400,
        description: str | None = None,
        retry_after: int | None = None,
        html: bool = False,
        when: Matches | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": of any); `times=None` until `heal`.

        A description is sent as it is given: write "Bad Request: …" where Telegram does.
        """
        if retry_after is not None:
            error = too_many_requests(retry_after)
        else:
            error = ApiError(status, description or _REASONS.get(status, "Error"))
        self._fault(Fault(method.lower(), times, error=error, html=html, when=when))

    def slow(
        self, method: str, seconds: float, *, times: int | None = 1, when: Matches | None = None
    ) -> None:
        """Let a method wait before it is carried out; not at all if the bot gives up earlier."""
        self._fault(Fault(method.lower(), times, before=seconds, when=when))

    def late(
        self,
        method: str,
        seconds: float = 30.0,
        *,
        times: int | None = 1,
        when: Matches | None = None,
    ) -> None:
        """Carry a method out at once, and answer so late that the bot has given up."""
        self._fault(Fault(method.lower(), times, after=seconds, when=when))

    def drop(
        self,
        method: str,
        *,
        delivered: bool = True,
        times: int | None = 1,
        when: Matches | None = None,
    ) -> None:
        """Cut the connection instead of answering; `delivered`: after carrying it out."""
        self._fault(Fault(method.lower(), times, drop=True, delivered=delivered, when=when))

    def heal(self, method: str | None = None) -> None:
        """Forget the faults that are still to come."""
        with self.world.changes.lock:
            self.world.faults.heal(method)

    def _fault(self, fault: Fault) -> None:
        with self.world.changes.lock:
            self.world.faults.add(fault)

    # records

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the bot's requests so far, oldest first."""
        with self.world.changes.lock:
            return [
                call
                for call in self.world.calls
                if method is None or call.method.lower() == method.lower()
            ]

    def messages(self, chat: int | Person | Group, *, deleted: bool = False) -> list[Message]:
        """Return a chat's messages as they stand now, people's own among them."""
        number = chat if isinstance(chat, int) else chat.chat_id
        with self.world.changes.lock:
            everything = list(self.world.messages[number].values())
        return [message for message in everything if deleted or not message.deleted]

    @property
    def actions(self) -> list[ChatAction]:
        """Return every "typing…" so far."""
        with self.world.changes.lock:
            return list(self.world.actions)

    @property
    def drafts(self) -> list[Draft]:
        """Return every frame of a preview so far."""
        with self.world.changes.lock:
            return list(self.world.drafts)

    @property
    def deliveries(self) -> list[Delivery]:
        """Return every attempt to reach the webhook so far."""
        with self.world.changes.lock:
            return list(self.world.deliveries)

    @property
    def pending(self) -> int:
        """Return how many updates the bot has not confirmed."""
        with self.world.changes.lock:
            return len(self.world.updates)

    def reactions(self, message: Message) -> list[str]:
        """Return the emoji the bot set on a message."""
        with self.world.changes.lock:
            found = self.world.reactions.get((message.chat_id, message.message_id), [])
        return [str(reaction.get("emoji")) for reaction in found]

    def commands(self, language: str = "", scope: Json | None = None) -> list[dict[str, str]]:
        """Return the commands set for a language and scope."""
        with self.world.changes.lock:
            return list(self.world.profile.get(("commands", scope_key(scope), language), []))

    def profile(self, field: str, language: str = "") -> str:
        """Return the bot's name, description or short_description."""
        with self.world.changes.lock:
            return str(self.world.profile.get((field, scope_key(None), language), ""))

    # waiting

    async def wait_until(self, look: Callable[[], T | None], timeout: float = WAIT) -> T:
        """Return the first true thing `look` returns; it is asked after every change."""
        return await self.world.changes.wait_for(lambda: look() or None, timeout)

    async def called(self, method: str, times: int = 1, timeout: float = WAIT) -> list[Call]:
        """Wait until the bot has called a method this often."""
        return await self.wait_until(lambda: self._enough(method, times), timeout)

    def called_sync(self, method: str, times: int = 1, timeout: float = WAIT) -> list[Call]:
        """Do what `called` does, in a plain test."""
        return self.world.changes.wait_for_sync(lambda: self._enough(method, times), timeout)

    def _enough(self, method: str, times: int) -> list[Call] | None:
        found = self.calls(method)
        return found if len(found) >= times else None
