"""Sheets of spreadsheets and tables in text files: where a header is, and what each row says."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from embeddings.readers.compose import Block
from embeddings.readers.tables import CELLS, Cell, divides, names_group, row_texts

_DEFAULT_NAME = re.compile(r"(?:sheet|аркуш|лист|tabelle|feuil\w*|hoja|arkusz) ?\d*", re.IGNORECASE)
_DIGIT, _FIRST_DIGIT = re.compile(r".*\d"), re.compile(r"\W*\d")
_COUNT = re.compile(r"\d+")
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
        yield from table_blocks(rows, _FEWEST_COLUMNS)


def table_blocks(rows: Rows, fewest: int = 2, level: int = 3) -> Iterator[Block]:
    """Yield the line of each row; the first row with several cells is a header if it can be.

    Empty rows part tables; a table without a header has that of the table above it. A name above a
    table is a heading.

    Args:
        rows: of the sheet.
        fewest: columns of a table whose first row is taken for a header without being marked.
        level: of the name above a table as a heading.
    """
    header: list[list[Cell]] = []
    tables = groupby(rows, lambda row: any(cell.text for cell in row))
    filled = (with_bands(list(group)) for is_filled, group in tables if is_filled)
    is_named = True
    for number, table in enumerate(filled):
        above = rows_above(table, fewest, has_header=bool(header))
        first = _first_row(table)
        if first < len(table) or (not number and len(table) == 1):
            above = max(above, first)
            yield from blocks_above(table[:above], level)
            table, first = table[above:], 0
        is_double = divides(table[first : first + 2])
        least = 2 if is_double else fewest
        if first + 1 < len(table) and _may_be_header(table[first], least, bool(header)):
            header = [
                [replace(cell, is_header=True) for cell in row]
                for row in table[first : first + 1 + is_double]
            ]
            table[first : first + len(header)] = header
            if not (above or is_named):
                yield Block("", level)  # what is above another table does not name this one
        elif first < len(table):
            table[first:first] = header
        is_named = not table
        yield from map(Block, row_texts(list(_with_groups(table))))


def _with_groups(table: Rows) -> Iterator[Sequence[Cell]]:
    """Widen a cell that is alone in its row and in bold above rows that are not: it names them."""
    for row, below in zip(table, [*table[1:], ()], strict=False):
        is_alone = [bool(cell.text) for cell in row] == [True] + [False] * (len(row) - 1)
        if is_alone and row[0].is_header and not any(cell.is_header for cell in below[:2]):
            yield [replace(row[0], columns=max(len(below), 1))]
        else:
            yield row


def with_bands(table: Rows) -> list[list[Cell]]:
    """Merge the cells of a row that name groups of columns, where the row below repeats its labels.

           | 2023  |        | 2024  |
    Branch | Loans | Visits | Loans | Visits
    """
    rows = [list(row) for row in table]
    for number, (row, below) in enumerate(pairwise(rows)):
        names, labels = _by_column(row), _by_column(below)
        ends = [*names, max(labels, default=0) + 1][1:]
        spans = {start: end - start for start, end in zip(names, ends, strict=True)}
        groups = [
            [text for column, text in labels.items() if start <= column < start + span]
            for start, span in spans.items()
        ]
        repeated = [text for text, count in Counter(labels.values()).items() if count > 1]
        if (
            len(names) > 1
            and repeated
            and all(len(set(group)) == len(group) != 1 for group in groups)
            and all(cell.columns == 1 for cell in (*row, *below))
            and not any(map(_is_value, (*names.values(), *labels.values())))
        ):
            rows[number] = [*[Cell("")] * next(iter(names))] + [
                Cell(text, columns=spans[start]) for start, text in names.items()
            ]
    return rows


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


def blocks_above(rows: Rows, level: int) -> Iterator[Block]:
    """Yield the lines of rows above a table; the first is its heading, of this level, if it can be.

    A label and its value are not parted.
    """
    for number, row in enumerate(rows):
        texts = [cell.text for cell in row if cell.text]
        may_head = len(texts) == 1 and texts[0][0].isalpha() and names_group(texts[0])
        text = CELLS.join(texts).replace(f":{CELLS}", ": ")
        yield Block(text, level if may_head and not number else 0)


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
    """Whether a row has nothing but short texts, each its own, and no numbers but years.

    Labels may be counted: "1 lesson", "2 lesson".
    """
    texts = [cell.text for cell in row if cell.text]
    if all(cell.is_header for cell in row if cell.text):
        return True
    if len(row) < fewest or len(set(texts)) < len(texts) or max(map(len, texts)) > _LONGEST_LABEL:
        return False
    number = _DIGIT if has_header else _FIRST_DIGIT
    values = [text for text in texts if number.match(text) and not _YEAR.fullmatch(text)]
    return not values or _are_counted(values)


def _are_counted(texts: Sequence[str]) -> bool:
    """Whether texts are the same word with a number each, one after the other."""
    numbers = [int(_COUNT.findall(text)[0]) for text in texts]
    words = {_COUNT.sub("", text, count=1) for text in texts}
    is_row = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return len(texts) > 1 and is_row and len(words) == 1 and any(map(str.isalpha, *words))


def _is_value(text: str) -> bool:
    return _FIRST_DIGIT.match(text) is not None and not _YEAR.fullmatch(text)
