"""Pictures of the pages that a passage stands on, with the passage framed and its highlight marked.

The passage is found by its letters: white space, hyphens and ligatures may differ from the page.
"""

import ctypes
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from io import BytesIO
from typing import TYPE_CHECKING, Any

from embeddings.readers.pdf.document import open_document, render, text_of

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 1600
"""Pixels; Telegram makes larger photos smaller."""
_MOST_PAGES = 4
_LEAST_RUN = 12
"""Letters in a row that are surely the passage's, however far from the others."""
_NEAR = 60
"""Letters between two runs within which a shorter one also counts."""
_FRAME = (214, 69, 65)
_MARKER = (255, 233, 77)

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


def page_image(
    data: bytes,
    passage_text: str,
    pages: Sequence[int],
    highlight: Sequence[int] | None = None,
) -> list[bytes]:
    """Draw the pages of a passage, each as a JPEG.

    Args:
        data: the PDF.
        passage_text: what to look for.
        pages: the numbers of the pages it may stand on, counted from 1.
        highlight: start and end of what to mark, in `passage_text`.

    Returns:
        The pages on which something of the passage was found; else the first of `pages`, plain.

    Raises:
        UnreadableFile: it is locked or damaged, or has none of these pages.
    """
    start, end = highlight or (0, 0)
    plain: list[bytes] = []
    found: list[bytes] = []
    with open_document(data) as document:
        document.init_forms()  # draws what a form was filled in with
        for number in [page for page in pages if 1 <= page <= len(document)][:_MOST_PAGES]:
            page = document[number - 1]
            image = render(page, LONGEST_SIDE).convert("RGB")
            boxes = _boxes(page, image.size, passage_text)
            marked = [box for place, box in boxes if start <= place < end]
            _mark(image, _rows(marked))
            _frame(image, _rows([box for _, box in boxes]))
            if boxes:
                found.append(_jpeg(image))
            elif not plain:
                plain.append(_jpeg(image))
    return found or plain


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and figures of a text, and for each the place of its character."""
    found = [
        (plain, place)
        for place, character in enumerate(text)
        for plain in unicodedata.normalize("NFKD", character).casefold()
        if plain.isalnum()
    ]
    return "".join(plain for plain, _ in found), [place for _, place in found]


def _boxes(page: Any, size: tuple[int, int], passage_text: str) -> list[tuple[int, Box]]:
    """Return the place in the passage, and the box on the picture, of each letter found."""
    textpage = page.get_textpage()
    sought, places = _letters(passage_text)
    printed, numbers = _letters(text_of(textpage))
    return [
        (places[start + step], _box(page, textpage, size, numbers[other + step]))
        for start, other, length in _runs(sought, printed)
        for step in range(length)
    ]


def _runs(sought: str, printed: str) -> list[tuple[int, int, int]]:
    """Return where runs of letters of the passage begin in it and on the page, and how long."""
    whole = printed.find(sought)
    if not sought or whole >= 0:
        return [(0, whole, len(sought))] if sought else []
    matcher = SequenceMatcher(None, sought, printed, autojunk=False)
    runs = [tuple(block) for block in matcher.get_matching_blocks() if block.size]
    sure = [(other, other + size) for _, other, size in runs if size >= _LEAST_RUN]
    return [
        (start, other, size)
        for start, other, size in runs
        if any(other <= after + _NEAR and other + size >= before - _NEAR for before, after in sure)
    ]


def _box(page: Any, textpage: Any, size: tuple[int, int], number: int) -> Box:
    left, bottom, right, top = textpage.get_charbox(number, loose=True)
    (x0, y0), (x1, y1) = (_pixel(page, size, x, y) for x, y in ((left, bottom), (right, top)))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _pixel(page: Any, size: tuple[int, int], x: float, y: float) -> tuple[float, float]:
    """Return where a point of a page, which may be turned or cropped, is on its picture."""
    import pypdfium2.raw as raw

    right, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, right, down)
    return right.value, down.value


def _rows(boxes: Iterable[Box]) -> list[Box]:
    """Join the boxes of letters that follow each other in a row."""
    rows: list[Box] = []
    for box in boxes:
        row = rows[-1] if rows else box
        height = row[3] - row[1]
        is_beside = abs(box[1] - row[1]) < 0.6 * height and -height < box[0] - row[2] < 2 * height
        if rows and is_beside:
            rows[-1] = _union((row, box))
        else:
            rows.append(box)
    return rows


def _union(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _mark(image: "Image", rows: Sequence[Box]) -> None:
    """Lay a translucent yellow over rows, as a marker pen does."""
    from PIL import Image, ImageChops

    for row in rows:
        left, top, right, bottom = map(round, row)
        area = image.crop((left, top, right, bottom))
        if area.width and area.height:
            ink = Image.new("RGB", area.size, _MARKER)
            image.paste(ImageChops.multiply(area, ink), (left, top))


def _frame(image: "Image", rows: Sequence[Box]) -> None:
    """Draw a frame around rows; what goes on higher up, in the next column, has its own."""
    from PIL import ImageDraw

    columns: list[list[Box]] = []
    for row in rows:
        if columns and row[3] > columns[-1][-1][1]:
            columns[-1].append(row)
        else:
            columns.append([row])
    draw = ImageDraw.Draw(image)
    for column in columns:
        left, top, right, bottom = _union(column)
        draw.rectangle((left - 8, top - 6, right + 8, bottom + 6), outline=_FRAME, width=3)


def _jpeg(image: "Image") -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()
