"""Chats: who is there, typing, reactions, drafts."""

import time
from typing import Any

from ..errors import bad_request
from ..models import ChatAction, Draft
from ..params import Params
from ..text import message_text
from ..world import World
from .messages import check_mentions

_ACTION_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
_ACTIONS = frozenset(_ACTION_NAMES.split())
# all that a bot may react with; some are several characters joined
_REACTION_LIST = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 💯 🤣 "
    "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
    "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷 😡 "
    "\u2764\u200d\U0001f525 \U0001f468\u200d\U0001f4bb "
    "\U0001f937\u200d\u2642 \U0001f937\u200d\u2640"
)
_REACTIONS = frozenset(_REACTION_LIST.split())


def send_chat_action(world: World, params: Params) -> bool:
    """Answer sendChatAction."""
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.open_chat(params)
    thread = world.thread(chat, params)
    world.actions.append(ChatAction(chat.id, params.text("action"), thread, time.monotonic()))
    return True


def send_message_draft(world: World, params: Params) -> bool:
    """Answer sendMessageDraft; an empty text shows "Thinking…"."""
    content = message_text(params, optional=True)
    chat = world.open_chat(params)
    if chat.type != "private":
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not params.integer("draft_id"):
        raise bad_request("draft identifier must be non-zero")
    check_mentions(world, content)
    thread = world.thread(chat, params)
    world.drafts.append(
        Draft(chat.id, params.integer("draft_id"), content, thread, time.monotonic())
    )
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """Answer setMessageReaction; a bot has one reaction, from a fixed set."""
    reactions = params.nested("reaction", "reaction types") or []
    if not isinstance(reactions, list):
        raise bad_request("expected an Array of ReactionType")
    for reaction in reactions:
        emoji = reaction.get("emoji", "") if isinstance(reaction, dict) else ""
        if emoji.replace("\ufe0f", "") not in _REACTIONS:
            raise bad_request("REACTION_INVALID")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat = world.open_chat(params)
    if world.alive(chat.id, params.integer("message_id")) is None:
        raise bad_request("message to react not found")
    world.reactions[chat.id, params.integer("message_id")] = reactions
    return True


def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    """Answer getChatMember."""
    chat = world.open_chat(params)
    number = params.integer("user_id")
    if number == world.bot.id:
        return member_json(world, admin=chat.bot_is_admin)
    if number not in world.users:
        raise bad_request("user not found")
    status = "member" if world.users[number] in chat.members else "left"
    return {"status": status, "user": world.users[number].as_json()}


def member_json(world: World, *, admin: bool) -> dict[str, Any]:
    """Return the bot's own membership."""
    user = world.bot.as_json()
    if not admin:
        return {"status": "member", "user": user}
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
        "can_restrict_members can_promote_members can_change_info can_invite_users "
        "can_post_stories can_edit_stories can_delete_stories"
    )
    return {"status": "administrator", "user": user, **dict.fromkeys(rights.split(), False)}


METHODS = {
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
    "setMessageReaction": set_message_reaction,
    "getChatMember": get_chat_member,
}
