"""Splits plain text into paragraphs, and joins the lines that were only wrapped to a width."""

import re
from dataclasses import dataclass
from itertools import pairwise

from embeddings.readers.structure.hyphens import Hyphens
from embeddings.text.language import detect

_SENTENCE_END = re.compile(r"[.!?…;:][\"'”’»)\]]*$")
_BULLET = re.compile(r"(?:[-*•–—‣▪]|\(?\d{1,3}[.)]|\(?[a-zа-яіїєґ][.)])\s")
_ADDRESS = re.compile(r"(?:\S+@|https?://|www\.)\S+")
_OPENING = "`'\"«“„‘‚‹([{"
_SPACES = re.compile("  +")
_DIVIDED = re.compile(r"[^\W\d_][-‐] *\n *[^\W\d_]")
_LONG = 60
"""Characters of a line that may be wrapped where others are short."""
_MIN_WIDTH, _MAX_WIDTH = 50, 120
"""Widths at which editors wrap lines."""


@dataclass(frozen=True)
class Line:
    """A paragraph on one line.

    Attributes:
        text: without white space at its ends.
        alone: whether an empty line, or the end of the file, is before and after it.
        block: the number of its block; blocks have empty lines between them.
    """

    text: str
    alone: bool
    block: int = 0

    @property
    def is_bullet(self) -> bool:
        """Whether it begins as an item of a list."""
        return bool(_BULLET.match(self.text))


def paragraphs(text: str) -> list[Line]:
    """Split text into paragraphs, joining lines that were only wrapped."""
    blocks = [
        [stripped for line in block.split("\n") if (stripped := _SPACES.sub(" ", line).strip())]
        for block in re.split(r"\n[ ]*\n", text)
    ]
    blocks = [block for block in blocks if block]
    width = _width_of(blocks, 3)
    widths = [width] * len(blocks) if width else _widths_of_long(blocks)
    hyphens = None
    if _DIVIDED.search(text):
        hyphens = Hyphens((line for block in blocks for line in block), detect(text))
    if widths == [None]:  # no empty lines at all: each line is a paragraph
        blocks = [[line] for line in unwrap(blocks[0], None, hyphens)]
        widths *= len(blocks)
    lines: list[Line] = []
    for number, (block, width) in enumerate(zip(blocks, widths, strict=True)):
        joined = unwrap(block, width, hyphens)
        lines += [Line(line, len(joined) == 1, number) for line in joined]
    return lines


def _widths_of_long(blocks: list[list[str]]) -> list[int | None]:
    """Return the width of each block of a text with many short lines, such as addresses.

    Only blocks of long lines are wrapped, where some line goes on with a small letter, and of them
    none whose lines begin with capitals, as items do.
    """
    long = [block for block in blocks if _is_long(block)]
    width = _width_of(long, 2) or 0
    pairs = [pair for block in long for pair in pairwise(block)]
    # What is wrapped has no room for the first word of the next line; a list begins alike.
    is_wrapped = any(below[0].islower() for _, below in pairs) and all(
        len(f"{line} {below.split()[0]}") > width >= len(below)
        and not line[0] == below[0] in _OPENING
        for line, below in pairs
    )
    if not width or not is_wrapped:
        return [None] * len(blocks)
    return [width if _is_long(block) and not _begins_as_items(block) else None for block in blocks]


def _is_long(block: list[str]) -> bool:
    return min(map(len, block[:-1]), default=0) >= _LONG


def _begins_as_items(block: list[str]) -> bool:
    below = [line[0] for line in block[1:]]
    return any(map(str.isupper, below)) and not any(map(str.islower, below))


def _width_of(blocks: list[list[str]], fewest: int) -> int | None:
    """Return the width to which blocks are wrapped, or None when they are not.

    Wrapped lines are of nearly the same length, and few of them end with a sentence.
    """
    wrapped = [line for block in blocks for line in block[:-1]]
    width = max(map(len, wrapped), default=0)
    if len(wrapped) < fewest or not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return None
    near = sum(len(line) >= 0.75 * width for line in wrapped)
    ended = sum(map(ends_sentence, wrapped))
    return width if near >= 0.6 * len(wrapped) and ended < 0.5 * len(wrapped) else None


def unwrap(block: list[str], width: int | None = None, hyphens: Hyphens | None = None) -> list[str]:
    """Join each line that continues the one before it.

    Args:
        block: lines, none of them empty.
        width: the width to which the whole text is wrapped; None when it is not.
        hyphens: joins divided words; None leaves all hyphens.
    """
    joined: list[list[str]] = []
    for line in block:
        before = joined[-1][-1] if joined else ""
        if width is None:
            may_go_on = line[0] in _OPENING and len(before) >= _MIN_WIDTH
            is_list = before[:1] == line[0]  # of titles or replies
            continues = (line[0].islower() or (may_go_on and not is_list)) and not ends_sentence(
                before
            )
        else:
            continues = len(before) >= 0.6 * width
        begins = _BULLET.match(line) or line.startswith("#") or _ADDRESS.match(line)
        if before and continues and not begins:
            joined[-1].append(line)
        else:
            joined.append([line])
    return [hyphens.join(lines) if hyphens else " ".join(lines) for lines in joined]


def ends_sentence(line: str) -> bool:
    """Whether a line ends like a sentence, or like the introduction of a list."""
    return bool(_SENTENCE_END.search(line[-8:]))
