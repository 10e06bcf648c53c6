"""Finds what is no text of the article: running heads, page numbers, contents, an index.

Tables of contents and indexes at the back answer nothing themselves.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

from embeddings.articles.article import Dropped
from embeddings.readers.pdf.lines import Line, Page
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

_EDGE = 3
"""Lines from the top, and from the bottom, among which they are looked for."""
_REPEATED = 3
"""Least pages on which a running line is repeated."""
_DENSE = 0.4
"""Least share of the pages from its first to its last; left and right pages may differ."""
_LEAST_STEP = 2
_BIN = 8.0
"""Points by which a line's place may differ from page to page."""
_NUMBER = re.compile(r"\d{1,5}")
_MOST_OWN = 3
_ONLY_NUMBER = re.compile(r"\W*(\d{1,5})\W*")
_OUTER_NUMBER = re.compile(
    r"(\d{1,5})(?![\w.):]).{0,80}|.{0,80}?[^\d.](\d{1,5})(?: ?(?:/|of|з|із|из|von|de) ?\d{1,5})?"
)
"""A page number beside something else, or before the number of all pages; "5.3. Judges" is a
clause, and "9See" a note."""
_ROMAN_NUMBER = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_OUTER_ROMAN = re.compile(r"^[ivxlc]{1,7}(?= )|(?<= )[ivxlc]{1,7}$")

_Key = tuple[str, int]


def without_running(pages: Sequence[Page]) -> tuple[list[Page], list[Dropped]]:
    """Drop the lines that are repeated on page after page, and return what was dropped, once.

    A number in them must stay the same or increase with the pages.
    """
    offsets = _offsets(pages)
    seen: dict[_Key, list[int]] = defaultdict(list)
    for page in pages:
        for key in {key for line in _edges(page) for key in _keys(line, page, offsets)}:
            seen[key].append(page.number)
    running = {key for key, numbers in seen.items() if _is_running(numbers)}
    stripped = [_strip(page, running, offsets) for page in pages]
    dropped: dict[str, str] = {}
    numbers: list[str] = []
    for page, rest in zip(pages, stripped, strict=True):
        kept = set(rest.lines)
        for line in (line for line in page.lines if line not in kept):
            if _ONLY_NUMBER.fullmatch(line.text) or _ROMAN_NUMBER.fullmatch(line.text):
                numbers.append(line.text)
            else:
                dropped.setdefault(_NUMBER.sub("#", line.text), line.text)
    heads = [Dropped(text, "running head") for text in dropped.values()]
    return stripped, heads + [Dropped(" ".join(numbers), "page numbers")] * bool(numbers)


def without_line_numbers(pages: Sequence[Page]) -> tuple[list[Page], list[Dropped]]:
    """Drop the numbers of every fifth line or so, as bills and editions have in their margin."""
    numbers = [_line_numbers(page) for page in pages]
    stripped = [
        replace(page, lines=tuple(_without(page.lines, found))) if found else page
        for page, found in zip(pages, numbers, strict=True)
    ]
    text = " ".join(line.text for found in numbers for line in found)
    return stripped, [Dropped(text, "line numbers")] * bool(text)


def _without(lines: Sequence[Line], parts: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        kept = tuple(part for part in line.parts or (line,) if part not in parts)
        if kept == (line.parts or (line,)):
            yield line
        elif kept:
            text = " ".join(part.text for part in kept)
            parted = kept if len(kept) > 1 else ()
            yield replace(line, text=text, left=kept[0].left, right=kept[-1].right, parts=parted)


def _line_numbers(page: Page) -> list[Line]:
    """Return the multiples of a number that stand below each other beside all other lines."""
    parts = [part for line in page.lines for part in line.parts or (line,)]
    columns: dict[int, list[Line]] = defaultdict(list)
    for part in parts:
        if _NUMBER.fullmatch(part.text):
            columns[round(part.left / _BIN)].append(part)
            columns[-round(part.right / _BIN)].append(part)  # they end below each other
    for column in columns.values():
        found = sorted(column, key=lambda line: -line.base)
        if not _are_multiples(found):
            continue
        others = [part for part in parts if part not in column]
        left, right = min(line.left for line in found), max(line.right for line in found)
        if _counts_lines(found, others) and not any(
            line.left < right and line.right > left for line in others
        ):
            return found
    return []


def _counts_lines(numbers: Sequence[Line], others: Sequence[Line]) -> bool:
    """Whether lines without numbers stand between multiples of a number, as many as they count."""
    step = int(numbers[0].text)
    bases = {round(line.base) for line in others}
    return all(
        sum(below.base < base < above.base for base in bases) >= step - 2
        for above, below in pairwise(numbers)
    )


def _are_multiples(numbers: Sequence[Line]) -> bool:
    step = int(numbers[0].text)
    return (
        len(numbers) >= _REPEATED
        and step > _LEAST_STEP
        and [int(line.text) for line in numbers] == [step * (n + 1) for n in range(len(numbers))]
    )


def _offsets(pages: Sequence[Page]) -> set[int]:
    """Return the differences between a page's printed and counted number; chapters may restart."""
    for pattern in (_ONLY_NUMBER, _OUTER_NUMBER):
        votes: dict[int, list[int]] = defaultdict(list)
        for page in pages:
            found = [pattern.fullmatch(line.text) for line in _edges(page)]
            for offset in {
                int(match[match.lastindex or 1]) - page.number for match in found if match
            }:
                votes[offset].append(page.number)
        offsets = {offset for offset, numbers in votes.items() if _is_running(numbers)}
        if offsets:
            return offsets
    return {0}


def _strip(page: Page, running: set[_Key], offsets: set[int]) -> Page:
    """Drop running lines from the outside inwards, as far as nothing else stands there."""
    dropped: set[Line] = set()
    for rows in _rows_from_outside(page):
        for row in rows[:_EDGE]:
            found = {
                line
                for line in row
                if not _is_in_cell(line, page)
                and (
                    running.intersection(_keys(line, page, offsets))
                    or (row is rows[0] and _is_page_number(line, row, page, offsets))
                )
            }
            dropped |= found
            if len(found) < len(set(row)):
                break
    kept = tuple(line for line in page.lines if line not in dropped)
    return replace(page, lines=kept)


def _is_in_cell(line: Line, page: Page) -> bool:
    """Whether lines are drawn down on both sides of a line of text."""
    beside = [
        rule.at for rule in page.rules if not rule.is_across and rule.start < line.base < rule.end
    ]
    return any(at <= line.left + 3 for at in beside) and any(at >= line.right - 3 for at in beside)


def _edges(page: Page) -> list[Line]:
    return [line for rows in _rows_from_outside(page) for row in rows[:_EDGE] for line in row]


def _rows_from_outside(page: Page) -> tuple[list[list[Line]], list[list[Line]]]:
    """Return the rows from the foot up, and from the head down; what is side by side is a row."""
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in page.lines:
        rows[round(line.base / 4)].append(line)
    upwards = [rows[height] for height in sorted(rows)]
    return upwards, upwards[::-1]


def _is_page_number(line: Line, row: list[Line], page: Page, offsets: set[int]) -> bool:
    """The page's own number, alone in its row; or a small Roman one."""
    match = _ONLY_NUMBER.fullmatch(line.text)
    if match:
        return int(match[1]) - page.number in offsets and len(row) == 1
    return bool(_ROMAN_NUMBER.fullmatch(line.text)) and line.text.islower()


def _keys(line: Line, page: Page, offsets: set[int]) -> set[_Key]:
    """Return the ways to read a line: each number as itself, or as the page's own."""
    numbers = [int(number) for number in _NUMBER.findall(line.text)]
    own = [number for number in numbers if number - page.number in offsets]
    readings = [
        (str(number), "#") if number in own and len(own) <= _MOST_OWN else (str(number),)
        for number in numbers
    ]
    between = _NUMBER.split(line.text.casefold())
    texts = {
        "".join(map("".join, zip(between, (*chosen, ""), strict=True)))
        for chosen in product(*readings)
    }
    match = _OUTER_NUMBER.fullmatch(line.text)
    if match and int(match[match.lastindex or 1]) in own:
        texts.add("#")  # whatever chapter is named beside it
    if " " in line.text:
        texts.add(_OUTER_ROMAN.sub("#", line.text.casefold()))
    place = round(line.base / _BIN)
    return {(text, place + shift) for text in texts for shift in (0, 1)}


def _is_running(numbers: list[int]) -> bool:
    span = numbers[-1] - numbers[0] + 1
    return len(numbers) >= _REPEATED and len(numbers) >= _DENSE * span


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
        end = _without_labels(texts, start, end, pages)
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


def _without_labels(texts: Sequence[str], start: int, end: int, pages: int) -> int:
    """Return where entries end: "Chapter 1" below the last of them is none."""
    numbers = {n: _page_of(texts[n], pages) or 0 for n in range(start, end)}
    entries = [n for n, number in numbers.items() if number]
    for before, last in reversed(list(pairwise(entries))):
        if _leads(texts[last]) or numbers[last] >= numbers[before]:
            return last + 1
    return entries[0] + 1


def _leads(text: str) -> bool:
    """Whether dots lead to the page number of an entry."""
    match = _ENTRY.fullmatch(text)
    return match is not None and bool(match["leader"].strip())


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
    return name or sum(map(_leads, entries)) >= _LED * len(entries)


def _is_index(terms: Sequence[str], *, name: bool) -> bool:
    heads = [term.casefold() for term in terms]
    ascending = sum(before <= after for before, after in pairwise(heads))
    enough = len(terms) >= (_LEAST_ENTRIES if name else _LEAST_TERMS)
    return enough and ascending >= _SORTED * (len(terms) - 1)
