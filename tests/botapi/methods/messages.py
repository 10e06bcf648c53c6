"""Sending and editing messages, and "typing…"."""

import json
from dataclasses import replace
from typing import Any

from .. import keyboard
from ..chats import Chat
from ..errors import bad_request
from ..models import ChatAction, Formatted, Message
from ..params import Params
from ..text import formatted, message_text, quoted
from ..world import World, now

MAX_QUOTE = 1024

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)
_PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")


def send_message(world: World, params: Params) -> dict[str, Any]:
    """Answer sendMessage."""
    content = message_text(params)
    return world.message_json(post(world, params, content, preview=_preview(params)))


def post(world: World, params: Params, content: Formatted, **extra: Any) -> Message:
    """Check what every kind of message shares, and store it."""
    markup, buttons = keyboard.from_params(params)
    chat = world.open_chat(params)
    check_mentions(world, content)
    thread = world.thread(chat, params)
    replied, quote = _reply(world, chat, params)
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
            quote=quote,
            **content.fields(),
            **extra,
        )
    )


def check_mentions(world: World, content: Formatted) -> None:
    """Refuse a mention of somebody the bot has not met."""
    for entity in content.entities:
        if entity.type == "text_mention":
            user = dict(entity.extra)["user"]
            if not isinstance(user, dict) or user.get("id") not in world.users:
                raise bad_request("user not found")


def _preview(params: Params) -> dict[str, Any] | None:
    options = params.nested("link_preview_options", "link preview options")
    if options is None:
        return {"is_disabled": True} if params.flag("disable_web_page_preview") else None
    if not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    for name in _PREVIEW_FLAGS:
        if not isinstance(options.get(name, False), bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
    return options


def _reply(world: World, chat: Chat, params: Params) -> tuple[Message | None, str | None]:
    wanted = params.nested("reply_parameters", "reply parameters")
    if wanted is None:
        if not params.integer("reply_to_message_id"):
            return None, None
        wanted = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not isinstance(wanted, dict):
        raise bad_request("object expected as reply parameters")
    if "message_id" not in wanted:
        raise bad_request('can\'t find field "message_id"')
    elsewhere = Params({"chat_id": str(wanted.get("chat_id", chat.id))})
    source = world.find_chat(elsewhere)
    replied = world.find_message(source.id, int(wanted["message_id"]))
    if replied is None:
        if wanted.get("allow_sending_without_reply") and source.id == chat.id:
            return None, None
        raise bad_request("message to be replied not found")
    return replied, _quote(wanted, replied)


def _quote(wanted: dict[str, Any], replied: Message) -> str | None:
    if not wanted.get("quote"):
        return None
    quote = formatted(_quote_params(wanted), "quote", "entities")
    if len(quote.text) > MAX_QUOTE or not quoted(quote, Formatted(replied.text, replied.entities)):
        raise bad_request("QUOTE_TEXT_INVALID")
    return quote.text


def _quote_params(wanted: dict[str, Any]) -> Params:
    return Params(
        {
            "quote": str(wanted["quote"]),
            "parse_mode": str(wanted.get("quote_parse_mode") or ""),
            "entities": json.dumps(wanted.get("quote_entities")),
        }
    )


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
        linked = "." in message.text or any(entity.url for entity in message.entities)
        # a preview setting counts only where there is something to preview
        preview = message.preview if linked else None
        return message.text, message.entities, keys, preview

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
    preview = _preview(params)
    old = _editable(world, params)
    check_mentions(world, content)
    if old.kind != "text":
        raise bad_request("there is no text in the message to edit")
    changes = {"buttons": buttons, "markup": markup, "preview": preview} | content.fields()
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
