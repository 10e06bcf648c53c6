"""Word documents: whether a paragraph's style makes it a title, a heading or an item of a list.

A list (`w:num`) is an instance of an abstract list (`w:abstractNum`), which describes up to nine
levels. All instances of an abstract list are counted together, except where one says that it
starts anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from embeddings.readers.office.lists import Level, NumberedList, Numbering
from embeddings.readers.office.xml import Element, child, children, get, is_on, number_of, value
from embeddings.readers.structure.looks import Looks

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
_MOST_LINKS = 5


@dataclass(frozen=True)
class Style:
    """The properties of a style that matter here; None where the style does not set one.

    Attributes:
        level: 1 of a title, 2 and more of headings, 0 of other text.
        is_contents: whether it is that of a table of contents.
        list_id, list_level: the list that paragraphs of this style are items of.
        is_bold, is_centred: how text of this style looks.
        ids: its own, and those of the styles that it is based on.
    """

    level: int | None = None
    is_contents: bool = False
    list_id: str | None = None
    list_level: int | None = None
    is_bold: bool | None = None
    is_centred: bool | None = None
    ids: tuple[str, ...] = ()

    def based_on(self, base: "Style") -> "Style":
        """Return this style with what it does not set taken from another one."""
        return Style(
            base.level if self.level is None else self.level,
            base.is_contents or self.is_contents,
            base.list_id if self.list_id is None else self.list_id,
            base.list_level if self.list_level is None else self.list_level,
            base.is_bold if self.is_bold is None else self.is_bold,
            base.is_centred if self.is_centred is None else self.is_centred,
            self.ids + base.ids,
        )


@dataclass
class Styles:
    """The styles and lists of one document.

    Attributes:
        by_id: each style, complete with what it takes from the styles it is based on.
        numbering: the lists, and how far each has been counted.
        with_header: the styles of tables whose first row looks different.
        looks: tells headings that have no style of headings.
    """

    by_id: dict[str, Style] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    with_header: frozenset[str] = frozenset()
    looks: Looks = field(default_factory=Looks)

    def of(self, properties: Element | None) -> Style:
        """Return the style of a paragraph with these properties."""
        base = self.by_id.get(value(child(properties, "pStyle")) or "", Style())
        own = _own_style(properties)
        if own.list_id is None and own.list_level is None and base.list_id:
            linked = self.numbering.level_of_style(base.list_id, base.ids)
            own = replace(own, list_level=linked)
        return own.based_on(base)

    def is_bold(self, run: Element, style: Style | None = None) -> bool:
        """Whether a run of text in a paragraph of this style is in bold type."""
        properties = child(run, "rPr")
        bold = child(properties, "b")
        if bold is not None:
            return is_on(bold)
        named = self.by_id.get(value(child(properties, "rStyle")) or "", Style()).is_bold
        return bool((style or Style()).is_bold if named is None else named)

    def mark(self, style: Style) -> str:
        """Count the next item of a list; return its bullet or number, nothing for other text."""
        if style.list_id in (None, "0"):
            return ""
        return self.numbering.next_label(str(style.list_id), style.list_level or 0)


def read_styles(styles: Element | None, numbering: Element | None) -> Styles:
    """Read the parts of a document that define its styles and lists."""
    elements = {get(x, "styleId") or "": x for x in children(styles, "style")}
    by_id = {name: _style(name, elements) for name in elements}
    lists = {name: style.list_id for name, style in by_id.items() if style.list_id}
    with_header = frozenset(name for name in elements if _has_header(name, elements))
    return Styles(by_id, _numbering(numbering, lists), with_header)


def _bases(name: str, elements: dict[str, Element]) -> Iterator[tuple[str, Element]]:
    """Yield the name and the element of a style, and of those that it is based on."""
    for _ in range(_MOST_ANCESTORS):
        if name not in elements:
            return
        yield name, elements[name]
        name = value(child(elements[name], "basedOn")) or ""


def _style(name: str, elements: dict[str, Element]) -> Style:
    """Return a style, complete with what it takes from the styles it is based on."""
    style = Style()
    for base, element in _bases(name, elements):
        own = _own_style(child(element, "pPr"), value(child(element, "name")) or "")
        bold = child(element, "rPr", "b")
        own = replace(own, is_bold=None if bold is None else is_on(bold))
        style = style.based_on(replace(own, ids=(base,)))
    return style


def level_of_name(label: str) -> int | None:
    """Return the level that the name of a style stands for; None for other names."""
    if _TITLE.fullmatch(label):
        return 1
    heading = _HEADING.fullmatch(label)
    return int(heading[1]) + 1 if heading else None


def _own_style(properties: Element | None, label: str = "") -> Style:
    """Return what the properties and the name of a style, or of a paragraph, set."""
    level = level_of_name(label)
    if level is None and (outline := number_of(child(properties, "outlineLvl"))) is not None:
        level = outline + 2 if outline < _BODY_TEXT else 0
    numbered = child(properties, "numPr")
    list_id, list_level = value(child(numbered, "numId")), number_of(child(numbered, "ilvl"))
    place = value(child(properties, "jc"))
    is_centred = None if place is None else place == "center"
    is_contents = bool(_CONTENTS.fullmatch(label))
    return Style(level, is_contents, list_id, list_level, is_centred=is_centred)


def _has_header(name: str, elements: dict[str, Element]) -> bool:
    """Whether a style of tables sets the first row in bold type."""
    return any(
        get(part, "type") == "firstRow" and is_on(child(part, "rPr", "b"))
        for _, element in _bases(name, elements)
        for part in children(element, "tblStylePr")
    )


def _numbering(root: Element | None, list_styles: Mapping[str, str]) -> Numbering:
    """Read the part of a document that defines its lists.

    Args:
        root: of the part; None where there is none.
        list_styles: for the styles of lists, the list that each describes.
    """
    abstracts = {get(x, "abstractNumId") or "": x for x in children(root, "abstractNum")}
    instances = {get(x, "numId") or "": x for x in children(root, "num")}
    lists = {}
    for list_id, instance in instances.items():
        abstract = value(child(instance, "abstractNumId")) or ""
        for _ in range(_MOST_LINKS):  # to the abstract list that a style describes
            style = value(child(abstracts.get(abstract), "numStyleLink")) or ""
            described = instances.get(list_styles.get(style, ""))
            if described is None:
                break
            abstract = value(child(described, "abstractNumId")) or ""
        lists[list_id] = _list(instance, abstract, abstracts.get(abstract))
    return Numbering(lists)


def _list(instance: Element, abstract: str, described: Element | None) -> NumberedList:
    levels = _levels(described)
    restarts = set()
    for override in children(instance, "lvlOverride"):
        number = number_of(override, "ilvl") or 0
        levels |= _levels(override)
        start = number_of(child(override, "startOverride"))
        if start is not None:
            restarts.add(number)
            levels[number] = replace(levels.get(number, Level()), start=start)
    return NumberedList(abstract, levels, frozenset(restarts))


def _levels(parent: Element | None) -> dict[int, Level]:
    return {number_of(x, "ilvl") or 0: _level(x) for x in children(parent, "lvl")}


def _level(element: Element) -> Level:
    *_, kind = ["decimal", *map(value, element.iter("{*}numFmt"))]  # the last: what all can show
    start = number_of(child(element, "start"))
    return Level(
        kind or "decimal",
        value(child(element, "lvlText")) or "",
        1 if start is None else start,
        number_of(child(element, "lvlRestart")),
        is_on(child(element, "isLgl")),
        value(child(element, "pStyle")),
        "" if value(child(element, "suff")) == "nothing" else " ",
    )
