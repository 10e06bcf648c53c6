"""The rows and columns of a table that have no drawn lines between them.

Text without such lines is put into rows by its columns. Many tables have lines between their
columns, but only one across, below their header. Such a row is split where its cells have lines of
text at the same heights that are no wrapped text, and a cell where a white strip goes down through
its lines.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.columns import FULL_LETTERS, Part, rows_of
from embeddings.readers.pdf.lines import Line, first_word_width
from embeddings.readers.pdf.marks import is_item

_ROW = 0.45
"""Share of the font size by which the baselines of a row may differ."""
_PADDING = 3.0
"""Points between the edge of a cell and its text."""
_STRIP = 3.0
"""Least points of white between columns in a cell."""
_LEAST_ROWS = 3
"""Rows that must have text on both sides of a white strip."""
_MOSTLY = 0.8
"""Share of the lines of a column that are values, or that the next word would have fitted on."""
_REGULAR = 0.6
"""Least share of the columns with several lines whose lines are rows of their own."""
_LEAST_UNNUMBERED = 4
"""Rows without numbers, or of one row of many; fewer may be names in two or three lines."""
_FEW_ROWS = 3
"""Rows with drawn lines between them of a table whose other lines are not drawn."""
_NAME = 2
"""Lines of a merged cell that may be the name of the rows beside it."""
_DASHES = "-–—"
_VALUE = re.compile(r"\W*[^\W\d]{0,3}\W*\d[\d\s.,:/–-]*\W*\w{0,4}\W*|[^\w\s]+|\(?\w\)?")


@dataclass
class Area:
    """The lines of a cell, and its left and right edge."""

    lines: list[Line]
    left: float
    right: float


Areas = list[list[Area]]
"""The rows of a table from above; a merged cell is the same object in all places it covers."""
Row = list[list[Line]]
"""The lines of each cell of a row."""
Strip = tuple[float, float]
"""The left and right edge of a white strip."""


def rows_in(parts: Sequence[Part], columns: Sequence[Sequence[Part]]) -> list[Row]:
    """Return the cells of each row, with what is wrapped in the row that it belongs to."""
    longest = max(range(len(columns)), key=lambda n: median(len(p.line.text) for p in columns[n]))
    edge = max(part.line.right for part in columns[longest])
    rows: list[Row] = []
    for row in rows_of(parts):
        cells = cells_of(row, columns)
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
    return rows


def cells_of(parts: Sequence[Part], columns: Sequence[Sequence[Part]]) -> Row:
    """Return which of some parts stand in each column."""
    starts = [min(part.line.left for part in column) for column in columns]
    cells: Row = [[] for _ in columns]
    for part in parts:
        centre = (part.line.left + part.line.right) / 2
        cells[max(0, sum(start <= centre for start in starts) - 1)].append(part.line)
    return cells


def have_one_row(bands: Sequence[Row], columns: Sequence[Sequence[Part]], right: float) -> bool:
    """Whether what stands between lines is one row each: a column has one line in nearly all.

    No other columns have lines side by side that are no wrapped text.
    """
    filled = [[len(cell) for cell in column if cell] for column in zip(*bands, strict=True)]
    if len(bands) < _LEAST_ROWS or not any(
        lengths.count(1) >= _MOSTLY * len(bands) for lengths in filled
    ):
        return False
    edges = [*(min(part.line.left for part in column) for column in columns), right]
    several = [
        [
            Area(cell, left - _PADDING, end - _PADDING)
            for cell, (left, end) in zip(band, pairwise(edges), strict=True)
            if len(cell) > 1
        ]
        for band in bands
    ]
    return 2 * sum(map(_stand_alike, several)) <= sum(len(areas) > 1 for areas in several)


def _stand_alike(areas: Sequence[Area]) -> bool:
    """Whether two cells or more have lines at the same heights that are no wrapped text."""
    apart = [area for area in areas if _are_values(area.lines) or _are_apart(area)]
    heights = [tuple(round(line.base) for line in area.lines) for area in apart]
    return len(set(heights)) < len(heights)


def _is_alike(above: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether both rows lack their first cell and have the same others, two or more."""
    filled = [bool(cell) for cell in cells]
    return not filled[0] and sum(filled) > 1 and filled == [bool(cell) for cell in above]


def _wraps(above: Sequence[Line], cell: Sequence[Line], edge: float, *, is_new: bool) -> bool:
    """Whether the text of a cell goes on in the row below, because there is no space left."""
    if not above or not cell or len(above[-1].text) < FULL_LETTERS:
        return False
    before, line = above[-1], cell[0]
    is_full = before.right + first_word_width(line) > edge
    is_open = before.text.endswith(("-", "‐", ",")) or line.text[:1].islower()
    return is_full and (is_open or not is_new) and not ends_sentence(before.text)


def _goes_on(above: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether a row without its first cell continues the cells of the row above."""
    return all(
        not cell or (before and cell[0].text[:1].islower())
        for before, cell in zip(above, cells, strict=True)
    )


def split(areas: Areas, edges: Sequence[float]) -> tuple[Areas, list[float]]:
    """Return the cells with those split that hold several rows or columns, and the new edges."""
    areas = _without_repeated(areas)
    strips = {id(area): _strips(area) for row in areas for area in row}
    parted, bounds = _split_down(areas, edges, strips)
    starts = list(_row_starts(parted))
    whole = [
        area for row, heights in zip(areas, starts, strict=True) if not heights for area in row
    ]
    if any(strips[id(area)] for area in whole):  # columns without rows are a picture
        strips |= {id(area): [] for area in whole}
        parted, bounds = _split_down(areas, edges, strips)
        starts = list(_row_starts(parted))
    rows = (
        _split_across(row, _own(parted, number), heights) if heights else [row]
        for number, (row, heights) in enumerate(zip(parted, starts, strict=True))
    )
    return list(chain(*rows)), bounds


def _without_repeated(areas: Areas) -> Areas:
    """Leave out rows that only have cells of the row above, merged with it."""
    kept: Areas = []
    for row in areas:
        above = {id(area) for area in kept[-1]} if kept else set()
        if not kept or any(area.lines and id(area) not in above for area in row):
            kept.append(row)
    return kept


def by_height(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines in rows, from above; each row from left to right."""
    return [[part.line for part in row] for row in rows_of([Part(line, 0) for line in lines])]


def _strips(area: Area) -> list[Strip]:
    """Return the white strips that go down through a cell."""
    rows = by_height(area.lines)
    parted = [row for row in rows if len(row) > 1 and not _is_marked(row)]
    if len(parted) < _LEAST_ROWS or 2 * len(parted) < len(rows):
        return []
    strips = list(_gaps([line for row in parted for line in row]))
    return _narrowed(strips, area.lines) if strips else []


def _gaps(lines: Sequence[Line]) -> Iterator[Strip]:
    ends = sorted((line.left, line.right) for line in lines)
    end = ends[0][1]
    for left, right in ends[1:]:
        if left - end >= _STRIP:
            yield end, left
        end = max(end, right)


def _narrowed(strips: Sequence[Strip], lines: Sequence[Line]) -> list[Strip]:
    """Return what lines leave of white strips; none where they fill one."""
    left = []
    for start, end in strips:
        middle = (start + end) / 2
        start = max([start, *(line.right for line in lines if _middle(line) < middle)])
        end = min([end, *(line.left for line in lines if _middle(line) >= middle)])
        if end <= start:
            return []
        left.append((start, end))
    return left


def _middle(line: Line) -> float:
    return (line.left + line.right) / 2


def _is_marked(row: Sequence[Line]) -> bool:
    """Whether a row is the mark of an item with its text."""
    return len(row) == 2 and " " not in row[0].text and is_item(f"{row[0].text} x")


def _split_down(
    areas: Areas, edges: Sequence[float], strips: Mapping[int, Sequence[Strip]]
) -> tuple[Areas, list[float]]:
    """Split cells at their white strips, and those above or below at the same if they can be."""
    unlike = {id(area): area for row in areas for area in row}
    bounds, pieces = set(edges), {number: [area] for number, area in unlike.items()}
    while unlike:
        first = next(iter(unlike.values()))
        column = [a for a in unlike.values() if (a.left, a.right) == (first.left, first.right)]
        at = max((strips[id(area)] for area in column), key=len)
        parted = []
        for area in column:
            del unlike[id(area)]
            narrowed = _narrowed(at, area.lines)
            if narrowed and _stand_between(narrowed, area):
                at = narrowed
                parted.append(area)
        middles = [(start + end) / 2 for start, end in at]
        bounds.update(middles)
        pieces |= {id(area): _pieces(area, middles) for area in parted}
    ordered = sorted(bounds)
    return [
        [_piece(row, pieces, edges, (left + right) / 2) for left, right in pairwise(ordered)]
        for row in areas
    ], ordered


def _stand_between(strips: Sequence[Strip], area: Area) -> bool:
    """Whether lines of a cell stand on both sides of each strip."""
    ends = [area.left, *chain(*strips), area.right]
    return all(
        any(left <= line.left and line.right <= right for line in area.lines)
        for left, right in zip(ends[::2], ends[1::2], strict=True)
    )


def _pieces(area: Area, bounds: Sequence[float]) -> list[Area]:
    pieces = [Area([], left, right) for left, right in pairwise([area.left, *bounds, area.right])]
    for line in area.lines:
        pieces[bisect_right(bounds, _middle(line))].lines.append(line)
    return pieces


def _piece(
    row: Sequence[Area], pieces: Mapping[int, Sequence[Area]], edges: Sequence[float], x: float
) -> Area:
    """Return the part of a row's cell that stands at a distance from the left edge."""
    area = row[bisect_right(edges, x) - 1]
    return next(piece for piece in pieces[id(area)] if piece.left < x < piece.right)


def _row_starts(areas: Areas) -> Iterator[list[float]]:
    """Yield for each row at which heights those begin that it holds; none if it is one."""
    for number, row in enumerate(areas):
        own = _own(areas, number)
        alike = {id(area) for area in own}
        merged = (area for area in row if id(area) not in alike)
        starts = [] if any(len(area.lines) > _NAME for area in merged) else _starts(own)
        is_one = len(starts) < (2 if len(areas) <= _FEW_ROWS else _LEAST_UNNUMBERED)
        yield [] if is_one else starts


def _own(areas: Areas, number: int) -> list[Area]:
    """Return the cells with text of a row that are not merged with others above or below."""
    beside = areas[max(0, number - 1) : number] + areas[number + 1 : number + 2]
    merged = {id(area) for other in beside for area in other}
    unlike = {id(area): area for area in areas[number] if area.lines}
    return [area for area in unlike.values() if id(area) not in merged]


def _starts(own: Sequence[Area]) -> list[float]:
    """Return the heights at which rows begin in the cells of a row; none where it is one row."""
    several = [area for area in own if len(area.lines) > 1]
    values = [area for area in several if _are_values(area.lines)]
    regular = [area for area in several if _are_values(area.lines) or _are_apart(area)]
    if len(regular) < 2 or len(regular) < _REGULAR * len(several):
        return []
    rows = by_height([line for area in own for line in area.lines])
    counted = [(row, _filled(row, regular)) for row in rows]
    least = max(2, 0.5 * len(regular))
    anchors = [row for row, filled in counted if filled >= least]
    least_rows = 2 if len(values) > 1 else _LEAST_ROWS if values else _LEAST_UNNUMBERED
    is_range = any(all(line.text in _DASHES for line in row) for row in anchors)
    if len(anchors) < least_rows or 2 * len(anchors) < len(rows) or is_range:
        return []
    return list(_first_heights([(row, filled >= least) for row, filled in counted], own))


def _filled(row: Sequence[Line], areas: Sequence[Area]) -> int:
    return sum(any(line is other for line in row for other in area.lines) for area in areas)


def _first_heights(rows: Sequence[tuple[list[Line], bool]], own: Sequence[Area]) -> Iterator[float]:
    """Yield the height of the first line of each row; wrapped labels belong to their numbers."""
    left = min(own, key=lambda area: area.left)
    joins = False
    for number, (row, is_anchor) in enumerate(rows):
        label = row[0].text if row[0].left < left.right else ""
        following = rows[number + 1][0][0].text if number + 1 < len(rows) else ""
        goes_on = bool(label) and not is_anchor and following[:1].islower()
        is_name = bool(label) and len(row) == 1 and not label[:1].islower()
        if number == 0 or (not joins and (is_anchor or goes_on or is_name)):
            yield max(line.base for line in row)
        joins = goes_on or (number == 0 and not is_anchor and not is_name)


def _are_values(lines: Sequence[Line]) -> bool:
    return sum(_VALUE.fullmatch(line.text) is not None for line in lines) >= _MOSTLY * len(lines)


def _are_apart(area: Area) -> bool:
    """Whether the lines of a cell end although the next word would have fitted on them."""
    rows = by_height(area.lines)
    width = area.right - area.left - 2 * _PADDING
    room = sum(
        before[-1].right - before[0].left + first_word_width(row[0]) < width
        and (before[0].text[:1].islower() or not row[0].text[:1].islower())
        for before, row in pairwise(rows)
    )
    return len(rows) > 1 and room >= _MOSTLY * (len(rows) - 1)


def _split_across(row: Sequence[Area], own: Sequence[Area], starts: Sequence[float]) -> Areas:
    """Return the rows that begin at some heights; a merged cell covers all of them."""
    left = min(own, key=lambda area: area.left)
    parts: dict[int, list[Area]] = {}
    for area in own:
        if area is left and len(area.lines) == 1:  # the name of all these rows
            continue
        pieces = [Area([], area.left, area.right) for _ in starts]
        for line in area.lines:
            slack = _ROW * line.size
            pieces[max(0, sum(line.base <= at + slack for at in starts) - 1)].lines.append(line)
        parts[id(area)] = pieces
    return [
        [parts[id(area)][number] if id(area) in parts else area for area in row]
        for number in range(len(starts))
    ]
