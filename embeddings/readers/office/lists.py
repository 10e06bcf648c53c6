"""Multilevel lists of office documents: the number or bullet that each item shows."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 3999
BULLET = "• "
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_PLACE = re.compile(r"%([1-9])")
_MOST_LETTERS = 30


@dataclass(frozen=True)
class Level:
    """How the items on one level of a list are numbered.

    Attributes:
        kind: of the numbers, such as "decimal".
        text: of the label; "%1" stands for the number on the first level.
        start: the first number.
        restart: the number of higher levels whose next item restarts this one; None: all.
        is_legal: whether the numbers of all levels are decimal in the label.
        style: the id of the paragraph style that belongs to this level.
        after: stands between the label and the text.
    """

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    is_legal: bool = False
    style: str | None = None
    after: str = " "


@dataclass(frozen=True)
class NumberedList:
    """One list: its levels, the name it is counted by, and the levels that it starts anew.

    Lists with the same name are counted together.
    """

    counted_by: str
    levels: Mapping[int, Level]
    restarts: frozenset[int] = frozenset()


@dataclass
class Numbering:
    """The lists of one document, and how far each has been counted.

    Attributes:
        lists: by the id that paragraphs name.
        counts: by the name of a count, the number of the last item on each level.
        begun: the lists and levels that have started anew.
    """

    lists: dict[str, NumberedList] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, list_id: str, styles: Iterable[str]) -> int | None:
        """Return the level of a list that belongs to the first of these styles that has one."""
        levels = self.lists[list_id].levels if list_id in self.lists else {}
        linked = {level.style: number for number, level in levels.items() if level.style}
        return next((linked[style] for style in styles if style in linked), None)

    def next_label(self, list_id: str, number: int) -> str:
        """Count an item on a level (from 0) of a list; return what is shown before its text."""
        numbered = self.lists.get(list_id)
        if numbered is None:
            return ""
        level = numbered.levels.get(number, Level())
        self._count(list_id, numbered, number)
        if level.kind == "bullet":
            return BULLET if level.text.strip() else ""
        counts = self.counts[numbered.counted_by]

        def shown(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            kind = numbered.levels.get(other, Level()).kind
            is_legal = level.is_legal and kind != "none"
            return numeral(counts.get(other, 1), "decimal" if is_legal else kind)

        label = _PLACE.sub(shown, level.text).strip()
        return f"{label}{level.after}" if label else ""

    def _count(self, list_id: str, numbered: NumberedList, number: int) -> None:
        counts = self.counts[numbered.counted_by]
        for higher in range(number):  # an item may stand below none
            counts.setdefault(higher, numbered.levels.get(higher, Level()).start)
        level = numbered.levels.get(number, Level())
        if number in numbered.restarts and (list_id, number) not in self.begun:
            self.begun.add((list_id, number))
            counts[number] = level.start
        else:
            counts[number] = counts[number] + 1 if number in counts else level.start
        for deeper in [other for other in counts if other > number]:
            restart = numbered.levels.get(deeper, Level()).restart
            if restart is None or number < restart:
                del counts[deeper]


def letter(number: int) -> str:
    """Return a number of 1 or more as letters: a, b, …, z, aa, ab and so on."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, len(_LATIN))
        letters = _LATIN[rest] + letters
    return letters


def roman(number: int) -> str:
    """Return a number as a Roman one in small letters; as it is when it has none."""
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def numeral(number: int, kind: str) -> str:
    """Return a number in a format that has Word's name; decimal where it is not known."""
    write = _KINDS.get(kind)
    return write(number) if write else str(number)


def _repeated(number: int, letters: str) -> str:
    """Return a, b, …, z, aa, bb, …: beyond the last letter Word repeats them."""
    if number < 1:
        return ""
    times, index = divmod(number - 1, len(letters))
    return letters[index] * min(times + 1, _MOST_LETTERS)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


_KINDS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": "{:02}".format,
    "lowerLetter": lambda number: _repeated(number, _LATIN),
    "upperLetter": lambda number: _repeated(number, _LATIN.upper()),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "russianLower": lambda number: _repeated(number, _RUSSIAN),
    "russianUpper": lambda number: _repeated(number, _RUSSIAN.upper()),
    "ordinal": _ordinal,
    "numberInDash": "- {} -".format,
}
