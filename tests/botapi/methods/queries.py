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
    if len(given) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    button = _button(params)
    results = tuple(map(_result, given))
    names = [result.id for result in results]
    if len(set(names)) != len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    number = params.text("inline_query_id")
    if number not in world.inline_queries:
        raise bad_request(TOO_OLD)
    world.inline_queries.discard(number)
    world.inline_answers[number] = InlineAnswer(
        query_id=number,
        results=results,
        cache_time=params.integer("cache_time", 300),
        is_personal=params.flag("is_personal"),
        button=button,
    )
    return True


def _button(params: Params) -> dict[str, Any] | None:
    button: dict[str, Any] | None = params.nested("button", "inline query results button")
    if button is None:
        return None
    start = str(button.get("start_parameter", ""))
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start, re.ASCII):
        raise bad_request("START_PARAM_INVALID")
    return button


def _result(item: dict[str, Any]) -> InlineResult:
    if not 1 <= len(item["id"].encode()) <= MAX_ID:
        raise bad_request("RESULT_ID_INVALID")
    content = _content(item)
    if item["type"] == "article" and not item["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    for name in ("url", "thumbnail_url"):
        if item.get(name):
            url_or_refuse(str(item[name]), "inline query result")
    _, buttons = keyboard.checked(item.get("reply_markup"), inline_only=True)
    title, description = (str(item.get(name, "")) for name in ("title", "description"))
    return InlineResult(item["id"], item["type"], title, description, content, buttons)


def _content(item: dict[str, Any]) -> Formatted | None:
    given = item.get("input_message_content")
    if given is None:
        return None
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
