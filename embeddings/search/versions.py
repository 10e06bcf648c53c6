"""Tells copies and versions of a passage apart, and where two versions differ.

Rules, price lists and news are kept in several versions: word for word alike but for a number, a
date, a name or a "not". They say different things, so none may hide another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from embeddings.articles.passage import Passage
from embeddings.index.passages import Source

Spans = tuple[tuple[int, int], ...]

_NEARLY = 0.9
"""Jaccard similarity of their words from which two passages are nearly the same."""
_LEAST_LENGTH = 0.75
"""Length of the shorter as a share of the longer, below which the words are not even compared."""
_WORD = re.compile(r"\d+(?:[.,:/]\d+|\s\d{3}(?!\d))*|\w+(?:['’]\w+)*")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_NEGATIONS = frozenset(
    "not no never none nor cannot without не ні ніколи немає нема без ни никогда нет nicht kein "
    "keine nie ohne sin nunca ne pas jamais non mai nie bez".split()
)


@dataclass(frozen=True)
class Version:
    """The text of a passage and the article it is from, to be compared with others."""

    passage: Passage
    source: Source

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and numbers, in order."""
        return tuple(_WORD.findall(self.passage.text.casefold()))

    @cached_property
    def _distinct(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def date(self) -> str | None:
        """When its article was published: as the article, its file's name or its title says it."""
        if self.source.date:
            return self.source.date
        found = (match for text in (self.source.path, self.source.title) if (match := _date(text)))
        return next(found, None)

    def is_version_of(self, other: "Version") -> bool:
        """Whether both are the same words in the same order, or nearly.

        Two passages of one article that differ in what changes the meaning are two statements, such
        as rows of a table, and no versions of one.
        """
        shorter, longer = sorted(len(version.passage.text) for version in (self, other))
        if shorter < _LEAST_LENGTH * longer:
            return False
        if self.words == other.words:
            return True
        common = len(self._distinct & other._distinct)
        total = len(self._distinct | other._distinct)
        if common < _NEARLY * total:
            return False
        return self.passage.article != other.passage.article or not _says_otherwise(self, other)

    def is_asked_for(self, question: str, other: "Version") -> bool:
        """Whether the question has a word of this version, or its date, that the other lacks."""
        asked = frozenset(_WORD.findall(question.casefold()))
        dates = {(version.date or "")[:4] for version in (self, other)}
        if self.date and len(dates) == 2 and self.date[:4] in asked:
            return True
        return bool(asked & (self._distinct - other._distinct))


def differences(text: str, other: str) -> tuple[Spans, Spans]:
    """Return the spans of each of two texts that are not in the other, word by word.

    Letter case and punctuation are no difference.
    """
    words, others = list(_words(text)), list(_words(other))
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    matcher = SequenceMatcher(
        None, [word for word, _, _ in words], [word for word, _, _ in others], autojunk=False
    )
    for kind, first, last, other_first, other_last in matcher.get_opcodes():
        if kind == "equal":
            continue
        if first < last:
            left.append((words[first][1], words[last - 1][2]))
        if other_first < other_last:
            right.append((others[other_first][1], others[other_last - 1][2]))
    return tuple(left), tuple(right)


def _says_otherwise(left: Version, right: Version) -> bool:
    """Whether two passages differ in a number, a name or a negation."""
    pairs = zip(differences(left.passage.text, right.passage.text), (left, right), strict=True)
    return any(
        _matters(version.passage.text[start:end])
        for spans, version in pairs
        for start, end in spans
    )


def _matters(text: str) -> bool:
    words = re.findall(r"\w+", text)
    return any(
        word[0].isdigit() or word[0].isupper() or word.casefold() in _NEGATIONS for word in words
    ) or bool(re.search(r"n['’]t\b", text))


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        yield match[0].casefold(), match.start(), match.end()


def _date(text: str) -> str | None:
    """Return the latest date in a name, as ISO 8601 has it; a year alone is a date."""
    return max(("-".join(filter(None, found)) for found in _DATE.findall(text)), default=None)
