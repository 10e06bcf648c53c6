"""Plain text to paragraphs: which line breaks the author made, and which the editor."""

import re
from dataclasses import dataclass

_ENDS_SENTENCE = re.compile(r"[.!?…;:][\"'”’»)\]]*$")
_BULLET = re.compile(r"(?:[-*•–—‣▪]|\(?\d{1,3}[.)]|\(?[a-zа-яіїєґ][.)])\s")
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
        return bool(_ENDS_SENTENCE.search(self.text))

    @property
    def is_bullet(self) -> bool:
        """Whether it begins as an item of a list."""
        return bool(_BULLET.match(self.text))


def paragraphs(text: str) -> list[Line]:
    """Split text into paragraphs, joining lines that were only wrapped."""
    blocks = [
        [stripped for line in block.split("\n") if (stripped := " ".join(line.split()))]
        for block in re.split(r"\n[ ]*\n", text)
    ]
    width = _wrap_width(blocks)
    lines: list[Line] = []
    for block in blocks:
        joined = _unwrap(block, width)
        lines += [Line(line, len(joined) == 1) for line in joined]
    return lines


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """Return the width at which the whole text is wrapped, or None when it is not."""
    lengths = [len(line) for block in blocks for line in block[:-1]]
    if len(lengths) < 3 or not _MIN_WIDTH <= max(lengths) <= _MAX_WIDTH:
        return None
    width = max(lengths)
    near = sum(length >= 0.75 * width for length in lengths)
    return width if near >= 0.6 * len(lengths) else None


def _unwrap(block: list[str], width: int | None) -> list[str]:
    joined: list[str] = []
    last_length = 0
    for line in block:
        if joined and _goes_on(joined[-1], last_length, line, width):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        last_length = len(line)
    return joined


def _goes_on(before: str, last_length: int, line: str, width: int | None) -> bool:
    if _BULLET.match(line) or line.startswith("#"):
        return False
    if width is not None:
        return last_length >= 0.6 * width
    return line[0].islower() and not _ENDS_SENTENCE.search(before)
