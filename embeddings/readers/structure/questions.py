"""Questions and answers: a question becomes the heading of its answer.

So both are one passage, the question is shown above it, and the highlight is in the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, zip_longest
from typing import NamedTuple

from embeddings.readers.structure.blocks import Paragraph
from embeddings.readers.tables import CELLS
from embeddings.text.language import detect
from embeddings.text.sentences import sentence_spans

_MARKS = (
    ("q", "a"),
    ("question", "answer"),
    ("питання", "відповідь"),
    ("запитання", "відповідь"),
    ("вопрос", "ответ"),
    ("п", "в"),
    ("з", "в"),
    ("в", "о"),
)
"""What stands before a question and before its answer, in English, Ukrainian and Russian."""
_TWINS = str.maketrans("аво", "abo")
_FEWEST = 2
"""Pairs in an article from which they are its form, and not chance."""
_LONGEST = 300
"""Characters of a question that can be a heading."""
_FEWEST_WORDS = 3
"""Words of a question that begins a paragraph."""
_SHARE = 0.05
"""Least share of such pairs among the paragraphs of a text or section, whose form they are."""
_MOST_SENTENCES = 2
"""Of a question where questions are the form."""
_ITEM = re.compile(r"^(?:[•*]\s+|\(?\d+[.)]\s+)")
_ALONE = re.compile(r"(?:[•*]\s+|\(?\d+[.)]\s+)?[^\W_a-zа-яіїєґё].*\?+\)?")
_OPENING = re.compile(
    r"(?:[•*]\s+|\(?\d+[.)]\s+)?[^\W\d_a-zа-яіїєґё][^.!?…;]*\?+(?=\s+[^\W_a-zа-яіїєґё])"
)
"""Not speech, which begins with a dash or a quotation mark, nor what a small letter goes on."""


def with_questions(paragraphs: Sequence[Paragraph], *, is_letter: bool = False) -> list[Paragraph]:
    """Make headings of the questions, where questions and answers are the form of a text.

    They are marked ("Q:", "Питання:", "Вопрос:"), or paragraphs of their own, or the first sentence
    of two paragraphs or more that follow each other. In a letter only marked ones count: others are
    asked of who gets it.
    """
    parts: list[_Part] = []
    for question, answer in _MARKS:
        parts = parts or _split_marked(paragraphs, question, answer)
    if is_letter:
        parts = parts or [_Part(paragraph) for paragraph in paragraphs]
    parts = parts or _split_unmarked(paragraphs)
    found: list[Paragraph] = []
    question, above = "", None
    for part, below in zip_longest(parts, parts[1:]):
        text, headings, _ = part.paragraph
        if part.is_question and below and below.answers(part):
            question, above = text, headings
            continue
        question = question if headings == above and not part.is_question else ""
        found.append(
            part.paragraph._replace(headings=(*headings, question) if question else headings)
        )
    return found


class _Part(NamedTuple):
    """A paragraph, or a part of one, and whether it is a question."""

    paragraph: Paragraph
    is_question: bool = False

    def answers(self, question: "_Part") -> bool:
        """Whether it can be the answer to the question before it."""
        return not self.is_question and self.paragraph.headings == question.paragraph.headings


def _mark(word: str) -> re.Pattern[str]:
    if len(word) == 1:
        twin = word.translate(_TWINS)  # "O:" for «О:»
        return re.compile(rf"[{word}{twin}]\s?(?:\d{{0,3}}:|\d{{1,3}}[.)])\s*(?=\S)", re.IGNORECASE)
    return re.compile(rf"{word}\s?(?:№?\s?\d{{1,3}})?(?:[:.]|\s[—–-]\s)\s*(?=\S)", re.IGNORECASE)


def _split_marked(paragraphs: Sequence[Paragraph], question: str, answer: str) -> list[_Part]:
    """Return the paragraphs with the marked questions apart; none where there are too few."""
    asks, answers = _mark(question), _mark(answer)
    if len(question) > 1:  # letters may be any columns of a table
        paragraphs = [_with_question_first(paragraph, asks, answers) for paragraph in paragraphs]
    within = re.compile(rf"(?:{re.escape(CELLS)}|\s+)(?={answers.pattern})", re.IGNORECASE)
    split: list[Paragraph] = []
    for paragraph in paragraphs:
        inner = within.search(paragraph.text) if asks.match(paragraph.text) else None
        split += [paragraph] if inner is None else _cut(paragraph, inner.start(), inner.end())
    pairs = sum(
        bool(asks.match(one.text) and answers.match(other.text)) for one, other in pairwise(split)
    )
    if pairs < _FEWEST:
        return []
    return [_without_mark(paragraph, asks, answers) for paragraph in split]


def _with_question_first(
    paragraph: Paragraph, asks: re.Pattern[str], answers: re.Pattern[str]
) -> Paragraph:
    """Put the question and the answer of a row of a table before its other cells."""
    cells = paragraph.text.split(CELLS)
    asked = next((cell for cell in cells if asks.match(cell)), None)
    answer = next((cell for cell in cells if answers.match(cell)), None)
    if asked is None or answer is None or asked == answer:
        return paragraph
    others = [cell for cell in cells if cell not in (asked, answer)]
    return paragraph._replace(text=CELLS.join([asked, answer, *others]))


def _without_mark(paragraph: Paragraph, asks: re.Pattern[str], answers: re.Pattern[str]) -> _Part:
    """Take the mark from a question, unless it numbers it, and from an answer."""
    asked, answered = asks.match(paragraph.text), answers.match(paragraph.text)
    if asked and len(paragraph.text) <= _LONGEST:
        has_number = any(map(str.isdigit, asked[0]))
        return _Part(paragraph if has_number else _cut(paragraph, 0, asked.end())[1], True)
    return _Part(_cut(paragraph, 0, answered.end())[1] if answered else paragraph)


def _split_unmarked(paragraphs: Sequence[Paragraph]) -> list[_Part]:
    """Return the paragraphs; those that are a question, or begin with one, are told apart."""
    alone = _with_questions_alone([_Part(paragraph) for paragraph in paragraphs])
    ends = [0 if part.is_question else _end_of_question(part.paragraph.text) for part in alone]
    parts: list[_Part] = []
    for number, (part, end) in enumerate(zip(alone, ends, strict=True)):
        if end and any(ends[max(number - 1, 0) : number] + ends[number + 1 : number + 2]):
            question, answer = _cut(part.paragraph, end, end + 1)
            parts += [_Part(question, True), _Part(answer)]
        else:
            parts.append(part)
    return parts


def _with_questions_alone(parts: list[_Part]) -> list[_Part]:
    """Tell the paragraphs that are a question, in the text or the sections that they are form of.

    That is told by single sentences; then a question may have a sentence before it.
    """
    told = [part._replace(is_question=_is_question(part.paragraph.text)) for part in parts]
    sections = [list(run) for _, run in groupby(told, lambda part: part.paragraph.headings)]
    found: list[_Part] = []
    for scope in [told] if _are_form(told) else sections:
        most = _MOST_SENTENCES if _are_form(scope) else 0
        found += [
            part._replace(is_question=_is_question(part.paragraph.text, most)) for part in scope
        ]
    return found


def _are_form(parts: Sequence[_Part]) -> bool:
    """Whether questions with answers are a fair share of these paragraphs."""
    asked = sum(part.is_question for part in parts)
    answered = sum(one.is_question and other.answers(one) for one, other in pairwise(parts))
    return answered >= max(_FEWEST, asked / 2, _SHARE * len(parts))


def _is_question(text: str, most: int = 1) -> bool:
    """Whether a paragraph is nothing but a question, of at most so many sentences."""
    return (
        most > 0
        and len(text) <= _LONGEST
        and CELLS not in text
        and _ALONE.fullmatch(text) is not None
        and len(sentence_spans(_ITEM.sub("", text), detect(text))) <= most
    )


def _end_of_question(text: str) -> int:
    """Return where the question that a paragraph begins with ends; 0 when there is none."""
    match = None if CELLS in text else _OPENING.match(text, 0, _LONGEST)
    return match.end() if match and len(match[0].split()) >= _FEWEST_WORDS else 0


def _cut(paragraph: Paragraph, end: int, start: int) -> list[Paragraph]:
    """Return what stands before `end`, and what stands from `start` on."""
    pages = paragraph.pages
    first = sum(page.start <= start for page in pages[1:])  # of the pages of the second part
    later = tuple(replace(page, start=max(page.start - start, 0)) for page in pages[first:])
    before = tuple(page for page in pages if page.start < end)
    return [
        paragraph._replace(text=paragraph.text[:end], pages=before),
        paragraph._replace(text=paragraph.text[start:], pages=later),
    ]
