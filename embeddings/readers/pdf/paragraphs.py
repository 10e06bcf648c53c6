"""Joins the lines of a page into paragraphs, by their places, their type and their words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.lines import Line, Page

_ITEM = re.compile(
    r"(?:\(?\d{1,3}(?:\.\d{1,3}){0,5}[.)]|\d{1,3}(?:\.\d{1,3}){1,5}|\(?[^\W\d_][.)]"
    r"|[IVXLCІХ]{1,7}[.)]|[-–—•●▪◦‣*])(?=\s|[^\W\d_])"
)
_NEAR = 3.0
"""Points by which two edges that count as the same may differ."""
_SAME_ROW = 0.45
"""Share of the font size by which the baselines of one row may differ, as of superscripts."""
_WINDOW = 12
"""Lines before and after a line, from which the edges of its column are taken."""
_DIVIDED = re.compile(r"\w[-‐]$")
_LEADER = re.compile(r"(?:[.…_·]\s?){4,}")


@dataclass(frozen=True)
class Paragraph:
    """The lines of one paragraph.

    Attributes:
        lines: at least one.
        page: counted from 1.
        centred: whether each line is in the middle of its column.
        alone: whether no other text is beside it.
        first: whether it is the first of its page.
    """

    lines: tuple[Line, ...]
    page: int
    centred: bool
    alone: bool
    first: bool

    @property
    def size(self) -> float:
        """The smallest font size in it, in points."""
        return min(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


def is_item(text: str) -> bool:
    """Whether a line begins like an item of a list or a numbered clause."""
    return _ITEM.match(text) is not None


def without_leaders(text: str) -> str:
    """Shorten rows of dots before a page number, and rows of underscores of a form."""
    return " ".join(_LEADER.sub(lambda m: "… " if m[0][0] != "_" else "___ ", text).split())


def paragraphs(page: Page) -> list[Paragraph]:
    """Join the lines of a page into paragraphs."""
    layout = _Layout(page)
    groups: list[list[int]] = []
    for number in range(len(page.lines)):
        if groups and layout.goes_on(groups[-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return [layout.paragraph(group) for group in groups]


class _Layout:
    """The lines of a page with their columns and the usual distance between them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._lines = page.lines
        self._pitch = _pitch(page.lines)
        self._beside = Counter(round(line.base) for line in page.lines)
        self._columns = [self._column(number) for number in range(len(page.lines))]

    def paragraph(self, group: Sequence[int]) -> Paragraph:
        lines = tuple(self._lines[number] for number in group)
        alone = all(self._beside[round(line.base)] == 1 for line in lines)
        centred = all(self._is_centred(number) for number in group)
        return Paragraph(lines, self._page.number, centred, alone, group[0] == 0)

    def goes_on(self, group: Sequence[int], number: int) -> bool:
        """Whether a line belongs to the paragraph before it."""
        before, line = self._lines[group[-1]], self._lines[number]
        drop = before.base - line.base
        if abs(drop) <= _SAME_ROW * max(line.size, before.size):
            return line.left >= before.left
        if drop < 0:
            return self._goes_on_above(group, line)
        unfinished = _is_unfinished(before.text, line.text)
        if _type_differs(before, line) or min(before.right, line.right) < max(
            before.left, line.left
        ):
            return unfinished and drop <= 1.5 * self._pitch
        if drop > max(1.35 * self._pitch, 1.3 * line.size):
            return unfinished and self._is_full(group[-1], line) and drop <= 3 * self._pitch
        return self._wraps(group, number, unfinished)

    def _wraps(self, group: Sequence[int], number: int, unfinished: bool) -> bool:
        """Whether a line at the usual distance below belongs to the paragraph before it."""
        before, line = self._lines[group[-1]], self._lines[number]
        item = is_item(line.text)
        if _LEADER.search(before.text):
            return False
        if _is_figures(before.text) and _is_figures(line.text):
            return False
        if before.bold and line.bold and before.text.isupper() and line.text.isupper():
            return not item and not ends_sentence(before.text)
        if self._is_centred(group[-1]) and self._is_centred(number):
            return not item and self._goes_on_centred(group[-1], line)
        if self._is_indented(group, line):
            return unfinished and not item
        full = self._is_full(group[-1], line)
        if item:
            return full and not ends_sentence(before.text)
        if full:
            left = self._columns[number][0]
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
            or room < _first_word_width(line)
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
        return line.right + _first_word_width(following) > self._columns[number][1] - _NEAR

    def _is_centred(self, number: int) -> bool:
        line, (left, right) = self._lines[number], self._columns[number]
        before, after = line.left - left, right - line.right
        return before > 3 * line.size and abs(before - after) <= max(
            2 * line.size, 0.15 * (before + after)
        )

    def _column(self, number: int) -> tuple[float, float]:
        """Return the left and right edge of the lines above and below a line."""
        line = self._lines[number]
        near = [
            other
            for other in self._lines[max(0, number - _WINDOW) : number + _WINDOW + 1]
            if other.left < line.right and other.right > line.left
        ]
        return min(other.left for other in near), max(other.right for other in near)


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
    return abs(before.base - line.base) <= _SAME_ROW * size and (
        -size < line.left - before.right < 0.15 * size
    )


def _is_unfinished(text: str, following: str) -> bool:
    """Whether the next line must continue this one: a divided word, or a small letter follows."""
    if _DIVIDED.search(text) and following[:1].isalnum():
        return True
    return not ends_sentence(text) and following[:1].islower()


def _is_figures(text: str) -> bool:
    """Whether a line is a row of a table: more figures and dashes than words."""
    words = text.split()
    return (
        len(words) > 2 and sum(len(word) > 1 and word.isalpha() for word in words) < len(words) / 2
    )


def _first_word_width(line: Line) -> float:
    """Return the width of a line's first word and the space before it."""
    letters = len(line.text.split(" ", 1)[0])
    return letters * (line.right - line.left) / len(line.text) + 0.2 * line.size


def _type_differs(before: Line, line: Line) -> bool:
    small, large = sorted((before.size, line.size))
    return large > 1.12 * small or before.bold != line.bold
