"""Finds tables of contents and indexes at the back, which answer nothing themselves."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from embeddings.readers.pdf.marks import is_term

CONTENTS, INDEX = "table of contents", "index at the back"
"""Why they are left out."""

_ENTRY = re.compile(r"\S.*?(?P<leader>\s?(?:…|\.{3,})\s*|\s+)(?P<page>\d{1,4})\.?")
_NAMES = re.compile(
    r"(?:table of )?contents|зміст|содержание|оглавление|inhalt(?:sverzeichnis)?|spis treści",
    re.IGNORECASE,
)
_INDEX_NAMES = re.compile(
    r"(?:subject |general |name )?index|(?:предметний |іменний |алфавітний )?покажчик"
    r"|(?:предметный |именной |алфавитный )?указатель|(?:sach)?register",
    re.IGNORECASE,
)
_LEAST_ENTRIES, _LEAST_TERMS = 3, 10
_MOST_BETWEEN = 2
"""Lines without a page number between two entries: their first halves, or parts of the book."""
_SORTED = 0.8
_LED = 0.6
"""Least share of the entries that dots lead from to their pages, where no heading names them."""


def names_listing(text: str) -> bool:
    """Whether a heading says that a table of contents or an index is below."""
    name = text.strip(" :.")
    return bool(_NAMES.fullmatch(name) or _INDEX_NAMES.fullmatch(name))


def listings(texts: Sequence[str], pages: int) -> dict[int, str]:
    """Return which texts belong to a table of contents or an index, and which of both.

    Args:
        texts: the paragraphs of a document, headings among them, in order.
        pages: how many pages it has.
    """
    found: dict[int, str] = {}
    for start, end in _stretches([_page_of(text, pages) is not None for text in texts]):
        entries = [text for text in texts[start:end] if _page_of(text, pages) is not None]
        name = start > 0 and _NAMES.fullmatch(texts[start - 1].strip(" :.")) is not None
        if _is_contents(entries, pages, name=name):
            found |= dict.fromkeys(range(start - name, end), CONTENTS)
    for start, end in _stretches([is_term(text) for text in texts]):
        name = start > 0 and _INDEX_NAMES.fullmatch(texts[start - 1].strip(" :.")) is not None
        if start not in found and _is_index(texts[start:end], name=name):
            found |= dict.fromkeys(range(start - name, end), INDEX)
    return found


def _page_of(text: str, pages: int) -> int | None:
    match = _ENTRY.fullmatch(text)
    number = int(match["page"]) if match and len(text) < 300 else 0
    return number if 0 < number <= pages + 400 else None


def _stretches(entries: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where entries follow each other, with few other texts between them."""
    start = last = None
    for number, is_entry in enumerate(entries):
        if is_entry:
            start = number if start is None else start
            last = number
        elif start is not None and last is not None and number - last > _MOST_BETWEEN:
            yield start, last + 1
            start = last = None
    if start is not None and last is not None:
        yield start, last + 1


def _is_contents(entries: Sequence[str], pages: int, *, name: bool) -> bool:
    numbers = [_page_of(text, pages) or 0 for text in entries]
    ascending = sum(before <= after for before, after in pairwise(numbers))
    if len(entries) < _LEAST_ENTRIES or ascending < _SORTED * (len(numbers) - 1):
        return False
    matches = [_ENTRY.fullmatch(text) for text in entries]
    leaders = sum(match is not None and bool(match["leader"].strip()) for match in matches)
    return name or leaders >= _LED * len(entries)


def _is_index(terms: Sequence[str], *, name: bool) -> bool:
    heads = [term.casefold() for term in terms]
    ascending = sum(before <= after for before, after in pairwise(heads))
    enough = len(terms) >= (_LEAST_ENTRIES if name else _LEAST_TERMS)
    return enough and ascending >= _SORTED * (len(terms) - 1)
