"""Joins the lines of a page into paragraphs, by their places, their type and their words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.columns import Table
from embeddings.readers.pdf.layout import blocks
from embeddings.readers.pdf.lines import Line, Page, first_word_width
from embeddings.readers.pdf.marks import (
    BULLETS,
    LEADER,
    is_caption,
    is_figures,
    is_item,
    is_term,
    is_value,
    label_of,
)

_NEAR = 3.0
"""Points by which two edges that count as the same may differ."""
_SAME_ROW = 0.45
"""Share of the font size by which the baselines of one row may differ, as of superscripts."""
_WINDOW = 12
"""Lines before and after a line, from which the edges of its column are taken."""
_ROOM = 0.12
"""Share of a column's width that a full line may leave white."""
_SET_APART = 1.17
"""Share of the usual distance of lines, above which one after a sentence begins a paragraph."""
_FULL_LINE = 30
"""Least characters of a full line."""
_LEAST_LETTER = 0.15
"""Least width of a letter on average, as a share of the font size."""
_NOTE = 0.95
"""Share of the font size of the text, below which a note is printed."""
_NOTE_MARK = re.compile(r"(?:\d{1,3}|[a-z]\)|[*∗†‡§]+)\s?[^\W_]")
_MOST_BETWEEN = 20
"""Paragraphs, such as the labels of a figure, between both parts of a sentence."""
_DIVIDED = re.compile(r"\w[-‐]$")


@dataclass(frozen=True)
class Paragraph:
    """The lines of one paragraph, or a table.

    Attributes:
        lines: at least one.
        page: on which it begins, counted from 1.
        centred: whether each line is in the middle of its column.
        alone: whether no other text is beside it.
        first: whether it is the first of its page.
        opens: whether it is the first of its page or column.
        full: whether its last line has no space left for another word.
        table: the table that it is.
        breaks: each page on which it goes on, with the number of the first line there.
        aside: whether it stands in a box or a margin beside the text.
    """

    lines: tuple[Line, ...]
    page: int
    centred: bool
    alone: bool
    first: bool
    opens: bool = False
    full: bool = False
    table: Table | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    aside: bool = False

    @property
    def size(self) -> float:
        """The smallest font size in it, in points."""
        return min(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


def paragraphs(page: Page) -> list[Paragraph]:
    """Return the paragraphs and tables of a page, in the order of reading."""
    found: list[Paragraph] = []
    text, aside = blocks(page)
    for number, block in enumerate((*text, *aside)):
        if isinstance(block, Table):
            lines = tuple(block.lines)
            own = [Paragraph(lines, page.number, False, False, not found, True, table=block)]
        else:
            own = _paragraphs(block, page, is_first=not found)
        is_aside = number >= len(text)
        found += [replace(paragraph, aside=True) for paragraph in own] if is_aside else own
    return found


def _paragraphs(lines: Sequence[Line], page: Page, *, is_first: bool) -> list[Paragraph]:
    """Join lines of running text into paragraphs."""
    layout = _Layout(lines, page)
    groups: list[list[int]] = []
    for number in range(len(lines)):
        if groups and layout.goes_on(groups[-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return [layout.paragraph(group, is_first=is_first and group[0] == 0) for group in groups]


def with_broken_joined(printed: Sequence[Paragraph]) -> list[Paragraph]:
    """Join the paragraphs that go on in the next column, on the next page, or below a figure.

    What stands between both parts comes after them, or before if it is on the page of the first.
    """
    joined: list[Paragraph] = []
    for paragraph in printed:
        place = _place_of_start(joined, paragraph)
        between = [one.page for one in joined[place:][1:]] if place is not None else []
        if place is None or not {joined[place].page, paragraph.page}.issuperset(between):
            joined.append(paragraph)
            continue
        whole = _continued(joined.pop(place), paragraph)
        joined.insert(place + sum(page != paragraph.page for page in between), whole)
    return joined


def _place_of_start(printed: Sequence[Paragraph], after: Paragraph) -> int | None:
    """Return which paragraph goes on in another, with only notes and figures between both."""
    last = place = len(printed) - 1
    while after.opens and place > 0 and _is_footnote(printed[place], after):
        place -= 1
    if after.opens and place >= 0 and _goes_on_over(printed[place], after):
        return place
    if not after.lines[0].text[:1].islower() or after.lines[0].fixed:
        return None
    place = last
    while place > 0 and last - place < _MOST_BETWEEN and _stands_between(printed[place], after):
        place -= 1
    is_float = any(one.aside or is_caption(one.lines[0].text) for one in printed[place + 1 :])
    before = printed[place] if is_float and not after.aside else None
    is_broken = (
        before is not None
        and before.full
        and not before.aside
        and len(before.lines) > 1
        and len(before.lines[-1].text) >= _FULL_LINE
        and _goes_on_over(before, after)
    )
    return place if is_broken else None


def _stands_between(paragraph: Paragraph, text: Paragraph) -> bool:
    """Whether a paragraph may be part of a figure or box: a caption, or labels in other type."""
    line, other = paragraph.lines[0], text.lines[0]
    if paragraph.table or paragraph.aside or is_caption(line.text):
        return True
    is_small = line.size < _NOTE * other.size
    return is_small or (_type_differs(line, other) and not is_item(line.text))


def _continued(before: Paragraph, after: Paragraph) -> Paragraph:
    last_page = before.breaks[-1][1] if before.breaks else before.page
    here = ((len(before.lines), after.page),) if after.page != last_page else ()
    lines, breaks = before.lines + after.lines, before.breaks + here
    return replace(before, lines=lines, full=after.full, breaks=breaks)


def _is_footnote(paragraph: Paragraph, text: Paragraph) -> bool:
    """Whether a paragraph is in smaller type than the text, and begins with the mark of a note."""
    return (
        paragraph.size < _NOTE * text.size and _NOTE_MARK.match(paragraph.lines[0].text) is not None
    )


def _goes_on_over(before: Paragraph, after: Paragraph) -> bool:
    line, following = before.lines[-1], after.lines[0]
    if before.table or after.table or before.centred or after.centred or not before.alone:
        return False
    if is_item(following.text) or _type_differs(line, following) or LEADER.search(line.text):
        return False
    if _is_unfinished(line.text, following.text):
        return True
    return before.full and len(line.text) >= _FULL_LINE and not ends_sentence(line.text)


class _Layout:
    """The lines of a block with their columns and the usual distance between them."""

    def __init__(self, lines: Sequence[Line], page: Page) -> None:
        self._page = page
        self._lines = lines
        self._pitch = _pitch(lines)
        self._has_code = not all(line.fixed for line in page.lines)
        self._beside = Counter(round(line.base) for line in lines)
        self._columns = [self._column(number) for number in range(len(lines))]

    def paragraph(self, group: Sequence[int], *, is_first: bool) -> Paragraph:
        lines = tuple(self._lines[number] for number in group)
        alone = all(self._beside[round(line.base)] == 1 for line in lines)
        centred = all(self._is_centred(number) for number in group)
        left, right = self._columns[group[-1]]
        full = lines[-1].right > right - _ROOM * (right - left)
        return Paragraph(lines, self._page.number, centred, alone, is_first, group[0] == 0, full)

    def goes_on(self, group: Sequence[int], number: int) -> bool:
        """Whether a line belongs to the paragraph before it."""
        before, line = self._lines[group[-1]], self._lines[number]
        drop = before.base - line.base
        if before.filled or line.filled:
            return False
        if abs(drop) <= _SAME_ROW * max(line.size, before.size):
            return line.left >= before.left
        if drop < 0:
            return self._goes_on_above(group, line)
        if self._has_code and line.fixed:
            return before.fixed and self._is_full(group[-1], line)
        unfinished = _is_unfinished(before.text, line.text) and not is_term(line.text)
        if _type_differs(before, line) or min(before.right, line.right) < max(
            before.left, line.left
        ):
            return unfinished and drop <= 1.5 * self._pitch
        if drop > _SET_APART * self._pitch and ends_sentence(before.text):
            return False
        if drop > max(1.35 * self._pitch, 1.3 * line.size):
            return unfinished and self._is_full(group[-1], line) and drop <= 3 * self._pitch
        return self._wraps(group, number, unfinished)

    def _wraps(self, group: Sequence[int], number: int, unfinished: bool) -> bool:
        """Whether a line at the usual distance below belongs to the paragraph before it."""
        before, line = self._lines[group[-1]], self._lines[number]
        item = is_item(line.text)
        if LEADER.search(before.text) or (is_term(before.text) and is_term(line.text)):
            return False
        if is_figures(before.text) and is_figures(line.text):
            return False
        if is_value(before.text) and line.text[:1].isupper():
            return False
        if label_of(before.text) and label_of(line.text) and not unfinished:
            return False
        if before.bold and line.bold and before.text.isupper() and line.text.isupper():
            return not item and not ends_sentence(before.text)
        if self._is_centred(group[-1]) and self._is_centred(number):
            return not item and self._goes_on_centred(group[-1], line)
        if self._is_indented(group, line):
            return unfinished and not item
        full = self._is_full(group[-1], line)
        if item:
            return full and not ends_sentence(before.text) and line.text[0] not in BULLETS
        if full:
            left = self._left(number)
            first = self._lines[group[0]].left
            opens = line.left > left + _NEAR and abs(line.left - first) < _NEAR
            return not (opens and ends_sentence(before.text))
        return unfinished

    def _goes_on_centred(self, number: int, line: Line) -> bool:
        """Whether a centred line continues: a small letter, all in capitals, or no space left."""
        before, (left, right) = self._lines[number], self._columns[number]
        if ends_sentence(before.text):
            return False
        room = right - left - (before.right - before.left)
        return (
            line.text[:1].islower()
            or (before.text.isupper() and line.text.isupper())
            or room < first_word_width(line)
        )

    def _goes_on_above(self, group: Sequence[int], line: Line) -> bool:
        """Whether a higher line continues: the next cell of a row, or the next column."""
        first, before = self._lines[group[0]], self._lines[group[-1]]
        if line.base <= first.base + 0.3 * line.size:
            return line.left >= before.right - _NEAR and len(group) > 1
        return _is_unfinished(before.text, line.text) and len(group) > 1

    def _is_indented(self, group: Sequence[int], line: Line) -> bool:
        """Whether a line is indented more than the one before, and that is not an item."""
        before = self._lines[group[-1]]
        if line.left <= before.left + 0.5 * line.size:
            return False
        return len(group) > 1 or not is_item(before.text)

    def _is_full(self, number: int, following: Line) -> bool:
        """Whether the first word of the next line would not have fitted on this line."""
        line = self._lines[number]
        return line.right + first_word_width(following) > self._columns[number][1] - _NEAR

    def _is_centred(self, number: int) -> bool:
        line, (left, right) = self._lines[number], self._columns[number]
        before, after = line.left - left, right - line.right
        return before > 3 * line.size and abs(before - after) <= max(
            2 * line.size, 0.15 * (before + after)
        )

    def _column(self, number: int) -> tuple[float, float]:
        """Return the left and right edge of the lines above and below a line."""
        near = self._near(number)
        return min(other.left for other in near), max(other.right for other in near)

    def _left(self, number: int) -> float:
        """Return where lines of a line's type begin; headings may stand further left."""
        line = self._lines[number]
        return min(other.left for other in self._near(number) if not _type_differs(other, line))

    def _near(self, number: int) -> list[Line]:
        """Return the lines of the column above and below a line."""
        line = self._lines[number]
        return [
            other
            for other in self._lines[max(0, number - _WINDOW) : number + _WINDOW + 1]
            if other.left < line.right and other.right > line.left
        ]


def _pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance between two lines."""
    drops = [before.base - line.base for before, line in pairwise(lines)]
    usual = Counter(round(drop) for drop in drops if drop > 2)
    if not usual:
        return 14.0
    most = max(usual.values())
    return float(min(drop for drop, count in usual.items() if count >= 0.5 * most)) + 0.5


def touches(before: Line, line: Line) -> bool:
    """Whether a line continues directly beside the one before, as a raised "th" after a number."""
    size = max(line.size, before.size)
    is_cut = line.right - line.left < _LEAST_LETTER * line.size * len(line.text)  # by the page
    return abs(before.base - line.base) <= _SAME_ROW * size and (
        -size < line.left - before.right < 0.15 * size and not is_cut
    )


def _is_unfinished(text: str, following: str) -> bool:
    """Whether the next line must continue this one: a divided word, or a small letter follows."""
    if _DIVIDED.search(text) and following[:1].isalnum():
        return True
    return not ends_sentence(text) and following[:1].islower()


def _type_differs(before: Line, line: Line) -> bool:
    small, large = sorted((before.size, line.size))
    return large > 1.12 * small or before.bold != line.bold
