"""PDF: the paragraphs and tables of each page, with the headings that they are below.

`document` opens the file, `pages` reads its pages, `lines` are their lines, `drawn` what is drawn
around these; `scans` reads pages that are pictures. `layout` finds the order of reading, `columns`
tells whether lines stand in columns of text, `grids` finds the tables with drawn lines, and `cells`
the rows and columns without lines between them. `paragraphs` finds the paragraphs, `headings` the
headings, `title` the title, `boilerplate` what is left out, and `marks` tells what a line is by its
words. `page_image` draws a page with a passage framed.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from embeddings.articles.article import Article, Dropped, PageStart
from embeddings.errors import UnreadableFile
from embeddings.readers import compose
from embeddings.readers.metadata import WORD, is_person
from embeddings.readers.pdf.boilerplate import (
    listings,
    names_listing,
    without_line_numbers,
    without_running,
)
from embeddings.readers.pdf.columns import Table, TableCell
from embeddings.readers.pdf.headings import (
    Heading,
    Headings,
    nest,
    with_labels_joined,
    with_plain_added,
)
from embeddings.readers.pdf.lines import Line, Page
from embeddings.readers.pdf.marks import is_item, label_of, without_leaders
from embeddings.readers.pdf.pages import read_pages
from embeddings.readers.pdf.paragraphs import (
    Paragraph,
    paragraphs,
    touches,
    with_broken_joined,
)
from embeddings.readers.pdf.title import Casing, title_of
from embeddings.readers.structure.bylines import byline_of
from embeddings.readers.structure.hyphens import Hyphens
from embeddings.readers.tables import Cell, row_texts
from embeddings.text.language import detect

_MOST_IN_A_ROW = 4
"""Most headings without text between them; more of them are a list."""
_BODY = 40
"""Characters that a paragraph must have for the line above to be its heading."""
_FIRST_TEXTS = 40
"""First paragraphs in which the title is looked for."""
_SAMPLE_PAGES, _SAMPLE_LINES = 10, 60
_SAME_EDGE = 4.0
"""Points by which the columns of a table may move from one page to the next."""


def read(data: bytes, path: str) -> Article:
    """Read a PDF.

    Raises:
        UnreadableFile: it is locked, damaged or too large, or holds no text.
    """
    printed = read_pages(data)
    pages, running = without_running(printed.pages)
    pages, numbers = without_line_numbers(pages)
    lines = [line.text for page in pages for line in page.lines]
    casing = Casing(lines)
    title = title_of(printed, pages, casing)
    language = detect(_sample(pages))
    author = printed.author if is_person(printed.author) else None
    unheaded = {title or "", *(author or "").split(", ")}  # what is no heading
    (text, sections, starts), listed = _compose(
        pages, title or "", unheaded, Hyphens(lines, language), casing
    )
    if not text:
        raise UnreadableFile("no text in it but page numbers")
    struck = [Dropped(page.struck, compose.STRUCK) for page in pages if page.struck]
    scanned = {page.number for page in pages if page.is_scanned}
    return Article(
        path,
        title,
        text,
        compose.article_sentences(text, language),
        sections,
        language,
        author,
        date=printed.date,
        pages=tuple(replace(start, is_scanned=start.number in scanned) for start in starts),
        dropped=(*running, *numbers, *listed, *struck),
        warnings=printed.warnings,
    )


def _sample(pages: Sequence[Page]) -> str:
    """Return the longest lines of the first pages: short ones may be names, code or capitals."""
    lines = (line.text for page in pages[:_SAMPLE_PAGES] for line in page.lines)
    return "\n".join(sorted(lines, key=len)[-_SAMPLE_LINES:])


def _compose(
    pages: Sequence[Page], title: str, unheaded: Set[str], hyphens: Hyphens, casing: Casing
) -> tuple[compose.Composed, list[Dropped]]:
    every = with_broken_joined([paragraph for page in pages for paragraph in paragraphs(page)])
    whole = [
        " ".join(line.text for line in paragraph.lines)
        if paragraph.table
        else _joined(paragraph.lines, hyphens)
        for paragraph in every
    ]
    listed = listings(whole, len(pages))
    dropped = [Dropped(whole[number], reason) for number, reason in listed.items()]
    printed = [paragraph for number, paragraph in enumerate(every) if number not in listed]
    texts = [text for number, text in enumerate(whole) if number not in listed]
    headings = _headings(printed, texts, title, unheaded)
    composed: list[compose.Paragraph] = []
    before: Table | None = None
    for paragraph, text, above in _with_headings(printed, texts, headings):
        if text:
            names = tuple(casing(heading.text) for heading in above)
            table = paragraph.table
            rows, before = _rows(table, before, hyphens) if table else ([text], None)
            starts = _pages(paragraph, hyphens)
            composed += [compose.Paragraph(row, names, starts) for row in rows]
        else:
            before = None
    return compose.compose(composed), dropped


def _headings(
    printed: Sequence[Paragraph], texts: Sequence[str], title: str, unheaded: Set[str]
) -> list[Heading | None]:
    known = Headings(printed)
    no_headings = {text.casefold() for text in unheaded}
    headings = [
        known.heading(paragraph, text) for paragraph, text in zip(printed, texts, strict=True)
    ]
    headings = with_plain_added(headings, printed, texts)
    for number, (heading, text) in enumerate(zip(headings, texts, strict=True)):
        if heading and (text.casefold() in no_headings or names_listing(text) or byline_of(text)):
            headings[number] = None
    _drop_lists(headings, texts)
    _drop_above_title(headings, texts, title)
    return with_labels_joined(headings)


def _with_headings(
    printed: Sequence[Paragraph], texts: Sequence[str], headings: Sequence[Heading | None]
) -> Iterator[tuple[Paragraph, str, list[Heading]]]:
    """Yield each paragraph with its text and the headings above it; a heading has no text.

    A heading that stands above no paragraph has its text, so that its words are kept; so has one
    on a page without other text, above a picture or a chapter. One in a box beside the text applies
    to the rest of the box.
    """
    chains: list[list[Heading]] = []
    stacks: dict[bool, list[Heading]] = {False: [], True: []}  # of the text, and of a box beside it
    since: dict[Heading, int] = {}
    used: set[int] = set()
    for paragraph, text, heading in zip(printed, texts, headings, strict=True):
        if paragraph.opens:
            stacks[True] = []
        stack = paragraph.aside and bool(heading or stacks[True])
        above = stacks[stack]
        if heading:
            since[heading] = paragraph.page
            stacks[stack] = nest(above, heading)
            chains.append(_below(stacks[stack][:-1], since, paragraph.page))
            continue
        if text:
            stacks[stack] = above = _below(above, since, paragraph.page)
            used.update(map(id, above))
        chains.append(above)
    heads = [heading is not None and id(heading) in used for heading in headings]
    pages = {one.page for one, is_heading in zip(printed, heads, strict=True) if not is_heading}
    for paragraph, text, is_heading, chain in zip(printed, texts, heads, chains, strict=True):
        outer = [one for one in chain if id(one) in used]
        yield paragraph, "" if is_heading and paragraph.page in pages else text, outer


def _joined(printed: Sequence[Line], hyphens: Hyphens) -> str:
    lines = [line.text for line in printed[:1]]
    for before, line in pairwise(printed):
        if touches(before, line):
            lines[-1] += line.text
        else:
            lines.append(line.text)
    return without_leaders(hyphens.join(lines))


def _pages(paragraph: Paragraph, hyphens: Hyphens) -> tuple[PageStart, ...]:
    """Return the pages that a paragraph stands on, with where in its text they begin."""
    whole = len(_joined(paragraph.lines, hyphens)) if paragraph.breaks else 0
    return (
        PageStart(0, paragraph.page),
        *(
            PageStart(whole - len(_joined(paragraph.lines[first:], hyphens)), page)
            for first, page in paragraph.breaks
        ),
    )


def _rows(table: Table, before: Table | None, hyphens: Hyphens) -> tuple[list[str], Table]:
    """Return the rows of a table as text, and the table whose header they have.

    One that goes on from the page before has the header of that.
    """
    rows = [[_cell(cell, hyphens) for cell in row] for row in table.rows]
    if before is None or not _is_continued(before, table):
        return row_texts(rows), table
    printed = before.header or before.rows[:1]
    header = [
        [replace(_cell(cell, hyphens), rows=min(cell.rows, len(printed) - number)) for cell in row]
        for number, row in enumerate(printed)
    ]
    own = rows[: len(header)]
    alone = row_texts(header)
    if [[cell.text for cell in row] for row in own] == [[x.text for x in row] for row in header]:
        texts = row_texts(rows)
    elif table.header and all(cell.lines for cell in table.header[0]):
        return row_texts(rows), table
    else:
        texts = row_texts([*header, *rows])
    if texts[: len(alone)] == alone:  # it is no header
        return texts[len(alone) :], table
    return texts, before


def _is_continued(before: Table, table: Table) -> bool:
    return len(before.edges) == len(table.edges) and all(
        abs(one - other) <= _SAME_EDGE for one, other in zip(before.edges, table.edges, strict=True)
    )


def _cell(cell: TableCell, hyphens: Hyphens) -> Cell:
    return Cell(_joined(cell.lines, hyphens), cell.rows, cell.columns, cell.is_label)


def _drop_lists(headings: list[Heading | None], texts: Sequence[str]) -> None:
    """Make text of what only looks like headings: long runs of them, and cells of a table."""
    start = 0
    while start < len(headings):
        end = start
        while end < len(headings) and headings[end]:
            end += 1
        below = texts[end] if end < len(texts) else ""
        follows = len(below) >= _BODY or is_item(below) or bool(label_of(below))
        for number in range(start, end):
            heading = headings[number]
            numbered = heading is not None and heading.rank is not None and below
            if end - start > _MOST_IN_A_ROW or not (follows or numbered):
                headings[number] = None
        start = end + 1


def _drop_above_title(headings: list[Heading | None], texts: Sequence[str], title: str) -> None:
    """Make text of what is above the title: an office, an approval, a series."""
    named, above = WORD.findall(title.casefold()), []
    for number, text in enumerate(texts[:_FIRST_TEXTS]):
        above += WORD.findall(text.casefold())
        if named and named == above[-len(named) :]:
            headings[: number + 1] = [None] * (number + 1)
            return


def _below(headings: Sequence[Heading], since: Mapping[Heading, int], page: int) -> list[Heading]:
    """Leave out the innermost headings that no longer apply on this page."""
    kept = list(headings)
    while kept and not kept[-1].lasts and page > since[kept[-1]] + 1:
        kept.pop()
    return kept
