"""What a test can do with the server: add people, queue updates, cause faults, read records."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from .chats import Chat, User
from .errors import ApiError
from .faults import Fault
from .methods.profile import scope_key
from .models import Call, Json, Message
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
        status: int = 400,
        description: str | None = None,
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        """Refuse the next call of a method ("*": of any).

        A description is sent as it is given: write "Bad Request: …" where Telegram does. As with
        the other faults, `times=2` calls may be meant, or all until `heal` (`times=None`), or only
        those `when` a function of the parameters says so.
        """
        if retry_after is not None:
            reason = f"Too Many Requests: retry after {retry_after}"
            error = ApiError(429, reason, {"retry_after": retry_after})
        else:
            error = ApiError(status, description or HTTPStatus(status).phrase)
        self._fault(method, error=error, **more)

    def slow(self, method: str, seconds: float, **more: Any) -> None:
        """Wait before a method is carried out; it is not if the bot gives up earlier."""
        self._fault(method, before=seconds, **more)

    def drop(self, method: str, *, delivered: bool = True, **more: Any) -> None:
        """Cut the connection instead of answering; `delivered`: after carrying it out."""
        self._fault(method, drop=True, delivered=delivered, **more)

    def garble(self, method: str, **more: Any) -> None:
        """Carry a method out, and answer with a page that is no JSON, as a proxy may."""
        self._fault(method, garble=True, **more)

    def heal(self, method: str | None = None) -> None:
        """Remove the faults that are still to come, or those of one method."""
        with self.world.changes.lock:
            kept = [one for one in self.world.faults if method and one.method != method.lower()]
            self.world.faults[:] = kept

    def _fault(self, method: str, **more: Any) -> None:
        """Add a fault; `more` is as `Fault` has it."""
        with self.world.changes.lock:
            self.world.faults.append(Fault(method.lower(), **more))

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
    def pending(self) -> int:
        """Return how many updates the bot has not confirmed."""
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
