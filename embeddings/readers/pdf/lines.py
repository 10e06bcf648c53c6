"""Reads the lines of a PDF with their places and fonts.

The only module that knows PDFium. PDFium is not thread-safe, so one document is read at a time.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from threading import Lock
from typing import Any

from embeddings.errors import UnreadableFile
from embeddings.text.decoding import clean

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_OBJECTS = 10_000_000
"""Texts, lines and pictures drawn on all pages together; a map may have a million."""

_LOCK = Lock()
_SAMPLES = 5
"""Characters of a line whose font is looked at."""
_BREAKS = frozenset((10, 13))
_SOFT_HYPHEN = 0xAD
_HYPHEN_BREAK = 2
"""What PDFium returns for a hyphen at the end of a line, instead of it and the break."""
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
    0xFB06: "st",
}  # fmt: skip
_BULLET = "•"
_PRIVATE = range(0xE000, 0xF900)
"""Symbol fonts keep their bullets and ticks here."""
_LOST = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF))
_MAX_LOST = 0.3
"""Share of the characters without a meaning above which a document is refused."""


@dataclass(frozen=True)
class Line:
    """One line as it is printed, or one cell's line of a table.

    Attributes:
        text: words by single spaces; a hyphen at its end may be one that divides a word.
        left, right: where it begins and ends; from the page's left edge, in points.
        base: its baseline, above the page's lower edge.
        size: of its type, in points.
        bold: whether all of it is.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


@dataclass(frozen=True)
class Page:
    """A page's lines in the order of the file, which is nearly always that of reading."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Printed:
    """A document as it is printed, and what it says about itself."""

    pages: tuple[Page, ...]
    title: str
    author: str
    created: str


def read_lines(data: bytes) -> Printed:
    """Read every page.

    Raises:
        UnreadableFile: it is locked, damaged or too large, or holds no text.
    """
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_reason(error)) from error
        try:
            metadata = document.get_metadata_dict()
            pages = tuple(_pages(document))
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile("damaged: not every page of it can be read") from error
        finally:
            document.close()
    if not any(page.lines for page in pages):
        raise UnreadableFile("no text in it: a scan?")
    title, author, created = (
        clean(metadata.get(name, "")) for name in ("Title", "Author", "CreationDate")
    )
    return Printed(pages, title, author, created)


def _reason(error: Any) -> str:
    import pypdfium2.raw as raw

    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return "locked with a password"
    return "damaged, or not a PDF"


def _pages(document: Any) -> Iterator[Page]:
    import pypdfium2.raw as raw

    if len(document) > MAX_PAGES:
        raise UnreadableFile(f"more than {MAX_PAGES:,} pages")
    characters = objects = lost = 0
    for index in range(len(document)):
        page = document[index]
        objects += raw.FPDFPage_CountObjects(page)
        if objects > MAX_OBJECTS:
            raise UnreadableFile(f"more than {MAX_OBJECTS:,} things drawn on its pages")
        textpage = page.get_textpage()
        count = textpage.count_chars()
        characters += count
        if characters > MAX_CHARACTERS:
            raise UnreadableFile(f"more than {MAX_CHARACTERS:,} characters")
        sheet = _Sheet(page, textpage)
        codes = [raw.FPDFText_GetUnicode(textpage, k) for k in range(count)]
        lost += sum(code in _LOST or code in _PRIVATE for code in codes)
        yield Page(index + 1, *sheet.size, tuple(sheet.lines(codes)))
        textpage.close()
        page.close()
    if lost > _MAX_LOST * characters:
        raise UnreadableFile("its fonts do not say which letters they draw")


class _Sheet:
    """A page in the orientation for reading; PDFium gives places without the rotation."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._textpage = textpage
        self._turn = page.get_rotation()
        self._box = page.get_bbox()
        self.size: tuple[float, float] = page.get_size()

    def lines(self, codes: list[int]) -> Iterator[Line]:
        for places, hyphen in _runs(codes):
            text = "".join(_character(codes[k]) for k in places)
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            text = " ".join(clean(text).split())
            if text:
                yield self._line(text + "-" * hyphen, [k for k in places if codes[k] > 32])

    def _line(self, text: str, places: list[int]) -> Line:
        first, last = self._place(places[0]), self._place(places[-1])
        step = max(1, len(places) // _SAMPLES)
        types = [self._type(k) for k in places[::step]]
        size = median(size for size, _ in types)
        left, right = min(first[0], last[0]), max(first[1], last[1])
        return Line(text, left, right, first[2], round(size, 1), all(bold for _, bold in types))

    def _place(self, k: int) -> tuple[float, float, float]:
        """Return a character's left, right and baseline, as the page is read."""
        import pypdfium2.raw as raw

        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._textpage, k, x, y)
        left, bottom, right, top = self._textpage.get_charbox(k, loose=True)
        x0, y0, x1, y1 = self._box
        if self._turn == 90:
            return bottom - y0, top - y0, x1 - x.value
        if self._turn == 180:
            return x1 - right, x1 - left, y1 - y.value
        if self._turn == 270:
            return y1 - top, y1 - bottom, x.value - x0
        return left - x0, right - x0, y.value - y0

    def _type(self, k: int) -> tuple[float, bool]:
        """Return the font size of a character, and whether it is bold."""
        import pypdfium2.raw as raw

        matrix, flags, name = raw.FS_MATRIX(), ctypes.c_int(), ctypes.create_string_buffer(128)
        raw.FPDFText_GetMatrix(self._textpage, k, matrix)
        scale = float((matrix.c**2 + matrix.d**2) ** 0.5)
        raw.FPDFText_GetFontInfo(self._textpage, k, name, len(name), flags)
        bold = raw.FPDFText_GetFontWeight(self._textpage, k) >= _BOLD_WEIGHT
        bold = bold or bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))
        return raw.FPDFText_GetFontSize(self._textpage, k) * (scale or 1.0), bold


def _runs(codes: list[int]) -> Iterator[tuple[list[int], bool]]:
    """Yield the places of each line's characters, and whether a hyphen divides its last word."""
    run: list[int] = []
    for place, code in enumerate(codes):
        if code in _BREAKS or code == _HYPHEN_BREAK:
            if any(codes[k] > 32 for k in run):  # a soft hyphen is printed only at the end
                yield run, code == _HYPHEN_BREAK or codes[run[-1]] == _SOFT_HYPHEN
            run = []
        else:
            run.append(place)
    if any(codes[k] > 32 for k in run):
        yield run, codes[run[-1]] == _SOFT_HYPHEN


def _character(code: int) -> str:
    if code in _LOST or code == _HYPHEN_BREAK:
        return ""
    if code in _PRIVATE:
        return _BULLET
    return _LIGATURES.get(code) or chr(code)
