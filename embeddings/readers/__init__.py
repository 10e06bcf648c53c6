"""Files to articles: one module a format, one function in front of them."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath

from embeddings.article import Article, SeedFile
from embeddings.errors import UnreadableFile

logger = logging.getLogger(__name__)

Reader = Callable[[bytes, str], Article]
"""Takes a file's bytes and its path below the seeds; raises UnreadableFile with the reason."""

READERS = {
    ".docx": "docx",
    ".epub": "epub",
    ".htm": "webpage",
    ".html": "webpage",
    ".markdown": "markdown",
    ".md": "markdown",
    ".pdf": "pdf",
    ".txt": "text",
    ".xhtml": "webpage",
}
"""Suffix in small letters to the module whose `read` is its reader.

A module is imported with the first file that needs it: their libraries take long to load.
"""

READER_VERSION = 2
"""Raise it when a reader changes what it returns, so that articles are read again."""

MAX_BYTES = 64 * 2**20
"""A larger file is not an article; reading it would take the memory of a small machine."""


def read_bytes(seed: SeedFile) -> bytes:
    """Return the bytes of a file; together with its path they decide the article.

    Raises:
        UnreadableFile: no reader knows it, it cannot be opened, or it is too large.
    """
    if _suffix(seed.path) not in READERS:
        raise UnreadableFile(f"not a format that is read here ({', '.join(sorted(READERS))})")
    try:
        if not seed.location.is_file():
            raise UnreadableFile("not a plain file")
        if seed.location.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"larger than {MAX_BYTES // 2**20} MB")
        return seed.location.read_bytes()
    except OSError as error:
        raise UnreadableFile((error.strerror or "cannot be opened").lower()) from error


def parse(data: bytes, path: str) -> Article:
    """Turn the bytes of a file into an article.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    try:
        reader: Reader = import_module(f"{__name__}.{READERS[_suffix(path)]}").read
        return reader(data, path)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile("takes too much memory to read") from error
    except RecursionError as error:
        raise UnreadableFile("nested too deeply") from error
    except Exception as error:  # one file must never stop the others
        logger.debug("reading %s failed", path, exc_info=True)
        raise UnreadableFile(f"cannot be read ({type(error).__name__})") from error


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
