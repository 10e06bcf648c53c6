"""Joins words that are divided at the end of a line, and keeps hyphens of compound words."""

import re
from collections.abc import Iterable

from embeddings.readers.metadata import WORD
from embeddings.text.lemmas import is_known

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+(?:['’ʼ-][^\W\d_]+)*)[-‐]$")
_LONGEST = 80
"""Characters at the end and the start of lines in which a divided word is looked for."""


class Hyphens:
    """Joins lines, by the undivided words of the same document and a dictionary.

    Where neither has the word, the hyphen is kept, because a superfluous hyphen can still be read.
    """

    def __init__(self, lines: Iterable[str], language: str) -> None:
        """Collect the words of `lines` that are not divided."""
        self._language = language
        self._words: set[str] = set()
        for line in lines:
            is_divided = _LAST.search(line[-_LONGEST:]) is not None
            words = _WORD.findall(line)
            self._words.update(map(str.casefold, words[:-1] if is_divided else words))

    def join(self, lines: Iterable[str]) -> str:
        """Return lines as one."""
        parts: list[str] = []
        for line in lines:
            if parts:
                parts[-1:] = self._joint(parts[-1], line)
            parts.append(line)
        return "".join(parts)

    def _joint(self, line: str, following: str) -> tuple[str, str]:
        """Return a line, without a hyphen that divides a word, and what joins it to the next."""
        last, first = _LAST.search(line[-_LONGEST:]), WORD.match(following[:_LONGEST])
        if last is None or first is None:
            ties = line[-1:] in "-‐–/" and line[-2:-1].isalnum()
            tight = ties and (following[:1].islower() or following[:1].isdigit())
            return line, "" if tight else " "
        if first[0][0].isupper() and not last[1].isupper():
            return line, ""
        return (line[:-1] if self._is_divided(last[1], first[0]) else line), ""

    def _is_divided(self, start: str, end: str) -> bool:
        joined, compound = (start + end).casefold(), f"{start}-{end}".casefold()
        if compound in self._words:
            return joined in self._words and "-" not in start
        return joined in self._words or is_known(joined, self._language)
