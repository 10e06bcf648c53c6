"""Files to articles: one module a format, one function in front of them."""

import logging
from collections.abc import Callable
from pathlib import PurePosixPath

from embeddings.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers import pdf, text

logger = logging.getLogger(__name__)

Reader = Callable[[bytes, str], Article]
"""Takes a file's bytes and its path below the seeds; raises UnreadableFile with the reason."""

READERS: dict[str, Reader] = {".pdf": pdf.read, ".txt": text.read}
"""By suffix in small letters."""

READER_VERSION = 1
"""Raise it when a reader changes what it returns, so that articles are read again."""

MAX_BYTES = 64 * 2**20
"""A larger file is not an article; reading it would take the memory of a small machine."""


def parse(data: bytes, path: str) -> Article:
    """Turn the bytes of a file into an article.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    try:
        return READERS[suffix_of(path)](data, path)
    except UnreadableFile:
        raise
    except Exception as error:  # one file must never stop the others
        logger.debug("reading %s failed", path, exc_info=True)
        raise UnreadableFile(f"cannot be read ({type(error).__name__})") from error


def suffix_of(path: str) -> str:
    """Return what READERS knows a file by."""
    return PurePosixPath(path).suffix.lower()
