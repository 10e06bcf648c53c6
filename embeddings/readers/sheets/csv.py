"""Tables in text files (.csv, .tsv)."""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, check_length, make_article
from embeddings.readers.metadata import WORD, Metadata
from embeddings.readers.sheets.table_rows import blocks_above, rows_above, table_blocks, with_bands
from embeddings.readers.tables import CELLS, Cell
from embeddings.text.decoding import decode_exactly

_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"\S@\S+\.\S|https?://|www\.", re.IGNORECASE)
_LABELS = frozenset(
    "name title city country address phone email mail price date type category description id code "
    "status role position department author question answer notes comment language "
    "назва ім’я ім'я прізвище піб місто країна адреса телефон пошта ціна дата тип категорія опис "
    "код статус роль посада відділ автор питання запитання відповідь примітка мова "
    "название имя фамилия фио город страна адрес почта цена категория описание должность отдел "
    "вопрос ответ примечание комментарий язык".split()
)
"""Words that name columns in English, Ukrainian and Russian."""
_MOSTLY = 0.8
_LONG = 25
"""Characters of texts that are no labels."""
_FEWEST_VALUES = 4
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 50
"""Rows that are looked at."""
_SAID = "sep="
"""With it a file for Excel may begin, and a delimiter follows."""
_LONGEST_FIELD = 10**6


def read(data: bytes, path: str) -> Article:
    """Read a table; its first row is the header if it can be.

    Where nothing in the table shows whether it is, that row is a line too.

    Raises:
        UnreadableFile: it is not text, or too long.
    """
    text = decode_exactly(data)
    check_length(len(text))
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        rows = [[Cell(" ".join(cell.split())) for cell in row] for row in _rows(text)]
    except csv.Error as error:  # a cell longer than that, as an open quotation mark makes
        raise UnreadableFile("more than {number} characters", number=_LONGEST_FIELD) from error
    rows = with_bands(rows)
    above = rows_above(rows)
    rows, lines = rows[above:], list(blocks_above(rows[:above], 1))
    has_bands = any(cell.columns > 1 for row in rows[:1] for cell in row)
    is_header = has_bands or _is_header([[cell.text for cell in row] for row in rows])
    blocks = list(table_blocks(rows, sys.maxsize if is_header is False else 2, 1))
    first = CELLS.join(cell.text for cell in rows[0] if cell.text) if rows else ""
    if is_header is None and all(block.text != first for block in blocks):
        blocks.insert(0, Block(first))
    return make_article(path, Metadata(), lines + blocks)


def _is_header(rows: Sequence[Sequence[str]]) -> bool | None:
    """Whether the first row names the columns; None where nothing shows it."""
    if len(rows) < 2:
        return None
    columns = [
        (label, [row[number] for row in rows[1:] if number < len(row) and row[number]])
        for number, label in enumerate(rows[0])
        if label
    ]
    if any(label in values or _kind(label) in ("address", "sentence") for label, values in columns):
        return False
    usual = sum(not _LABELS.isdisjoint(WORD.findall(label.casefold())) for label, _ in columns)
    named = 2 * usual >= len(columns) and usual > 0
    return named or any(_names(label, values) for label, values in columns) or None


def _names(label: str, values: Sequence[str]) -> bool:
    """Whether a text names the texts below it: they are of another kind, longer, or repeated."""
    if not values:
        return False
    kinds = Counter(map(_kind, values))
    kind, number = kinds.most_common(1)[0]
    differs = kind not in ("", _kind(label)) and number >= _MOSTLY * len(values)
    longer = median(map(len, values)) > max(_LONG, 3 * len(label))
    repeated = len(values) >= _FEWEST_VALUES and 2 * len(set(values)) <= len(values)
    return differs or longer or repeated


def _kind(text: str) -> str:
    """Return what a text is that no label is; "" where it may be one."""
    if _ADDRESS.search(text):
        return "address"
    if _DIGIT.search(text):
        return "number"
    return "sentence" if text[-1:] in ".!?" and " " in text else ""


def _rows(text: str) -> Iterator[list[str]]:
    if text.startswith(_SAID):
        first, _, text = text.partition("\n")
        delimiter = first[len(_SAID) :].strip('\r "') or ","
    else:
        delimiter = max(_DELIMITERS, key=lambda x: _fits(text, x))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _fits(text: str, delimiter: str) -> tuple[float, int]:
    """Return how alike the rows are with a delimiter, and how many cells they have."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(rows, _SAMPLE)]
    except csv.Error:
        return 0.0, 0
    usual = max(widths, key=widths.count, default=0)
    return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual
