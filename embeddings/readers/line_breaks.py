"""Plain text to paragraphs: which line breaks the author made, and which the editor."""

import re
from dataclasses import dataclass

_ENDS_SENTENCE = re.compile(r"[.!?…;:][\"'”’»)\]]*$")
_BULLET = re.compile(r"(?:[-*•–—‣▪]|\(?\d{1,3}[.)]|\(?[a-zа-яіїєґ][.)])\s")
_SPACES = re.compile("  +")
_MIN_WIDTH, _MAX_WIDTH = 50, 120
"""Widths at which editors wrap lines."""


@dataclass(frozen=True)
class Line:
    """One paragraph.

    Attributes:
        text: without white space at its ends, on one line.
        alone: whether empty lines, or the ends of the file, stand before and after it.
    """

    text: str
    alone: bool

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends as a sentence, or an introduction of a list, does."""
        return _ends_sentence(self.text)

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
    width = _wrap_width(blocks)
    if len(blocks) == 1 and width is None:  # no empty lines at all: each line is a paragraph
        blocks = [[line] for line in unwrap(blocks[0], width)]
    lines: list[Line] = []
    for block in blocks:
        joined = unwrap(block, width)
        lines += [Line(line, len(joined) == 1) for line in joined]
    return lines


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """Return the width at which the whole text is wrapped, or None when it is not.

    Wrapped lines are of nearly the same length, and few of them happen to end with a sentence.
    """
    wrapped = [line for block in blocks for line in block[:-1]]
    width = max(map(len, wrapped), default=0)
    if len(wrapped) < 3 or not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return None
    near = sum(len(line) >= 0.75 * width for line in wrapped)
    ended = sum(map(_ends_sentence, wrapped))
    return width if near >= 0.6 * len(wrapped) and ended < 0.5 * len(wrapped) else None


def unwrap(block: list[str], width: int | None = None) -> list[str]:
    """Join those of the lines that go on from one to the next.

    Args:
        block: lines, none of them empty.
        width: at which all of the text is wrapped, where it is.
    """
    joined: list[list[str]] = []
    for line in block:
        if joined and _goes_on(joined[-1][-1], line, width):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [" ".join(lines) for lines in joined]


def _goes_on(before: str, line: str, width: int | None) -> bool:
    if _BULLET.match(line) or line.startswith("#"):
        return False
    if width is not None:
        return len(before) >= 0.6 * width
    return line[0].islower() and not _ends_sentence(before)


def _ends_sentence(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line[-8:]))
