"""HTML to headings and paragraphs: web pages, chapters of books, and HTML inside Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from embeddings.articles.article import Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block
from embeddings.readers.line_breaks import unwrap
from embeddings.readers.office.xml import Element, text_in
from embeddings.readers.structure.looks import may_head as looks_as_heading
from embeddings.readers.tables import row_texts
from embeddings.readers.web.fields import field_text
from embeddings.readers.web.lists import ListMarks
from embeddings.readers.web.styles import write_styles
from embeddings.readers.web.tables import HEADINGS, is_data, rows_of
from embeddings.readers.web.visibility import Controls, controls_of, is_opener, why_unseen

_LEVELS = {tag: level for level, tag in enumerate(HEADINGS, 1)}
_LISTS = frozenset("dir menu ol ul".split())
_BLOCKS = _LISTS.union(
    _LEVELS,
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main nav p pre search "
    "section summary table tbody td tfoot th thead tr".split(),
)
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSED = re.compile(rf"<(?!(?:{_VOID})\b)([a-z][\w:-]*)((?:\s[^<>]*)?)/>", re.IGNORECASE)
_STRUCK = re.compile(r"<(/?)(?:s|strike)(?=[\s/>])", re.IGNORECASE)
_LONGEST_VALUE = 60
"""Characters of a value in a list of labels and values; a longer one explains a term."""
_WHITE = re.compile(r"[ \t\n\r\f]+")
WhyLeftOut = Callable[[Element], str | None]
"""Returns why an element is left out, or None when it is read."""


class Content(NamedTuple):
    """What a page holds: its headings and paragraphs, and what of it was left out."""

    blocks: list[Block]
    dropped: list[Dropped]


def parse_html(markup: str) -> Element | None:
    """Parse a page, whether it is well-formed or not; None when it is empty.

    Raises:
        UnreadableFile: its elements are nested too deeply.
    """
    if markup.lstrip()[:5].lower() == "<?xml":  # the HTML parser takes <a/> for an opening tag
        markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    markup = _STRUCK.sub(r"<\1del", markup)  # the parser ends <s> at a paragraph, but not <del>
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise UnreadableFile("nested too deeply")
    if root is not None:
        write_styles(root)
    return root


def read_html(root: Element | None, why_left_out: WhyLeftOut = lambda _: None) -> Content:
    """Return the headings and paragraphs of an element, and what is not read; nothing of None.

    An item of a list begins with its bullet or number. A row of a table is one paragraph, and so is
    a line of preformatted text. What opens a closed panel is a heading above it.
    """
    if root is None:
        return Content([], [])
    return _Page(root, controls_of(root), why_left_out).content


class _Page:
    """Collects the blocks of a page while its elements are entered and left."""

    def __init__(self, root: Element, controls: Controls, why_left_out: WhyLeftOut) -> None:
        self.content = Content([], [])
        self._controls, self._why_left_out = controls, why_left_out
        self._words: list[str] = []
        self._heading: Element = None  # that is read, and its level
        self._level = 0
        self._above = 0  # the level of the last heading
        self._lists: list[ListMarks] = []
        self._mark = ""
        self._labels: list[str] = []  # that wait for their value
        self._explains: dict[Element, bool] = {}  # lists of terms, and whether they explain them
        self._inside: Counter[str] = Counter()  # how many elements of a tag are open
        self._is_strong = True  # whether all of the paragraph is
        self._ends: dict[Element, int] = {}  # panels, and the levels of the headings above them
        self._walk(root)
        self._flush()

    def _walk(self, root: Element) -> None:
        passed: Element = None
        events = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in events:
            if event == "comment":
                self._drop(element.text, "comment")
            elif event == "end":
                if element is not passed:
                    self._end(element)
                    self._inside[element.tag] -= 1
            elif self._passes(element):
                passed = element
                events.skip_subtree()
            else:
                self._start(element)
                self._inside[element.tag] += 1
                self._write(element.text)
            if event != "start" and element is not root:
                self._write(element.tail)

    def _passes(self, element: Element) -> bool:
        """Return whether an element is not entered: it is dropped, or a field or a table."""
        why = self._why_left_out(element)
        if why is None:
            why = why_unseen(element, self._controls)
        is_table = why is None and element.tag == "table" and is_data(element)
        is_label = why is None and element.tag == "dt" and self._is_label(element)
        if why is None and not (is_table or is_label):
            return False
        if element.tag in _BLOCKS:
            self._flush()
        if is_label:
            self._add_label(element)
        elif is_table:
            self._write_labels()
            self._write_table(element)
        elif why:
            self._drop(text_in(element), why)
        else:
            before = "".join(self._words)
            text = field_text(element, before)
            self._words[:] = [before.rstrip() if text.startswith(":") else before]
            self._write(text)
        return True

    def _is_label(self, term: Element) -> bool:
        """Return whether a term is the label of a value; else the heading of its definition."""
        listed = term.getparent()
        if listed not in self._explains:
            values = () if listed is None else listed.iterchildren("dd")
            self._explains[listed] = any(len(text_in(one)) > _LONGEST_VALUE for one in values)
        return not self._explains[listed] and not text_in(term).endswith("?")

    def _add_label(self, term: Element) -> None:
        """Keep a label for the value that follows; terms next to each other have one value."""
        before, after = (
            next(term.itersiblings("*", preceding=preceding), None) for preceding in (True, False)
        )
        if before is None or before.tag != "dt":
            self._write_labels()
        self._labels += filter(None, [text_in(term).rstrip(": ")])
        if after is None or after.tag not in ("dt", "dd"):
            self._write_labels()

    def _write_labels(self) -> None:
        """Write labels that have no value as a paragraph."""
        if self._labels:
            self._add(self._taken_mark().removesuffix(": "))

    def _taken_mark(self) -> str:
        """Return what stands before the next line, once."""
        mark = self._mark + (f"{', '.join(self._labels)}: " if self._labels else "")
        self._mark = ""
        self._labels.clear()
        return mark

    def _drop(self, text: str | None, why: str) -> None:
        text = " ".join((text or "").split())
        if any(map(str.isalnum, text)):
            self.content.dropped.append(Dropped(text, why))

    def _write(self, text: str | None) -> None:
        """Add text to the paragraph."""
        if not text:
            return
        if not self._inside["pre"]:
            text = _WHITE.sub(" ", text)
        if text.strip() and not (self._inside["b"] or self._inside["strong"]):
            self._is_strong = False
        self._words.append(text.translate(_RAISED) if self._inside["sup"] else text)

    def _write_table(self, table: Element) -> None:
        for caption in table.iterchildren("caption"):
            self._add(self._text_within(caption))
        for text in row_texts(list(rows_of(table, self._text_within))):
            self._add(text)

    def _text_within(self, element: Element) -> str:
        """Return the text of a cell."""
        hidden = (why_unseen(part, self._controls) for part in (element, element.getparent()))
        if any(why is not None for why in hidden):
            return ""
        page = _Page(element, self._controls, self._why_left_out)
        self.content.dropped.extend(page.content.dropped)
        return " ".join(" ".join(block.text for block in page.content.blocks).split())

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._words.append("\n")
        level = self._heading_level(element)
        if not level and tag not in _BLOCKS:
            return
        self._flush()
        if level:
            self._write_labels()
            self._heading, self._level = element, level
        if tag in _LISTS:
            self._lists.append(ListMarks(element))
        elif tag == "li":
            self._mark = self._lists[-1].next(element) if self._lists else ""
        elif label := self._controls.tabs.get(element.get("id") or ""):
            self._level = self._open(element)
            self._add(label)
            self._level = 0

    def _heading_level(self, element: Element) -> int:
        """Return the level of a heading; a button that opens a panel is the heading above it."""
        if self._level:
            return 0
        if element.tag in _LEVELS:
            return _LEVELS[element.tag]
        if element.get("role") == "heading":
            level = element.get("aria-level") or ""
            return int(level) if level in tuple("123456") else 2
        is_within = element.tag in ("summary", "dt")
        if not (is_within or is_opener(element)):
            return 0
        if next(element.iter(*_LEVELS), None) is not None:
            return 0
        panel = element.getparent() if is_within else _panel_of(element)
        return 0 if panel is None else self._open(panel)

    def _open(self, panel: Element) -> int:
        """Return the level of the heading above a panel; it ends with the panel."""
        return self._ends.setdefault(panel, max(self._above, 1) + 1)

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag not in _BLOCKS and element is not self._heading and element not in self._ends:
            return
        self._flush()
        if tag in ("dd", "dl"):
            self._write_labels()
        if element is self._heading:
            self._heading, self._level = None, 0
        if tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._mark = ""
        if element in self._ends:
            level = self._ends.pop(element)
            self.content.blocks.append(Block("", level))
            self._above = level - 1

    def _flush(self) -> None:
        """End the paragraph."""
        text = "".join(self._words)
        self._words.clear()
        is_preformatted = self._inside["pre"] > 0
        lines = text.split("\n") if is_preformatted else list(_paragraphs(text))
        may_head = self._is_strong and not is_preformatted and not self._lists
        self._is_strong = True
        for line in filter(None, map(str.strip, lines)):
            text = self._taken_mark() + line
            self._add(text, may_head and len(lines) == 1 and looks_as_heading(text))

    def _add(self, text: str, may_head: bool = False) -> None:
        if text and may_head and not self._level:
            self.content.blocks.append(Block(text, max(self._above, 1) + 1))
        elif text:
            self._above = self._level or self._above
            self.content.blocks.append(Block(text, self._level))


def _panel_of(opener: Element) -> Element | None:
    """Return the element that a button opens: the next one, or the next after what holds it."""
    element = opener
    while element is not None and element.tag not in ("body", "main", "article"):
        panel = element.getnext()
        if panel is not None:
            return panel if isinstance(panel.tag, str) and not is_opener(panel) else None
        element = element.getparent()
    return None


def _paragraphs(text: str) -> Iterator[str]:
    """Split text at empty lines, and join the lines that a line break only wraps."""
    for part in re.split(r"\n\s*\n", text):
        yield from unwrap([line for line in map(str.strip, part.split("\n")) if line])
