"""A chat exported from Telegram (result.json): its messages, day by day."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import STRUCK, Block, make_article
from embeddings.readers.metadata import make_metadata
from embeddings.text.decoding import decode
from embeddings.translatable import Translatable

_NOT_EXPORTED = Translatable("not a chat exported from Telegram (result.json)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Message = Mapping[str, Any]


def read(data: bytes, path: str) -> Article:
    """Read the messages of one chat, or of all chats of an account.

    A message begins with its author, and answers follow what they answer. What Telegram says itself
    ("joined the group") and what is struck out are left out.

    Raises:
        UnreadableFile: it is no such file, or holds no text.
    """
    try:
        exported = json.loads(decode(data))
    except ValueError as error:
        raise UnreadableFile(_NOT_EXPORTED) from error
    if not isinstance(exported, dict):
        raise UnreadableFile(_NOT_EXPORTED)
    chats = [exported]
    if isinstance(exported.get("chats"), dict):
        chats = exported["chats"].get("list")
    if not isinstance(chats, list) or not any(_messages(chat) for chat in chats):
        raise UnreadableFile(_NOT_EXPORTED)
    found: list[Block] = []
    for chat in chats:
        found += _chat(_messages(chat), _text(chat.get("name")) if len(chats) > 1 else "")
    messages = [message for chat in chats for message in _messages(chat)]
    dates = [str(message.get("date")) for message in messages]
    struck = [Dropped(text, STRUCK) for one in messages for text in _struck(one.get("text"))]
    title = _text(chats[0].get("name")) if len(chats) == 1 else None
    return make_article(path, make_metadata(title, date=max(dates)), found, dropped=struck)


def _messages(chat: Any) -> list[Message]:
    """Return the messages of a chat; none of what is not a chat."""
    messages = chat.get("messages") if isinstance(chat, dict) else None
    if not isinstance(messages, list):
        return []
    return [
        one
        for one in messages
        if isinstance(one, dict) and one.get("type") == "message" and "date" in one
    ]


def _chat(messages: list[Message], name: str) -> Iterator[Block]:
    if name:
        yield Block(name, 2)
    places = {str(message.get("id")): number for number, message in enumerate(messages)}
    answers: dict[str, list[Message]] = defaultdict(list)
    others: list[Message] = []
    for number, message in enumerate(messages):
        asked = str(message.get("reply_to_message_id"))
        is_answer = places.get(asked, number) < number
        (answers[asked] if is_answer else others).append(message)
    day = ""
    for message in others:
        if _day(message) not in ("", day):
            day = _day(message)
            yield Block(day, 3)
        waiting = [message]
        while waiting:
            one = waiting.pop()
            yield from _blocks(one, day)
            waiting += reversed(answers.pop(str(one.get("id")), []))


def _day(message: Message) -> str:
    """Return the day of a message as 2026-11-23; "" where it has none."""
    found = _DAY.match(str(message["date"]))
    return found[0] if found else ""


def _blocks(message: Message, day: str) -> Iterator[Block]:
    """Yield the lines of a message, the first after the author's name.

    An answer of another day than the heading above has its own day there too.
    """
    author = _text(message.get("from")) or _text(message.get("forwarded_from"))
    lines = [line.strip() for line in _text(message.get("text")).split("\n")]
    poll = message.get("poll")
    if isinstance(poll, dict):
        lines.append(_text(poll.get("question")))
        answers = poll.get("answers")
        lines += (_text(x.get("text")) for x in (answers or ()) if isinstance(x, dict))
    if _day(message) not in ("", day):
        author = f"{author}, {_day(message)}" if author else _day(message)
    for number, line in enumerate(filter(None, lines)):
        yield Block(f"{author}: {line}" if author and not number else line)


def _text(value: Any) -> str:
    """Return a text, which may be in parts: ["see ", {"type": "link", "text": "a.example"}].

    A part that is struck out is left out.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "" if _is_struck(value) else _text(value.get("text"))
    return "".join(map(_text, value)) if isinstance(value, list) else ""


def _struck(value: Any) -> Iterator[str]:
    """Yield the parts of a message's text that are struck out."""
    for part in value if isinstance(value, list) else ():
        text = part.get("text") if _is_struck(part) else None
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _is_struck(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "strikethrough"
