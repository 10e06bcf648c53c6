"""Inline keyboards and the other reply markups."""

from typing import Any

from .errors import bad_request
from .models import Button, Keyboard
from .params import Params
from .text import url_or_refuse

MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64  # bytes, not characters

_ACTIONS = ("url", "callback_data")
"""What a button may do; Telegram knows more, which no test needs."""


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
        if set(markup) - {"force_reply", "selective", "input_field_placeholder"}:
            raise bad_request("this test server reads inline keyboards and ForceReply only")
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


def _refuse(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(item: Any) -> Button:
    if not isinstance(item, dict):
        raise _refuse("InlineKeyboardButton must be an Object")
    if "text" not in item:
        raise _refuse('Can\'t find field "text"')
    if not isinstance(item["text"], str):
        raise _refuse('Field "text" must be of type String')
    if unknown := set(item) - {"text", *_ACTIONS}:
        raise bad_request(f"this test server knows no buttons with {', '.join(sorted(unknown))}")
    actions = [name for name in _ACTIONS if item.get(name) not in (None, "", False)]
    if not actions:
        raise _refuse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if not item["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if actions == ["callback_data"]:
        _check_data(item["callback_data"])
    return Button(
        text=item["text"],
        data=item.get("callback_data"),
        url=url_or_refuse(item["url"], "inline keyboard button") if item.get("url") else None,
        raw=item,
    )


def _check_data(value: Any) -> None:
    if not isinstance(value, str):
        raise _refuse('Field "callback_data" must be of type String')
    if len(value.encode("utf-8")) > MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
