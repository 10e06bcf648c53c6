"""OpenDocument (.odt, .ods, .odp): text documents, sheets and slides, as LibreOffice has them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from embeddings.articles.article import Article, Dropped, PageStart
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import STRUCK, Block, check_length, make_article
from embeddings.readers.office.archive import Archive
from embeddings.readers.office.lists import BULLET
from embeddings.readers.office.odf_styles import OdfStyles, read_styles
from embeddings.readers.office.xml import (
    Element,
    child,
    children,
    get,
    is_within,
    local_name,
    number_of,
)
from embeddings.readers.sheets.table_rows import sheet_blocks
from embeddings.readers.structure.looks import Looks, with_title
from embeddings.readers.tables import Cell, arranges_page, row_texts
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not an OpenDocument file")
_SKIPPED = frozenset(
    "tracked-changes annotation annotation-end note forms sequence-decls variable-decls "
    "user-field-decls settings page-number page-count bookmark-ref ruby-text object-ole title desc "
    "event-listeners desc named-expressions database-ranges".split()
)
"""Deleted text, comments, and what is read elsewhere or computed from the page."""
_INDEXES = frozenset(
    "table-of-content alphabetical-index illustration-index table-index object-index user-index "
    "bibliography".split()
)
_ON_EACH_SLIDE = ("page-number", "date-time", "footer", "header")
_MOST_REPEATED = 500
"""Columns or rows that one element stands for; more are a mistake, or made to take memory."""


@dataclass
class _Reading:
    """What is known while a document is read."""

    styles: OdfStyles
    looks: Looks | None = None  # in a text document: tells its headings without styles
    notes: list[Block] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    characters: int = 0


def read(data: bytes, path: str) -> Article:
    """Read a text document, a spreadsheet or a presentation.

    Raises:
        UnreadableFile: it is none of them, is locked or too large, or holds no text.
    """
    archive = Archive(data, _DAMAGED)
    if b":encryption-data" in archive.read("META-INF/manifest.xml"):
        raise UnreadableFile("locked with a password")
    content = archive.xml("content.xml")
    body = child(content, "body")
    if body is None:
        raise UnreadableFile(_DAMAGED)
    styles = archive.xml("styles.xml")
    reading = _Reading(read_styles(styles, content))
    found: list[Block] = []
    margins: list[Block] = []
    metadata = archive.metadata("meta.xml")
    for part in body:
        kind = local_name(part)
        if kind == "presentation":
            found += _slides(part, reading)
        elif kind == "spreadsheet":
            tables = [(get(x, "name") or "", _rows(x, reading)) for x in children(part, "table")]
            found += sheet_blocks(tables)
        elif kind == "text":
            reading.looks = Looks()
            metadata, found = with_title(metadata, list(_blocks(part, reading)), reading.looks)
            reading.looks = None
            known = "\n".join(block.text for block in found).casefold()
            margins += [x for x in _margins(styles, reading) if x.text.casefold() not in known]
    apart = [*reading.notes, *margins]
    found += [Block("", 1), *apart] if apart else []
    return make_article(path, metadata, found, dropped=reading.dropped)


def _blocks(parent: Element, reading: _Reading) -> Iterator[Block]:
    """Yield the headings and paragraphs in an element."""
    for element in parent:
        name = local_name(element)
        if name in ("p", "h"):
            yield from _paragraph(element, reading)
        elif name == "list":
            yield from _list(element, reading)
        elif name == "table":
            yield from _table(element, reading)
        elif name in _INDEXES:
            text = " ".join(" ".join(element.itertext()).split())
            reading.dropped.append(Dropped(text, "a table of contents or an index"))
        elif name not in _SKIPPED:
            yield from _blocks(element, reading)


def _paragraph(element: Element, reading: _Reading, mark: str = "") -> Iterator[Block]:
    level = reading.styles.level_of(element)
    text = "".join(_words(element, reading)).strip()
    if local_name(element) == "h" and not mark and text:
        mark = reading.styles.heading_label(element)
    reading.characters += len(text)
    check_length(reading.characters)
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    whole = mark + " ".join(lines) if lines else ""
    if reading.looks and not (mark.startswith(BULLET) or is_within(element, "table-cell")):
        level = reading.looks.level_of(
            whole,
            level,
            is_bold=reading.styles.is_bold(element),
            is_centred=not mark and reading.styles.is_centred(element),
        )
    if lines and level:
        yield Block(whole, level)
    else:
        for number, line in enumerate(lines):
            yield Block(mark + line if not number else line)
    for box in element.iter("{*}text-box"):
        yield from _blocks(box, reading)
    for note in element.iter("{*}note"):
        body = child(note, "note-body")
        reading.notes += () if body is None else _blocks(body, reading)


def _words(element: Element, reading: _Reading) -> Iterator[str]:
    if reading.styles.is_struck(element):
        text = " ".join("".join(element.itertext()).split())
        reading.dropped += [Dropped(text, STRUCK)] * bool(text)
        return
    yield element.text or ""
    for part in element:
        name = local_name(part)
        if name in ("s", "tab"):
            yield " "
        elif name == "line-break":
            yield "\n"
        elif name and name not in _SKIPPED and name != "text-box":
            yield from _words(part, reading)
        yield part.tail or ""


def _list(element: Element, reading: _Reading, outer: str = "", level: int = 0) -> Iterator[Block]:
    """Yield the items of a list, each with its number or bullet.

    `outer` is the id of the list that this one is in.
    """
    numbering = reading.styles.numbering
    is_own = not outer or get(element, "style-name")
    list_id = reading.styles.begin_list(element) if is_own else outer
    for item in element:
        start = number_of(item, "start-value")
        if start is not None:
            numbering.counts[list_id][level] = start - 1
        mark = None if local_name(item) == "list-item" else ""
        for part in item:
            if local_name(part) in ("p", "h"):
                label = numbering.next_label(list_id, level) if mark is None else mark
                yield from _paragraph(part, reading, label)
                mark = ""
            elif local_name(part) == "list":
                yield from _list(part, reading, list_id, level + 1)


def _table(table: Element, reading: _Reading) -> Iterator[Block]:
    rows = _rows(table, reading)
    if arranges_page([[cell.text for cell in row] for row in rows]):
        for cell in table.iter("{*}table-cell"):
            if not any(local_name(x) == "table-cell" for x in cell.iterancestors()):
                yield from _blocks(cell, reading)
    else:
        yield from map(Block, row_texts(rows))


def _rows(table: Element, reading: _Reading, is_header: bool = False) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for part in table:
        name = local_name(part)
        if name == "table-row":
            row = list(_cells(part, reading, is_header))
            is_empty = not any(cell.text for cell in row)
            rows += [row] * (1 if is_empty else _repeated(part, "number-rows-repeated"))
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            rows += _rows(part, reading, is_header or name == "table-header-rows")
    return rows


def _cells(row: Element, reading: _Reading, is_header: bool) -> Iterator[Cell]:
    elements = [x for x in row if local_name(x) == "table-cell"]
    while elements and not len(elements[-1]):  # a row of a sheet ends with a thousand empty cells
        del elements[-1]
    for element in elements:
        text = " ".join(block.text for block in _blocks(element, reading))
        rows, columns = (
            min(number_of(element, f"number-{name}-spanned") or 1, _MOST_REPEATED)
            for name in ("rows", "columns")
        )
        times = _repeated(element, "number-columns-repeated")
        yield from [Cell(text, rows, columns, is_header) for _ in range(times)]


def _repeated(element: Element, name: str) -> int:
    return min(number_of(element, name) or 1, _MOST_REPEATED)


def _slides(presentation: Element, reading: _Reading) -> Iterator[Block]:
    """Yield what is on each slide; a slide is a page, and its title is a heading."""
    for number, slide in enumerate(children(presentation, "page"), 1):
        frames = [x for x in slide if local_name(x) != "notes"]
        titles = [x for x in frames if get(x, "class") == "title"]
        title = " ".join(block.text for x in titles for block in _blocks(x, reading))
        blocks = [Block(title, 1 if number == 1 and title else 2)]
        for frame in frames:
            if frame not in titles and get(frame, "class") not in _ON_EACH_SLIDE:
                blocks += _blocks(frame, reading)
        for frame in children(child(slide, "notes"), "frame"):
            blocks += _blocks(frame, reading) if get(frame, "class") == "notes" else ()
        page = (PageStart(0, number),)
        yield from (block._replace(pages=page) for block in blocks)


def _margins(styles: Element | None, reading: _Reading) -> Iterator[Block]:
    """Yield what stands in headers and footers, each text once."""
    seen: set[str] = set()
    for kind in ("header", "header-first", "header-left", "footer", "footer-first", "footer-left"):
        for part in () if styles is None else styles.iter(f"{{*}}{kind}"):
            has_pages = next(part.iter("{*}page-number", "{*}page-count"), None) is not None
            for block in _blocks(part, reading):
                is_short = has_pages and len(block.text.split()) <= 3
                if block.text not in seen and not is_short:
                    seen.add(block.text)
                    yield block
