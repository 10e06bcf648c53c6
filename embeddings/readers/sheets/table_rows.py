"""Sheets of spreadsheets and tables in text files: where a header is, and what each row says."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from embeddings.readers.compose import Block
from embeddings.readers.tables import CELLS, Cell, row_texts

_DEFAULT_NAME = re.compile(r"(?:sheet|аркуш|лист|tabelle|feuil\w*|hoja|arkusz) ?\d*", re.IGNORECASE)
_DIGIT, _FIRST_DIGIT = re.compile(r".*\d"), re.compile(r"\W*\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_LABEL = 60
_FEWEST_COLUMNS = 3
"""Two columns may as well be labels and values."""
_NUMERIC = 0.7
"""Share of numbers in a column of numbers: notes may stand below the table."""
_MOST_ABOVE = 12
"""Rows above a table."""

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
        above = rows_above(table, fewest, has_header=bool(header))
        yield from map(line_above, table[:above])
        table = table[above:]
        first = _first_row(table)
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


def rows_above(table: Rows, fewest: int = 2, *, has_header: bool = False) -> int:
    """Return how many rows stand above the header of a table and are no part of it.

    The header has more cells than each of them, unless they are labels with values, and as many as
    the rows below. Numbers begin below it, or at most half of it stands below other cells.
    """
    widths = [sum(cell.columns for cell in row if cell.text) for row in table]
    first = _first_row(table)
    if first + 2 >= len(table) or (_is_whole(widths, first) and not _is_labelled(table[first])):
        return 0
    labelled = [_is_labelled(row) for row in table]
    sizes = [
        (0, 0) if is_labelled else (width, len(_by_column(row)))
        for width, row, is_labelled in zip(widths, table, labelled, strict=True)
    ]
    possible = [
        number
        for number in range(first + 1, min(first + _MOST_ABOVE, len(table) - 1))
        if sizes[number] > max(sizes[:number])
        and _is_whole(widths, number)
        and _may_be_header(table[number], fewest, has_header)
    ]
    is_cornered = not table[first][0].text
    for number in possible:
        is_header = is_cornered and widths[first] == widths[number] - 1  # but for labels of rows
        if not is_header and _begins_numbers(table, number):
            return number
    for number in possible:
        if all(2 * size[0] <= widths[number] for size in sizes[:number]):
            return number
    return 0


def line_above(row: Sequence[Cell]) -> str:
    """Return the line of a row above a table: a label and its value are not parted."""
    return CELLS.join(cell.text for cell in row if cell.text).replace(f":{CELLS}", ": ")


def _first_row(table: Rows) -> int:
    """Return the number of the first row with several cells."""
    return next(
        (n for n, row in enumerate(table) if sum(bool(cell.text) for cell in row) > 1), len(table)
    )


def _is_whole(widths: Sequence[int], number: int) -> bool:
    """Whether a row has as many cells as most rows below it."""
    counts = Counter(widths[number + 1 :])
    return widths[number] >= max(counts, key=lambda width: (counts[width], width))


def _is_labelled(row: Sequence[Cell]) -> bool:
    """Whether a row has labels and their values."""
    labels = [cell.text.endswith(":") for cell in row if cell.text]
    return any(labels) and not all(labels)


def _begins_numbers(table: Rows, number: int) -> bool:
    """Whether a column of numbers begins below a cell of a row."""
    below = [_by_column(row) for row in table[number + 1 :]]
    columns = (
        [bool(_FIRST_DIGIT.match(row[column])) for row in below if column in row]
        for column in _by_column(table[number])
    )
    return any(any(are[:1]) and sum(are) >= _NUMERIC * len(are) for are in columns)


def _by_column(row: Sequence[Cell]) -> dict[int, str]:
    starts = accumulate((cell.columns for cell in row), initial=0)
    return {column: cell.text for column, cell in zip(starts, row, strict=False) if cell.text}


def _may_be_header(row: Sequence[Cell], fewest: int, has_header: bool) -> bool:
    """Whether a row has nothing but short texts, each its own, and no numbers but years."""
    texts = [cell.text for cell in row if cell.text]
    if all(cell.is_header for cell in row if cell.text):
        return True
    if len(row) < fewest or len(set(texts)) < len(texts) or max(map(len, texts)) > _LONGEST_LABEL:
        return False
    number = _DIGIT if has_header else _FIRST_DIGIT
    return not any(number.match(text) and not _YEAR.fullmatch(text) for text in texts)
