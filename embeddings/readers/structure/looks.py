"""Headings that only their looks tell: short paragraphs in bold type, and a title in the middle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.metadata import Metadata
from embeddings.readers.structure.blocks import Block
from embeddings.readers.structure.bylines import byline_of, is_dateline

_LONGEST = 150
_LONGEST_TITLE = 250
_OPENING = 20
"""First paragraphs in which the title of the properties is looked for."""
_NUMBER = re.compile(
    r"\(?(?:\d{1,3}[.)])+\s+|(?:(?:article|section|chapter|part|annex|appendix|table|example|step"
    r"|lesson|day|стаття|статья|розділ|раздел|глава|частина|часть|додаток|приложение|параграф"
    r"|таблиця|таблица|приклад|пример|крок|шаг|урок|тема|день) |§ ?)(?:№ ?)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXІХ]{1,5})(?!\w)[.:]?\s*",
    re.IGNORECASE,
)
"""Of a section: "2. ", "Article 5. "; in Ukrainian also with Cyrillic letters for Roman ones."""
_TEXT = 60
"""Characters of a sentence that is text, and not part of what stands above it."""


@dataclass
class Looks:
    """Follows a document from its beginning.

    Attributes:
        above: the level of the last heading that the file marks as one.
        is_begun: whether there was text, below which no title stands.
        letterhead: how many of the first lines in the middle, in capitals, an empty line parts from
            the bold title below them.
    """

    above: int = 0
    is_begun: bool = False
    letterhead: int = 0
    _capitals: int = 0  # lines in the middle until now, none of them bold
    _above_gap: int = 0  # those of them above the last empty line
    _has_title: bool = False

    def level_of(self, text: str, level: int, *, is_bold: bool, is_centred: bool = False) -> int:
        """Return the level of the next paragraph: 0 for text, 1 for a title.

        Args:
            text: of the paragraph.
            level: that the file gives it; 0 for none.
            is_bold: whether all of it is in bold type.
            is_centred: whether it stands in the middle of the line.
        """
        if not text:
            self._above_gap = self._capitals
            return level
        is_bold_type = is_bold
        is_bold = is_bold or (is_centred and text.isupper())
        if level:
            self.above = level
            self.is_begun |= level > 1
        elif is_bold and is_centred and not self.is_begun and _may_be_title(text):
            self._follow_title(text, is_bold=is_bold_type)
            return 1
        elif is_bold and may_head(text):
            self.is_begun |= not is_centred
            level = max(self.above, 1) + 1
        else:
            self.is_begun |= len(text) >= _TEXT and ends_sentence(text)
        self._has_title = True
        return level

    def _follow_title(self, text: str, *, is_bold: bool) -> None:
        if not is_bold:
            self._capitals += 1
        elif not self._has_title:
            goes_on = self._above_gap == self._capitals and text[0].islower()
            self.letterhead = 0 if goes_on else self._above_gap
            self._has_title = True


def with_title(
    metadata: Metadata, blocks: Sequence[Block], looks: Looks
) -> tuple[Metadata, list[Block]]:
    """Choose the title: what is marked as one, else the properties, else the only main heading.

    Properties are often left from an older document that was overwritten, so a heading is preferred
    unless the document begins with the words of the properties.
    """
    found = list(blocks)
    marked = (number for number, block in enumerate(found) if block.level == 1)
    for number in list(islice(marked, looks.letterhead)):
        found[number] = found[number]._replace(level=0)
    first = next((number for number, block in enumerate(found) if block.level == 1), None)
    if first is not None:
        lines = list(takewhile(lambda block: block.level == 1, found[first:]))
        title = " ".join(block.text for block in lines)
        if len(title) <= _LONGEST_TITLE:
            found[first : first + len(lines)] = [found[first]._replace(text=title)]
        return replace(metadata, title=None), found
    opening = " ".join(block.text for block in found[:_OPENING]).casefold()
    if metadata.title and metadata.title.casefold() in opening:
        return metadata, found
    highest = min((block.level for block in found if block.level), default=0)
    mains = [number for number, block in enumerate(found) if block.level == highest]
    if highest and mains == [0]:
        return replace(metadata, title=found[0].text), found
    return metadata, found


def may_head(line: str) -> bool:
    """Whether a paragraph in bold is a heading: it is short, and says nothing that is asked for."""
    bare = _NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line
    is_question = bare.endswith("?")
    has_value = any(map(str.isdigit, bare)) or ":" in bare
    ends = bare.endswith((".", ",", ";", "…")) or (bare.endswith("!") and bare == line)
    is_short = len(line) <= _LONGEST and (bare[:1].isupper() or bool(line) > bool(bare))
    return is_short and not ends and (is_question or not has_value)


def _may_be_title(line: str) -> bool:
    is_said = byline_of(line) is not None or is_dateline(line)
    return len(line) <= _LONGEST and not (is_said or ends_sentence(line) or _NUMBER.match(line))
