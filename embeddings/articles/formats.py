"""Which files can be articles: their suffixes and their largest size."""

from pathlib import PurePosixPath

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
"""For each suffix the module in `embeddings.readers` whose `read` makes an article.

It takes a file's bytes and its path below the folder of seeds, and may raise UnreadableFile.
"""

MAX_BYTES = 64 * 2**20
"""A larger file is not an article; reading it would take the memory of a small machine."""


def suffix_of(path: str) -> str:
    """Return the suffix of a path in small letters, with its dot; both of ".fb2.zip"."""
    last = PurePosixPath(path).suffix.lower()
    both = "".join(PurePosixPath(path).suffixes[-2:]).lower()
    return both if both in READERS else last


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the files that are read, in small letters, with their dots."""
    return tuple(READERS)
