"""The lines drawn on a page of a PDF, and the fields of its form, as the page is read."""

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.text.decoding import clean

_THIN = 2.5
"""Points; what is drawn thinner is a line, of whatever shape it is made."""
SHORTEST = 6.0
"""Points of a line of a table; a shorter one may be an underscore, which TeX draws."""
_DOT = 1.5
_MOST = 4_000
"""Drawn lines of a page; one with more is a drawing."""
_MOST_PLACED, _DEEPEST = 100_000, 5
"""Things in the drawings that are placed on a page, and how deep these may stand in each other."""
_MOST_SEGMENTS = 400
_MOST_CORNERS = 6
"""Pieces of a path that is a rectangle, or nearly one."""
_MOST_FIELDS = 2_000

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the page's lower left corner."""


@dataclass(frozen=True)
class Rule:
    """A line that is drawn across or down.

    Attributes:
        at: the height of a line across, else how far from the left edge.
        start, end: from left to right, or from below to above.
        is_across: whether it is drawn from left to right.
    """

    at: float
    start: float
    end: float
    is_across: bool


@dataclass(frozen=True)
class Field:
    """What a form is filled in with: a text, or a box that is ticked (without a text)."""

    text: str
    box: Box


@dataclass(frozen=True)
class Turn:
    """Turns places on a page to where they are when it is read."""

    degrees: int
    crop: Box

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is, from the lower left corner of what is seen."""
        x0, y0, x1, y1 = self.crop
        if self.degrees == 90:
            return y - y0, x1 - x
        if self.degrees == 180:
            return x1 - x, y1 - y
        if self.degrees == 270:
            return y1 - y, x - x0
        return x - x0, y - y0

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a box is."""
        return _around(self.point(left, bottom), self.point(right, top))


def rules_of(page: Any, turn: Turn) -> Iterator[Rule]:
    """Yield the lines drawn on a page; none where there are so many that it is a drawing."""
    found: list[Rule] = []
    long = 0
    for item, forms in _paths(page):
        for box in _boxes(item):
            edges = _edges(turn.box(*_moved(box, forms)))
            long += sum(edge.end - edge.start >= SHORTEST for edge in edges)
            found += edges
        if long > _MOST:
            return
    yield from found


def _paths(page: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the paths of a page, and of the drawings placed on it with the matrices of these."""
    import pypdfium2.raw as raw

    count = raw.FPDFPage_CountObjects(page)
    waiting: deque[tuple[Any, tuple[Any, ...]]] = deque()
    waiting.extend((raw.FPDFPage_GetObject(page, index), ()) for index in range(count))
    most = count + _MOST_PLACED
    while waiting and most:
        most -= 1
        item, forms = waiting.popleft()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, forms
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(forms) < _DEEPEST:
            inside = (_matrix(item), *forms)
            number = min(raw.FPDFFormObj_CountObjects(item), _MOST_PLACED - len(waiting))
            waiting.extend((raw.FPDFFormObj_GetObject(item, k), inside) for k in range(number))


def _boxes(item: Any) -> Iterator[Box]:
    """Yield the bounds of each straight piece of a path, or of the whole path."""
    import pypdfium2.raw as raw

    count = raw.FPDFPath_CountSegments(item)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    bounds = left.value, bottom.value, right.value, top.value
    if count <= 2 or count > _MOST_SEGMENTS or min(_sides(bounds)) <= _THIN:
        yield bounds
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if stroke.value or count > _MOST_CORNERS:  # else a coloured area
        yield from _pieces(item, count)


def _pieces(item: Any, count: int) -> Iterator[Box]:
    import pypdfium2.raw as raw

    x, y, matrix = ctypes.c_float(), ctypes.c_float(), _matrix(item)
    before = first = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _point(x.value, y.value, matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _around(before, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield _around(point, first)
        before = point


def _matrix(item: Any) -> Any:
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return matrix


def _point(x: float, y: float, matrix: Any) -> tuple[float, float]:
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f


def _moved(box: Box, matrices: Sequence[Any]) -> Box:
    for matrix in matrices:
        left, bottom, right, top = box
        box = _around(_point(left, bottom, matrix), _point(right, top, matrix))
    return box


def _around(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (xa, ya), (xb, yb) = one, other
    return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _sides(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _edges(box: Box) -> list[Rule]:
    left, bottom, right, top = box
    width, height = _sides(box)
    if height <= _THIN and width >= _DOT:
        return [Rule((bottom + top) / 2, left, right, is_across=True)]
    if width <= _THIN and height >= SHORTEST:
        return [Rule((left + right) / 2, bottom, top, is_across=False)]
    return []


def fields_of(page: Any, form: Any, turn: Turn) -> Iterator[Field]:
    """Yield what the form on a page is filled in with, in the order of the file."""
    import pypdfium2.raw as raw

    if not form:
        return
    ticks = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
    texts = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetFormFieldType(form, note)
        rect = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(note, rect)
        box = turn.box(rect.left, rect.bottom, rect.right, rect.top)
        if kind in ticks and raw.FPDFAnnot_IsChecked(form, note):
            yield Field("", box)
        elif kind in texts and (value := _value(form, note)):
            yield Field(value, box)
        raw.FPDFPage_CloseAnnot(note)


def _value(form: Any, note: Any) -> str:
    import pypdfium2.raw as raw

    length = raw.FPDFAnnot_GetFormFieldValue(form, note, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetFormFieldValue(
        form, note, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length
    )
    return " ".join(clean(buffer.raw[:length].decode("utf-16-le", "replace")).split()).strip("\0 ")
