"""Turns files into articles: one module a format, and `parse`, which chooses among them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from embeddings.articles.article import Article
from embeddings.articles.formats import suffix_of
from embeddings.errors import UnreadableFile
from embeddings.translatable import Translatable

logger = logging.getLogger(__name__)

Reader = Callable[[bytes, str], Article]
"""Takes a file's bytes and its path below the folder of seeds; may raise UnreadableFile."""

READERS = {
    ".csv": "sheets.csv",
    ".docx": "office.docx",
    ".eml": "messages.eml",
    ".epub": "epub",
    ".fb2": "fb2",
    ".fb2.zip": "fb2",
    ".htm": "web.webpage",
    ".html": "web.webpage",
    ".json": "messages.telegram",
    ".markdown": "markdown",
    ".md": "markdown",
    ".odp": "office.odf",
    ".ods": "office.odf",
    ".odt": "office.odf",
    ".pdf": "pdf",
    ".pptx": "office.pptx",
    ".rtf": "office.rtf",
    ".tsv": "sheets.csv",
    ".txt": "text",
    ".xhtml": "web.webpage",
    ".xlsx": "sheets.xlsx",
}
"""For each of `formats.SUFFIXES` the module whose `read` is its reader.

A module is imported with the first file of its format, because its libraries load slowly.
"""

READER_VERSION = 5
"""To be raised when a reader returns other articles, so that all files are read again."""

OUT_OF_MEMORY = Translatable("takes too much memory to read")

EMPTY = "empty"
"""Why a file with nothing in it gives no article."""

_BLANK = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"
"""White space, zeros and the byte order marks: a file of nothing else is empty."""


def parse(data: bytes, path: str) -> Article:
    """Turn the bytes of a file into an article.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    if not data.strip(_BLANK):
        raise UnreadableFile(EMPTY)
    with _faults_told(path):
        reader: Reader = import_module(f"{__name__}.{READERS[suffix_of(path)]}").read
        return reader(data, path)


def draw_pages(
    data: bytes,
    passage_text: str,
    pages: Sequence[int],
    highlight: Sequence[int] | None = None,
) -> list[bytes]:
    """Draw the pages of a PDF on which a passage stands; see `pdf.page_image.page_image`.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    from embeddings.readers.pdf.page_image import page_image

    with _faults_told("a page"):
        return page_image(data, passage_text, pages, highlight)


@contextmanager
def _faults_told(path: str) -> Iterator[None]:
    """Turn whatever goes wrong with a file into UnreadableFile."""
    try:
        yield
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile(OUT_OF_MEMORY) from error
    except RecursionError as error:
        raise UnreadableFile("nested too deeply") from error
    except Exception as error:  # one file must never stop the others
        logger.debug("reading %s failed", path, exc_info=True)
        raise UnreadableFile("cannot be read ({error})", error=type(error).__name__) from error
