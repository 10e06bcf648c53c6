"""Which files can be articles: their suffixes and their largest size."""

from pathlib import PurePosixPath

SUFFIXES = (".docx", ".epub", ".htm", ".html", ".markdown", ".md", ".pdf", ".txt", ".xhtml")
"""`embeddings.readers.READERS` names the reader of each."""

MAX_BYTES = 64 * 2**20
"""A larger file is not an article; reading it would take the memory of a small machine."""


def suffix_of(path: str) -> str:
    """Return the suffix of a path in small letters, with its dot."""
    return PurePosixPath(path).suffix.lower()


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the files that are read, in small letters, with their dots."""
    return SUFFIXES
