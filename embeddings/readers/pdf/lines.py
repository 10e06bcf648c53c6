"""The lines of a page of a PDF, with their places and fonts."""

import ctypes
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from statistics import median
from typing import Any

from embeddings.readers.pdf.document import HYPHEN_BREAK, text_of, turn_of
from embeddings.readers.pdf.drawn import SHORTEST, Field, Rule, Turn, rules_of
from embeddings.text.decoding import clean
from embeddings.text.mojibake import decoded_from_t2a, is_garbled, repaired

_SAMPLES = 3
"""Characters of a line whose font is looked at."""
_WIDE = 0.9
"""Share of the font size above which a space may lie between two columns."""
_MIDDLE = 0.3
"""Share of the font size, above the baseline, where small letters have their middle."""
_LONGEST_UNDERSCORE = 12.0
_TOUCH = 0.15
"""Share of the font size, by which an underscore may miss the letters and the baseline."""
_SAME_PLACE = 1.5
"""Points between a line and its shadow, or the same line printed anew."""
_TIGHT = 0.15
"""Share of a letter's width, below which white beside it is no space."""
_BACK = 2.0
"""Share of the font size by which a word stands left of the one before it in another line."""
_RUNS_LEFT = re.compile("[\u0590-\u08ff]")
_RUN = re.compile(rf"([^\n\r{HYPHEN_BREAK}]+)({HYPHEN_BREAK}?)")
_SOFT_HYPHEN = "\xad"
_STRUCK_LOW, _STRUCK_HIGH = 0.12, 0.5
"""Shares of the font size, above the baseline, between which a line strikes text out."""
_WORD = re.compile(r"\S+")
_BOLD_WEIGHT = 600
_FIXED = 1
"""The flag of a font whose letters are all equally wide."""
_BOLD_NAME = re.compile(
    r"bold|black|heavy|demi|(?:CM|SF|EC|LA|LH|T1)\w{0,2}BX[A-Z]*\d*$|-Medi(?:Ital)?$", re.IGNORECASE
)
_FIXED_NAME = re.compile(
    r"mono|courier|consol|menlo|typewriter|(?:CM|SF|EC|LA|LH)TT", re.IGNORECASE
)
"""Fonts whose letters are all equally wide; TeX does not mark its own as such."""
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c",
    "¸": "\u0327", "˚": "\u030a", "˘": "\u0306", "˝": "\u030b",
}  # fmt: skip
_ACCENT = re.compile(f"[{''.join(_ACCENTS)}]")
_ACCENTED = re.compile(rf"(?:(?<=\w) )?([{''.join(_ACCENTS)}]) ?([^\W\d_])")
_SYMBOL = re.compile("[\ue000-\uf8fe]")
"""Symbol fonts keep their bullets and ticks here."""
_LOST = re.compile("[\0\ufffd-\uffff]")
_MAX_LOST = 0.3
"""Share of the characters without a meaning above which a page cannot be read."""


@dataclass(frozen=True)
class Line:
    """One line as it is printed, or one cell's line of a table.

    Attributes:
        text: words by single spaces; a hyphen at its end may be one that divides a word.
        left, right: where it begins and ends; from the page's left edge, in points.
        base: its baseline, above the page's lower edge.
        size: of its type, in points.
        bold: whether all of it is.
        fixed: whether its letters are all equally wide, as in code.
        parts: what stands left and right of its wide spaces, if it has any.
        filled: whether it is a label of a form with what is filled in.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    fixed: bool = False
    parts: tuple["Line", ...] = ()
    filled: bool = False


@dataclass(frozen=True)
class Page:
    """A page's lines in the order of the file, which is nearly always that of reading.

    Attributes:
        number: counted from 1.
        lines: none where it is garbled.
        rules: the lines drawn on it.
        fields: what its form is filled in with.
        is_garbled: whether its fonts do not say which letters they draw.
        is_scanned: whether its lines were recognised in a picture.
        struck: its words that a line is drawn through; they are not in `lines`.
    """

    number: int
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    fields: tuple[Field, ...] = ()
    is_garbled: bool = False
    is_scanned: bool = False
    struck: str = ""


class Sheet:
    """A page in the orientation for reading; PDFium gives places without the rotation.

    Attributes:
        turn: from the page as it is stored to the page as it is read.
        rules: the lines drawn on it.
        struck: what a line is drawn through; it is in no line. Complete after `read`.
    """

    def __init__(self, page: Any, textpage: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._page = page
        self._textpage = textpage
        self.turn = Turn(turn_of(textpage, page.get_rotation()), page.get_bbox())
        self._x, self._y, self._rect = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
        self._matrix, self._flags = raw.FS_MATRIX(), ctypes.c_int()
        self._name = ctypes.create_string_buffer(128)
        self._text = text_of(textpage)
        self.rules: tuple[Rule, ...] = ()
        self._down: list[Rule] = []
        self._short: list[Rule] = []
        self.struck: list[str] = []

    def read(self) -> tuple[Line, ...] | None:
        """Return the lines; None where the fonts do not say which letters they draw."""
        lost = len(_LOST.findall(self._text)) + len(_SYMBOL.findall(self._text))
        if lost > _MAX_LOST * len(self._text):
            return None
        rules = tuple(rules_of(self._page, self.turn))
        self.rules = tuple(rule for rule in rules if rule.end - rule.start >= SHORTEST)
        self._short = [r for r in rules if r.is_across and r.end - r.start < _LONGEST_UNDERSCORE]
        self._text = decoded_from_t2a(self._text)
        self._down = [rule for rule in self.rules if not rule.is_across]
        lines = _repaired(_once(self._lines()))
        if self.turn.degrees != self._page.get_rotation():  # PDFium orders upright text only
            lines = tuple(sorted(lines, key=lambda line: (-line.base, line.left)))
        return None if is_garbled(" ".join(line.text for line in lines)) else lines

    def _lines(self) -> Iterator[Line]:
        for run in _RUN.finditer(self._text):  # a soft hyphen is printed only at the end
            hyphen = bool(run[2]) or run[1].endswith(_SOFT_HYPHEN)
            levels = self._levels(range(*run.span(1)))
            for places in levels:
                self._strike_out(places)
                self._underscore(places)
                line = self._parted_line(places, hyphen=hyphen and places is levels[-1])
                if line:
                    yield line

    def _strike_out(self, places: range) -> None:
        """Take away the characters that a drawn line, no longer than their own, goes through."""
        printed = [k for k in places if self._text[k] > " "]
        across = [rule for rule in self.rules if rule.is_across] if printed else []
        if not across:
            return
        base, size = self._base(printed[0]), self._type(printed[0])[0]
        left, right = self._edges(printed[0])[0] - size, self._edges(printed[-1])[1] + size
        for rule in across:
            if not (0 < rule.at - base < size and left < rule.start and rule.end < right):
                continue
            low, high = (rule.at - share * size for share in (_STRUCK_HIGH, _STRUCK_LOW))
            struck = [
                k
                for k in printed
                if low < self._base(k) < high and rule.start < self._middle(k) < rule.end
            ]
            if len(struck) > 1:
                first, end = struck[0], struck[-1] + 1
                self.struck.append(self._text[first:end])
                self._text = self._text[:first] + " " * (end - first) + self._text[end:]

    def _underscore(self, places: range) -> None:
        """Write an underscore for each space that a short line at the baseline fills."""
        level = self._base(places[0]) if self._short else 0.0
        short = [rule for rule in self._short if abs(rule.at - level) < SHORTEST]
        for k in places[1:-1] if short else ():
            if self._text[k] != " " or self._text[k + 1] <= " ":
                continue
            base, size = self._base(k - 1), self._type(k - 1)[0]
            left, right, near = self._edges(k - 1)[1], self._edges(k + 1)[0], _TOUCH * size
            if any(
                abs(rule.at - base) < near
                and abs(rule.start - left) < near
                and abs(rule.end - right) < near
                for rule in short
            ):
                self._text = f"{self._text[:k]}_{self._text[k + 1 :]}"

    def _levels(self, places: range) -> list[range]:
        """Split what PDFium takes for one line, before each word that is lower or far left."""
        text = self._text[places.start : places.stop]
        starts = [places.start + word.start() for word in _WORD.finditer(text)]
        if len(starts) < 2 or not (
            self._drops(starts[0], starts[-1]) or self._goes_back(starts[0], starts[-1], text)
        ):
            return [places]
        lower = [
            other
            for one, other in pairwise(starts)
            if (self._drops(one, other) and self._edges(other)[0] < self._edges(one)[1])
            or self._goes_back(one, other, text)
        ]
        return [range(start, end) for start, end in pairwise((places.start, *lower, places.stop))]

    def _drops(self, one: int, other: int) -> bool:
        """Whether a character stands lower than the one before it by more than its size."""
        drop = self._base(one) - self._base(other)
        return drop > 0 and drop > self._type(other)[0]

    def _goes_back(self, one: int, other: int, text: str) -> bool:
        """Whether a word begins far left of the one before it, in a script that runs right."""
        back = self._edges(one)[0] - self._edges(other)[0]
        return back > _BACK * self._type(other)[0] and not _RUNS_LEFT.search(text)

    def _parted_line(self, places: range, *, hyphen: bool) -> Line | None:
        """Return a line with its parts beside wide spaces."""
        line = self._line(places, hyphen=hyphen)
        ranges = self._wide_parts(places, line) if line else []
        if line is None or len(ranges) < 2:
            return line
        parts = (self._line(part, hyphen=hyphen and part is ranges[-1]) for part in ranges)
        return replace(line, parts=tuple(part for part in parts if part))

    def _line(self, places: range, *, hyphen: bool) -> Line | None:
        printed = [k for k in places if self._text[k] > " "]
        if not printed:
            return None
        text = _SYMBOL.sub("•", _LOST.sub("", self._characters(places)))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = " ".join(clean(_ACCENTED.sub(_compose, text)).split())
        if not text:
            return None
        left, right = self._edges(printed[0])
        if printed[1:]:
            first, last = left, self._edges(printed[-1])
            left, right = min(first, last[0]), max(right, last[1])
        types = [self._type(k) for k in printed[:: max(1, len(printed) // _SAMPLES)]]
        size = round(median(size for size, *_ in types), 1)
        bold, fixed = all(bold for _, bold, _ in types), all(fixed for *_, fixed in types)
        base = self._base(printed[0])
        return Line(text + "-" * hyphen, left, right, base, size, bold, fixed)

    def _characters(self, places: range) -> str:
        """Return the characters of a line, with each accent on the letter that it is printed over.

        The file may have it anywhere in the line, and PDFium puts spaces around it.
        """
        text = self._text[places.start : places.stop]
        if not _ACCENT.search(text):
            return text
        characters = dict(zip(places, text, strict=True))
        for accent in [k for k in places if characters[k] in _ACCENTS]:
            middle = self._middle(accent)
            letters = (k for k in places if self._text[k].isalpha())
            under = (k for k in letters if self._edges(k)[0] < middle < self._edges(k)[1])
            letter = next(under, None)
            if letter is not None:
                composed = characters[letter] + _ACCENTS[characters[accent]]
                if len(unicodedata.normalize("NFC", composed)) == 1:
                    characters[letter] = composed
                    characters[accent] = ""
                    self._close_up(characters, places, letter)
        return "".join(characters.values())

    def _close_up(self, characters: dict[int, str], places: range, letter: int) -> None:
        """Take away the spaces beside a letter that are not printed."""
        number = places.index(letter)
        for side in (places[number - 1 :: -1] if number else [], places[number + 1 :]):
            spaces = list(takewhile(lambda k: not characters[k].strip(), side))
            if len(spaces) < len(side):
                near = sorted((self._edges(letter), self._edges(side[len(spaces)])))
                if near[1][0] - near[0][1] < _TIGHT * (near[0][1] - near[0][0]):
                    characters.update(dict.fromkeys(spaces, ""))

    def _wide_parts(self, places: range, line: Line) -> list[range]:
        """Split the places of a line's characters at wide spaces, and where a line goes down."""
        text = self._text
        middle = line.base + _MIDDLE * line.size
        down = [rule.at for rule in self._down if rule.start < middle < rule.end]
        starts = [places.start]
        for space in range(places.start + 1, places.stop - 1):
            if text[space] != " " or text[space + 1] == " ":
                continue
            printed = space - 1
            while printed > starts[-1] and text[printed] <= " ":
                printed -= 1
            left, right = self._edges(printed)[1], self._edges(space + 1)[0]
            if text[printed] > " " and (
                right - left > _WIDE * line.size or any(left <= at <= right for at in down)
            ):
                starts.append(space + 1)
        return [range(start, end) for start, end in pairwise((*starts, places.stop))]

    def _base(self, k: int) -> float:
        """Return a character's baseline, as the page is read."""
        self._raw.FPDFText_GetCharOrigin(self._textpage, k, self._x, self._y)
        return self.turn.point(self._x.value, self._y.value)[1]

    def _edges(self, k: int) -> tuple[float, float]:
        """Return the left and right edge of a character, as the page is read."""
        rect = self._rect
        self._raw.FPDFText_GetLooseCharBox(self._textpage, k, rect)
        if not self.turn.degrees:
            return rect.left - self.turn.crop[0], rect.right - self.turn.crop[0]
        box = self.turn.box(rect.left, rect.bottom, rect.right, rect.top)
        return box[0], box[2]

    def _middle(self, k: int) -> float:
        return sum(self._edges(k)) / 2

    def _type(self, k: int) -> tuple[float, bool, bool]:
        """Return the font size of a character, whether it is bold, and of fixed width."""
        matrix, flags, name = self._matrix, self._flags, self._name
        self._raw.FPDFText_GetMatrix(self._textpage, k, matrix)
        scale = float((matrix.c**2 + matrix.d**2) ** 0.5)
        self._raw.FPDFText_GetFontInfo(self._textpage, k, name, len(name), flags)
        called = name.value.decode("utf-8", "replace")
        weight = self._raw.FPDFText_GetFontWeight(self._textpage, k)
        bold = weight >= _BOLD_WEIGHT or _BOLD_NAME.search(called) is not None
        fixed = bool(flags.value & _FIXED) or _FIXED_NAME.search(called) is not None
        return self._raw.FPDFText_GetFontSize(self._textpage, k) * (scale or 1.0), bold, fixed


def _once(lines: Iterable[Line]) -> list[Line]:
    """Return lines without those that are printed twice in the same place."""
    kept: list[Line] = []
    places: dict[str, list[Line]] = {}
    for line in lines:
        same = places.setdefault(line.text, [])
        if not any(
            abs(other.base - line.base) < _SAME_PLACE and abs(other.left - line.left) < _SAME_PLACE
            for other in same
        ):
            same.append(line)
            kept.append(line)
    return kept


def first_word_width(line: Line) -> float:
    """Return the width of a line's first word and the space before it."""
    letters = len(line.text.split(" ", 1)[0])
    return letters * (line.right - line.left) / len(line.text) + 0.2 * line.size


def _repaired(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Restore Cyrillic that the fonts of a page give as Latin letters, and part ligatures."""
    text = "\n".join(line.text for line in lines)
    meant = repaired(text)
    if meant == text and not _LIGATURE.search(text):
        return tuple(lines)
    restored: list[Line] = []
    for line, words in zip(lines, meant.split("\n"), strict=True):
        parts, start = [], 0
        for part in line.parts if len(words) == len(line.text) else ():
            start = line.text.find(part.text, start)
            parts.append(_parted(part, words[start : start + len(part.text)]))
        restored.append(replace(_parted(line, words), parts=tuple(parts)))
    return tuple(restored)


def _parted(line: Line, text: str) -> Line:
    plain = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return replace(line, text=plain)


def _compose(match: re.Match[str]) -> str:
    """Put an accent that is printed before its letter on the letter, if there is such a letter."""
    letter = unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]])
    return letter if len(letter) == 1 else match[0]
