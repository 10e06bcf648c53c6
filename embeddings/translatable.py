"""English text for a person, which keeps the template it was made from."""

import re
from collections.abc import Callable
from typing import Any

_FIELD = re.compile(r"\{(\w+)\}")


class Translatable(str):
    """A string made from a template with fields in braces, so that it can be translated.

    Attributes:
        template: in English; its translation has the same fields.
        values: of the fields; a string among them may be translatable too.
    """

    template: str
    values: dict[str, str | int]

    def __new__(cls, template: str, **values: str | int) -> "Translatable":
        """Fill a template."""
        text = super().__new__(cls, filled(template, {k: english(v) for k, v in values.items()}))
        text.template, text.values = template, values
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | int]]:
        return (self.template,), self.values


def english(value: str | int) -> str:
    """Return a value as it stands in an English text."""
    return f"{value:,}" if isinstance(value, int) else value


def filled(template: str, values: dict[str, str]) -> str:
    """Fill the fields of a template; braces around anything else stay."""
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), template)


def translated(text: str, translate: Callable[[str], str], number: Callable[[int], str]) -> str:
    """Return a text in another language; one that is not translatable stays as it is.

    Args:
        text: in English.
        translate: returns the translation of a template.
        number: writes a number.
    """
    if not isinstance(text, Translatable):
        return text
    values = {
        name: number(value) if isinstance(value, int) else translated(value, translate, number)
        for name, value in text.values.items()
    }
    return filled(translate(text.template), values)


def to_json(text: str) -> Any:
    """Return a text for JSON; a translatable one as its template and values."""
    if not isinstance(text, Translatable):
        return text
    values = {k: v if isinstance(v, int) else to_json(v) for k, v in text.values.items()}
    return [text.template, values]


def from_json(kept: Any) -> str:
    """Return the text that `to_json` has written."""
    if isinstance(kept, str):
        return kept
    template, values = kept
    return Translatable(
        template, **{k: v if isinstance(v, int) else from_json(v) for k, v in values.items()}
    )
