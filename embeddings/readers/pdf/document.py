"""Opens a PDF with PDFium: its pages, their letters and direction, and pictures of them.

PDFium is not thread-safe, so one document is open at a time.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import degrees
from threading import Lock
from typing import TYPE_CHECKING, Any

from embeddings.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PAGES = 5_000
HYPHEN_BREAK = "\x02"
"""What PDFium returns for a hyphen at the end of a line, instead of it and the break."""

_TURN_SAMPLES = 24

_LOCK = Lock()
_LARGEST_SIDE = 6_000
"""Pixels of a picture; a larger one would take the memory of a small machine."""


@contextmanager
def open_document(data: bytes) -> Iterator[Any]:
    """Yield the `pypdfium2.PdfDocument` of a file's bytes.

    Raises:
        UnreadableFile: it is locked or damaged, or has too many pages.
    """
    import pypdfium2
    import pypdfium2.raw as raw

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise UnreadableFile("locked with a password") from error
            raise UnreadableFile("damaged, or not a PDF") from error
        try:
            if len(document) > MAX_PAGES:
                raise UnreadableFile("more than {number} pages", number=MAX_PAGES)
            yield document
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile("damaged: not every page of it can be read") from error
        finally:
            document.close()


def render(page: Any, longest: float, *, grey: bool = False) -> "Image":
    """Return a page as it is seen, its longer side of `longest` pixels at most."""
    scale = min(longest, _LARGEST_SIDE) / max(*page.get_size(), 1.0)
    image: Image = page.render(scale=scale, grayscale=grey).to_pil()
    return image


def text_of(textpage: Any) -> str:
    """Return the characters of a page, each at its number."""
    import pypdfium2.raw as raw

    count = textpage.count_chars()
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = raw.FPDFText_GetText(
        textpage, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    )
    text = buffer.raw[: 2 * written - 2].decode("utf-16-le", "surrogatepass") if written else ""
    if len(text) == count and written == count + 1:
        return text.replace("\ufffe", HYPHEN_BREAK)
    return "".join(chr(raw.FPDFText_GetUnicode(textpage, k)) for k in range(count))


def turn_of(textpage: Any, otherwise: int) -> int:
    """Return by how many degrees most characters of a page must be turned to be read."""
    import pypdfium2.raw as raw

    count = textpage.count_chars()
    step = max(1, count // _TURN_SAMPLES)
    angles = [raw.FPDFText_GetCharAngle(textpage, k) for k in range(0, count, step)]
    turns = Counter(round(-degrees(angle) / 90) * 90 % 360 for angle in angles if angle >= 0)
    turn, number = turns.most_common(1)[0] if turns else (otherwise, 0)
    return turn if 2 * number > len(angles) else otherwise
