"""Tables with drawn lines: their cells, also merged ones, and the text that stands in each.

Where all lines are across, they tell the header and the rows; see `Ladder`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from embeddings.readers.pdf.cells import Area, Areas, split
from embeddings.readers.pdf.columns import Part, Table, TableCell, rows_of
from embeddings.readers.pdf.drawn import Rule
from embeddings.readers.pdf.lines import Line
from embeddings.readers.pdf.marks import label_of

_NEAR = 3.0
"""Points by which lines that meet may miss each other."""
_MOST_MEETINGS = 250_000
_MOST_CELLS = 5_000
_FILLED = 0.3
"""Least share of the cells of a table that hold text; a drawing has fewer."""
_MOST_CROSSED = 0.15
_SHORTEST_ROW = 100.0
"""Points of a line between rows."""
_SENTENCE = 0.6
"""Share of the width of a table, above which a line of text is no cell of it."""
_LARGER = 1.05
MOST_LABELS = 3
"""Rows of a header."""
_LEAD = 2.2
"""Share of the font size between a line of text and what is below it in the same header."""


def ruled_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> Iterator[tuple[Table, list[int]]]:
    """Yield each table with drawn lines, and which of the lines of text stand in it."""
    across = _merged([rule for rule in rules if rule.is_across])
    down = _merged([rule for rule in rules if not rule.is_across])
    if len(across) * len(down) > _MOST_MEETINGS:
        return
    for part in _connected(across, down):
        grid = _Grid(part)
        if grid.is_table:
            members = [number for number, line in enumerate(lines) if grid.place(line)]
            table = grid.table([lines[number] for number in members])
            if table:
                yield table, members


@dataclass(frozen=True)
class Ladder:
    """Lines across of the same length below each other, as above and below the rows of a table.

    Attributes:
        left, right: where they begin and end.
        heights: from above.
        short: the lines across between them that are shorter.
    """

    left: float
    right: float
    heights: tuple[float, ...]
    short: tuple[Rule, ...]

    def bands(self, parts: Sequence[Part]) -> Iterator[list[Part]]:
        """Yield what stands between each two lines."""
        inside = [
            part
            for part in parts
            if self.left - _NEAR <= part.line.left and part.line.right <= self.right + _NEAR
        ]
        for high, low in pairwise(self.heights):
            yield [part for part in inside if low < part.line.base < high]

    @property
    def area(self) -> float:
        """How large it is."""
        return (self.right - self.left) * (self.heights[0] - self.heights[-1])

    @property
    def heads(self) -> bool:
        """Whether the header is between the first lines: of three, or with short lines in it."""
        high, low = self.heights[:2]
        has_short = any(low + _NEAR < rule.at < high - _NEAR for rule in self.short)
        return len(self.heights) == 3 or has_short

    def tables(self, parts: Sequence[Part]) -> Iterator["Ladder"]:
        """Yield the runs of three lines or more with nothing but cells between them."""
        run = self.heights[:1]
        for band, height in zip(self.bands(parts), self.heights[1:], strict=True):
            if self._has_cells(band):
                run += (height,)
                continue
            yield replace(self, heights=run)
            run = (height,)
        yield replace(self, heights=run)

    def _has_cells(self, band: Sequence[Part]) -> bool:
        rows = rows_of(band)
        width = _SENTENCE * (self.right - self.left)
        lines = [row[0].line for row in rows]
        is_headed = (
            len(lines) > 1
            and len(rows[0]) == 1
            and (lines[0].bold or lines[0].size > _LARGER * lines[1].size)
        )
        return (
            bool(rows)
            and not is_headed
            and not any(
                len(row) == 1 and row[0].line.right - row[0].line.left > width for row in rows
            )
        )


def ladders(rules: Sequence[Rule], parts: Sequence[Part]) -> Iterator[Ladder]:
    """Yield the lines across of the same length with cells between them, three or more."""
    across = _merged([rule for rule in rules if rule.is_across])
    down = [rule for rule in rules if not rule.is_across]
    alike: dict[tuple[int, int], list[Rule]] = {}
    for rule in across:
        if rule.end - rule.start >= _SHORTEST_ROW:
            near = (
                key
                for key in alike
                if abs(key[0] - rule.start) <= _NEAR and abs(key[1] - rule.end) <= _NEAR
            )
            alike.setdefault(next(near, (round(rule.start), round(rule.end))), []).append(rule)
    for (left, right), same in alike.items():
        heights = tuple(sorted((rule.at for rule in same), reverse=True))
        inside = [
            rule for rule in across if left - _NEAR <= rule.start and rule.end <= right + _NEAR
        ]
        short = tuple(rule for rule in inside if rule.end - rule.start < right - left - 2 * _NEAR)
        for ladder in Ladder(left, right, heights, short).tables(parts):
            crossed = any(
                left - _NEAR < rule.at < right + _NEAR
                and rule.start < ladder.heights[0]
                and rule.end > ladder.heights[-1]
                for rule in down
            )
            if len(ladder.heights) > 2 and not crossed:
                yield ladder


def header_above(
    parts: Sequence[Part],
    ladder: Ladder,
    columns: Sequence[Sequence[Part]],
    rules: Sequence[Rule],
) -> list[Part]:
    """Return the rows of labels directly above the first of the lines: one for each column.

    Above a line that is drawn over some of the columns there may be fewer.
    """
    found: list[Part] = []
    height = ladder.heights[0]
    above = [
        part
        for part in parts
        if part.line.base > height
        and ladder.left - _NEAR <= part.line.left
        and part.line.right <= ladder.right + _NEAR
    ]
    middles = [(_ends_of(column)[0] + _ends_of(column)[1]) / 2 for column in columns]
    waiting: list[Part] = []
    for row in list(reversed(rows_of(above)))[:MOST_LABELS]:
        line = row[0].line
        drawn = [rule for rule in rules if rule.is_across and height + 1 < rule.at < line.base]
        over = [rule for rule in drawn if rule.start < ladder.right and rule.end > ladder.left]
        is_group = bool(over) and all(
            rule in ladder.short and not all(rule.start < x < rule.end for x in middles)
            for rule in over
        )
        if (
            len(row) < 2
            or line.base - height > _LEAD * line.size
            or (over and not is_group)
            or any(label_of(part.line.text) or not _has_words(part.line.text) for part in row)
        ):
            break
        waiting += row
        if is_group or len(row) == len(columns):
            found, waiting = [*found, *waiting], []
        height = line.base
    return found


def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text))


def _ends_of(column: Sequence[Part]) -> tuple[float, float]:
    return min(part.line.left for part in column), max(part.line.right for part in column)


def header_of(
    parts: Sequence[Part], columns: Sequence[Sequence[Part]], short: Sequence[Rule]
) -> list[tuple[TableCell, ...]]:
    """Return the rows of a header; a label covers the columns that it, or a line below it, does."""
    ends = list(map(_ends_of, columns))
    rows: list[tuple[TableCell, ...]] = []
    for row in rows_of(parts):
        cells: list[TableCell] = []
        end = 0
        for line, left, right in _covered([part.line for part in row], short):
            covered = [n for n, (start, stop) in enumerate(ends) if start < right and stop > left]
            middle = (left + right) / 2
            nearest = min(range(len(ends)), key=lambda n: abs(sum(ends[n]) / 2 - middle))
            first = max(end, min(covered, default=nearest))
            last = max(first, max(covered, default=nearest))
            if cells and first >= len(ends):  # no column is left for it
                cells[-1] = replace(cells[-1], lines=(*cells[-1].lines, line))
                continue
            cells += [TableCell((), is_header=True) for _ in range(end, first)]
            cells.append(TableCell((line,), 1, last - first + 1, is_header=True))
            end = last + 1
        rows.append(tuple(cells))
    return rows


def _covered(labels: Sequence[Line], short: Sequence[Rule]) -> Iterator[tuple[Line, float, float]]:
    """Yield each label of a row, and where it begins and ends, or the line drawn below it.

    A line below several labels is parted between them.
    """
    for label in labels:
        rules = (rule for rule in short if _is_below(rule, label))
        rule = next(rules, None)
        if rule is None:
            yield label, label.left, label.right
            continue
        same = [other for other in labels if _is_below(rule, other)]
        place = same.index(label)
        bounds = [(one.right + other.left) / 2 for one, other in pairwise(same)]
        bounds = [rule.start, *bounds, rule.end]
        yield label, bounds[place], bounds[place + 1]


def _is_below(rule: Rule, line: Line) -> bool:
    """Whether a rule is drawn below a line of text."""
    middle = (line.left + line.right) / 2
    return rule.start < middle < rule.end and 0 < line.base - rule.at < _LEAD * line.size


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Join the pieces of the same line."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _NEAR), rule.start)):
        last = joined[-1] if joined else None
        if last and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            joined[-1] = Rule(last.at, last.start, max(last.end, rule.end), rule.is_across)
        else:
            joined.append(rule)
    return joined


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[list[Rule]]:
    """Return the groups of lines that meet."""
    group_of = list(range(len(across) + len(down)))

    def root(number: int) -> int:
        while group_of[number] != number:
            group_of[number] = group_of[group_of[number]]
            number = group_of[number]
        return number

    for (one, rule), (other, upright) in product(enumerate(across), enumerate(down)):
        if (
            upright.start - _NEAR <= rule.at <= upright.end + _NEAR
            and rule.start - _NEAR <= upright.at <= rule.end + _NEAR
        ):
            group_of[root(one)] = root(len(across) + other)
    groups: dict[int, list[Rule]] = {}
    for number, rule in enumerate((*across, *down)):
        groups.setdefault(root(number), []).append(rule)
    return [group for group in groups.values() if len(group) > 3]


class _Grid:
    """The places between lines that meet."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        across = [rule for rule in rules if rule.is_across]
        down = [rule for rule in rules if not rule.is_across]
        self._across, self._down = across, down
        self._xs = _apart([*(rule.at for rule in down), *_ends(across)])
        self._ys = _apart([*(rule.at for rule in across), *_ends(down)])

    @property
    def is_table(self) -> bool:
        columns, rows = len(self._xs) - 1, len(self._ys) - 1
        return columns > 1 and rows > 1 and columns * rows <= _MOST_CELLS

    def place(self, line: Line) -> tuple[int, int] | None:
        """Return the row, from below, and the column of a line of text; None outside."""
        x, y = (line.left + line.right) / 2, line.base + 0.3 * line.size
        column, row = bisect_right(self._xs, x) - 1, bisect_right(self._ys, y) - 1
        inside = 0 <= column < len(self._xs) - 1 and 0 <= row < len(self._ys) - 1
        return (row, column) if inside else None

    def table(self, lines: Sequence[Line]) -> Table | None:
        """Return the table with its lines of text; None where it is a drawing."""
        cells = self._cells()
        texts: dict[int, list[Line]] = {}
        crossed = 0
        for line in lines:
            place = self.place(line)
            if place and place in cells:
                number, (left, right) = cells[place]
                texts.setdefault(number, []).append(line)
                crossed += line.left < left - 2 * _NEAR or line.right > right + 2 * _NEAR
        shapes = self._shapes
        if len(texts) < max(3, _FILLED * len(shapes)) or crossed > _MOST_CROSSED * len(lines):
            return None
        areas = [
            Area(texts.get(number, []), self._xs[column], self._xs[column + width])
            for number, (_, column, _, width) in enumerate(shapes)
        ]
        rows = [
            [areas[cells[row, column][0]] for column in range(len(self._xs) - 1)]
            for row in reversed(range(len(self._ys) - 1))
        ]
        rows, edges = split(rows, self._xs)
        return Table(tuple(_table_cells(rows)), tuple(edges))

    def _cells(self) -> dict[tuple[int, int], tuple[int, tuple[float, float]]]:
        """Return for each place which cell covers it, and that cell's left and right edge."""
        taken: dict[tuple[int, int], tuple[int, tuple[float, float]]] = {}
        self._shapes: list[tuple[int, int, int, int]] = []
        for row in reversed(range(len(self._ys) - 1)):
            for column in range(len(self._xs) - 1):
                if (row, column) in taken:
                    continue
                width = height = 1
                while (
                    column + width < len(self._xs) - 1
                    and (row, column + width) not in taken
                    and not self._is_wall(self._down, self._xs[column + width], self._ys, row)
                ):
                    width += 1
                while row - height >= 0 and not self._is_wall(
                    self._across, self._ys[row - height + 1], self._xs, column
                ):
                    height += 1
                edges = self._xs[column], self._xs[column + width]
                for place in product(
                    range(row - height + 1, row + 1), range(column, column + width)
                ):
                    taken.setdefault(place, (len(self._shapes), edges))
                self._shapes.append((row, column, height, width))
        return taken

    @staticmethod
    def _is_wall(rules: Sequence[Rule], at: float, bounds: Sequence[float], number: int) -> bool:
        """Whether a line is drawn beside the place between two bounds."""
        middle = (bounds[number] + bounds[number + 1]) / 2
        return any(
            abs(rule.at - at) <= 2 * _NEAR and rule.start <= middle <= rule.end for rule in rules
        )


def _table_cells(rows: Areas) -> Iterator[tuple[TableCell, ...]]:
    """Yield the cells of each row, a merged one in the first row that it covers."""
    covered = Counter(number for row in rows for number in {id(area) for area in row})
    above: set[int] = set()
    for row in rows:
        own = {id(area): area for area in row if id(area) not in above}
        yield tuple(
            TableCell(
                tuple(sorted(area.lines, key=lambda line: (-line.base, line.left))),
                covered[id(area)],
                sum(other is area for other in row),
            )
            for area in own.values()
        )
        above = {id(area) for area in row}


def _ends(rules: Sequence[Rule]) -> list[float]:
    return [min(rule.start for rule in rules), max(rule.end for rule in rules)] if rules else []


def _apart(places: Sequence[float]) -> list[float]:
    """Return places in order, each that is near another once."""
    ordered = sorted(places)
    return ordered[:1] + [after for before, after in pairwise(ordered) if after - before > _NEAR]
