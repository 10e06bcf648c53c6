"""Reads the pages of a PDF: their numbers, their lines, and what is drawn around these."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from embeddings.errors import UnreadableFile
from embeddings.readers.metadata import date_of
from embeddings.readers.pdf.document import open_document
from embeddings.readers.pdf.drawn import fields_of
from embeddings.readers.pdf.lines import Line, Page, Sheet
from embeddings.readers.pdf.marks import BULLETS
from embeddings.readers.pdf.scans import with_scans
from embeddings.text.decoding import clean
from embeddings.text.mojibake import repaired
from embeddings.translatable import Translatable

_DAY = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_MARKS = frozenset(BULLETS)
_SAME_ROW, _BULLET_NEAR = 0.3, 3.0
"""Shares of the font size by which a bullet may be lower than its text, and left of it."""
MAX_CHARACTERS = 20_000_000
MAX_OBJECTS = 10_000_000
"""Texts, lines and pictures drawn on all pages together; a map may have a million."""


@dataclass(frozen=True)
class Printed:
    """A document as it is printed, and what it says about itself."""

    pages: tuple[Page, ...]
    title: str
    author: str
    date: str | None
    warnings: tuple[str, ...] = ()


def read_pages(data: bytes) -> Printed:
    """Read every page.

    Raises:
        UnreadableFile: it is locked, damaged or too large, or holds no text.
    """
    with open_document(data) as document:
        metadata = document.get_metadata_dict()
        pages, unread = with_scans(document, tuple(_pages(document)))
    if not any(page.lines for page in pages):
        if any(page.is_garbled for page in pages):
            raise UnreadableFile("its fonts do not say which letters they draw")
        raise UnreadableFile(unread[0] if unread else Translatable("no text in it: a scan?"))
    title, author = (
        " ".join(repaired(clean(metadata.get(name, ""))).split()) for name in ("Title", "Author")
    )
    day = _DAY.match(metadata.get("CreationDate", ""))  # such as D:20261123101500+02'00'
    date = date_of("-".join(day.groups())) if day else None
    return Printed(pages, title, author, date, (*_warnings(pages), *unread))


def _with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Write bullets that are stored apart before the lines that they stand beside."""
    kept: list[Line | None] = list(lines)
    for place, bullet in enumerate(lines):
        if bullet.text not in _MARKS:
            continue
        beside = (
            (line.left, number)
            for number, line in enumerate(kept)
            if line
            and line.text not in _MARKS
            and abs(line.base - bullet.base) < _SAME_ROW * line.size
            and 0 < line.left - bullet.right < _BULLET_NEAR * line.size
        )
        _, nearest = min(beside, default=(0, None))
        line = kept[nearest] if nearest is not None else None
        if nearest is not None and line:
            first, *rest = (_after_bullet(part, bullet) for part in (line, *line.parts[:1]))
            kept[nearest] = replace(first, parts=(*rest, *line.parts[1:]))
            kept[place] = None
    return [line for line in kept if line]


def _after_bullet(line: Line, bullet: Line) -> Line:
    return replace(line, text=f"{bullet.text} {line.text}", left=bullet.left)


def _warnings(pages: Sequence[Page]) -> Iterator[str]:
    garbled = sum(page.is_garbled for page in pages)
    if garbled:
        yield Translatable(
            "pages whose letters cannot be told (garbled): {number} of {total}",
            number=garbled,
            total=len(pages),
        )


def _pages(document: Any) -> Iterator[Page]:
    import pypdfium2.raw as raw

    document.init_forms()
    characters = objects = 0
    for index in range(len(document)):
        page = document[index]
        objects += raw.FPDFPage_CountObjects(page)
        if objects > MAX_OBJECTS:
            raise UnreadableFile("more than {number} things drawn on its pages", number=MAX_OBJECTS)
        textpage = page.get_textpage()
        characters += textpage.count_chars()
        if characters > MAX_CHARACTERS:
            raise UnreadableFile("more than {number} characters", number=MAX_CHARACTERS)
        yield _page(index + 1, page, textpage, document.formenv)
        textpage.close()
        page.close()


def _page(number: int, page: Any, textpage: Any, form: Any) -> Page:
    sheet = Sheet(page, textpage)
    lines = sheet.read()
    if lines is None:
        return Page(number, (), is_garbled=True)
    lines = tuple(_with_bullets(lines))
    fields = tuple(fields_of(page, form, sheet.turn))
    struck = " ".join(clean(" ".join(sheet.struck)).split())
    return Page(number, lines, sheet.rules, fields, struck=struck)
