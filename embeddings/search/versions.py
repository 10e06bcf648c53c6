"""Tells copies and versions of a passage apart, and where two versions differ.

Rules, price lists and news are kept in several versions: word for word alike but for a number, a
date, a name or a "not". They say different things, so none may hide another.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from embeddings.articles.passage import Passage
from embeddings.index.passages import Source
from embeddings.search.answer_type import lacks_answer_type
from embeddings.search.names import says_the_opposite
from embeddings.search.question_form import content_words
from embeddings.text.amounts import words

Spans = tuple[tuple[int, int], ...]

_NEARLY = 0.9
"""Jaccard similarity of their words from which two passages are nearly the same."""
_LEAST_WORDS = 8
"""Different words that are no numbers, from which the numbers do not count for that where both are
dated; undated passages may be about two things, such as bus routes."""
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
_QUESTIONS = ("When?", "What time?", "How many?", "How much does it cost?")
"""What is asked most; words that could answer one of these say more than how something is put."""
_LIMITS = words(
    r"only|except|unless|must|may|free|closed|open|allowed|forbidden|prohibited|all|every|any|both"
    r"|red|blue|green|yellow|black|white",
    r"лише|тільки|крім|окрім|якщо|можна|треба|повин\w+|безкоштовн\w+|платн\w+|заборон\w+|дозвол\w+"
    r"|зачинен\w+|відчинен\w+|закрит\w+|відкрит\w+|всі|усі|кож\w+"
    r"|червон\w+|син\w{1,3}|зелен\w+|жовт\w{1,3}|чорн\w+|біл\w{1,3}",
    r"только|кроме|если|можно|нужно|долж\w+|бесплатн\w+|платн\w+|запре\w+|разреш\w+|открыт\w+|все"
    r"|кажд\w+|красн\w+|зел[её]н\w+|ж[её]лт\w+|ч[её]рн\w+|бел\w{2,3}",
)
"""Words that permit, forbid, limit, say of how many something holds, or name a colour."""
_MOST_REWORDED = 2
"""Words that may stand for others, at one place, in two versions that say the same."""


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
    def _unnumbered(self) -> frozenset[str]:
        return frozenset(word for word in self._distinct if not word[0].isdigit())

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
        own, its = self._distinct, other._distinct
        are_dated = self.date is not None and other.date is not None
        if are_dated and min(len(self._unnumbered), len(other._unnumbered)) >= _LEAST_WORDS:
            own, its = self._unnumbered, other._unnumbered
        if len(own & its) < _NEARLY * len(own | its):
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
    pairs = list(_differing(text, other))
    left = tuple(span for span, _ in pairs if span[0] < span[1])
    right = tuple(span for _, span in pairs if span[0] < span[1])
    return left, right


def disagree(text: str, other: str, start: int, end: int) -> bool:
    """Whether another version says something else than the part of a text from `start` to `end`.

    It does where they differ in a number, a date, a name, a negation, words of opposite meaning or
    several words, and does not where one word stands for another.
    """
    for (first, last), (other_first, other_last) in _differing(text, other):
        following = _WORD.search(text, last) if first == last else None
        reach = following.start() if following else last  # a word may be missing before it
        if first > end or reach < start:
            continue
        own, its = text[max(first, start) : min(last, end)], other[other_first:other_last]
        if not text[start:first].strip():  # the first word has a capital letter anyway
            own, its = (part[:1].lower() + part[1:] for part in (own, its))
        if says_the_opposite(own, its) or any(map(_says_more, (own, its))):
            return True
    return False


def _says_more(text: str) -> bool:
    """Whether words that another version lacks change what is said, not how it is put."""
    return (
        _matters(text)
        or bool(_LIMITS.search(text))
        or len(content_words(text)) > _MOST_REWORDED
        or any(not lacks_answer_type(question, text) for question in _QUESTIONS)
    )


def _differing(text: str, other: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the parts of two texts that differ; one of them may be empty."""
    own, its = list(_words(text)), list(_words(other))
    matcher = SequenceMatcher(
        None, [word for word, _, _ in own], [word for word, _, _ in its], autojunk=False
    )
    for kind, first, last, its_first, its_last in matcher.get_opcodes():
        if kind != "equal":
            yield _span(own, first, last), _span(its, its_first, its_last)


def _span(found: Sequence[tuple[str, int, int]], first: int, last: int) -> tuple[int, int]:
    """Return where some words stand; for none, where the one before them ends."""
    if first < last:
        return found[first][1], found[last - 1][2]
    end = found[first - 1][2] if first else 0
    return end, end


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
