"""Inline keyboards and the other reply markups, in the shapes in which the library sends them."""

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
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad_request("inline keyboard expected")
        if set(markup) - {"force_reply", "selective", "input_field_placeholder"}:
            raise bad_request("this test server reads inline keyboards and ForceReply only")
        return markup, ()
    keyboard = tuple(tuple(map(_button, row)) for row in markup["inline_keyboard"] if row)
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return (markup, keyboard) if keyboard else (None, ())


def _button(item: dict[str, Any]) -> Button:
    if unknown := set(item) - {"text", *_ACTIONS}:
        raise bad_request(f"this test server knows no buttons with {', '.join(sorted(unknown))}")
    actions = [name for name in _ACTIONS if item.get(name) not in (None, "", False)]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if not item["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if len(item.get("callback_data", "").encode()) > MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(
        text=item["text"],
        data=item.get("callback_data"),
        url=url_or_refuse(item["url"], "inline keyboard button") if item.get("url") else None,
        raw=item,
    )
