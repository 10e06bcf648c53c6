"""PowerPoint: the slides of a presentation, with tables, diagrams and speaker notes."""

from collections.abc import Iterator

from embeddings.articles.article import Article, PageStart
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.office.archive import Archive
from embeddings.readers.office.lists import BULLET, numeral
from embeddings.readers.office.xml import Element, child, children, get, local_name, number_of
from embeddings.readers.tables import Cell, row_texts
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not a PowerPoint presentation")
_MAIN = "ppt/presentation.xml"
_TITLES = ("title", "ctrTitle")
_REPEATED = ("sldNum", "dt", "ftr", "hdr")
"""Placeholders for the number of the slide, the date and what stands on each slide."""
_NUMBERS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}
_SIGNS = {"Plain": "{}", "Period": "{}.", "ParenR": "{})", "ParenBoth": "({})"}


def read(data: bytes, path: str) -> Article:
    """Read a presentation; a slide is a page, and its title is a heading.

    Raises:
        UnreadableFile: it is none, is locked or too large, or holds no text.
    """
    archive = Archive(data, _DAMAGED)
    presentation = archive.xml(_MAIN)
    if presentation is None:
        raise UnreadableFile(_DAMAGED)
    slides = {key: name for key, _, name in archive.relations(_MAIN)}
    found: list[Block] = []
    for number, listed in enumerate(presentation.iter("{*}sldId"), 1):
        key = next((text for name, text in listed.items() if name.endswith("}id")), "")
        page = (PageStart(0, number),)
        found += (x._replace(pages=page) for x in _slide(archive, slides.get(key, ""), number == 1))
    return make_article(path, archive.metadata("docProps/core.xml"), found)


def _slide(archive: Archive, part: str, is_first: bool) -> Iterator[Block]:
    root = archive.xml(part)
    shapes = list(_shapes(child(root, "cSld", "spTree")))
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
    title = " ".join(block.text for shape in titles for block in _text(shape))
    yield Block(title, 1 if is_first and title else 2)
    for shape in shapes:
        if shape not in titles and _placeholder(shape) not in _REPEATED:
            table = next(shape.iter("{*}tbl"), None)
            is_list = _placeholder(shape) == "body"
            yield from _text(shape, is_list) if table is None else _table(table)
    for _, kind, other in archive.relations(part):
        if kind == "diagramData":
            yield from _text(archive.xml(other))
        elif kind == "notesSlide":
            for shape in _shapes(child(archive.xml(other), "cSld", "spTree")):
                if _placeholder(shape) == "body":
                    yield from _text(shape)


def _shapes(tree: Element | None) -> Iterator[Element]:
    """Yield the shapes of a slide, also those in groups."""
    for shape in () if tree is None else tree:
        name = local_name(shape)
        if name in ("sp", "graphicFrame", "cxnSp"):
            yield shape
        elif name == "AlternateContent":
            yield from _shapes(child(shape, "Choice"))
        elif name == "grpSp":
            yield from _shapes(shape)


def _placeholder(shape: Element) -> str:
    """Return the kind of a placeholder, "" for a shape that is none."""
    found = next(shape.iter("{*}ph"), None)
    return "" if found is None else get(found, "type") or "body"


def _text(parent: Element | None, is_list: bool = False) -> Iterator[Block]:
    """Yield the paragraphs in a shape; those of a list with their bullets or numbers."""
    counts: dict[tuple[str, int], int] = {}
    for paragraph in () if parent is None else parent.iter("{*}p"):
        text = "".join(_words(paragraph)).strip()
        if text:
            yield Block(_mark(child(paragraph, "pPr"), is_list, counts) + text)
        else:
            counts.clear()


def _words(paragraph: Element) -> Iterator[str]:
    for part in paragraph:
        name = local_name(part)
        if name == "br":
            yield " "
        elif name == "r" or (name == "fld" and get(part, "type") != "slidenum"):
            yield from (text.text or "" for text in children(part, "t"))


def _mark(properties: Element | None, is_list: bool, counts: dict[tuple[str, int], int]) -> str:
    level = number_of(properties, "lvl") or 0
    for key in [key for key in counts if key[1] > level]:
        del counts[key]
    automatic = child(properties, "buAutoNum")
    if automatic is not None:
        kind = get(automatic, "type") or "arabicPeriod"
        number = counts.get((kind, level), (number_of(automatic, "startAt") or 1) - 1) + 1
        counts[kind, level] = number
        sign = next((sign for end, sign in _SIGNS.items() if kind.endswith(end)), "{}.")
        shape = next((name for start, name in _NUMBERS.items() if kind.startswith(start)), "")
        return sign.format(numeral(number, shape)) + " "
    if child(properties, "buNone") is not None:
        return ""
    return BULLET if is_list or child(properties, "buChar") is not None else ""


def _table(table: Element) -> Iterator[Block]:
    has_header = get(child(table, "tblPr"), "firstRow") in ("1", "true")
    rows = [
        [
            Cell(
                " ".join(block.text for block in _text(cell)),
                number_of(cell, "rowSpan") or 1,
                number_of(cell, "gridSpan") or 1,
                has_header and not number,
            )
            for cell in children(row, "tc")
            if not (get(cell, "hMerge") or get(cell, "vMerge"))
        ]
        for number, row in enumerate(children(table, "tr"))
    ]
    yield from map(Block, row_texts(rows))
