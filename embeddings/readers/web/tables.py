"""Tables of web pages: which of them hold data, and their cells."""

from collections.abc import Callable, Iterator

from embeddings.readers.office.xml import Element
from embeddings.readers.tables import LONGEST_CELL, Cell

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ARRANGED = (*HEADINGS, "article", "section")
_MOST_PARAGRAPHS = 2


def is_data(table: Element) -> bool:
    """Whether a table holds data, and does not only arrange the page."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    if table.find(".//th") is not None:
        return True
    cells = list(table.iter("td"))
    if len(cells) < 2 or next(table.iter(*_ARRANGED), None) is not None:
        return False
    return all(
        sum(map(len, cell.itertext())) <= LONGEST_CELL
        and len(cell.findall("p")) <= _MOST_PARAGRAPHS
        for cell in cells
    )


def rows_of(table: Element, text_of: Callable[[Element], str]) -> Iterator[list[Cell]]:
    """Yield the cells of each row of a table of data.

    Args:
        table: one without tables in it.
        text_of: returns the text of a cell; of one that is not seen, nothing.
    """
    for row in table.iter("tr"):
        is_header = row.getparent().tag == "thead"
        yield [
            Cell(
                text_of(cell),
                _span(cell.get("rowspan")),
                _span(cell.get("colspan")),
                is_header or cell.tag == "th",
            )
            for cell in row.iterchildren("td", "th")
        ]


def _span(value: str | None) -> int:
    value = (value or "").strip()
    return int(value) if value.isdecimal() and len(value) < 5 else 1
