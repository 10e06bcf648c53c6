"""Answers to pressed buttons."""

import time

from ..errors import bad_request
from ..models import CallbackAnswer
from ..params import Params
from ..world import World

MAX_POPUP = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


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
        number, params.text("text"), params.flag("show_alert"), url or None, time.monotonic()
    )
    return True


METHODS = {"answerCallbackQuery": answer_callback_query}
