"""Word documents: whether a paragraph's style makes it a title, a heading or an item of a list."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from embeddings.readers.numbering import BULLET

Element = Any
"""lxml is not typed."""

_HEADING = re.compile(
    r"(?:heading|заголовок|überschrift|titre|título|titolo|nagłówek|nadpis) ?([1-9])", re.IGNORECASE
)
_TITLE = re.compile(r"title|назва|название|заголовок|titel|titre", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|contents|table of figures|зміст|оглавление)(?: ?(?:heading|\d))?", re.IGNORECASE
)
_BODY_TEXT = 9
"""The outline level of text that is no heading."""
_MOST_ANCESTORS = 20


@dataclass(frozen=True)
class Style:
    """The properties of a style that matter here; None where the style does not set one.

    Attributes:
        level: 1 of a title, 2 and more of headings, 0 of other text.
        is_contents: whether it is that of a table of contents.
        list_id, list_level: the list that paragraphs of this style are items of.
    """

    level: int | None = None
    is_contents: bool = False
    list_id: str | None = None
    list_level: int | None = None

    def based_on(self, base: "Style") -> "Style":
        """Return this style with what it does not set taken from another one."""
        return Style(
            base.level if self.level is None else self.level,
            base.is_contents or self.is_contents,
            base.list_id if self.list_id is None else self.list_id,
            base.list_level if self.list_level is None else self.list_level,
        )


@dataclass
class Styles:
    """The styles and lists of one document.

    Attributes:
        by_id: each style, complete with what it takes from the styles it is based on.
        formats: for each list and level the format of its numbers, and the first number.
        counts: for each list the last number on each level, up to the item read last.
    """

    by_id: dict[str, Style] = field(default_factory=dict)
    formats: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, properties: Element | None) -> Style:
        """Return the style of a paragraph with these properties."""
        base = self.by_id.get(value(child(properties, "pStyle")) or "", Style())
        return _own_style(properties).based_on(base)

    def mark(self, style: Style) -> str:
        """Return the bullet or number of the next item of a list; nothing for other text."""
        if style.level or style.list_id in (None, "0"):
            return ""
        list_id, level = str(style.list_id), style.list_level or 0
        counts = self.counts[list_id]
        kind, first = self.formats.get((list_id, level), ("bullet", 1))
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return {"none": "", "bullet": BULLET}.get(kind, f"{counts[level]}. ")


def read_styles(styles: Element | None, numbering: Element | None) -> Styles:
    """Read the parts of a document that define its styles and lists."""
    elements = {} if styles is None else {_get(x, "styleId"): x for x in _all(styles, "style")}
    by_id = {name: _style(name, elements) for name in elements if name}
    return Styles(by_id, {} if numbering is None else _formats(numbering))


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of this name, in any namespace."""
    if element is None:
        return None
    return next((x for x in element if local_name(x) == name), None)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(element: Element | None) -> str | None:
    """Return the value of an element such as `<w:pStyle w:val="Title"/>`."""
    return None if element is None else _get(element, "val")


def number_of(element: Element | None) -> int | None:
    """Return the value of an element as a number, None where it is none."""
    text = value(element) or ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None


def _get(element: Element, name: str) -> str | None:
    return next((text for key, text in element.items() if key.rpartition("}")[2] == name), None)


def _all(element: Element, name: str) -> list[Element]:
    return [x for x in element if local_name(x) == name]


def _style(name: str | None, elements: dict[str | None, Element]) -> Style:
    """Return a style, complete with what it takes from the styles it is based on."""
    style = Style()
    for _ in range(_MOST_ANCESTORS):
        element = elements.get(name)
        if element is None:
            break
        label = value(child(element, "name")) or ""
        style = style.based_on(_own_style(child(element, "pPr"), label))
        name = value(child(element, "basedOn"))
    return style


def _own_style(properties: Element | None, label: str = "") -> Style:
    """Return what the properties and the name of a style, or of a paragraph, set."""
    level = None
    if _TITLE.fullmatch(label):
        level = 1
    elif heading := _HEADING.fullmatch(label):
        level = int(heading[1]) + 1
    elif (outline := number_of(child(properties, "outlineLvl"))) is not None:
        level = outline + 2 if outline < _BODY_TEXT else 0
    numbered = child(properties, "numPr")
    list_id, list_level = value(child(numbered, "numId")), number_of(child(numbered, "ilvl"))
    return Style(level, bool(_CONTENTS.fullmatch(label)), list_id, list_level)


def _formats(numbering: Element) -> dict[tuple[str, int], tuple[str, int]]:
    """Return for each list and level the format of its numbers, and the first number."""
    levels = {
        _get(abstract, "abstractNumId"): [
            (
                int(_get(x, "ilvl") or 0),
                value(child(x, "numFmt")) or "decimal",
                number_of(child(x, "start")),
            )
            for x in _all(abstract, "lvl")
            if (_get(x, "ilvl") or "0").isdecimal()
        ]
        for abstract in _all(numbering, "abstractNum")
    }
    return {
        (_get(number, "numId") or "", level): (kind, 1 if start is None else start)
        for number in _all(numbering, "num")
        for level, kind, start in levels.get(value(child(number, "abstractNumId")), [])
    }
