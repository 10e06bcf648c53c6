"""Turns files into articles: one module a format, and `parse`, which chooses among them.

`text` reads plain text, `markdown` Markdown with the `front_matter` and `notes` of Obsidian, `epub`
and `fb2` books, `pdf` PDFs, `office` documents and slides, `sheets` tables, `web` web pages, and
`messages` mail and chats. `ocr` recognises scans.

`compose` makes an article of headings and paragraphs, for all formats; `structure`, `tables`,
`line_breaks` and `metadata` help to find them. `subprocess_parser` reads in a process of its own,
which `sandbox` limits; `more_time` extends its time page by page.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from embeddings.articles.article import Article
from embeddings.articles.formats import READERS as READERS
from embeddings.articles.formats import suffix_of
from embeddings.errors import UnreadableFile
from embeddings.translatable import Translatable

logger = logging.getLogger(__name__)

READER_VERSION = 8
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
    with errors_as_unreadable(path):
        # With the first file of its format, because the libraries of some load slowly.
        reader = import_module(f"{__name__}.{READERS[suffix_of(path)]}")
        article: Article = reader.read(data, path)
        return article


@contextmanager
def errors_as_unreadable(name: str) -> Iterator[None]:
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
        logger.debug("reading %s failed", name, exc_info=True)
        raise UnreadableFile("cannot be read ({error})", error=type(error).__name__) from error
