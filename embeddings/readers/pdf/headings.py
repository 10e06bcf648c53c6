"""Finds the headings of a PDF by their numbers and their fonts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.pdf.marks import is_caption, is_credit
from embeddings.readers.pdf.paragraphs import Paragraph

_LONGEST = 150
_MOST_LINES, _MOST_LABEL_LINES = 3, 5
"""Of a heading; of one such as "Appendix 4" in a narrow block at the top of a page."""
_LARGER = 1.15
_CAPITALS = 0.6
"""Share of capitals in a heading in capitals: "Chapter IV. THE JUDGES"."""
_FEW = 0.1
"""Largest share of a document's letters that may be in the font sizes of headings."""
_MOSTLY = 0.4
"""Share of a document's paragraphs in bold or capitals above which neither marks a heading."""

_DIVISIONS = {
    word: rank
    for rank, words in enumerate(
        (
            "part частина часть книга том додаток приложение appendix annex",
            "розділ раздел chapter kapitel rozdział",
            "глава section секція секция правило rule",
            "стаття статья article ст параграф §",
        )
    )
    for word in words.split()
}
_DIVISION = re.compile(
    rf"({'|'.join(map(re.escape, _DIVISIONS))})\.?\s*№?\s*"
    r"(?:\d+|[IVXLCІХ]+\b|[A-ZА-ЯІЇЄҐ]\b|[\w'’ʼ]+\s*(?:[–—:.-]|$))",
    re.IGNORECASE,
)
_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten"
_NUMBERED = re.compile(
    rf"(?:{'|'.join(map(re.escape, _DIVISIONS))})\.?\s*№?\s*(?:\d+|[IVXLCІХ]+|{_SPELT})\b",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[IVXLCІХ]{1,7}\.?\s+[^\W\d_a-zа-яіїєґ]")
_LOOSE = re.compile(r"\d+\s+(?:[^\W\d_][^\W_]*\s.*\d|(?![A-ZА-ЯІЇЄҐ]))")
"""A number without a full stop that counts what follows, rather than a chapter: "2 heats"."""
_CONTENTS = re.compile(r"\s\d{1,4}$")
_VALUE = re.compile(r"[^\d:]+:\s*(?!(?:1\d|20)\d\d\b)[^\w\s]?\d")
"""A label with its value ("VAT: 0 USD"); a year is part of a name ("The war: 1914–1918")."""
_NO_NAME = re.compile(
    r"(?:page|seite|стор|стр|vers|верс)[^\W\d_]*\.?\s"
    r"|\d{1,2}\.?\s[^\W\d_]+\.?\s\d{4}\b",
    re.IGNORECASE,
)
"""A page, a version or a date: a word and a number that name no part of a text."""
_FIGURES_OF_DATE = re.compile(r"\d[./-]\d{1,2}[./-]\d|\b\d{1,2}/\d{4}")
_FORMULA = re.compile("[=≠≈≤≥∑∫√∈∗]")
_ARABIC = re.compile(r"([1-9]\d{0,2}(?:\.\d{1,3}){0,5})\.?\s+[^\W\d_]")


@dataclass(frozen=True, order=True)
class Style:
    """The font and place of a heading; a greater style contains lesser ones."""

    size: int
    capitals: bool
    centred: bool
    bold: bool

    @property
    def shape(self) -> tuple[int, bool]:
        """The properties that decide first."""
        return self.size, self.capitals


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        text: on one line.
        rank: depth by its number, 0 the outermost; None where it has no number.
        style: how it is printed.
    """

    text: str
    rank: int | None
    style: Style

    @property
    def lasts(self) -> bool:
        """Whether it may apply to more than a page: it has a number, large type or capitals."""
        return self.rank is not None or self.style.shape != (0, False)

    @property
    def restarts(self) -> bool:
        """Whether its number is the first of its chapter, as "1." and "2.1"."""
        arabic = _ARABIC.match(self.text)
        return arabic is not None and arabic[1].split(".")[-1] == "1"


_PLAIN = Style(0, capitals=False, centred=False, bold=False)


class Headings:
    """Distinguishes headings from text by the usual fonts of the same document."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        """Count the font sizes, the bold letters and the capitals of a document."""
        sizes: Counter[int] = Counter()
        bold = capitals = letters = 0
        for paragraph in paragraphs:
            for line in paragraph.lines:
                sizes[round(line.size)] += len(line.text)
                bold += len(line.text) * line.bold
                capitals += len(line.text) * line.text.isupper()
                letters += len(line.text)
        self._texts = {
            " ".join(line.text for line in paragraph.lines).casefold() for paragraph in paragraphs
        }
        self._size = sizes.most_common(1)[0][0] if sizes else 0
        self._large = self._size * _LARGER
        while sum(count for size, count in sizes.items() if size >= self._large) > _FEW * letters:
            self._large += 1
        self._bold_marks = bold < _MOSTLY * letters
        self._capitals_mark = capitals < _MOSTLY * letters

    def heading(self, paragraph: Paragraph, text: str) -> Heading | None:
        """Return the paragraph as a heading if it looks like one."""
        divides = _DIVISION.match(text) is not None
        most = _MOST_LABEL_LINES if divides and paragraph.first else _MOST_LINES
        if not paragraph.alone or len(paragraph.lines) > most or not _may_head(text):
            return None
        size = round(paragraph.size)
        size = size if size >= self._large else 0
        capitals = self._capitals_mark and is_capitals(text)
        bold = self._bold_marks and paragraph.bold
        rank = _rank(text)
        if _LOOSE.match(text) or (rank is not None and not divides and self._is_entry(text)):
            return None
        placed = paragraph.centred or (divides and paragraph.first)
        if not (size or capitals or bold or (rank is not None and placed)):
            return None
        if rank is None and not (size or bold or paragraph.centred or " " in text):
            return None
        style = Style(size, capitals, paragraph.centred, bold)
        return Heading(text, rank, style)

    def _is_entry(self, text: str) -> bool:
        """Whether a line is one of a table of contents: without its last number it stands alone."""
        page = _CONTENTS.search(text)
        return page is not None and text[: page.start()].casefold() in self._texts


def with_plain_added(
    headings: Sequence[Heading | None], printed: Sequence[Paragraph], texts: Sequence[str]
) -> list[Heading | None]:
    """Add the numbered headings that are printed as text: "15. Serving" above its paragraphs.

    Each has text below that is not the next number, and the number before or after it is one, too.
    """
    added = list(headings)
    before: dict[str, int] = {}  # the latest of each chapter
    for place, (heading, paragraph, text) in enumerate(zip(headings, printed, texts, strict=True)):
        number = _number(text)
        if heading and not number:
            before.clear()
        if not number or not (heading or _is_plain(paragraph, text)):
            continue
        chapter, last = number
        below = _number(texts[place + 1]) if place + 1 < len(texts) else (chapter, last + 1)
        if below == (chapter, last + 1):
            continue
        other = before.get(chapter)
        before[chapter] = place
        if heading is None and other is not None and _number(texts[other]) == (chapter, last - 1):
            for one in (other, place):
                added[one] = added[one] or Heading(texts[one], _rank(texts[one]), _PLAIN)
    return added


def with_labels_joined(headings: Sequence[Heading | None]) -> list[Heading | None]:
    """Write "Chapter 4" before the name of the chapter that is printed below it; both are one."""
    joined = list(headings)
    for number, (label, name) in enumerate(pairwise(headings), start=1):
        if label and name and name.rank is None and _NUMBERED.fullmatch(label.text):
            text = f"{label.text}. {name.text}"
            whole = Heading(text, label.rank, max(label.style, name.style))
            joined[number - 1 : number + 1] = [whole, whole]
    return joined


def is_chapter(text: str) -> bool:
    """Whether a line begins like a numbered chapter, so that it cannot be the document's title."""
    return bool(_NUMBERED.match(text) or _ROMAN.match(text))


def nest(outer: Sequence[Heading], heading: Heading) -> list[Heading]:
    """Return the headings that apply after one more, from the outermost."""
    if heading.rank is None:
        return [*takewhile(lambda above: _is_louder(above, heading), outer), heading]
    if heading.rank == 0:
        return [heading]
    equals = [number for number, above in enumerate(outer) if not _is_higher(above, heading)]
    if not equals:
        return [*outer, heading]
    last = outer[-1]
    if heading.restarts and last.rank is None and not last.style < heading.style:
        return [*outer[: equals[0]], last, heading]
    return [*outer[: equals[0]], heading]


def _is_higher(above: Heading, heading: Heading) -> bool:
    """Whether a heading contains one that is numbered."""
    if above.rank is None or heading.rank is None:
        return not above.style < heading.style
    return above.rank < heading.rank


def _is_louder(above: Heading, heading: Heading) -> bool:
    """Whether a heading contains one without a number, which is not of a greater style."""
    if above.rank is None:
        return heading.style < above.style
    return heading.style.shape <= above.style.shape


def is_capitals(text: str) -> bool:
    """Whether most letters are capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 4 and sum(map(str.isupper, letters)) >= _CAPITALS * len(letters)


def _may_head(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and _is_worded(text)
        and not text[0].islower()
        and (text[0].isalnum() or text[0] == "§")
        and (not ends_sentence(text) or text.endswith("?"))
        and not text.endswith((",", *"*∗†‡§¶"))  # marks of notes stand after authors' names
        and "___" not in text
        and not _VALUE.match(text)
        and not _FORMULA.search(text)
        and not any(mark in text for mark in ("…", "@", "://"))
        and not is_credit(text)
    )


def _is_worded(text: str) -> bool:
    """Whether most of a text is words, unlike the figures of a table or labels of a diagram.

    As many numbers as words are enough of a name ("Phase 2"), not of a caption or a date.
    """
    whole = text
    for number in (_DIVISION, _ROMAN, _ARABIC):
        match = number.match(text)
        if match:
            text = text[match.end() - (number is not _DIVISION) :]
            break
    tokens = re.findall(r"\w[^\s–—]*", text)
    counts = [(sum(map(str.isalpha, x)), sum(map(str.isdigit, x))) for x in tokens]
    words = sum(letters >= 2 and letters > 2 * figures for letters, figures in counts)
    if words > 0.5 * len(tokens):
        return True
    if not tokens:
        return match is not None
    plain = [
        x for x, (letters, figures) in zip(tokens, counts, strict=True) if letters > 1 > figures
    ]
    is_row = len({word.casefold() for word in plain}) < len(plain)  # "Part 1 Part 2"
    is_no_name = is_caption(whole) or _NO_NAME.match(whole) or _FIGURES_OF_DATE.search(text)
    return not is_row and not is_no_name and len(plain) >= 0.5 * len(tokens)


def _is_plain(paragraph: Paragraph, text: str) -> bool:
    """Whether a numbered paragraph may be a heading, though it is printed as text."""
    return (
        paragraph.alone
        and not paragraph.table
        and len(paragraph.lines) <= _MOST_LINES
        and _may_head(text)
        and not text.endswith(("?", "-", "–"))
    )


def _number(text: str) -> tuple[str, int] | None:
    """Return the number of the chapter that a numbered line is in, and its own number there."""
    match = _ARABIC.match(text)
    if not match or not ("." in match[1] or text[match.end(1)] == "."):
        return None
    chapter, _, last = match[1].rpartition(".")
    return chapter, int(last)


def _rank(text: str) -> int | None:
    """Return how deep the heading's number puts it."""
    division = _DIVISION.match(text)
    if division:
        return _DIVISIONS[division[1].casefold()]
    if _ROMAN.match(text):
        return 1
    arabic = _ARABIC.match(text)
    return 10 + arabic[1].count(".") if arabic else None
