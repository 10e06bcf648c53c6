"""The question in a message: in private every text, in a group only what is said to the bot."""

import re

from telegram import Message, MessageEntity, User

_MEDIA = ("image/", "audio/", "video/")
_COMMAND = re.compile(r"/ask\b(?:@(\w+))?\s*", re.IGNORECASE)


def question_in(message: Message, username: str) -> str | None:
    """Return the question that a message asks the bot, None when it is not for the bot.

    A reply that only mentions the bot asks what the message replied to says. No command but /ask
    is a question, nor is a passage that the bot has offered and a person sends. The bot's name is
    without "@".
    """
    text = message.text or message.caption
    if text is None or (message.via_bot and _is_named(message.via_bot, username)):
        return None
    command = _COMMAND.match(text)
    if command:
        if command[1] and command[1].casefold() != username.casefold():
            return None
        return text[command.end() :].strip() or _quoted(message)
    if is_command(message):
        return None
    rest = _without_mention(message, username)
    if rest is not None:
        return rest or _quoted(message)
    is_private = message.chat.type == message.chat.PRIVATE
    return text if is_private or _is_reply_to(message, username) else None


def is_article(message: Message) -> bool:
    """Whether a message of an admin brings a file for the articles; the text below is no question.

    A picture, a recording or a film that is sent as a file, with a text below, asks like any other.
    """
    file = message.document
    is_media = file is not None and (file.mime_type or "").startswith(_MEDIA)
    return file is not None and not (is_media and message.caption)


def is_command(message: Message) -> bool:
    """Whether a text or a caption begins with a command."""
    entities = message.entities or message.caption_entities
    return any(one.type == one.BOT_COMMAND and one.offset == 0 for one in entities)


def person_in(message: Message) -> int | None:
    """Return the id of the person who wrote a message; None, where they speak as a chat."""
    author = message.from_user
    return None if author is None or author.is_bot or message.sender_chat else author.id


def _without_mention(message: Message, username: str) -> str | None:
    """Return the text without the bot's name, None where it is not named."""
    text = message.text or message.caption or ""
    parse = message.parse_entities if message.text else message.parse_caption_entities
    for entity, name in parse([MessageEntity.MENTION]).items():
        if name.casefold() == f"@{username}".casefold():
            encoded = text.encode("utf-16-le")  # as offsets are counted
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            return " ".join((encoded[:start] + encoded[end:]).decode("utf-16-le").split())
    return None


def _is_reply_to(message: Message, username: str) -> bool:
    before = message.reply_to_message
    author = before.from_user if before else None
    return author is not None and _is_named(author, username)


def _is_named(user: User, username: str) -> bool:
    return (user.username or "").casefold() == username.casefold()


def _quoted(message: Message) -> str:
    """Return what was selected of the message that this one replies to, or all of it."""
    if message.quote:
        return message.quote.text
    before = message.reply_to_message
    return (before.text or before.caption or "") if before else ""
