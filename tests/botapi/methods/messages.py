"""Sending and editing messages, and "typing…"."""

from dataclasses import replace
from typing import Any

from .. import keyboard
from ..chats import Chat
from ..errors import bad_request
from ..models import ChatAction, Formatted, Message
from ..params import Params
from ..text import message_text
from ..world import World, now

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)


def send_message(world: World, params: Params) -> dict[str, Any]:
    """Answer sendMessage."""
    content = message_text(params)
    return world.message_json(post(world, params, content))


def post(world: World, params: Params, content: Formatted, **extra: Any) -> Message:
    """Check what every kind of message shares, and store it."""
    markup, buttons = keyboard.from_params(params)
    chat = world.open_chat(params)
    thread = world.thread(chat, params)
    replied = _reply(world, chat, params)
    if thread is None and replied is not None:
        thread = replied.thread_id  # an answer stays in the topic of what it answers
    return world.put(
        Message(
            chat_id=chat.id,
            message_id=world.number(),
            sender=world.bot.as_json(),
            date=now(),
            buttons=buttons,
            markup=markup,
            thread_id=thread,
            reply_to=replied.message_id if replied else None,
            **content.fields(),
            **extra,
        )
    )


def _reply(world: World, chat: Chat, params: Params) -> Message | None:
    wanted = params.nested("reply_parameters", "reply parameters")
    if wanted is None:
        return None
    elsewhere = Params({"chat_id": str(wanted.get("chat_id", chat.id))})
    source = world.find_chat(elsewhere)
    replied = world.find_message(source.id, int(wanted["message_id"]))
    if replied is None:
        if wanted.get("allow_sending_without_reply") and source.id == chat.id:
            return None
        raise bad_request("message to be replied not found")
    return replied


def _editable(world: World, params: Params) -> Message:
    chat = world.open_chat(params)
    if not params.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.find_message(chat.id, params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, old: Message, new: Message) -> Any:
    def look(message: Message) -> tuple[Any, ...]:
        keys = [[button.raw for button in row] for row in message.buttons]
        return message.text, message.entities, keys

    if look(old) == look(new):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    changed = world.put(replace(new, edit_date=now(), edits=(*old.edits, replace(old, edits=()))))
    return world.message_json(changed)


def edit_message_text(world: World, params: Params) -> Any:
    """Answer editMessageText; buttons that are not sent again are gone."""
    content = message_text(params)
    markup, buttons = keyboard.from_params(params, inline_only=True)
    old = _editable(world, params)
    if old.kind != "text":
        raise bad_request("there is no text in the message to edit")
    changes = {"buttons": buttons, "markup": markup} | content.fields()
    return _edited(world, old, replace(old, **changes))


def edit_message_reply_markup(world: World, params: Params) -> Any:
    """Answer editMessageReplyMarkup."""
    markup, buttons = keyboard.from_params(params, inline_only=True)
    old = _editable(world, params)
    return _edited(world, old, replace(old, buttons=buttons, markup=markup))


def send_chat_action(world: World, params: Params) -> bool:
    """Answer sendChatAction."""
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.open_chat(params)
    thread = world.thread(chat, params)
    world.actions.append(ChatAction(chat.id, params.text("action"), thread))
    return True


METHODS = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "sendChatAction": send_chat_action,
}
