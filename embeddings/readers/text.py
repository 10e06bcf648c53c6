"""Plain text, and web pages saved as plain text."""

import re
from dataclasses import replace
from itertools import groupby

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers import front_matter
from embeddings.readers.compose import Block, check_length, make_article
from embeddings.readers.line_breaks import Line, paragraphs
from embeddings.readers.metadata import Metadata
from embeddings.readers.web.boilerplate import author_of, is_boilerplate, is_dateline, url_of
from embeddings.text.decoding import decode

_BODY = 40
"""Characters; a line of that length that ends as a sentence is a paragraph of the article."""
_LONGEST_TITLE = 200
_LONGEST_HEADING = 100
_MENU = 3
"""Short lines in a row, none of them a sentence, that are a menu or a list."""
_LONGEST_LABEL = 30
_MARK = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")


def read(data: bytes, path: str) -> Article:
    """Read a text file.

    Raises:
        UnreadableFile: it is not text, or holds nothing but boilerplate.
    """
    text = decode(data)
    check_length(len(text))
    metadata, text = front_matter.split(text)
    lines = paragraphs(text)
    if not lines:
        raise UnreadableFile("empty")
    head, body = _separate(lines)
    if head.title and metadata.title and head.title.casefold() != metadata.title.casefold():
        body.insert(0, Line(head.title, alone=True))  # not the title, but part of the text
    metadata = replace(
        metadata,
        title=metadata.title or head.title,
        author=metadata.author or head.author,
        url=metadata.url or head.url,
    )
    empty = "nothing in it but boilerplate (menus, credits, buttons)"
    blocks = [
        Block(_unmarked(line.text) if level else line.text, level)
        for line, level in zip(body, _heading_levels(body), strict=True)
    ]
    return make_article(path, metadata, blocks, empty)


def _separate(lines: list[Line]) -> tuple[Metadata, list[Line]]:
    """Return the metadata, and the lines of the article without the boilerplate around it."""
    bodies = [i for i, line in enumerate(lines) if _is_body(line)]
    if bodies and bodies[0] == 0 and len(lines) > 1 and lines[0].alone:
        title = lines[0].text  # a question or an exclamation may be a title
        if len(title) <= _LONGEST_TITLE and title[-1] in "?!":
            bodies = bodies[1:] or [1]
    if not bodies:  # a timetable, a poem, a list
        lines = [line for line in lines if not is_boilerplate(line.text)]
        if len(lines) > 1 and (_MARK.match(lines[0].text) or _may_head(lines[0])):
            return Metadata(_unmarked(lines[0].text)), lines[1:]
        return Metadata(), lines
    first, last = bodies[0], bodies[-1]
    middle = [line for line in lines[first : last + 1] if not is_boilerplate(line.text)]
    is_chronology = any(is_dateline(line.text) for line in middle)
    head, opening = _read_head(lines[:first], is_chronology)
    middle = [line for line in middle if not _is_repeated(line, head.title)]
    tail = lines[last + 1 :]
    is_list = lines[last].text.endswith(":")
    head, closing = _take_metadata(tail if is_list else _without_menus(tail), head)
    return head, opening + middle + [line for line in closing if not _is_repeated(line, head.title)]


def _is_body(line: Line) -> bool:
    """Whether a line is a paragraph of the article, by its length and its end."""
    return (
        len(line.text) >= _BODY
        and (line.ends_sentence or len(line.text) > _LONGEST_TITLE)
        and not is_boilerplate(line.text)
        and not _MARK.match(line.text)
    )


def _read_head(lines: list[Line], is_chronology: bool) -> tuple[Metadata, list[Line]]:
    """Return the metadata in the lines above the article, and those lines that belong to it.

    In a chronology a line with nothing but a date is text.
    """
    _, candidates = _take_metadata(_without_menus(lines), Metadata(), is_chronology)
    if not candidates:  # only short lines: a title and headings, not a menu
        _, candidates = _take_metadata(lines, Metadata(), is_chronology)
    title = _choose_title([line.text for line in candidates])
    if title is None:
        return _take_metadata(candidates, Metadata(), is_chronology)
    position = max(i for i, line in enumerate(lines) if line.text.startswith(title))
    above = _without_menus(lines[:position])
    head, rest = _take_metadata(above + lines[position:], Metadata(_unmarked(title)), is_chronology)
    kept: list[Line] = []
    for line in rest:
        if line.text == title or _is_repeated(line, head.title):
            continue
        remainder = line.text.removeprefix(title)
        if remainder != line.text:
            remainder = remainder.lstrip(" -–—:|")
        if remainder and not is_boilerplate(remainder):
            kept.append(replace(line, text=remainder))
    return head, kept


def _take_metadata(
    lines: list[Line], head: Metadata, is_chronology: bool = False
) -> tuple[Metadata, list[Line]]:
    """Move author and URL from the lines into `head`; drop boilerplate and datelines."""
    rest: list[Line] = []
    for line in lines:
        author, url = author_of(line.text), url_of(line.text)
        if author:
            head = replace(head, author=head.author or author)
        elif url:
            head = replace(head, url=head.url or url)
        elif not is_boilerplate(line.text) and (is_chronology or not is_dateline(line.text)):
            rest.append(line)
    return head, rest


def _choose_title(candidates: list[str]) -> str | None:
    """Return the line that another one repeats, else the first marked one, else the first."""
    short = [text for text in candidates if len(text) <= _LONGEST_TITLE]
    for text in short:
        repeats = sum(other.startswith(text) for other in candidates)
        if repeats > 1 and len(text.split()) > 1:
            return text
    marked = [text for text in short if _MARK.match(text)]
    return next(iter(marked or short), None)


def _unmarked(text: str) -> str:
    """Return a heading without the marks of Markdown."""
    match = _MARK.match(text)
    return match[2] if match else text


def _is_repeated(line: Line, title: str | None) -> bool:
    return title is not None and line.text.casefold() == title.casefold()


def _without_menus(lines: list[Line]) -> list[Line]:
    """Drop runs of short labels that are in one block, or each in a block of its own."""
    kept: list[Line] = []
    for (is_label, _), group in groupby(lines, lambda line: (_is_label(line), line.alone)):
        run = list(group)
        if not is_label or len(run) < _MENU:
            kept += run
    return kept


def _is_label(line: Line) -> bool:
    return (
        len(line.text) <= _LONGEST_LABEL
        and len(line.text.split()) <= 3
        and not line.ends_sentence
        and not line.is_bullet
        and not _MARK.match(line.text)
        and author_of(line.text) is None
        and url_of(line.text) is None
    )


def _heading_levels(lines: list[Line]) -> list[int]:
    """Return 1 to 6 for each line that is a heading, 0 for text."""
    marks = [_MARK.match(line.text) for line in lines]
    levels = [len(mark[1]) if mark else 0 for mark in marks]
    end = 0
    for may_head, group in groupby(lines, _may_head):
        start, end = end, end + len(list(group))
        follows = end < len(lines) and (lines[end].is_bullet or _is_body(lines[end]))
        if may_head and end - start < _MENU and follows:
            levels[start:end] = range(1, end - start + 1)
    return levels


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
        and (not line.ends_sentence or text.endswith("?"))
        and not text.endswith(",")
        and not text.startswith(('"', "«", "“"))
    )
