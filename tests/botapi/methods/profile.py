"""The bot itself, and what people see before they talk to it."""

import json
import re
from collections.abc import Callable
from typing import Any

from ..errors import bad_request
from ..params import Params
from ..world import World

MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_SCOPES = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators "
    "chat_member".split()
)


def get_me(world: World, params: Params) -> dict[str, Any]:
    """Answer getMe."""
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def scope_key(scope: Any) -> str:
    """Return one spelling for equal scopes."""
    return json.dumps(scope or {"type": "default"}, sort_keys=True)


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language, re.ASCII):
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Params) -> str:
    scope = params.nested("scope", "BotCommandScope")
    if scope is None:
        return scope_key(None)
    if scope["type"] not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in scope:
        world.find_chat(Params({"chat_id": str(scope["chat_id"])}))
    return scope_key(scope)


def set_my_commands(world: World, params: Params) -> bool:
    """Answer setMyCommands."""
    commands = params.nested("commands", "commands")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = [_command(command) for command in commands]
    world.profile["commands", _scope(world, params), _language(params)] = kept
    return True


def _command(command: dict[str, str]) -> dict[str, str]:
    name = command["command"].removeprefix("/")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"].strip()) <= MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": command["description"].strip()}


def delete_my_commands(world: World, params: Params) -> bool:
    """Answer deleteMyCommands."""
    world.profile.pop(("commands", _scope(world, params), _language(params)), None)
    return True


def _setter(field: str, limit: int, error: str) -> Callable[[World, Params], bool]:
    def answer(world: World, params: Params) -> bool:
        value = params.text(field).strip()
        if len(value) > limit:
            raise bad_request(error)
        world.profile[field, scope_key(None), _language(params)] = value
        return True

    return answer


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _setter("description", 512, "BOT_DESCRIPTION_INVALID"),
    "setMyShortDescription": _setter("short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"),
}
