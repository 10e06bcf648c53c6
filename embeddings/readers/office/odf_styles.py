"""OpenDocument: the styles of paragraphs, and how lists and headings are numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from embeddings.readers.office.lists import Level, NumberedList, Numbering
from embeddings.readers.office.xml import Element, children, get, local_name, number_of

_MOST_ANCESTORS = 20
_KINDS = {
    "": "none",
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "а": "russianLower",
    "А": "russianUpper",
}
"""Formats of numbers by their first character, under the names that `lists` has for them."""
_HEADINGS = "headings"
"""The id of the list in which all headings are counted."""
_BOLD = ("bold", "600", "700", "800", "900")
_SPACE = re.compile(r"_20_")


@dataclass
class OdfStyles:
    """The styles and lists of one document.

    Attributes:
        parents: for each style of paragraphs the one it is based on.
        levels: the lists that styles describe.
        numbering: the lists that were begun, and how far each has been counted.
        last: for each style of lists the list that was begun last.
        named: the lists that have names in the document.
        looks: for each style, its own properties of text and paragraphs.
    """

    parents: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    last: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    looks: dict[str, dict[str, str]] = field(default_factory=dict)

    def level_of(self, paragraph: Element) -> int:
        """Return 1 for a title, 2 and more for a heading, 0 for other text."""
        if local_name(paragraph) == "h":
            return (number_of(paragraph, "outline-level") or 1) + 1
        return 1 if "Title" in self._ancestors(get(paragraph, "style-name")) else 0

    def is_struck(self, element: Element) -> bool:
        """Whether the style of an element strikes its text out."""
        return self._look(element, "text-line-through-style") not in ("", "none")

    def is_centred(self, paragraph: Element) -> bool:
        """Whether a paragraph stands in the middle of the line."""
        return self._look(paragraph, "text-align") == "center"

    def is_bold(self, element: Element, around: str = "") -> bool:
        """Whether all text in an element is in bold type.

        Args:
            element: a paragraph or a part of one.
            around: how heavy the type of the text around it is.
        """
        weight = self._look(element, "font-weight") or around
        texts = [element.text, *(part.tail for part in element)]
        is_light = any((text or "").strip() for text in texts) and weight not in _BOLD
        return not is_light and all(
            self.is_bold(part, weight) for part in element if local_name(part) in ("span", "a")
        )

    def _look(self, element: Element, name: str) -> str:
        """Return a property of an element's style, or of those that it is based on."""
        names = self._ancestors(get(element, "style-name"))
        return next(filter(None, (self.looks.get(one, {}).get(name) for one in names)), "")

    def heading_label(self, heading: Element) -> str:
        """Count a heading that is in no list; return its number."""
        if get(heading, "is-list-header") == "true":
            return ""
        return self.numbering.next_label(_HEADINGS, (number_of(heading, "outline-level") or 1) - 1)

    def begin_list(self, element: Element) -> str:
        """Return the id in `numbering` of the list that an element begins or goes on with."""
        style = get(element, "style-name") or ""
        list_id = self.named.get(get(element, "continue-list") or "")
        if list_id is None and get(element, "continue-numbering") == "true":
            list_id = self.last.get(style)
        if list_id is None:
            list_id = f"list {len(self.numbering.lists)}"
            self.numbering.lists[list_id] = NumberedList(list_id, self.levels.get(style, {}))
        self.last[style] = list_id
        if name := get(element, "id"):
            self.named[name] = list_id
        return list_id

    def _ancestors(self, name: str | None) -> Iterator[str]:
        for _ in range(_MOST_ANCESTORS):
            if name is None:
                return
            yield _SPACE.sub(" ", name)
            name = self.parents.get(name)


def read_styles(*parts: Element | None) -> OdfStyles:
    """Read the styles in the parts of a document."""
    styles = OdfStyles()
    for part in parts:
        if part is None:
            continue
        for style in part.iter("{*}style"):
            name, parent = get(style, "name"), get(style, "parent-style-name")
            if name and parent:
                styles.parents[name] = parent
            for kind in ("text-properties", "paragraph-properties"):
                for properties in children(style, kind):
                    own = {key.rpartition("}")[2]: text for key, text in properties.items()}
                    styles.looks.setdefault(_SPACE.sub(" ", name or ""), {}).update(own)
        for described in part.iter("{*}list-style"):
            styles.levels[get(described, "name") or ""] = _levels(described)
        for described in part.iter("{*}outline-style"):
            styles.numbering.lists[_HEADINGS] = NumberedList(_HEADINGS, _levels(described))
    return styles


def _levels(described: Element) -> dict[int, Level]:
    return {
        (number_of(x, "level") or 1) - 1: _level(x)
        for kind in ("list-level-style-bullet", "list-level-style-number", "outline-level-style")
        for x in children(described, kind)
    }


def _level(element: Element) -> Level:
    if local_name(element) == "list-level-style-bullet":
        return Level("bullet", get(element, "bullet-char") or "•")
    number = number_of(element, "level") or 1
    kind = _KINDS.get((get(element, "num-format") or "")[:1], "decimal")
    start = number_of(element, "start-value")
    level = Level(kind, start=1 if start is None else start)
    list_format = get(element, "num-list-format")  # from ODF 1.3: "%1%.%2%."
    if list_format is not None:
        return replace(level, text=re.sub(r"%(\d+)%", r"%\1", list_format))
    if kind == "none":
        shown = ""
    else:
        first = number + 1 - min(number_of(element, "display-levels") or 1, number)
        shown = ".".join(f"%{n}" for n in range(first, number + 1))
    text = f"{get(element, 'num-prefix') or ''}{shown}{get(element, 'num-suffix') or ''}"
    return replace(level, text=text)
