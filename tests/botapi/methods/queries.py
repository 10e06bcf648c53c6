"""Answers to pressed buttons and to inline queries."""

import re
from typing import Any

from .. import keyboard
from ..errors import bad_request
from ..models import CallbackAnswer, Formatted, InlineAnswer, InlineResult
from ..params import Params
from ..text import message_text, url_or_refuse
from ..world import World

MAX_POPUP = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MAX_RESULTS = 50
MAX_ID = 64  # bytes


def answer_callback_query(world: World, params: Params) -> bool:
    """Answer answerCallbackQuery; a query is answered once and soon."""
    number = params.text("callback_query_id")
    if number not in world.callback_queries:
        raise bad_request(TOO_OLD)
    if len(params.text("text")) > MAX_POPUP:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.text("url")
    if url and not url.lower().startswith((f"https://t.me/{world.bot.username}".lower(), "tg:")):
        raise bad_request("URL_INVALID")
    world.callback_queries.discard(number)
    world.callback_answers[number] = CallbackAnswer(
        number, params.text("text"), params.flag("show_alert"), url or None
    )
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    """Answer answerInlineQuery; a query is answered once."""
    given = params.nested("results", "inline query results")
    if not isinstance(given, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(given) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    button = _button(params)
    results = tuple(map(_result, given))
    names = [result.id for result in results]
    if len(set(names)) != len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.text("next_offset").encode()) > MAX_ID:
        raise bad_request("NEXT_OFFSET_INVALID")
    number = params.text("inline_query_id")
    if number not in world.inline_queries:
        raise bad_request(TOO_OLD)
    world.inline_queries.discard(number)
    world.inline_answers[number] = InlineAnswer(
        query_id=number,
        results=results,
        cache_time=params.integer("cache_time", 300),
        is_personal=params.flag("is_personal"),
        next_offset=params.text("next_offset"),
        button=button,
    )
    return True


def _button(params: Params) -> dict[str, Any] | None:
    button = params.nested("button", "inline query results button")
    if button is None:
        return None
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse InlineQueryResultsButton: Can't find field \"text\"")
    start = str(button.get("start_parameter", ""))
    if "web_app" not in button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start, re.ASCII):
        raise bad_request("START_PARAM_INVALID")
    return button


def _result(item: Any) -> InlineResult:
    _check_shape(item)
    content = _content(item)
    if item["type"] == "article":
        if not str(item.get("title") or "").strip():
            raise bad_request("ARTICLE_TITLE_EMPTY")
        if content is None:
            raise bad_request(
                "can't parse inline query result: Can't find field \"input_message_content\""
            )
    for name in ("url", "thumbnail_url"):
        if item.get(name):
            url_or_refuse(str(item[name]), "inline query result")
    _, buttons = keyboard.checked(item.get("reply_markup"), inline_only=True)
    title, description = (str(item.get(name, "")) for name in ("title", "description"))
    return InlineResult(item["id"], item["type"], title, description, content, buttons)


def _check_shape(item: Any) -> None:
    if not isinstance(item, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    for name in ("type", "id"):
        if not isinstance(item.get(name), str):
            raise bad_request(f"can't parse inline query result: Can't find field \"{name}\"")
    if not 1 <= len(item["id"].encode()) <= MAX_ID:
        raise bad_request("RESULT_ID_INVALID")


def _content(item: dict[str, Any]) -> Formatted | None:
    given = item.get("input_message_content")
    if given is None:
        return None
    if not isinstance(given, dict) or "message_text" not in given:
        raise bad_request("can't parse inline query result: Message content is not specified")
    values = {
        "message_text": str(given["message_text"]),
        "parse_mode": str(given.get("parse_mode") or ""),
        "entities": str(given.get("entities") or ""),
    }
    return message_text(Params(values), "message_text")


METHODS = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
