"""What a test can do with the server: add people, queue updates, cause faults, read records."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from .chats import Chat, User
from .errors import ApiError
from .faults import Fault, Matches
from .methods.profile import scope_key
from .models import Call, ChatAction, Delivery, Json, Message
from .people import Person
from .rooms import WAIT, Group
from .world import World

T = TypeVar("T")


class Control:
    """The part of the server that tests use; safe from any thread."""

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
    ) -> Group:
        """Return a new group with the bot in it."""
        with self.world.changes.lock:
            number = self.world.number()
            chat = Chat(
                -1_000_000_000_000 - number if supergroup else -number,
                "supergroup" if supergroup else "group",
                title,
                topics=None if topics is None else frozenset(topics),
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
        when: Matches | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": of any); `times=None` until `heal`.

        A description is sent as it is given: write "Bad Request: …" where Telegram does.
        """
        if retry_after is not None:
            reason = f"Too Many Requests: retry after {retry_after}"
            error = ApiError(429, reason, {"retry_after": retry_after})
        else:
            error = ApiError(status, description or HTTPStatus(status).phrase)
        self._fault(Fault(method.lower(), times, error=error, when=when))

    def slow(
        self, method: str, seconds: float, *, times: int | None = 1, when: Matches | None = None
    ) -> None:
        """Wait before a method is carried out; it is not if the bot gives up earlier."""
        self._fault(Fault(method.lower(), times, before=seconds, when=when))

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

    def garble(self, method: str, *, times: int | None = 1, when: Matches | None = None) -> None:
        """Carry a method out, and answer with a page that is no JSON, as a proxy may."""
        self._fault(Fault(method.lower(), times, garble=True, when=when))

    def heal(self, method: str | None = None) -> None:
        """Remove the faults that are still to come."""
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

    def messages(self, chat: Person | Group) -> list[Message]:
        """Return a chat's messages in their present state, people's own among them."""
        with self.world.changes.lock:
            everything = list(self.world.messages[chat.chat_id].values())
        return [message for message in everything if not message.deleted]

    @property
    def actions(self) -> list[ChatAction]:
        """Return every "typing…" so far."""
        with self.world.changes.lock:
            return list(self.world.actions)

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

    def commands(self, language: str = "", scope: Json | None = None) -> list[dict[str, str]]:
        """Return the commands set for a language and scope."""
        with self.world.changes.lock:
            return list(self.world.profile.get(("commands", scope_key(scope), language), []))

    def profile(self, field: str, language: str = "") -> str:
        """Return the bot's description or short_description."""
        with self.world.changes.lock:
            return str(self.world.profile.get((field, scope_key(None), language), ""))

    # waiting

    async def wait_until(self, look: Callable[[], T | None], timeout: float = WAIT) -> T:
        """Return the first true value of `look`, which is called after every change."""
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
