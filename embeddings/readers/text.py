"""Plain text, and web pages saved as plain text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers import front_matter
from embeddings.readers.boilerplate import author_of, is_boilerplate, is_dateline, url_of
from embeddings.readers.compose import Block, check_length, make_article
from embeddings.readers.line_breaks import Line, paragraphs
from embeddings.readers.metadata import Metadata
from embeddings.text.decoding import decode

_BODY = 40
"""Characters from which a line that ends as a sentence is a paragraph of the article."""
_LONGEST_TITLE = 200
_LONGEST_HEADING = 100
_MENU = 3
"""So many short lines in a row, none of them a sentence, are a menu or a list."""
_LONGEST_LABEL = 30
_MARK = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")


def read(data: bytes, path: str) -> Article:
    """Read a text file.

    Raises:
        UnreadableFile: it is not text, or nothing in it can be quoted.
    """
    text = decode(data)
    check_length(len(text))
    metadata, text = front_matter.split(text)
    lines = paragraphs(text)
    if not lines:
        raise UnreadableFile("empty")
    head, body = _separate(lines)
    if head.title and metadata.title and head.title.casefold() != metadata.title.casefold():
        body.insert(0, Line(head.title, alone=True))  # it is no title then, but it is text
    metadata = replace(
        metadata,
        title=metadata.title or head.title,
        author=metadata.author or head.author,
        url=metadata.url or head.url,
    )
    empty = "nothing in it but boilerplate (menus, credits, buttons)"
    return make_article(path, metadata, _blocks(body), empty)


def _separate(lines: list[Line]) -> tuple[Metadata, list[Line]]:
    """Separate the article from the boilerplate around it, and take its metadata from both."""
    bodies = [i for i, line in enumerate(lines) if _is_body(line)]
    if bodies and bodies[0] == 0 and len(lines) > 1 and _is_title_sentence(lines[0]):
        bodies = bodies[1:] or [1]
    if not bodies:
        return _read_short_lines([line for line in lines if not is_boilerplate(line.text)])
    first, last = bodies[0], bodies[-1]
    middle = [line for line in lines[first : last + 1] if not is_boilerplate(line.text)]
    is_chronology = any(is_dateline(line.text) for line in middle)
    head, opening = _read_head(lines[:first], is_chronology)
    middle = [line for line in middle if not _is_repeated(line, head.title)]
    tail = lines[last + 1 :]
    is_list = lines[last].text.endswith(":")
    head, closing = _take_metadata(tail if is_list else _without_menus(tail), head)
    return head, opening + middle + [line for line in closing if not _is_repeated(line, head.title)]


def _read_short_lines(lines: list[Line]) -> tuple[Metadata, list[Line]]:
    """A timetable, a poem, a list: only a line that stands alone above the rest is its title."""
    if len(lines) > 1 and (_MARK.match(lines[0].text) or _may_head(lines[0])):
        return Metadata(_unmarked(lines[0].text)), lines[1:]
    return Metadata(), lines


def _is_body(line: Line) -> bool:
    return (
        len(line.text) >= _BODY
        and (line.ends_sentence or len(line.text) > _LONGEST_TITLE)
        and not is_boilerplate(line.text)
        and not _MARK.match(line.text)
    )


def _is_title_sentence(line: Line) -> bool:
    """A title may end as a sentence does when it is a question or an exclamation."""
    return line.alone and len(line.text) <= _LONGEST_TITLE and line.text[-1] in "?!"


def _read_head(lines: list[Line], is_chronology: bool) -> tuple[Metadata, list[Line]]:
    _, candidates = _take_metadata(_without_menus(lines), Metadata(), is_chronology)
    if not candidates:  # labels only: no menu then, but a title and headings
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
        remainder = _after_title(line.text, title)
        if remainder and not is_boilerplate(remainder):
            kept.append(replace(line, text=remainder))
    return head, kept


def _take_metadata(
    lines: list[Line], head: Metadata, is_chronology: bool = False
) -> tuple[Metadata, list[Line]]:
    """Move author and address from the lines into `head`; drop boilerplate and the date."""
    rest: list[Line] = []
    for line in lines:
        author, url = author_of(line.text), url_of(line.text)
        if author:
            head = replace(head, author=head.author or author)
        elif url:
            head = replace(head, url=head.url or url)
        elif (is_chronology or not is_dateline(line.text)) and not _is_credit_after_title(
            line.text, lines
        ):
            rest.append(line)
    return head, [line for line in rest if not is_boilerplate(line.text)]


def _is_credit_after_title(text: str, lines: list[Line]) -> bool:
    """The title again with a photo's caption and credit run on to it."""
    return is_boilerplate(text) and any(
        other.text != text and text.startswith(other.text) for other in lines
    )


def _choose_title(candidates: list[str]) -> str | None:
    """The line that a page repeats is its title; else the marked one; else the first."""
    short = [text for text in candidates if len(text) <= _LONGEST_TITLE]
    for text in short:
        again = sum(other.startswith(text) for other in candidates)
        if again > 1 and len(text.split()) > 1:
            return text
    marked = [text for text in short if _MARK.match(text)]
    return next(iter(marked or short), None)


def _unmarked(text: str) -> str:
    match = _MARK.match(text)
    return match[2] if match else text


def _after_title(text: str, title: str) -> str:
    return text[len(title) :].lstrip(" -–—:|") if text.startswith(title) else text


def _is_repeated(line: Line, title: str | None) -> bool:
    return title is not None and line.text.casefold() == title.casefold()


def _without_menus(lines: list[Line]) -> list[Line]:
    """Drop runs of short labels that stand in one block, or each in one of its own."""
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


def _blocks(lines: list[Line]) -> Iterator[Block]:
    for line, level in zip(lines, _heading_levels(lines), strict=True):
        yield Block(_unmarked(line.text) if level else line.text, level)


def _heading_levels(lines: list[Line]) -> list[int]:
    """For each line 1 to 6 where it is a heading, 0 where it is text."""
    marks = [_MARK.match(line.text) for line in lines]
    levels = [len(mark[1]) if mark else 0 for mark in marks]
    end = 0
    for may_head, group in groupby(lines, _may_head):
        start, end = end, end + len(list(group))
        if may_head and end - start < _MENU and end < len(lines) and _may_follow(lines[end]):
            levels[start:end] = range(1, end - start + 1)
    return levels


def _may_follow(line: Line) -> bool:
    """Whether what stands above a line can be its heading."""
    return line.is_bullet or _is_body(line)


def _may_head(line: Line) -> bool:
    """Whether a line looks like a heading without marks: short, alone, no sentence."""
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
