"""Inline keyboards and the other reply markups."""

from typing import Any

from .errors import bad_request
from .models import Button, Keyboard
from .params import Params
from .text import url_or_refuse

MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64  # bytes, not characters
MAX_COPY_TEXT = 256

_ACTIONS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
).split()


def from_params(
    params: Params, *, inline_only: bool = False
) -> tuple[dict[str, Any] | None, Keyboard]:
    """Return the reply_markup as sent, and its inline buttons."""
    return checked(params.nested("reply_markup", "reply keyboard markup"), inline_only=inline_only)


def checked(markup: Any, *, inline_only: bool = False) -> tuple[dict[str, Any] | None, Keyboard]:
    """Refuse what Telegram refuses; an empty markup counts as none."""
    if markup is None or markup == {}:
        return None, ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad_request("inline keyboard expected")
        _check_other(markup)
        return markup, ()
    rows = _rows(markup, "inline_keyboard")
    keyboard = tuple(tuple(map(_button, row)) for row in rows if row)
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return (markup, keyboard) if keyboard else (None, ())


def _rows(markup: dict[str, Any], name: str) -> list[list[Any]]:
    rows = markup[name]
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse keyboard button: expected an Array of InlineKeyboardButton")
    return rows


def _check_other(markup: dict[str, Any]) -> None:
    """Check ReplyKeyboardMarkup, ReplyKeyboardRemove and ForceReply."""
    for name in ("force_reply", "remove_keyboard", "selective", "resize_keyboard"):
        if not isinstance(markup.get(name, False), bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
    for row in _rows(markup, "keyboard") if "keyboard" in markup else ():
        for button in row:
            text = button.get("text") if isinstance(button, dict) else button
            if not isinstance(text, str) or not text:
                raise bad_request("can't parse keyboard button: text must be non-empty")


def _refuse(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(item: Any) -> Button:
    if not isinstance(item, dict):
        raise _refuse("InlineKeyboardButton must be an Object")
    if "text" not in item:
        raise _refuse('Can\'t find field "text"')
    if not isinstance(item["text"], str):
        raise _refuse('Field "text" must be of type String')
    actions = [name for name in _ACTIONS if item.get(name) not in (None, "", False)]
    # an empty query is a query all the same
    actions += [n for n in _ACTIONS if n.startswith("switch_inline_query") and item.get(n) == ""]
    if not actions:
        raise _refuse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if not item["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    _check_action(actions[0], item[actions[0]])
    copied = item.get("copy_text")
    return Button(
        text=item["text"],
        data=item.get("callback_data"),
        url=url_or_refuse(item["url"], "inline keyboard button") if item.get("url") else None,
        copy_text=copied["text"] if copied else None,
        raw=item,
    )


def _check_action(name: str, value: Any) -> None:
    if name == "callback_data":
        if not isinstance(value, str):
            raise _refuse('Field "callback_data" must be of type String')
        if len(value.encode("utf-8")) > MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif name == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif name == "web_app":
        url = str(value.get("url", "")) if isinstance(value, dict) else ""
        if not url.startswith("https://"):
            raise bad_request(
                f"inline keyboard button Web App URL '{url}' is invalid: "
                "Only HTTPS links are allowed"
            )
    elif name in ("pay", "callback_game"):
        raise bad_request("BUTTON_TYPE_INVALID")
