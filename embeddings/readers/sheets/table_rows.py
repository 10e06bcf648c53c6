"""Sheets of spreadsheets and tables in text files: where a header is, and what each row says."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from embeddings.readers.compose import Block
from embeddings.readers.tables import Cell, row_texts

_DEFAULT_NAME = re.compile(r"(?:sheet|аркуш|лист|tabelle|feuil\w*|hoja|arkusz) ?\d*", re.IGNORECASE)
_DIGIT, _FIRST_DIGIT = re.compile(r".*\d"), re.compile(r"\W*\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_LABEL = 60
_FEWEST_COLUMNS = 3
"""Two columns may as well be labels and values."""

Rows = Sequence[Sequence[Cell]]


def sheet_blocks(sheets: Iterable[tuple[str, Rows]]) -> Iterator[Block]:
    """Yield the rows of sheets; the name of a sheet is the heading of its rows."""
    for name, rows in sheets:
        yield Block("" if _DEFAULT_NAME.fullmatch(name.strip()) else name, 2)
        yield from map(Block, table_texts(rows, _FEWEST_COLUMNS))


def table_texts(rows: Rows, fewest: int = 2) -> Iterator[str]:
    """Yield the line of each row; the first row with several cells is a header if it can be.

    Empty rows part tables; a table without a header has that of the table above it.

    Args:
        rows: of the sheet.
        fewest: columns of a table whose first row is taken for a header without being marked.
    """
    header: list[list[Cell]] = []
    for is_filled, group in groupby(rows, lambda row: any(cell.text for cell in row)):
        if not is_filled:
            continue
        table = [list(row) for row in group]
        filled = (sum(bool(cell.text) for cell in row) for row in table)
        first = next((number for number, cells in enumerate(filled) if cells > 1), len(table))
        if first + 1 < len(table) and _may_be_header(table[first], fewest, bool(header)):
            is_double = any(cell.columns > 1 for cell in table[first])
            header = [
                [replace(cell, is_header=True) for cell in row]
                for row in table[first : first + 1 + is_double]
            ]
            table[first : first + len(header)] = header
        elif first < len(table):
            table[first:first] = header
        yield from row_texts(table)


def _may_be_header(row: Sequence[Cell], fewest: int, has_header: bool) -> bool:
    """Whether a row has nothing but short texts, each its own, and no numbers but years."""
    texts = [cell.text for cell in row if cell.text]
    if all(cell.is_header for cell in row if cell.text):
        return True
    if len(row) < fewest or len(set(texts)) < len(texts) or max(map(len, texts)) > _LONGEST_LABEL:
        return False
    number = _DIGIT if has_header else _FIRST_DIGIT
    return not any(number.match(text) and not _YEAR.fullmatch(text) for text in texts)
