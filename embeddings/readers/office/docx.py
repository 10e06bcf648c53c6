"""Word documents: their text, without what was deleted."""

import posixpath
import re
from collections.abc import Iterator
from itertools import chain

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import STRUCK, Block, make_article
from embeddings.readers.line_breaks import unwrap
from embeddings.readers.metadata import Metadata
from embeddings.readers.office.archive import Archive
from embeddings.readers.office.docx_styles import Styles, read_styles
from embeddings.readers.office.docx_tables import table_rows
from embeddings.readers.office.lists import BULLET
from embeddings.readers.office.xml import (
    Element,
    child,
    children,
    get,
    is_on,
    is_within,
    local_name,
    value,
)
from embeddings.readers.structure.looks import with_title
from embeddings.readers.tables import CELLS, LONGEST_CELL, Cell, arranges_page, row_texts
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not a Word document")
_SKIPPED = frozenset(
    "del moveFrom pPr rPr instrText delText Fallback txbxContent footnoteReference annotation "
    "rubyPr rt".split()
)
"""Deleted text, properties, codes of fields, and what is read elsewhere."""
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_SEPARATORS = frozenset(("separator", "continuationSeparator", "continuationNotice"))
_COMPUTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|STYLEREF|FILENAME|TITLE|DATE|TIME|SAVEDATE"
    r"|PRINTDATE|CREATEDATE)\b"
)
"""Fields whose value depends on the page or the moment."""
_FEW_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")


def read(data: bytes, path: str) -> Article:
    """Read a Word document.

    Raises:
        UnreadableFile: it is none, is locked or too large, or holds no text.
    """
    archive = Archive(data, _DAMAGED)
    mains = (name for _, kind, name in archive.relations("") if kind == "officeDocument")
    main = next(mains, "word/document.xml")
    body = child(archive.xml(main), "body")
    if body is None:
        raise UnreadableFile(_DAMAGED)
    folder = posixpath.dirname(main)
    styles = read_styles(
        archive.xml(posixpath.join(folder, "styles.xml")),
        archive.xml(posixpath.join(folder, "numbering.xml")),
    )
    found = [block for block in _blocks(body, styles) if block.text.strip()]
    for part in ("footnotes.xml", "endnotes.xml"):
        notes = archive.xml(posixpath.join(folder, part))
        for note in () if notes is None else notes:
            kinds = [text for key, text in note.items() if key.endswith("}type")]
            if not _SEPARATORS.intersection(kinds):
                found += _blocks(note, styles)
    metadata, found = with_title(archive.metadata("docProps/core.xml"), found, styles.looks)
    margins, repeated = _margins(archive, main, styles, metadata, found)
    struck = (Dropped(text, STRUCK) for run in body.iter("{*}r") if (text := _struck_text(run)))
    return make_article(path, metadata, found + margins, dropped=[*repeated, *struck])


def _margins(
    archive: Archive, main: str, styles: Styles, metadata: Metadata, found: list[Block]
) -> tuple[list[Block], list[Dropped]]:
    """Return what stands in headers and footers, each once, and what only repeats the text."""
    relations = archive.relations(main)
    names = [name for side in ("header", "footer") for _, kind, name in relations if kind == side]
    texts: dict[str, None] = {}
    for part in map(archive.xml, names):
        if part is not None:
            blocks = _blocks(_without_fields(part), styles)
            texts |= dict.fromkeys(" ".join(block.text.split()) for block in blocks)
    known = "\n".join([metadata.title or "", *(block.text for block in found)]).casefold()
    kept, repeated = [], []
    for text in filter(None, texts):
        if text.casefold() in known or not any(map(str.isalnum, text)):
            repeated.append(Dropped(text, "a header or footer that repeats the text"))
        else:
            kept.append(Block(text))
    end_of_sections = [Block("", 1)] if kept else []
    return end_of_sections + kept, repeated


def _without_fields(part: Element) -> Element:
    """Remove from a header or footer the numbers of pages and the like.

    A paragraph is emptied when there is little beside them: "Page 3 of 7".
    """
    for paragraph in list(part.iter("{*}p")):
        if _remove_fields(paragraph):
            words = _WORD.findall("".join(text.text or "" for text in paragraph.iter("{*}t")))
            if len(words) <= _FEW_WORDS:
                paragraph.clear()
    return part


def _remove_fields(paragraph: Element) -> int:
    """Remove the values of computed fields; return how many there were."""
    removed = 0
    for field in list(paragraph.iter("{*}fldSimple")):
        if _COMPUTED.match(get(field, "instr") or ""):
            field.clear()
            removed += 1
    instructions: list[str] = []  # of the fields that are open here, the outermost first
    for run in list(paragraph.iter("{*}r")):
        kind = get(child(run, "fldChar"), "fldCharType")
        if kind == "begin":
            instructions.append("")
        elif kind == "end" and instructions:
            removed += bool(_COMPUTED.match(instructions.pop()))
        elif instructions:
            instructions[-1] += "".join(x.text or "" for x in children(run, "instrText"))
            if any(map(_COMPUTED.match, instructions)):
                for text in children(run, "t"):
                    text.text = ""
    return removed


def _blocks(parent: Element | None, styles: Styles) -> Iterator[Block]:
    for element in () if parent is None else parent:
        name = local_name(element)
        if name == "p":
            yield from _paragraph(element, styles)
        elif name == "tbl":
            yield from _table(element, styles)
        elif name == "sdt":
            gallery = child(element, "sdtPr", "docPartObj", "docPartGallery")
            if value(gallery) != "Table of Contents":
                yield from _blocks(child(element, "sdtContent"), styles)
        elif name not in _SKIPPED:
            yield from _blocks(element, styles)


def _paragraph(paragraph: Element, styles: Styles) -> Iterator[Block]:
    properties = child(paragraph, "pPr")
    style = styles.of(properties)
    lines = [line for line in map(str.strip, "".join(_words(paragraph)).split("\n")) if line]
    is_deleted = child(properties, "rPr", "del") is not None and not lines
    mark = "" if is_deleted or style.is_contents else styles.mark(style)
    if lines and not style.is_contents:
        text = mark + " ".join(lines)
        level = style.level or 0
        if not (mark.startswith(BULLET) or is_within(paragraph, "tc")):
            is_bold = all(styles.is_bold(run, style) for run in _runs(paragraph))
            is_centred = bool(style.is_centred) and not mark
            level = styles.looks.level_of(text, level, is_bold=is_bold, is_centred=is_centred)
        if level:
            yield Block(text, level)
        else:
            first, *others = unwrap(lines)
            yield Block(mark + first)
            yield from map(Block, others)
    elif not lines:
        styles.looks.level_of("", 0, is_bold=False)
    for box in paragraph.iter("{*}txbxContent"):
        if not any(local_name(outer) == "Fallback" for outer in box.iterancestors()):
            yield from _blocks(box, styles)


def _runs(element: Element) -> Iterator[Element]:
    """Yield the runs of an element that have text."""
    for run in element.iter("{*}r"):
        if any((text.text or "").strip() for text in children(run, "t")):
            yield run


def _words(element: Element) -> Iterator[str]:
    for part in element:
        name = local_name(part)
        if name == "t":
            yield part.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name not in _SKIPPED and not (name == "r" and _is_unread(part)):
            yield from _words(part)


def _is_unread(run: Element) -> bool:
    """Whether a run of text is hidden or struck out."""
    return any(is_on(child(run, "rPr", kind)) for kind in ("vanish", "strike", "dstrike"))


def _struck_text(run: Element) -> str:
    """Return the text of a run that is struck out, "" of any other."""
    if not any(is_on(child(run, "rPr", kind)) for kind in ("strike", "dstrike")):
        return ""
    return "".join(_words(run)).strip()


def _table(table: Element, styles: Styles) -> Iterator[Block]:
    """Make each row of a table a paragraph; one that only arranges the page is read as prose."""
    rows = table_rows(table, styles.with_header)
    read = [[list(_blocks(cell.element, styles)) for cell in row] for row in rows]
    texts = [[" ".join(block.text for block in cell) for cell in row] for row in read]
    has_tables = table.find(".//{*}tc//{*}tbl") is not None
    if has_tables or arranges_page(texts) or any(block.level for block in _flat(_flat(read))):
        for row, cells in zip(read, texts, strict=True):
            yield from _arranged(row, cells)
        return
    table_cells = [
        [
            Cell(text, cell.rows, cell.columns, cell.is_header)
            for text, cell in zip(*both, strict=True)
        ]
        for both in zip(texts, rows, strict=True)
    ]
    yield from map(Block, row_texts(table_cells))


def _arranged(row: list[list[Block]], texts: list[str]) -> Iterator[Block]:
    """Yield what is in a row of a table that only arranges the page."""
    is_prose = any(len(cell) > 1 for cell in row) or sum(map(len, texts)) > LONGEST_CELL
    if is_prose or any(block.level for block in _flat(row)):
        yield from _flat(row)
    else:
        yield Block(CELLS.join(filter(None, texts)))


_flat = chain.from_iterable
