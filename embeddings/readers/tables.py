"""Tables: each row becomes a line that can be understood, found and quoted by itself.

    Lighthouse | Lit in            Lighthouse: Kelness | Lit in: 1922
    Kelness    | 1922         ->   Lighthouse: Holwick | Lit in: 1886
    Holwick    | 1886

The cells of a header are written before the cells below them, and a merged cell is written in each
row that it covers. All readers of tables use `row_texts`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

CELLS = " | "
"""Stands between the cells of a row."""
LONGEST_CELL = 600
"""Characters; a longer cell holds prose, and its table only arranges the page."""
_LABEL = ": "
_MOST_LABELS = 400
"""Characters of a header; a longer one is a row of its own, and is not repeated."""
_LONGEST_GROUP = 80
"""Characters of a row of one cell that names the rows below it."""
_MOST_HEADER_ROWS = 3
_FEWEST_COLUMNS = 3
"""With fewer, every column must be numbers: two are often names and values, without a header."""
_LONGEST_LABEL = 60
"""Characters of a cell in a header that is not marked as one."""
_WIDEST = 500
"""Columns of a table; a larger span is a mistake, or made to take memory."""
_LABEL_AND_VALUE = re.compile(r"[^\d:]+:\s+\S")
"""A label with a number names a group: "Floor 2: offices"."""
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\W*\d[\d\s.,:/–-]*\W*\w{0,4}\W*")


@dataclass(frozen=True)
class Cell:
    """A cell as it is written in the file.

    Attributes:
        text: what is in it.
        rows: how many rows it covers.
        columns: how many columns it covers.
        is_header: whether the file marks it as the cell of a header.
    """

    text: str
    rows: int = 1
    columns: int = 1
    is_header: bool = False


def row_texts(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return a line for each row of a table; an empty row has none.

    A header is what the file marks as one, or else a first row of short words above a column of
    numbers, or of texts that all have a number in them.
    """
    grid = _grid(rows)
    captions, body = _split_captions(grid)
    count = _header_rows(body)
    labels = _labels(body[:count])
    if sum(map(len, labels)) > _MOST_LABELS:
        labels, count = [], 0
    used = {number for row in body[count:] for number, cell in enumerate(row) if cell.text}
    if 2 * sum(number in used for number, label in enumerate(labels) if label) < len(labels):
        captions.append(CELLS.join(dict.fromkeys(filter(None, labels))))  # of an empty form
    return [*captions, *_body_texts(body[count:], labels)]


def arranges_page(texts: Sequence[Sequence[str]]) -> bool:
    """Whether a table of these texts only arranges the page: one cell a row, or mostly prose."""
    prose = sum(any(len(text) > LONGEST_CELL for text in row) for row in texts)
    return all(len(row) <= 1 for row in texts) or 2 * prose > len(texts)


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Write each merged cell into all places that it covers; it is the same object in each."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}  # by column: a cell from above, and its rows left
    for row in rows:
        line = {column: cell for column, (cell, _) in hanging.items()}
        hanging = {column: (cell, left - 1) for column, (cell, left) in hanging.items() if left > 1}
        column = 0
        for cell in row:
            while column in line:
                column += 1
            for covered in range(column, min(column + max(cell.columns, 1), _WIDEST)):
                line[covered] = cell
                if cell.rows > 1:
                    hanging[covered] = (cell, cell.rows - 1)
        width = max(line, default=-1) + 1
        grid.append([line.get(column, Cell("")) for column in range(width)])
    return grid


def _split_captions(grid: list[list[Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """Return the texts of the rows of one cell above the table, and the rows below."""
    is_wide = max(map(len, grid), default=0) > 1
    captions: list[str] = []
    while is_wide and grid and len(_distinct(grid[0])) <= 1 and len(grid) > 1:
        captions += [cell.text for cell in _distinct(grid[0])]
        grid = grid[1:]
    return captions, grid


def _header_rows(grid: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows are the header of a table."""
    most = min(len(grid) - 1, _MOST_HEADER_ROWS)
    marked = 0
    while marked < most and _is_marked(grid[marked]):
        marked += 1
    count = marked or 1
    while count < most and _divides(grid[count - 1], grid[count]):
        count += 1
    if marked or len(grid) < 2 or len(grid[0]) < 2:
        return count if marked else 0
    is_joined = count > 1 and all(cell.columns > 1 or cell.rows > 1 for cell in _distinct(grid[0]))
    return count if is_joined or _looks_like_header(_labels(grid[:count]), grid[count:]) else 0


def _is_marked(row: Sequence[Cell]) -> bool:
    filled = _distinct(row)
    return len(filled) > 1 and all(cell.is_header for cell in filled)


def divides(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the second of two rows has labels for parts of the merged cells in the first."""
    grid = _grid(rows)
    return len(grid) > 1 and _divides(grid[0], grid[1])


def _divides(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a row has labels for parts of the merged cells above it, and nothing else."""
    parts: dict[int, set[str]] = {}
    for upper, cell in zip_longest(above, row, fillvalue=Cell("")):
        if cell is upper or not cell.text:
            continue
        is_label = len(cell.text) <= _LONGEST_LABEL and (
            not _is_number(cell.text) or _YEAR.fullmatch(cell.text)
        )
        if not is_label or (upper.text and upper.columns < 2):
            return False
        parts.setdefault(id(upper) if upper.text else 0, set()).add(cell.text)
    parts.pop(0, None)  # below no label
    return any(len(texts) > 1 for texts in parts.values())


def _looks_like_header(first: Sequence[str], body: Sequence[Sequence[Cell]]) -> bool:
    """Whether these are words only, each its own, and below one of them are numbers.

    They are most of the column, or have words beside them in all of it ("3 October").
    """
    labels = [text for text in first if text]
    if len(labels) < max(2, len(first) - 1) or len(set(labels)) < len(labels):
        return False
    if any(len(text) > _LONGEST_LABEL or _is_number(text) for text in labels):
        return False
    columns = [
        [row[column].text for row in body if column < len(row) and row[column].text]
        for column in range(len(first))
    ]
    numeric = [
        len(cells) > 1
        and (
            2 * sum(map(_is_number, cells)) > len(cells)
            or (not _DIGIT.search(label) and all(map(_DIGIT.search, cells)))
        )
        for label, cells in zip(first, columns, strict=True)
    ]
    return any(numeric) if len(first) >= _FEWEST_COLUMNS else all(numeric)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _labels(header: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the label of each column: its cells in all rows of the header, each once."""
    width = max(map(len, header), default=0)
    columns = ([row[column] for row in header if column < len(row)] for column in range(width))
    return [" ".join(cell.text for cell in _distinct(cells)).rstrip(": ") for cells in columns]


def _body_texts(body: Sequence[Sequence[Cell]], labels: Sequence[str]) -> Iterator[str]:
    """Yield the line of each row; a short row of one cell is written before the rows below it.

    Where no row is below it before the next such row, it is a line of its own.
    """
    group, is_written, before = "", True, None
    for row in body:
        cells = _distinct(row)
        if not cells or (len(cells) == 1 and cells[0] is before):  # covers this row too
            continue
        if len(cells) == 1 and cells[0].columns > 1:
            if not is_written:
                yield group
            before, text = cells[0], cells[0].text
            is_written = not names_group(text)
            group = "" if is_written else text
            if is_written:
                yield text
            continue
        is_written, before = True, None
        texts = [group] if group else []
        texts += [_labelled(cell, row, labels) for cell in cells]
        yield CELLS.join(texts)
    if not is_written:
        yield group


def names_group(text: str) -> bool:
    """Whether a row of one cell names the rows below it: no sentence, nor a label with a value."""
    return (
        len(text) <= _LONGEST_GROUP
        and not text.endswith((".", ";"))
        and not _LABEL_AND_VALUE.match(text)
    )


def _labelled(cell: Cell, row: Sequence[Cell], labels: Sequence[str]) -> str:
    column = next(number for number, other in enumerate(row) if other is cell)
    label = labels[column] if column < len(labels) else ""
    return f"{label}{_LABEL}{cell.text}" if label and label != cell.text else cell.text


def _distinct(row: Sequence[Cell]) -> list[Cell]:
    """Return the cells of a row that are not empty, a merged one once."""
    seen: dict[int, Cell] = {id(cell): cell for cell in row if cell.text}
    return list(seen.values())
