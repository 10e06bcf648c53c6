"""Tells which parts of lines on a page stand in columns, and whether these are columns of text.

Columns that are no text are those of a `Table`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, takewhile
from statistics import median

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.lines import Line
from embeddings.readers.pdf.marks import BOXES, is_item, label_of

_ROW = 0.45
"""Share of the font size by which the baselines of a row may differ."""
STRIP = 5.0
"""Least points of white between columns."""
LEAST_ROWS = 3
FULL_LETTERS = 25
"""Least characters of a full line."""
_FULL = 0.6
"""Least share of a column's width of a full line; least share of the text of a column in these."""
_PROSE = 0.3
"""Least share of the lines of a column that go on with a small letter."""
_PROSE_LETTERS = 12
_GUTTER = 8.0
"""Least points of white between two columns of a page."""
_SMALL = 0.95
"""Share of the usual font size, below which notes are printed."""
_HALF = 0.38
"""Least share of the width of two columns of a page that the narrower has."""
_LEAST_APART, _MOST_BESIDE = 5, 0.5
"""Least lines of columns that are side by side by chance, and the largest share of them that are at
the height of a line of another."""
_LEAST_BOX = 4
"""Least lines of a box beside text; fewer are a name in the margin."""
_MOSTLY = 0.6
"""Least share of the lines of a column that have labels, in which nothing else is expected."""
_NARROW = 0.8
"""Largest width of a box beside text, as a share of that of the text."""


@dataclass(frozen=True)
class TableCell:
    """The lines of a cell, how many rows and columns it covers, and whether it is a label."""

    lines: tuple[Line, ...]
    rows: int = 1
    columns: int = 1
    is_header: bool = False

    @property
    def is_label(self) -> bool:
        """Whether it is a cell of a header, by its place or in bold."""
        return self.is_header or (bool(self.lines) and all(line.bold for line in self.lines))


@dataclass(frozen=True)
class Table:
    """The rows of a table; a merged cell stands in the first row that it covers.

    Attributes:
        rows: from above.
        edges: where its columns begin, in points.
    """

    rows: tuple[tuple[TableCell, ...], ...]
    edges: tuple[float, ...] = ()

    @property
    def header(self) -> tuple[tuple[TableCell, ...], ...]:
        """The rows of labels at its head; none where none is known as such."""
        filled = ([cell for cell in row if cell.lines] for row in self.rows)
        marked = takewhile(lambda row: all(cell.is_label for cell in row), islice(filled, 3))
        return self.rows[: len(list(marked))]

    @property
    def lines(self) -> Iterator[Line]:
        """All lines in it."""
        return (line for row in self.rows for cell in row for line in cell.lines)


@dataclass(frozen=True)
class Part:
    """A line or a part of one, which of the page's lines it is of, or the table that it begins."""

    line: Line
    number: int
    table: Table | None = None


def rows_of(parts: Sequence[Part]) -> list[list[Part]]:
    """Return what stands side by side, from above."""
    rows: list[list[Part]] = []
    for part in sorted(parts, key=lambda part: -part.line.base):
        first = rows[-1][0].line if rows else None
        if first and first.base - part.line.base <= _ROW * max(first.size, part.line.size):
            rows[-1].append(part)
        else:
            rows.append([part])
    return [sorted(row, key=lambda part: part.line.left) for row in rows]


def columns_of(parts: Sequence[Part]) -> list[list[Part]]:
    """Divide parts at the strips that nearly none of them crosses."""
    rows = len(rows_of(parts))
    bounds = sorted({part.line.left for part in parts})
    spans = [(part.line.left, part.line.right + STRIP) for part in parts]
    starts = [
        bound
        for number, bound in enumerate(bounds)
        if number == 0 or sum(left < bound - 1 < right for left, right in spans) <= 0.1 * rows
    ]
    columns: list[list[Part]] = [[] for _ in starts]
    for part in parts:
        centre = (part.line.left + part.line.right) / 2
        columns[sum(start <= centre for start in starts) - 1].append(part)
    return [column for column in columns if column]


def usual_size(parts: Sequence[Part]) -> float:
    """Return the font size of most letters."""
    letters: Counter[float] = Counter()
    for part in parts:
        letters[part.line.size] += len(part.line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def margin_of(parts: Sequence[Part]) -> list[Part]:
    """Return the notes beside the text of a page, in smaller type."""
    usual = usual_size(parts)
    text = [part for part in parts if abs(part.line.size - usual) <= (1 - _SMALL) * usual]
    if not text or not _is_full_text(text):
        return []
    left, right = _start(text) - _GUTTER, _end(text) + _GUTTER
    small = [part for part in parts if part.line.size < _SMALL * usual and not part.table]
    notes = [part for part in small if part.line.left >= right or part.line.right <= left]
    own = {id(part) for part in notes}
    beside = {part.number for part in small if id(part) not in own}
    heights = {round(part.line.base) for part in small if id(part) not in own}
    alone = all(
        part.number not in beside
        and heights.isdisjoint(round(part.line.base) + step for step in (-1, 0, 1))
        for part in notes
    )
    return notes if alone and _is_prose(notes) else []  # else names of what stands beside them


def box_of(columns: Sequence[Sequence[Part]], usual: float) -> Sequence[Part]:
    """Return which of two columns is a box beside the text, narrower and in type of its own."""
    if len(columns) != 2:
        return ()
    box, text = sorted(columns, key=lambda column: _end(column) - _start(column))
    heights = {round(part.line.base) + step for part in text for step in (-1, 0, 1)}
    beside = sum(round(part.line.base) in heights for part in box)
    is_box = (
        _end(box) - _start(box) <= _NARROW * (_end(text) - _start(text))
        and abs(usual_size(text) - usual) <= (1 - _SMALL) * usual
        and abs(usual_size(box) - usual) > (1 - _SMALL) * usual
        and len(box) >= _LEAST_BOX
        and beside <= _MOST_BESIDE * len(box)
        and _is_full_text(text)
    )
    return box if is_box else ()


def are_text(columns: Sequence[Sequence[Part]]) -> bool:
    """Whether each column is running text or boxes to tick, or stored apart in full lines."""
    are_boxes = all(part.line.text[0] in BOXES for column in columns for part in column)
    return are_boxes or all(map(_is_prose, columns)) or _are_stored_apart(columns)


def halves(columns: Sequence[Sequence[Part]]) -> tuple[list[Part], ...]:
    """Return what stands left and right of the widest strip, if these are the columns of a page.

    They may hold a table each, or text with hanging numbers, where the file has one after the other
    and one of them is text, or where both are text with hanging numbers.
    """
    sides = [
        (list(chain(*columns[:number])), list(chain(*columns[number:])))
        for number in range(1, len(columns))
    ]
    left, right = max(sides, key=lambda pair: _start(pair[1]) - _end(pair[0]))
    whole = _end(right) - _start(left)
    if min(_end(left) - _start(left), _end(right) - _start(right)) < _HALF * whole:
        return ()
    first, second = sorted((left, right), key=lambda side: min(part.number for part in side))
    if max(part.number for part in first) < min(part.number for part in second):
        is_text = _is_text(left) or _is_text(right)
    else:
        is_text = all(_hangs(side) and _is_text(side) for side in (left, right))
    return (left, right) if is_text and _start(right) - _end(left) >= _GUTTER else ()


def _start(parts: Sequence[Part]) -> float:
    return min(part.line.left for part in parts)


def _end(parts: Sequence[Part]) -> float:
    return max(part.line.right for part in parts)


def _is_text(parts: Sequence[Part]) -> bool:
    """Whether the lines of a column, with what hangs before them, are full lines of text."""
    rows = [_joined(row) for row in rows_of(parts)]
    return _is_full_text(rows)


def _joined(row: Sequence[Part]) -> Part:
    text, right = " ".join(part.line.text for part in row), _end(row)
    return replace(row[0], line=replace(row[0].line, text=text, right=right))


def _hangs(parts: Sequence[Part]) -> bool:
    """Whether the numbers of items stand left of a text."""
    numbers = [row[0].line.text for row in rows_of(parts) if len(row) == 2]
    return len(numbers) >= LEAST_ROWS and all(is_item(f"{text} x") for text in numbers)


def _is_prose(column: Sequence[Part]) -> bool:
    """Whether lines below each other are running text, rather than cells."""
    if not column:
        return False
    texts = [part.line.text for part in sorted(column, key=lambda part: -part.line.base)]
    goes_on = sum(
        following[:1].islower() and not ends_sentence(text) for text, following in pairwise(texts)
    )
    letters = median(map(len, texts))
    is_long = len(texts) >= LEAST_ROWS and letters >= _PROSE_LETTERS
    return is_long and goes_on >= _PROSE * len(texts)


def _are_stored_apart(columns: Sequence[Sequence[Part]]) -> bool:
    """Whether the file has one column after the other, and most text of each is in full lines."""
    ends = [(min(p.number for p in column), max(p.number for p in column)) for column in columns]
    return all(before[1] < after[0] for before, after in pairwise(ends)) and all(
        _is_full_text(column) for column in columns
    )


def share_no_lines(columns: Sequence[Sequence[Part]]) -> bool:
    """Whether few lines of each column stand at the height of a line of another."""
    heights = [{round(part.line.base) for part in column} for column in columns]
    for number, own in enumerate(heights):
        others = {*chain(*heights[:number], *heights[number + 1 :])}
        beside = sum(not others.isdisjoint((base - 1, base, base + 1)) for base in own)
        if len(own) < _LEAST_APART or beside > _MOST_BESIDE * len(own):
            return False
    return True


def has_labels(columns: Sequence[Sequence[Part]]) -> bool:
    """Whether most lines of a column have labels, each its own, as beside an address."""
    for column in columns:
        labels = [label for part in column if (label := label_of(part.line.text))]
        if len(labels) > max(1, _MOSTLY * len(column)) and len(set(labels)) == len(labels):
            return True
    return False


def _is_full_text(column: Sequence[Part]) -> bool:
    """Whether most of a text is in full lines."""
    width = max(part.line.right for part in column) - min(part.line.left for part in column)
    least = _FULL * width
    full = [len(x.line.text) for x in column if x.line.right - x.line.left >= least]
    letters = sum(len(part.line.text) for part in column)
    return len(full) >= LEAST_ROWS and median(full) >= FULL_LETTERS and sum(full) >= _FULL * letters
