"""Which files can be articles: their suffixes and their largest size."""

from pathlib import PurePosixPath

SUFFIXES = (
    *(".csv", ".docx", ".eml", ".epub", ".fb2", ".fb2.zip", ".htm", ".html", ".json", ".markdown"),
    *(".md", ".odp", ".ods", ".odt", ".pdf", ".pptx", ".rtf", ".tsv", ".txt", ".xhtml", ".xlsx"),
)
"""`embeddings.readers.READERS` names the reader of each."""

MAX_BYTES = 64 * 2**20
"""A larger file is not an article; reading it would take the memory of a small machine."""


def suffix_of(path: str) -> str:
    """Return the suffix of a path in small letters, with its dot; both of ".fb2.zip"."""
    last = PurePosixPath(path).suffix.lower()
    both = "".join(PurePosixPath(path).suffixes[-2:]).lower()
    return both if both in SUFFIXES else last


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the files that are read, in small letters, with their dots."""
    return SUFFIXES
