"""Opens a PDF with PDFium: what it says of itself, its size, and pictures of its pages.

PDFium is not thread-safe, so one document is open at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from embeddings.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PAGES = 5_000

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
