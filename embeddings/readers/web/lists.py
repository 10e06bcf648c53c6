"""The marks of the items of lists, as a browser prints them."""

import re
from collections.abc import Callable

from embeddings.readers.office.lists import BULLET, letter, roman
from embeddings.readers.office.xml import Element

_STYLES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,6}")


class ListMarks:
    """Counts the items of one list."""

    def __init__(self, element: Element) -> None:
        self._is_numbered = element.tag == "ol"
        self._style = _style_of(element)
        is_reversed = element.get("reversed") is not None
        self._step = -1 if is_reversed else 1
        items = sum(1 for child in element if child.tag == "li")
        start = _number(element.get("start"))
        self._next = start if start is not None else items if is_reversed else 1

    def next(self, item: Element) -> str:
        """Return the mark of the next item."""
        own = _number(item.get("value")) if self._is_numbered else None
        number = self._next if own is None else own
        self._next = number + self._step
        style = _style_of(item) or self._style
        if style == "none":
            return ""
        return f"{_printed(number, style)}. " if self._is_numbered else BULLET


def _style_of(element: Element) -> str:
    declared = _STYLE.search(element.get("style") or "")
    kind = element.get("type") or ""
    return declared[1].lower() if declared else _STYLES.get(kind, kind)


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text.strip()) else None


def _printed(number: int, style: str) -> str:
    if number < 1 or style not in _PRINTED:
        return f"{number:02}" if style == "decimal-leading-zero" else str(number)
    return _PRINTED[style](number)


_PRINTED: dict[str, Callable[[int], str]] = {
    "lower-alpha": letter,
    "lower-latin": letter,
    "upper-alpha": lambda number: letter(number).upper(),
    "upper-latin": lambda number: letter(number).upper(),
    "lower-roman": roman,
    "upper-roman": lambda number: roman(number).upper(),
}
