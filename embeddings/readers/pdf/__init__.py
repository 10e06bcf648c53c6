"""PDF: the paragraphs of each page, with the headings that they are below."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from embeddings.articles.article import Article, PageStart
from embeddings.errors import UnreadableFile
from embeddings.readers import compose
from embeddings.readers.pdf.headings import Heading, Headings, nest
from embeddings.readers.pdf.hyphens import Hyphens
from embeddings.readers.pdf.lines import Page, read_lines
from embeddings.readers.pdf.paragraphs import (
    Paragraph,
    is_item,
    paragraphs,
    touches,
    without_leaders,
)
from embeddings.readers.pdf.running_heads import without_running
from embeddings.readers.pdf.title import Casing, author_of, created, title_of
from embeddings.text.language import detect

_MOST_IN_A_ROW = 4
"""Most headings without text between them; more of them are a list."""
_BODY = 40
"""Characters that a paragraph must have for the line above to be its heading."""
_FIRST_TEXTS = 40
"""First paragraphs in which the title is looked for."""
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
    text, sections, starts = _compose(pages, title or "", language)
    if not text:
        raise UnreadableFile("no text in it but page numbers")
    return Article(
        path,
        title,
        text,
        compose.article_sentences(text, language),
        sections,
        language,
        author_of(printed),
        date=created(printed),
        pages=starts,
    )


def _sample(pages: Sequence[Page]) -> str:
    """Return the text of the fullest of the first pages: a cover may be in capitals."""
    fullest = max(pages[:_SAMPLE_PAGES], key=lambda page: sum(len(x.text) for x in page.lines))
    return "\n".join(line.text for line in fullest.lines)


def _compose(pages: Sequence[Page], title: str, language: str) -> compose.Composed:
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
    casing = Casing(lines)
    above: list[Heading] = []
    since: dict[Heading, int] = {}
    composed: list[compose.Paragraph] = []
    for paragraph, text, heading in zip(printed, texts, headings, strict=True):
        if heading:
            above = nest(above, heading)
            since[heading] = paragraph.page
        if text and (not heading or paragraph.page not in pages_of_text):  # or above a picture
            above = _below(above, since, paragraph.page)
            names = tuple(casing(heading.text) for heading in above)
            composed.append(compose.Paragraph(text, names, (PageStart(0, paragraph.page),)))
    return compose.compose(composed)


def _text(paragraph: Paragraph, hyphens: Hyphens) -> str:
    lines = [paragraph.lines[0].text]
    for before, line in pairwise(paragraph.lines):
        if touches(before, line):
            lines[-1] += line.text
        else:
            lines.append(line.text)
    return without_leaders(hyphens.join(lines))


def _drop_lists(headings: list[Heading | None], texts: Sequence[str]) -> None:
    """Make text of what only looks like headings: long runs of them, and cells of a table."""
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
    """Make text of what is above the title: an office, an approval, a series."""
    above = ""
    for number, text in enumerate(texts[:_FIRST_TEXTS]):
        above = f"{above} {text.casefold()}"
        if title and title.casefold() in above:
            headings[: number + 1] = [None] * (number + 1)
            return


def _below(headings: Sequence[Heading], since: Mapping[Heading, int], page: int) -> list[Heading]:
    """Leave out the innermost headings that no longer apply on this page."""
    kept = list(headings)
    while kept and not kept[-1].lasts and page > since[kept[-1]] + 1:
        kept.pop()
    return kept
