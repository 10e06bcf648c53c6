"""Reads the pages of a PDF: their numbers, their lines, and what is drawn around these."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.errors import UnreadableFile
from embeddings.readers.pdf.document import open_document
from embeddings.readers.pdf.drawn import Field, Rule, fields_of
from embeddings.readers.pdf.lines import Line, Sheet
from embeddings.text.decoding import clean
from embeddings.text.mojibake import repaired
from embeddings.translatable import Translatable

MAX_CHARACTERS = 20_000_000
MAX_OBJECTS = 10_000_000
"""Texts, lines and pictures drawn on all pages together; a map may have a million."""


@dataclass(frozen=True)
class Page:
    """A page's lines in the order of the file, which is nearly always that of reading.

    Attributes:
        number: counted from 1.
        width, height: in points.
        lines: none where it is garbled.
        rules: the lines drawn on it.
        fields: what its form is filled in with.
        is_garbled: whether its fonts do not say which letters they draw.
        is_scanned: whether its lines were recognised in a picture.
        struck: its words that a line is drawn through; they are not in `lines`.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    fields: tuple[Field, ...] = ()
    is_garbled: bool = False
    is_scanned: bool = False
    struck: str = ""


@dataclass(frozen=True)
class Printed:
    """A document as it is printed, and what it says about itself."""

    pages: tuple[Page, ...]
    title: str
    author: str
    created: str
    warnings: tuple[str, ...] = ()


ReadScans = Callable[[Any, Sequence[Page]], tuple[tuple[Page, ...], list[str]]]


def _no_scans(_: Any, pages: Sequence[Page]) -> tuple[tuple[Page, ...], list[str]]:
    return tuple(pages), []


def read_pages(data: bytes, read_scans: ReadScans = _no_scans) -> Printed:
    """Read every page.

    Args:
        data: the PDF.
        read_scans: reads the pages that are pictures; see `scans.with_scans`.

    Raises:
        UnreadableFile: it is locked, damaged or too large, or holds no text.
    """
    with open_document(data) as document:
        metadata = document.get_metadata_dict()
        pages, scans = read_scans(document, tuple(_pages(document)))
    if not any(page.lines for page in pages):
        if any(page.is_garbled for page in pages):
            raise UnreadableFile("its fonts do not say which letters they draw")
        raise UnreadableFile(scans[0] if scans else Translatable("no text in it: a scan?"))
    title, author, created = (
        repaired(clean(metadata.get(name, ""))) for name in ("Title", "Author", "CreationDate")
    )
    return Printed(pages, title, author, created, (*_warnings(pages), *scans))


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
        return Page(number, *sheet.turn.size, (), is_garbled=True)
    fields = fields_of(page, form, sheet.turn)
    struck = " ".join(clean(" ".join(sheet.struck)).split())
    return Page(number, *sheet.turn.size, lines, sheet.rules, fields, struck=struck)
