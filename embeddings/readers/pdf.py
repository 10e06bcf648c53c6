"""PDF: pages with their paragraphs, and the chapters they belong to."""

from collections.abc import Sequence
from itertools import pairwise

from embeddings.article import Article, Section
from embeddings.errors import UnreadableFile
from embeddings.language import detect
from embeddings.readers.hyphens import Hyphens
from embeddings.readers.pdfheadings import Heading, Headings, nest
from embeddings.readers.pdflines import Page, read_lines
from embeddings.readers.pdfparagraphs import (
    Paragraph,
    is_item,
    paragraphs,
    touches,
    without_leaders,
)
from embeddings.readers.pdftitle import Casing, author_of, title_of
from embeddings.readers.running import without_running

_MOST_IN_A_ROW = 4
"""Headings without text between them; more are a list."""
_BODY = 40
"""Characters from which a paragraph below a line lets it be a heading."""
_FIRST_TEXTS = 40
"""Paragraphs among which the title is looked for."""
_SAMPLE_PAGES = 10


def read(data: bytes, path: str) -> Article:
    """Read a PDF; each page begins a section, and so does each heading.

    Raises:
        UnreadableFile: it is locked, damaged or too large, or holds no text.
    """
    printed = read_lines(data)
    pages = without_running(printed.pages)
    title = title_of(printed, pages)
    language = detect(_sample(pages))
    text, sections = _compose(pages, title or "", language)
    if not text:
        raise UnreadableFile("no text in it but page numbers")
    return Article(path, title, text, sections, language, author_of(printed))


def _sample(pages: Sequence[Page]) -> str:
    """Return the text of the fullest of the first pages: a cover may be in capitals."""
    fullest = max(pages[:_SAMPLE_PAGES], key=lambda page: sum(len(x.text) for x in page.lines))
    return "\n".join(line.text for line in fullest.lines)


def _compose(pages: Sequence[Page], title: str, language: str) -> tuple[str, tuple[Section, ...]]:
    lines = [line.text for page in pages for line in page.lines]
    hyphens = Hyphens(lines, language)
    printed = [paragraph for page in pages for paragraph in paragraphs(page)]
    texts = [_text(paragraph, hyphens) for paragraph in printed]
    known = Headings(printed)
    headings = [
        known.heading(paragraph, text) if text.casefold() != title.casefold() else None
        for paragraph, text in zip(printed, texts, strict=True)
    ]
    _drop_lists(headings, texts)
    _drop_above_title(headings, texts, title)
    pages_of_text = {
        paragraph.page for paragraph, heading in zip(printed, headings, strict=True) if not heading
    }
    article = _Composer(Casing(lines))
    for paragraph, text, heading in zip(printed, texts, headings, strict=True):
        if heading:
            article.head(heading, paragraph.page)
        if not heading or paragraph.page not in pages_of_text:  # a heading above a picture
            article.add(text, paragraph.page)
    return article.close()


def _text(paragraph: Paragraph, hyphens: Hyphens) -> str:
    lines = [paragraph.lines[0].text]
    for before, line in pairwise(paragraph.lines):
        if touches(before, line):
            lines[-1] += line.text
        else:
            lines.append(line.text)
    return without_leaders(hyphens.join(lines))


def _drop_lists(headings: list[Heading | None], texts: Sequence[str]) -> None:
    """Turn back into text what only looks like headings: runs of them, and a table's cells."""
    start = 0
    while start < len(headings):
        end = start
        while end < len(headings) and headings[end]:
            end += 1
        below = texts[end] if end < len(texts) else ""
        follows = len(below) >= _BODY or is_item(below)
        for number in range(start, end):
            heading = headings[number]
            numbered = heading is not None and heading.rank is not None and below
            if end - start > _MOST_IN_A_ROW or not (follows or numbered):
                headings[number] = None
        start = end + 1


def _drop_above_title(headings: list[Heading | None], texts: Sequence[str], title: str) -> None:
    """Turn back into text what stands above the title: an office, an approval, a series."""
    above = ""
    for number, text in enumerate(texts[:_FIRST_TEXTS]):
        above = f"{above} {text.casefold()}"
        if title and title.casefold() in above:
            headings[: number + 1] = [None] * (number + 1)
            return


class _Composer:
    """Collects paragraphs and the headings above them."""

    def __init__(self, casing: Casing) -> None:
        self._casing = casing
        self._parts: list[str] = []
        self._length = 0
        self._sections: list[Section] = []
        self._open: list[Heading] = []
        self._since: dict[Heading, int] = {}

    def head(self, heading: Heading, page: int) -> None:
        """Open a section."""
        self._open = nest(self._open, heading)
        self._since[heading] = page

    def add(self, text: str, page: int) -> None:
        """Add a paragraph below the headings that are open."""
        if not text:
            return
        start = self._length + 2 if self._parts else 0
        while self._open and not self._open[-1].lasts and page > self._since[self._open[-1]] + 1:
            self._open.pop()
        names = tuple(self._casing(heading.text) for heading in self._open)
        last = self._sections[-1] if self._sections else None
        if last is None or (last.headings, last.page) != (names, page):
            self._sections.append(Section(start, names, page))
        self._parts.append(text)
        self._length = start + len(text)

    def close(self) -> tuple[str, tuple[Section, ...]]:
        """Return the text and its sections."""
        return "\n\n".join(self._parts), tuple(self._sections)
