"""Forms of web pages: which fields are to be filled in, and what stands in those that are not."""

from embeddings.readers.office.xml import Element, text_in

FIELDS = frozenset("input select textarea".split())
_TICKS = ("checkbox", "radio")
_BUTTONS = ("hidden", "button", "submit", "reset", "image", "file", "password")


def is_entered(field: Element) -> bool:
    """Whether a field is to be filled in; a button and a tick are none."""
    return _kind(field) not in _TICKS + _BUTTONS and not _is_fixed(field)


def field_text(element: Element, before: str) -> str:
    """Return what stands in a field that nobody can change; "" when the element is none.

    Args:
        element: of a page.
        before: the text before it, which may be its label.
    """
    if element.tag not in FIELDS or not _is_fixed(element):
        return ""
    kind = _kind(element)
    if kind in _TICKS:
        return "☐ " if element.get("checked") is None else "☑ "
    value = "" if kind in _BUTTONS else _value(element)
    is_label = before.rstrip()[-1:].isalnum()
    return f"{': ' if is_label else ''}{value} " if value else ""


def _kind(field: Element) -> str:
    return (field.get("type") or "text").lower()


def _is_fixed(field: Element) -> bool:
    return field.get("readonly") is not None or field.get("disabled") is not None


def _value(field: Element) -> str:
    if field.tag == "select":
        field = field.find(".//option[@selected]")
        return "" if field is None else text_in(field)
    return text_in(field) if field.tag == "textarea" else (field.get("value") or "").strip()
