"""HTML to headings and paragraphs: web pages, chapters of books, and HTML inside Markdown."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block
from embeddings.readers.line_breaks import unwrap
from embeddings.readers.tables import CELLS

Element = Any
"""lxml is not typed."""

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "audio button canvas head iframe input math nav noscript object option rp rt script select "
    "style svg template textarea video".split()
)
_LAYOUT = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section")
LONGEST_CELL = 600
"""Characters; a longer cell holds prose, and its table only arranges the page."""
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSED = re.compile(rf"<(?!(?:{_VOID})\b)([a-z][\w:-]*)((?:\s[^<>]*)?)/>", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NOTE = re.compile(r"\[?\W?\d{0,3}[a-z*†‡]?\W?\]?")
_NOTE_LINK = re.compile(r"\b(?:noteref|doc-noteref|doc-backlink|footnote-(?:ref|backref))\b")
_WHITE = re.compile(r"[ \t\n\r\f]+")
BULLET = "• "


def parse_html(markup: str) -> Element | None:
    """Parse a page, whether it is well-formed or not; None when it is empty.

    Raises:
        UnreadableFile: its elements are nested too deeply.
    """
    if markup.lstrip()[:5].lower() == "<?xml":  # the HTML parser takes <a/> for an opening tag
        markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(markup.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise UnreadableFile("nested too deeply")
    return root


def blocks(root: Element) -> list[Block]:
    """Return the headings and paragraphs of an element, without scripts, menus and hidden parts.

    An item of a list begins with its bullet or number. A row of a table is one paragraph, and so is
    a line of preformatted text.
    """
    page = _Page()
    skipped: Element = None
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "end":
            if element is not skipped:
                page.end(element)
            if element is not root:
                page.write(element.tail)
        elif is_skipped(element):
            skipped = element
            events.skip_subtree()
        else:
            page.start(element)
            page.write(element.text)
    page.flush()
    return page.blocks


def is_skipped(element: Element) -> bool:
    """Whether a reader does not see an element, or it only refers to a note."""
    if element.tag in _SKIPPED or element.get("hidden") is not None:
        return True
    if _HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag == "a":
        kinds = (element.get(name) or "" for name in ("epub:type", "role", "class"))
        return bool(_NOTE_LINK.search(" ".join(kinds)))
    if element.tag == "sup" and element.find(".//a") is not None:
        return bool(_NOTE.fullmatch("".join(element.itertext()).strip()))
    return False


def count_letters(element: Element) -> int:
    """Return how many characters of text are in an element."""
    return sum(len(text.strip()) for text in element.itertext())


def is_mostly_links(element: Element, least: int, share: float) -> bool:
    """Whether an element has at least `least` links, with that share of its characters."""
    links = element.findall(".//a")
    return len(links) >= least and sum(map(count_letters, links)) >= share * count_letters(element)


class _Page:
    """Collects the blocks of a page while its elements are entered and left."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._level = 0
        self._cells: list[str] | None = None  # of the table row that is read
        self._row: Element = None
        self._lists: list[int | None] = []  # the next number of each open list
        self._mark = ""
        self._preformatted = 0
        self._raised = 0

    def write(self, text: str | None) -> None:
        """Add text to the paragraph."""
        if not text:
            return
        if not self._preformatted:
            text = _WHITE.sub(" ", text)
        self._words.append(text.translate(_RAISED) if self._raised else text)

    def start(self, element: Element) -> None:
        """Enter an element."""
        tag = element.tag
        if tag == "br":
            self._words.append("\n" if self._cells is None else " ")
        elif tag == "sup":
            self._raised += 1
        if tag not in _BLOCKS:
            return
        self.flush()
        if tag in _LEVELS:
            self._level = _LEVELS[tag]
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            start = element.get("start") or ""
            first = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
            self._lists.append(first if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._mark = BULLET if number is None else f"{number}. "
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "tr" and self._cells is None and not _is_layout(element):
            self._cells, self._row = [], element

    def end(self, element: Element) -> None:
        """Leave an element."""
        tag = element.tag
        if tag == "sup":
            self._raised -= 1
        if tag not in _BLOCKS:
            return
        if tag in ("td", "th") and self._cells is not None:
            self._close_cell()
            return
        if element is self._row:
            self._close_cell()
            row = CELLS.join(self._cells or ())
            self._cells = self._row = None
            self.write(row)
        self.flush()
        if tag in _LEVELS:
            self._level = 0
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in ("ol", "ul"):
            self._lists.pop()
        elif tag == "li":
            self._mark = ""

    def flush(self) -> None:
        """End the paragraph."""
        if self._cells is not None:
            self._words.append(" ")
            return
        text = "".join(self._words)
        self._words.clear()
        for line in text.split("\n") if self._preformatted else _paragraphs(text):
            if line.strip():
                self.blocks.append(Block(self._mark + line.strip(), self._level))
                self._mark = ""

    def _close_cell(self) -> None:
        cell = " ".join("".join(self._words).split())
        self._words.clear()
        if cell and self._cells is not None:
            self._cells.append(cell)


def _paragraphs(text: str) -> Iterator[str]:
    """Split text at empty lines, and join the lines that a line break only wraps."""
    for part in re.split(r"\n\s*\n", text):
        yield from unwrap([line for line in map(str.strip, part.split("\n")) if line])


def _is_layout(row: Element) -> bool:
    """Whether the cells of a row hold prose or headings, and only arrange the page."""
    if next(row.iter(*_LAYOUT), None) is not None:
        return True
    return any(
        len("".join(cell.itertext())) > LONGEST_CELL or len(cell.findall("p")) > 2 for cell in row
    )
