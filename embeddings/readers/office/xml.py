"""Elements of the XML in office documents, by their names without namespaces."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = Any
"""lxml is not typed."""


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of this name, in any namespace; of several names, the descendant."""
    for name in names:
        if element is None:
            return None
        element = next((x for x in element if local_name(x) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of this name, in any namespace."""
    return (x for x in (() if element is None else element) if local_name(x) == name)


def get(element: Element | None, name: str) -> str | None:
    """Return an attribute, in any namespace; None where there is none."""
    items = () if element is None else element.items()
    return next((text for key, text in items if key.rpartition("}")[2] == name), None)


def text_in(element: Element) -> str:
    """Return all text in an element on one line."""
    return " ".join("".join(element.itertext()).split())


def value(element: Element | None) -> str | None:
    """Return the value of an element such as `<w:pStyle w:val="Title"/>`."""
    return get(element, "val")


def number_of(element: Element | None, name: str = "val") -> int | None:
    """Return an attribute as a number, None where it is none."""
    text = get(element, name) or ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None


def is_on(element: Element | None) -> bool:
    """Whether a switch such as `<w:b/>` is there and not off."""
    return element is not None and value(element) not in ("0", "false", "off")


def is_within(element: Element, name: str) -> bool:
    """Whether an element is in one of this name, in any namespace."""
    return next(element.iterancestors(f"{{*}}{name}"), None) is not None
