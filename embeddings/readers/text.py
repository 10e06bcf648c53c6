"""Plain text, and web pages saved as plain text.

A plain text is read whole. Boilerplate is left out only of a text that surely is a saved web page.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers import front_matter
from embeddings.readers.compose import Block, check_length, make_article
from embeddings.readers.line_breaks import Line, ends_sentence, paragraphs
from embeddings.readers.metadata import Metadata, date_of
from embeddings.readers.structure.bylines import byline_of, is_dateline, url_in
from embeddings.readers.web.boilerplate import (
    is_menu_label,
    is_ornament,
    is_saved_page,
    why_boilerplate,
)
from embeddings.text.decoding import decode
from embeddings.text.phone_numbers import holds_phone
from embeddings.translatable import Translatable

_BODY = 40
"""Characters; a line of that length that ends as a sentence is a paragraph of the article."""
_LONGEST_TITLE = 200
_LONGEST_HEADING = 100
_MENU = 3
"""Short lines in a row that are a menu, if one of their block is a known label of menus, or half of
those that have a block each."""
_MOST_HEADINGS = 2
"""Headings without text between them."""
_LONGEST_LABEL = 30
_LABEL_AND_VALUE = re.compile(r"[^\W\d][^\d:]{1,40}: \S|\S+@\S+\.\w")
"""What begins with a label and its value, or with an e-mail address; "Chapter 1: Rain" does not."""
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+[^\W\d]")
_LEAST_NUMBERED = 3
"""Numbered lines with text below each that are headings; fewer may be items of a list."""
_MARK = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_EMPTY_LINE = re.compile(r"\n[ ]*\n")
_UNDERLINED = re.compile(r"(?:(?<=\n)|^)([^\n]{2,100})\n([=~^\"*#-])\2{3,} *(?=\n|$)")


def read(data: bytes, path: str) -> Article:
    """Read a text file.

    Raises:
        UnreadableFile: it is not text, or holds nothing but boilerplate.
    """
    text = decode(data)
    check_length(len(text))
    metadata, text = front_matter.split(text)
    lines = [line for line in paragraphs(_mark_underlined(text)) if not is_ornament(line.text)]
    if not lines:
        raise UnreadableFile("empty")
    empty = Translatable("nothing in it but boilerplate (menus, credits, buttons)")
    is_spaced = _EMPTY_LINE.search(text.strip()) is not None
    dropped: list[Dropped] = []
    is_page = is_saved_page([line.text for line in lines])
    if is_page:
        metadata, lines = _without_boilerplate(lines, metadata, dropped)
        if not lines:
            raise UnreadableFile(empty)
    title, lines = _split_title(lines, is_page, is_spaced, dropped)
    if title and metadata.title and title.casefold() != metadata.title.casefold():
        lines.insert(0, Line(title, alone=True))  # not the title, but part of the text
    metadata = replace(metadata, title=metadata.title or title)
    blocks = [
        Block(_unmarked(line.text) if level else line.text, level)
        for line, level in zip(lines, _heading_levels(lines, is_spaced), strict=True)
    ]
    return make_article(path, metadata, blocks, empty, dropped=dropped)


def _mark_underlined(text: str) -> str:
    """Mark headings that are underlined; the first kind of line is that of the highest level."""
    kinds = list(dict.fromkeys(match[2] for match in _UNDERLINED.finditer(text)))
    if not kinds or len(kinds) > 6:
        return text
    return _UNDERLINED.sub(
        lambda match: f"\n{'#' * (kinds.index(match[2]) + 1)} {match[1].strip()}\n", text
    )


def _without_boilerplate(
    lines: Sequence[Line], metadata: Metadata, dropped: list[Dropped]
) -> tuple[Metadata, list[Line]]:
    """Leave out the boilerplate of a saved page; its date becomes metadata."""
    bodies = [number for number, line in enumerate(lines) if _is_body(line)]
    first, last = (bodies[0], bodies[-1]) if bodies else (len(lines), -1)
    is_chronology = sum(is_dateline(line.text) for line in lines[first:last]) > 1
    kept: list[Line] = []
    blocks = groupby(lines, lambda line: (_is_label(line), -1 if line.alone else line.block))
    for (is_label, block), group in blocks:
        run = list(group)
        known = sum(is_menu_label(line.text) for line in run)
        least = 1 if block >= 0 else len(run) / 2
        if is_label and len(run) >= _MENU and known >= least:
            dropped += [Dropped(line.text, "menu") for line in run]
            continue
        for line in run:
            why = why_boilerplate(line.text)
            if why is None and is_dateline(line.text) and not is_chronology:
                metadata = replace(metadata, date=metadata.date or date_of(line.text))
                why = "date"
            if why is None:
                kept.append(line)
            else:
                dropped.append(Dropped(line.text, why))
    return metadata, kept


def _split_title(
    lines: list[Line], is_page: bool, is_spaced: bool, dropped: list[Dropped]
) -> tuple[str | None, list[Line]]:
    """Return the title, and the lines without it."""
    head = next((number for number, line in enumerate(lines) if _is_body(line)), len(lines))
    title = _title_of(lines, head, is_page, is_spaced)
    if title is None:
        return None, lines
    same = {number for number, line in enumerate(lines[: max(head, 1)]) if line.text == title}
    dropped += [Dropped(title, "repeated")] * (len(same) - 1)
    rest = [line for number, line in enumerate(lines) if number not in same]
    return (_unmarked(title), rest) if rest else (None, lines)


def _title_of(lines: Sequence[Line], head: int, is_page: bool, is_spaced: bool) -> str | None:
    """Return the line above the text that is marked or repeated, or else the first one."""
    above = [line.text for line in lines[:head] if len(line.text) <= _LONGEST_TITLE]
    marked = next((text for text in above if _MARK.match(text)), None)
    counts = Counter(above)
    repeated = (text for text in above if counts[text] > 1 and len(text.split()) > 1)
    found = next(repeated, marked)
    first = next((line for line in lines if byline_of(line.text) is None), lines[0])
    if found or len(lines) < 2 or not (head > 0 or first.text[-1] in "?!"):
        return found
    others = (line.text for line in lines if line != first and len(line.text) <= _LONGEST_TITLE)
    if first.text.endswith("?") and any(text.endswith("?") for text in others):
        return None  # the first of several questions
    is_apart = (
        is_page
        or byline_of(lines[1].text) is not None
        or (first.alone and (is_spaced or _is_body(lines[1])))
        or (first.text.isupper() and is_spaced)
    )
    is_title = _may_head(replace(first, alone=is_apart)) or (is_apart and first.text[-1] in "?!")
    return first.text if is_title and len(first.text) <= _LONGEST_TITLE else None


def _unmarked(text: str) -> str:
    """Return a heading without the marks of Markdown."""
    match = _MARK.match(text)
    return match[2] if match else text


def _is_body(line: Line) -> bool:
    """Whether a line is a paragraph of the article, by its length and its end."""
    return (
        len(line.text) >= _BODY
        and (ends_sentence(line.text) or len(line.text) > _LONGEST_TITLE)
        and not _MARK.match(line.text)
    )


def _is_label(line: Line) -> bool:
    return (
        len(line.text) <= _LONGEST_LABEL
        and len(line.text.split()) <= 3
        and not ends_sentence(line.text)
        and not line.is_bullet
        and not _MARK.match(line.text)
        and not byline_of(line.text)
        and not url_in(line.text)
    )


def _heading_levels(lines: Sequence[Line], is_spaced: bool) -> list[int]:
    """Return 1 to 6 for each line that is a heading, 0 for text."""
    marks = [_MARK.match(line.text) for line in lines]
    levels = [len(mark[1]) if mark else 0 for mark in marks]
    most = _MOST_HEADINGS if is_spaced else 1
    end = 0
    for may_head, group in groupby(lines, _is_heading):
        start, end = end, end + len(list(group))
        below = lines[end] if end < len(lines) else None
        follows = below is not None and (below.is_bullet or _is_body(below) or not below.alone)
        if may_head and end - start <= most and follows:
            levels[start:end] = range(1, end - start + 1)
    for position in _numbered_headings(lines):
        levels[position] = 2  # one of level 1 may become the title
    return levels


def _numbered_headings(lines: Sequence[Line]) -> list[int]:
    """Return the lines like "4. Waiting list" that stand above the text of a section each."""
    numbers = [_NUMBERED.match(line.text) for line in lines]
    found = [
        position
        for position, (line, below) in enumerate(pairwise(lines))
        if numbers[position]
        and (position == 0 or lines[position - 1].block != line.block)
        and len(line.text) <= _LONGEST_HEADING
        and not ends_sentence(line.text)
        and not below.is_bullet
        and (ends_sentence(below.text) or len(below.text) > _LONGEST_TITLE)
        and below.block in (line.block, line.block + 1)
    ]
    rising = [int(match[1]) for match in map(numbers.__getitem__, found) if match]
    if len(found) < _LEAST_NUMBERED or rising != sorted(set(rising)):
        return []
    return found


def _is_heading(line: Line) -> bool:
    """Whether a line may be a heading in the text: a label with its value is text."""
    return _may_head(line) and not _LABEL_AND_VALUE.match(line.text) and not holds_phone(line.text)


def _may_head(line: Line) -> bool:
    """Whether a line without marks may be a heading: short, alone, not a sentence."""
    text = line.text
    return (
        line.alone
        and len(text) <= _LONGEST_HEADING
        and any(map(str.isalpha, text))
        and not text[0].islower()
        and not line.is_bullet
        and not _MARK.match(text)
        and (not ends_sentence(line.text) or text.endswith("?"))
        and not text.endswith(",")
        and not text.startswith(('"', "«", "“"))
    )
