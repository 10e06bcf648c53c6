"""Puts what is printed on a page in the order of reading: columns, tables, and the rest.

Lines stay in the order of the file, except where a white strip goes down through several rows. What
stands beside such a strip are columns of text, which are read one after the other, or a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise
from statistics import median

from embeddings.readers.pdf.cells import Row, cells_of, have_one_row, rows_in
from embeddings.readers.pdf.columns import (
    LEAST_ROWS,
    STRIP,
    Part,
    Table,
    TableCell,
    are_text,
    box_of,
    columns_of,
    halves,
    has_labels,
    margin_of,
    rows_of,
    share_no_lines,
    usual_size,
)
from embeddings.readers.pdf.drawn import Field, Rule
from embeddings.readers.pdf.grids import (
    MOST_LABELS,
    header_above,
    header_of,
    ladders,
    ruled_tables,
)
from embeddings.readers.pdf.lines import Line, Page
from embeddings.readers.pdf.marks import LEADER, is_item

Block = tuple[Line, ...] | Table
"""Lines of running text, or a table."""

_GAP = 8.0
"""Least points between the parts of a row that may be columns."""
_MOST_ONE_SIDED = 12
"""Rows on one side of a strip without any on the other."""
_DIRECTLY = 4.0
"""Share of the font size between two rows of the same columns."""
_LONGEST_CELL = 70
_LONGEST_ROW = 900
"""Characters of a row; in a table with longer ones each cell is a text of its own."""
_FILLED = 0.5
_SMALLER = 0.9
"""Share of the font size of what a form is filled in with, below which its labels are printed."""
_TICK = "✓"


def blocks(page: Page) -> tuple[list[Block], list[Block]]:
    """Return the text of a page in the order of reading, and the boxes and notes beside it."""
    lines = with_fields(page.lines, page.fields)
    parts = [
        Part(part, number) for number, line in enumerate(lines) for part in (line.parts or (line,))
    ]
    inside: dict[int, Table | None] = {}
    for table, members in ruled_tables([part.line for part in parts], page.rules):
        inside |= dict.fromkeys(members) | {_first(members, parts): table}
    for table, cells in _lined_tables(
        [part for number, part in enumerate(parts) if number not in inside], page.rules
    ):
        own = {id(part) for part in cells}
        members = [number for number, part in enumerate(parts) if id(part) in own]
        inside |= dict.fromkeys(members) | {_first(members, parts): table}
    parts = [
        _placed(part, inside[number]) if number in inside else part
        for number, part in enumerate(parts)
        if inside.get(number, part)
    ]
    notes = margin_of(parts)
    beside = {id(part) for part in notes}
    text = [part for part in parts if id(part) not in beside]
    order = _Order(lines, usual_size(text))
    found = list(order.blocks(text))
    aside = [block for box in (*order.boxes, notes) for block in order.blocks(box)]
    return found, aside


def _first(members: Sequence[int], parts: Sequence[Part]) -> int:
    """Return which of some parts stands first on the page; the file may have it later."""
    return min(members, key=lambda n: (-parts[n].line.base, parts[n].line.left))


def _placed(part: Part, table: Table | None) -> Part:
    """Let a part stand for a table, as wide as it is."""
    lines = list(table.lines) if table else [part.line]
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return replace(part, line=replace(part.line, left=left, right=right), table=table)


def with_fields(lines: Sequence[Line], fields: Sequence[Field]) -> tuple[Line, ...]:
    """Write what a form is filled in with beside its labels."""
    filled = list(lines)
    for field in fields:
        left, bottom, right, top = field.box
        label = _label(filled, field)
        if label is None:
            base = bottom + 0.25 * min(top - bottom, 14)
            text = field.text or _TICK
            size = min(top - bottom, 10.0)
            filled.append(Line(text, left, right, base, size, bold=False, filled=True))
            continue
        line = filled[label]
        name = line.text.rstrip(" :_.…")
        text = f"{name}: {field.text}" if field.text else f"{_TICK} {line.text}"
        filled[label] = replace(
            line, text=text, right=max(line.right, right), parts=(), filled=True
        )
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


class _Order:
    """Puts parts in the order of reading.

    Attributes:
        boxes: what stands in boxes beside the text, found by `blocks`, and not yielded by it.
    """

    def __init__(self, lines: Sequence[Line], usual: float) -> None:
        self._lines = lines
        self._usual = usual
        self.boxes: list[Sequence[Part]] = []

    def blocks(self, parts: Sequence[Part]) -> Iterator[Block]:
        rows = rows_of(parts)
        start = 0
        pending: list[Part] = []
        while start < len(rows):
            gaps = list(_gaps(rows[start]))
            ends = {
                max((_extent(rows, start, gap, most) for gap in gaps), default=0)
                for most in (len(rows), _MOST_ONE_SIDED)
            }
            found: list[Block] = []
            for end in sorted(ends - {0}, reverse=True):
                inside = list(chain(*rows[start:end]))
                late = _late(pending, inside)
                found = list(self._columns_of_text([*late, *inside]))
                if found:
                    pending = [part for part in pending if part not in late]
                    break
            if not found and (end := min(ends)):
                found = list(self._columns_or_table(list(chain(*rows[start:end]))))
            if found:
                yield from self._as_in_file(pending)
                pending = []
                yield from found
                start = end
            else:
                pending += rows[start]
                start += 1
        yield from self._as_in_file(pending)

    def _as_in_file(self, parts: Sequence[Part]) -> Iterator[Block]:
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
            whole = len(texts) == max(1, len(self._lines[number].parts))
            run += [self._lines[number]] if whole else texts
        if run:
            yield tuple(run)

    def _columns_of_text(self, parts: Sequence[Part]) -> Iterator[Block]:
        """Yield columns of text, one after the other; nothing where there are none."""
        columns = columns_of(parts)
        if len(columns) < 2:
            return
        if box := box_of(columns, self._usual):
            self.boxes.append(box)
            yield from self.blocks(next(column for column in columns if column is not box))
            return
        for column in columns if are_text(columns) else halves(columns):
            yield from self.blocks(column)

    def _columns_or_table(self, parts: Sequence[Part]) -> Iterator[Block]:
        """Yield columns that are beside each other by chance, a form or a table, if it is one."""
        columns = columns_of(parts)
        if len(columns) < 2:
            return
        if share_no_lines(columns) or has_labels(columns):
            for column in columns:
                yield from self.blocks(column)
            return
        rows = [] if any(part.table for part in parts) else rows_in(parts, columns)
        if form := tuple(_filled_in(rows)):
            yield form
        elif rows and (table := _checked(rows, columns)):
            yield table


def _late(above: Sequence[Part], inside: Sequence[Part]) -> list[Part]:
    """Return what stands directly above columns, and belongs to a later one of them.

    The file has it after the beginning of the first column, and none of it is as wide as two.
    """
    first = min(part.number for part in inside)
    height = max(part.line.base for part in inside)
    starts: list[float] = []
    late: list[Part] = []
    for row in reversed(rows_of([part for part in above if part.number > first])):
        if row[0].line.base - height > _DIRECTLY * row[0].line.size:
            break
        starts = starts or [min(part.line.left for part in column) for column in columns_of(inside)]
        if any(part.line.left < start - 1 < part.line.right for part in row for start in starts):
            break
        late += row
        height = row[0].line.base
    return late


def _cells_apart(table: Table) -> Iterator[Block]:
    """Yield a table, or the text of each of its cells where they are too long for rows."""
    lengths = (sum(len(line.text) for cell in row for line in cell.lines) for row in table.rows)
    if max(lengths) <= _LONGEST_ROW:
        yield table
    else:
        yield from (cell.lines for row in table.rows for cell in row if cell.lines)


def _gaps(row: Sequence[Part]) -> Iterator[tuple[float, float]]:
    for number, (one, other) in enumerate(pairwise(row)):
        left, right = one.line, other.line
        is_marker = number == 0 and is_item(f"{left.text} x") and " " not in left.text
        if right.left - left.right >= max(_GAP, 0.9 * left.size) and not is_marker:
            yield left.right, right.left


def _extent(rows: Sequence[Sequence[Part]], start: int, gap: tuple[float, float], most: int) -> int:
    """Return the row after the last beside a white strip that begins in a row; 0 without one.

    On one side of it no more than `most` rows may stand without any on the other.
    """
    both, end, last = 0, 0, start
    for number in range(start, len(rows)):
        before, row = rows[max(number - 1, start)][0].line, rows[number]
        if before.base - row[0].line.base > _DIRECTLY * max(before.size, row[0].line.size):
            break
        narrowed = _narrowed(gap, row)
        if narrowed is None or number - last > most:
            break
        if {part.line.left >= narrowed[1] - 1 for part in row} == {False, True}:
            gap, both, end, last = narrowed, both + 1, number + 1, number
        elif end and before.base - row[0].line.base > 2 * before.size:
            break
        else:
            gap = narrowed
            end = end if number - last > _MOST_ONE_SIDED else number + 1
    return end if both >= LEAST_ROWS else 0


def _narrowed(gap: tuple[float, float], row: Sequence[Part]) -> tuple[float, float] | None:
    """Return what a row leaves of a white strip; None where it closes it."""
    start, end = gap
    middle = (start + end) / 2
    for part in row:
        line = part.line
        if (line.left + line.right) / 2 < middle:
            start = max(start, line.right)
        else:
            end = min(end, line.left)
    return (start, end) if end - start >= STRIP else None


def _filled_in(rows: Sequence[Row]) -> Iterator[Line]:
    """Yield what a form says, where every other row has labels in smaller type or in bold."""
    pairs = list(zip(rows[::2], rows[1::2], strict=False))
    if len(rows) % 2 or len(pairs) < 2 or not all(_are_labels(*pair) for pair in pairs):
        return
    for label, value in chain(*(zip(*pair, strict=True) for pair in pairs)):
        if label:
            text = ": ".join(
                " ".join(line.text for line in cell) for cell in (label, value) if cell
            )
            yield replace(label[0], text=text, filled=True)


def _are_labels(above: Row, below: Row) -> bool:
    """Whether the cells of a row name what stands below them."""
    cells = [
        (label[0], value[0]) for label, value in zip(above, below, strict=True) if value and label
    ]
    return all(label or not value for label, value in zip(above, below, strict=True)) and (
        all(label.size < _SMALLER * value.size for label, value in cells)
        or (
            all(label.bold and not value.bold for label, value in cells)
            and not any(char.isdigit() for label, _ in cells for char in label.text)
        )
    )


def _checked(
    rows: Sequence[Row],
    columns: Sequence[Sequence[Part]],
    header: Sequence[tuple[TableCell, ...]] = (),
    *,
    is_lined: bool = False,
) -> Table | None:
    """Return rows as a table; None where they are contents, a form or a text."""
    texts = [line.text for row in rows for cell in row for line in cell]
    wordless = sum(not any(map(str.isalnum, text)) for text in texts)
    led = sum(any(LEADER.search(line.text) for cell in row for line in cell) for row in rows)
    filled = sum(bool(cell) for row in rows for cell in row)
    labels = sum(row[0][-1].text.endswith(":") for row in rows if row[0])
    if (
        len(rows) + len(header) < LEAST_ROWS
        or filled < _FILLED * len(rows) * len(columns)
        or median(map(len, texts)) > _LONGEST_CELL
        or 2 * labels > len(rows)
        or 3 * wordless > len(texts)
        or 2 * led > len(rows)
        or _is_contents([row[-1] for row in rows])
    ):
        return None
    cells = (tuple(_row_cells(row, is_group=is_lined)) for row in rows)
    edges = tuple(min(part.line.left for part in column) for column in columns)
    return Table((*header, *cells), edges)


def _row_cells(row: Row, *, is_group: bool) -> Iterator[TableCell]:
    """Yield the cells of a row; one alone between lines names the rows below it."""
    if is_group and len(row[0]) == 1 and not any(row[1:]):
        yield TableCell(tuple(row[0]), columns=len(row))
    else:
        yield from (TableCell(tuple(cell)) for cell in row)


def _lined_tables(
    parts: Sequence[Part], rules: Sequence[Rule]
) -> Iterator[tuple[Table, list[Part]]]:
    """Yield the tables with lines across only, and the parts that stand in each, no part twice.

    Where the lines stand between the rows, these are known by them; else they end the header.
    """
    left = list(parts)
    for ladder in sorted(ladders(rules, parts), key=lambda ladder: -ladder.area):
        bands = list(ladder.bands(left))
        if sum(map(len, bands)) < sum(map(len, ladder.bands(parts))):
            continue  # in a larger table
        above = bands.pop(0) if ladder.heads and len(rows_of(bands[0])) <= MOST_LABELS else []
        body = list(chain(*bands))
        columns = columns_of(body) if body else []
        if len(columns) < 2 or are_text(columns):
            continue
        above = above or header_above(left, ladder, columns, rules)
        rows = [cells_of(band, columns) for band in bands]
        is_lined = have_one_row(rows, columns, ladder.right)
        if not is_lined:
            rows = [row for band in bands for row in rows_in(band, columns)]
        header = header_of(above, columns, ladder.short)
        table = _checked(rows, columns, header, is_lined=is_lined)
        if table:
            own = {id(part) for part in (*above, *body)}
            left = [part for part in left if id(part) not in own]
            yield table, [*above, *body]


def _is_contents(cells: Sequence[Sequence[Line]]) -> bool:
    """Whether the last cells of rows are the page numbers of a table of contents."""
    texts = [cell[-1].text for cell in cells if cell]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 5]
    return len(numbers) > max(4, len(texts) / 2) and numbers == sorted(numbers)
