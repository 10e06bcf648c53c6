"""Puts what is printed on a page in the order of reading: columns, tables, and the rest.

Lines stay in the order of the file, except where a white strip goes down through several rows. What
stands beside such a strip are columns of text, which are read one after the other, or a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from statistics import median

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.drawn import Field
from embeddings.readers.pdf.grids import Table, TableCell, ruled_tables
from embeddings.readers.pdf.lines import Line, Page, first_word_width
from embeddings.readers.pdf.marks import LEADER, is_item

Block = tuple[Line, ...] | Table
"""Lines of running text, or a table."""

_ROW = 0.45
"""Share of the font size by which the baselines of a row may differ."""
_GAP = 8.0
"""Least points between the parts of a row that may be columns."""
_STRIP = 5.0
"""Least points of white between columns."""
_LEAST_ROWS = 3
_MOST_ONE_SIDED = 12
"""Rows on one side of a strip without any on the other."""
_LONGEST_CELL = 70
_LONGEST_ROW = 900
"""Characters of a row; in a table with longer ones each cell is a text of its own."""
_FILLED = 0.5
_PROSE = 0.3
"""Least share of the lines of a column that go on with a small letter."""
_PROSE_LETTERS = 12
_FULL, _FULL_LETTERS = 0.6, 25
"""Least share of a column's width, and least characters, of a full line; least share of the text
of a column in full lines."""
_LEAST_APART, _MOST_BESIDE = 5, 0.5
"""Least lines of columns that are side by side by chance, and the largest share of them that are at
the height of a line of another."""
_TICK = "✓"


@dataclass(frozen=True)
class _Part:
    """A line or a part of one, which of the page's lines it is of, or the table that it begins."""

    line: Line
    number: int
    table: Table | None = None


def blocks(page: Page) -> list[Block]:
    """Return what is on a page in the order of reading."""
    lines = with_fields(page.lines, page.fields)
    parts = [
        _Part(part, number) for number, line in enumerate(lines) for part in (line.parts or (line,))
    ]
    inside: dict[int, Table | None] = {}
    for table, members in ruled_tables([part.line for part in parts], page.rules):
        inside |= dict.fromkeys(members) | {members[0]: table}
    parts = [
        replace(part, table=inside.get(number))
        for number, part in enumerate(parts)
        if inside.get(number, part)
    ]
    return list(_ordered(parts, lines))


def with_fields(lines: Sequence[Line], fields: Sequence[Field]) -> tuple[Line, ...]:
    """Write what a form is filled in with beside its labels."""
    filled = list(lines)
    for field in fields:
        left, bottom, right, top = field.box
        label = _label(filled, field)
        if label is None:
            base = bottom + 0.25 * min(top - bottom, 14)
            text = field.text or _TICK
            filled.append(Line(text, left, right, base, min(top - bottom, 10.0), bold=False))
            continue
        line = filled[label]
        name = line.text.rstrip(" :_.…")
        text = f"{name}: {field.text}" if field.text else f"{_TICK} {line.text}"
        filled[label] = replace(line, text=text, right=max(line.right, right), parts=())
    return tuple(filled)


def _label(lines: Sequence[Line], field: Field) -> int | None:
    """Return the line that is the label: left of a text or right of a tick, else above."""
    left, bottom, right, top = field.box
    beside = [
        (abs(left - line.right if field.text else line.left - right), number)
        for number, line in enumerate(lines)
        if bottom - 3 <= line.base + 0.3 * line.size <= top + 3
        and (line.right <= left + 5 if field.text else line.left >= right - 5)
    ]
    above = [
        (line.base - top, number)
        for number, line in enumerate(lines)
        if 0 <= line.base - top + 3 <= 16 and line.left < right and line.right > left
    ]
    nearest = min(beside or (above if field.text else []), default=None)
    return nearest[1] if nearest else None


def _ordered(parts: Sequence[_Part], lines: Sequence[Line]) -> Iterator[Block]:
    rows = _rows(parts)
    start = 0
    pending: list[_Part] = []
    while start < len(rows):
        end = max((_extent(rows, start, gap) for gap in _gaps(rows[start])), default=0)
        region = [part for row in rows[start:end] for part in row]
        found = list(_columns_or_table(region, lines)) if end else []
        if found:
            yield from _as_in_file(pending, lines)
            pending = []
            yield from found
            start = end
        else:
            pending += rows[start]
            start += 1
    yield from _as_in_file(pending, lines)


def _as_in_file(parts: Sequence[_Part], lines: Sequence[Line]) -> Iterator[Block]:
    """Yield lines in the order of the file, whole where all of their parts are there."""
    run: list[Line] = []
    ordered = sorted(parts, key=lambda part: part.number)
    for number, group in groupby(ordered, key=lambda part: part.number):
        members = list(group)
        for part in members:
            if part.table:
                if run:
                    yield tuple(run)
                run = []
                yield from _cells_apart(part.table)
        texts = [part.line for part in members if not part.table]
        whole = len(texts) == max(1, len(lines[number].parts))
        run += [lines[number]] if whole else texts
    if run:
        yield tuple(run)


def _cells_apart(table: Table) -> Iterator[Block]:
    """Yield a table, or the text of each of its cells where they are too long for rows."""
    lengths = (sum(len(line.text) for cell in row for line in cell.lines) for row in table.rows)
    if max(lengths) <= _LONGEST_ROW:
        yield table
    else:
        yield from (cell.lines for row in table.rows for cell in row if cell.lines)


def _rows(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Return what stands side by side, from above."""
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda part: -part.line.base):
        first = rows[-1][0].line if rows else None
        if first and first.base - part.line.base <= _ROW * max(first.size, part.line.size):
            rows[-1].append(part)
        else:
            rows.append([part])
    return [sorted(row, key=lambda part: part.line.left) for row in rows]


def _gaps(row: Sequence[_Part]) -> Iterator[tuple[float, float]]:
    for number, (one, other) in enumerate(pairwise(row)):
        left, right = one.line, other.line
        is_marker = number == 0 and is_item(f"{left.text} x") and " " not in left.text
        if right.left - left.right >= max(_GAP, 0.9 * left.size) and not is_marker:
            yield left.right, right.left


def _extent(rows: Sequence[Sequence[_Part]], start: int, gap: tuple[float, float]) -> int:
    """Return the row after the last beside a white strip that begins in a row; 0 without one."""
    both, end, last = 0, 0, start
    for number in range(start, len(rows)):
        before, row = rows[max(number - 1, start)][0].line, rows[number]
        if before.base - row[0].line.base > 4 * max(before.size, row[0].line.size):
            break
        narrowed = _narrowed(gap, row)
        if narrowed is None or number - last > _MOST_ONE_SIDED:
            break
        if {part.line.left >= narrowed[1] - 1 for part in row} == {False, True}:
            gap, both, end, last = narrowed, both + 1, number + 1, number
        elif end and before.base - row[0].line.base > 2 * before.size:
            break
        else:
            gap, end = narrowed, number + 1
    return end if both >= _LEAST_ROWS else 0


def _narrowed(gap: tuple[float, float], row: Sequence[_Part]) -> tuple[float, float] | None:
    """Return what a row leaves of a white strip; None where it closes it."""
    start, end = gap
    middle = (start + end) / 2
    for part in row:
        line = part.line
        if (line.left + line.right) / 2 < middle:
            start = max(start, line.right)
        else:
            end = min(end, line.left)
    return (start, end) if end - start >= _STRIP else None


def _columns_or_table(parts: Sequence[_Part], lines: Sequence[Line]) -> Iterator[Block]:
    """Yield columns of text or a table; nothing where it is neither."""
    if any(part.table for part in parts):
        return
    columns = _columns(parts)
    if len(columns) < 2:
        return
    if all(map(_is_prose, columns)) or _are_stored_apart(columns) or _share_no_lines(columns):
        for column in columns:
            yield from _ordered(column, lines)
    else:
        table = _table(parts, columns)
        if table:
            yield table


def _columns(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Divide parts at the strips that nearly none of them crosses."""
    rows = len(_rows(parts))
    bounds = sorted({part.line.left for part in parts})
    starts = [bounds[0]]
    for bound in bounds[1:]:
        crossing = sum(part.line.left < bound - 1 < part.line.right + _STRIP for part in parts)
        near = [part for part in parts if abs(part.line.left - bound) < 1]
        if crossing <= 0.1 * rows and (near or crossing == 0):
            starts.append(bound)
    columns: list[list[_Part]] = [[] for _ in starts]
    for part in parts:
        centre = (part.line.left + part.line.right) / 2
        columns[sum(start <= centre for start in starts) - 1].append(part)
    return [column for column in columns if column]


def _is_prose(column: Sequence[_Part]) -> bool:
    """Whether lines below each other are running text, rather than cells."""
    texts = [part.line.text for part in sorted(column, key=lambda part: -part.line.base)]
    goes_on = sum(
        following[:1].islower() and not ends_sentence(text) for text, following in pairwise(texts)
    )
    letters = median(map(len, texts))
    is_long = len(texts) >= _LEAST_ROWS and letters >= _PROSE_LETTERS
    return is_long and goes_on >= _PROSE * len(texts)


def _are_stored_apart(columns: Sequence[Sequence[_Part]]) -> bool:
    """Whether the file has one column after the other, and most text of each is in full lines."""
    ends = [(min(p.number for p in column), max(p.number for p in column)) for column in columns]
    return all(before[1] < after[0] for before, after in pairwise(ends)) and all(
        _is_full_text(column) for column in columns
    )


def _share_no_lines(columns: Sequence[Sequence[_Part]]) -> bool:
    """Whether few lines of each column stand at the height of a line of another."""
    heights = [{round(part.line.base) for part in column} for column in columns]
    for number, own in enumerate(heights):
        others = {*chain(*heights[:number], *heights[number + 1 :])}
        beside = sum(not others.isdisjoint((base - 1, base, base + 1)) for base in own)
        if len(own) < _LEAST_APART or beside > _MOST_BESIDE * len(own):
            return False
    return True


def _is_full_text(column: Sequence[_Part]) -> bool:
    width = max(part.line.right for part in column) - min(part.line.left for part in column)
    least = _FULL * width
    full = [len(x.line.text) for x in column if x.line.right - x.line.left >= least]
    letters = sum(len(part.line.text) for part in column)
    return (
        len(full) >= _LEAST_ROWS and median(full) >= _FULL_LETTERS and sum(full) >= _FULL * letters
    )


def _table(parts: Sequence[_Part], columns: Sequence[Sequence[_Part]]) -> Table | None:
    column_of = {id(part): number for number, column in enumerate(columns) for part in column}
    longest = max(range(len(columns)), key=lambda n: median(len(p.line.text) for p in columns[n]))
    edge = max(part.line.right for part in columns[longest])
    rows: list[list[list[Line]]] = []
    for row in _rows(parts):
        cells: list[list[Line]] = [[] for _ in columns]
        for part in row:
            cells[column_of[id(part)]].append(part.line)
        if rows and (
            (not cells[0] and rows[-1][0] and _goes_on(rows[-1], cells))
            or (
                not _is_alike(rows[-1], cells)
                and _wraps(rows[-1][longest], cells[longest], edge, is_new=bool(cells[0]))
            )
        ):
            for above, cell in zip(rows[-1], cells, strict=True):
                above += cell
        else:
            rows.append(cells)
    texts = [line.text for row in rows for cell in row for line in cell]
    wordless = sum(
        LEADER.search(text) is not None or not any(map(str.isalnum, text)) for text in texts
    )
    filled = sum(bool(cell) for row in rows for cell in row)
    labels = sum(row[0][-1].text.endswith(":") for row in rows if row[0])
    if (
        len(rows) < _LEAST_ROWS
        or filled < _FILLED * len(rows) * len(columns)
        or median(map(len, texts)) > _LONGEST_CELL
        or 2 * labels > len(rows)
        or 3 * wordless > len(texts)
        or _is_contents([row[-1] for row in rows])
    ):
        return None
    return Table(
        tuple(tuple(TableCell(tuple(cell)) for cell in row) for row in rows),
        tuple(min(part.line.left for part in column) for column in columns),
    )


def _is_alike(above: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether both rows lack their first cell and have the same others, two or more."""
    filled = [bool(cell) for cell in cells]
    return not filled[0] and sum(filled) > 1 and filled == [bool(cell) for cell in above]


def _wraps(above: Sequence[Line], cell: Sequence[Line], edge: float, *, is_new: bool) -> bool:
    """Whether the text of a cell goes on in the row below, because there is no space left."""
    if not above or not cell or len(above[-1].text) < _FULL_LETTERS:
        return False
    before, line = above[-1], cell[0]
    is_full = before.right + first_word_width(line) > edge
    is_open = before.text.endswith(("-", "‐", ",")) or line.text[:1].islower()
    return is_full and (is_open or not is_new) and not ends_sentence(before.text)


def _is_contents(cells: Sequence[Sequence[Line]]) -> bool:
    """Whether the last cells of rows are the page numbers of a table of contents."""
    texts = [cell[-1].text for cell in cells if cell]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 5]
    return len(numbers) > max(4, len(texts) / 2) and numbers == sorted(numbers)


def _goes_on(above: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether a row without its first cell continues the cells of the row above."""
    return all(
        not cell or (before and cell[0].text[:1].islower())
        for before, cell in zip(above, cells, strict=True)
    )
