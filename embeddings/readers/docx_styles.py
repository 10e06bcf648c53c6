"""Word documents: what a paragraph's style makes of it: a title, a heading, an item of a list."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from embeddings.readers.html import BULLET

Element = Any
"""lxml is not typed."""

_HEADING = re.compile(
    r"(?:heading|заголовок|überschrift|titre|título|titolo|nagłówek|nadpis) ?([1-9])", re.IGNORECASE
)
_TITLE = re.compile(r"title|назва|название|заголовок|titel|titre", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|contents|table of figures|зміст|оглавление)(?: ?(?:heading|\d))?", re.IGNORECASE
)
_DEEPEST = 9
_MOST_ANCESTORS = 20


@dataclass(frozen=True)
class Style:
    """What matters of a style.

    Attributes:
        level: 1 of a title, 2 and more of headings, 0 of other text.
        is_contents: whether it is that of a table of contents.
        list_id, list_level: the list that paragraphs of this style are items of.
    """

    level: int = 0
    is_contents: bool = False
    list_id: str | None = None
    list_level: int = 0


@dataclass
class Styles:
    """The styles and lists of one document; lists are counted as they are read."""

    by_id: dict[str, Style] = field(default_factory=dict)
    formats: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, properties: Element | None) -> Style:
        """Return the style of a paragraph with these properties."""
        if properties is None:
            return Style()
        base = self.by_id.get(value(child(properties, "pStyle")) or "", Style())
        outline = number_of(child(properties, "outlineLvl"))
        level = base.level if outline is None else _level(outline)
        list_id, list_level = _list(properties)
        return Style(
            level,
            base.is_contents,
            base.list_id if list_id is None else list_id,
            base.list_level if list_level is None else list_level,
        )

    def mark(self, style: Style) -> str:
        """Return what stands before the next item of a list; nothing before other text."""
        if style.level or style.list_id in (None, "0"):
            return ""
        counts = self.counts[str(style.list_id)]
        kind, first = self.formats.get((str(style.list_id), style.list_level), ("bullet", 1))
        counts[style.list_level] = counts.get(style.list_level, first - 1) + 1
        for deeper in [level for level in counts if level > style.list_level]:
            del counts[deeper]
        if kind == "none":
            return ""
        return BULLET if kind == "bullet" else f"{counts[style.list_level]}. "


def read_styles(styles: Element | None, numbering: Element | None) -> Styles:
    """Read the parts of a document that say how it looks."""
    found = {} if styles is None else {_get(x, "styleId"): x for x in _all(styles, "style")}
    by_id = {name: _style(name, found) for name in found if name}
    return Styles(by_id, {} if numbering is None else _formats(numbering))


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of this name, in whichever version of the format."""
    if element is None:
        return None
    return next((x for x in element if local_name(x) == name), None)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(element: Element | None) -> str | None:
    """Return what an element such as `<w:pStyle w:val="Title"/>` holds."""
    return None if element is None else _get(element, "val")


def number_of(element: Element | None) -> int | None:
    """Return the number that an element holds."""
    text = value(element) or ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None


def _get(element: Element, name: str) -> str | None:
    return next((text for key, text in element.items() if key.rpartition("}")[2] == name), None)


def _all(element: Element, name: str) -> list[Element]:
    return [x for x in element if local_name(x) == name]


def _level(outline: int) -> int:
    """Headings stand below the title; level 9 is how Word writes "body text"."""
    return outline + 2 if outline < _DEEPEST else 0


def _style(name: str | None, found: dict[str | None, Element]) -> Style:
    """Look a style up; what it does not say is said by the one it is based on."""
    level: int | None = None
    is_contents = False
    list_id: str | None = None
    list_level: int | None = None
    for _ in range(_MOST_ANCESTORS):
        element = found.get(name)
        if element is None:
            break
        called = value(child(element, "name")) or ""
        is_contents = is_contents or bool(_CONTENTS.fullmatch(called))
        properties = child(element, "pPr")
        level = _level_named(called, properties) if level is None else level
        own_id, own_level = _list(properties)
        list_id = own_id if list_id is None else list_id
        list_level = own_level if list_level is None else list_level
        name = value(child(element, "basedOn"))
    return Style(level or 0, is_contents, list_id, list_level or 0)


def _level_named(called: str, properties: Element | None) -> int | None:
    if _TITLE.fullmatch(called):
        return 1
    if heading := _HEADING.fullmatch(called):
        return int(heading[1]) + 1
    outline = number_of(child(properties, "outlineLvl"))
    return None if outline is None else _level(outline)


def _list(properties: Element | None) -> tuple[str | None, int | None]:
    numbered = child(properties, "numPr")
    return value(child(numbered, "numId")), number_of(child(numbered, "ilvl"))


def _formats(numbering: Element) -> dict[tuple[str, int], tuple[str, int]]:
    """For each list and level how it is counted, and from where."""
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
