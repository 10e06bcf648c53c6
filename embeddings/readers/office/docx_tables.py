"""Word documents: the cells of a table, how many places each covers, and which are a header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.readers.office.xml import (
    Element,
    child,
    children,
    get,
    is_on,
    local_name,
    number_of,
    value,
)

_FIRST_ROW = 0x20
"""The bit of `w:tblLook` with which a table shows its first row as its style has it."""
_AROUND = frozenset("sdt sdtContent customXml ins moveTo smartTag AlternateContent Choice".split())
"""Elements in which rows and cells may be."""


@dataclass
class DocxCell:
    """A cell and how many rows and columns it covers."""

    element: Element
    rows: int = 1
    columns: int = 1
    is_header: bool = False


def table_rows(table: Element, with_header: frozenset[str]) -> list[list[DocxCell]]:
    """Return the cells of each row, a merged cell only where it begins.

    Args:
        table: the element.
        with_header: the styles of tables whose first row looks different.
    """
    rows: list[list[DocxCell]] = []
    begun: dict[int, DocxCell] = {}  # by column: the cell that may go on in the row below
    elements = list(_inside(table, "tr"))
    for element in elements:
        row: list[DocxCell] = []
        going: dict[int, DocxCell] = {}
        properties = child(element, "trPr")
        column = number_of(child(properties, "gridBefore")) or 0
        if column:
            row.append(DocxCell(None, columns=column))
        is_header = is_on(child(properties, "tblHeader"))
        for place in _inside(element, "tc"):
            properties = child(place, "tcPr")
            columns = max(number_of(child(properties, "gridSpan")) or 1, 1)
            cell = DocxCell(place, 1, columns, is_header)
            merged = child(properties, "vMerge")
            if merged is None:
                row.append(cell)
            elif value(merged) == "restart" or column not in begun:
                row.append(cell)
                going[column] = cell
            else:
                going[column] = begun[column]
                begun[column].rows += 1
            column += cell.columns
        begun = going
        rows.append(row)
    if len(rows) > 1 and (_shows_header(table, with_header) or _is_bold_above(elements)):
        for cell in rows[0]:
            cell.is_header = True
    return rows


def _shows_header(table: Element, with_header: frozenset[str]) -> bool:
    properties = child(table, "tblPr")
    if value(child(properties, "tblStyle")) not in with_header:
        return False
    look = child(properties, "tblLook")
    said = get(look, "firstRow")
    if said is not None:
        return said not in ("0", "false", "off")
    try:
        return bool(int(value(look) or "0", 16) & _FIRST_ROW)
    except ValueError:
        return False


def _is_bold_above(rows: Sequence[Element]) -> bool:
    """Whether all text of the first row is in bold type, and not all of the second."""
    first, second = (list(_bold(row)) for row in rows[:2])
    return bool(first) and all(first) and bool(second) and not all(second)


def _bold(row: Element) -> Iterator[bool]:
    for run in row.iter("{*}r"):
        if any((text.text or "").strip() for text in children(run, "t")):
            yield is_on(child(run, "rPr", "b"))


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those inside of other elements."""
    for part in element:
        if local_name(part) == name:
            yield part
        elif local_name(part) in _AROUND:
            yield from _inside(part, name)
