"""Tables in text files (.csv, .tsv)."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from embeddings.articles.article import Article
from embeddings.readers.compose import Block, check_length, make_article
from embeddings.readers.metadata import Metadata
from embeddings.readers.sheets.table_rows import table_texts
from embeddings.readers.tables import CELLS, Cell
from embeddings.text.decoding import decode_exactly

_DIGIT = re.compile(r"\d")
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 50
"""Rows that are looked at."""
_SAID = "sep="
"""With it a file for Excel may begin, and a delimiter follows."""
_LONGEST_FIELD = 10**6


def read(data: bytes, path: str) -> Article:
    """Read a table; its first row is the header, unless there are numbers in it.

    In a table without numbers that row is a line too: it may be no header.

    Raises:
        UnreadableFile: it is not text, or too long.
    """
    text = decode_exactly(data)
    check_length(len(text))
    csv.field_size_limit(_LONGEST_FIELD)
    rows = [[Cell(" ".join(cell.split())) for cell in row] for row in _rows(text)]
    texts = list(table_texts(rows))
    first = CELLS.join(cell.text for cell in rows[0] if cell.text) if rows else ""
    has_numbers = any(_DIGIT.search(cell.text) for row in rows[1:] for cell in row)
    if first not in texts and not has_numbers:
        texts.insert(0, first)
    return make_article(path, Metadata(), map(Block, texts))


def _rows(text: str) -> Iterator[list[str]]:
    if text.startswith(_SAID):
        first, _, text = text.partition("\n")
        return csv.reader(
            io.StringIO(text, newline=""), delimiter=first[len(_SAID) :].strip('\r "') or ","
        )
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=lambda x: _fits(text, x))
    )


def _fits(text: str, delimiter: str) -> tuple[float, int]:
    """Return how alike the rows are with a delimiter, and how many cells they have."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(rows, _SAMPLE)]
    except csv.Error:
        return 0.0, 0
    usual = max(widths, key=widths.count, default=0)
    return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual
