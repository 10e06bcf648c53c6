"""Word documents: how the lists are numbered.

A list (`w:num`) is an instance of an abstract list (`w:abstractNum`), which describes up to nine
levels. All instances of an abstract list are counted together, except where one says that it
starts anew.
"""

from collections.abc import Mapping
from dataclasses import replace

from embeddings.readers.office.lists import Level, NumberedList, Numbering
from embeddings.readers.office.xml import Element, child, children, get, is_on, number_of, value

_MOST_LINKS = 5


def read_numbering(root: Element | None, list_styles: Mapping[str, str]) -> Numbering:
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
