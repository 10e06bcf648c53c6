"""Questions and answers: a question becomes the heading of its answer.

So both are one passage, the question is shown above it, and the highlight is in the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from embeddings.readers.tables import CELLS

if TYPE_CHECKING:
    from embeddings.readers.compose import Block

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
_FEWEST = 2
"""Pairs in an article from which they are its form, and not chance."""
_LONGEST = 300
"""Characters of a question that can be a heading."""
_FEWEST_WORDS = 3
"""Words of a question that begins a paragraph."""
_ALONE = re.compile(r"(?:[•*]\s+|\(?\d+[.)]\s+)?[^\W_a-zа-яіїєґё].*\?+\)?")
_OPENING = re.compile(
    r"(?:[•*]\s+|\(?\d+[.)]\s+)?[^\W\d_a-zа-яіїєґё][^.!?…;]*\?+(?=\s+[^\W_a-zа-яіїєґё])"
)
"""Not speech, which begins with a dash or a quotation mark, nor what a small letter goes on."""
_SPACE = re.compile(r"\s+")


def with_questions(blocks: Sequence["Block"]) -> list["Block"]:
    """Make headings of the questions, where questions and answers are the form of a text.

    They are marked ("Q:", "Питання:", "Вопрос:"), or paragraphs of their own, or the first sentence
    of two paragraphs or more that follow each other.
    """
    for question, answer in _MARKS:
        parts = _split_marked(blocks, _mark(question), _mark(answer))
        if parts:
            return parts
    return _split_unmarked(blocks)


def _mark(word: str) -> re.Pattern[str]:
    if len(word) == 1:
        return re.compile(rf"{word}\s?(?:\d{{0,3}}:|\d{{1,3}}[.)])\s*(?=\S)", re.IGNORECASE)
    return re.compile(rf"{word}\s?(?:№?\s?\d{{1,3}})?(?:[:.]|\s[—–-]\s)\s*(?=\S)", re.IGNORECASE)


def _split_marked(
    blocks: Sequence["Block"], asks: re.Pattern[str], answers: re.Pattern[str]
) -> list["Block"]:
    """Return the blocks with the marked questions as headings; none where there are too few."""
    within = re.compile(rf"\s+(?={answers.pattern})", re.IGNORECASE)
    parts: list[Block] = []
    for block in blocks:
        inner = within.search(block.text) if asks.match(block.text) else None
        parts += [block] if inner is None else _cut(block, inner.start(), inner.end())
    pairs = sum(
        bool(asks.match(one.text) and answers.match(other.text)) for one, other in pairwise(parts)
    )
    if pairs < _FEWEST:
        return []
    found: list[Block] = []
    level = 1
    for part in parts:
        asked, answered = asks.match(part.text), answers.match(part.text)
        if asked and len(part.text) <= _LONGEST:
            has_number = any(map(str.isdigit, asked[0]))
            question = part if has_number else _cut(part, 0, asked.end())[1]
            found.append(question._replace(level=part.level or level + 1))
        elif answered:
            found.append(_cut(part, 0, answered.end())[1])
        else:
            level = part.level or level
            found.append(part)
    return found


def _split_unmarked(blocks: Sequence["Block"]) -> list["Block"]:
    """Make headings of paragraphs that are a question, or begin with one."""
    alone = [_is_question(block) for block in blocks]
    answered = [
        one and bool(below.text) and not below.level and not other
        for one, other, below in zip(alone, alone[1:], blocks[1:], strict=False)
    ] + [False]
    is_regular = sum(answered) >= max(_FEWEST, sum(alone) / 2)
    ends = [0 if one else _end_of_question(block) for one, block in zip(alone, blocks, strict=True)]
    found: list[Block] = []
    level = 1
    for number, block in enumerate(blocks):
        if is_regular and answered[number]:
            found.append(block._replace(level=level + 1))
        elif ends[number] and any(
            ends[max(number - 1, 0) : number] + ends[number + 1 : number + 2]
        ):
            end = ends[number]
            space = _SPACE.match(block.text, end)
            question, answer = _cut(block, end, space.end() if space else end)
            found += [question._replace(level=level + 1), answer]
        else:
            level = block.level or level
            found.append(block)
    return found


def _is_question(block: "Block") -> bool:
    """Whether a paragraph is nothing but a question."""
    is_short = len(block.text) <= _LONGEST and not block.level and CELLS not in block.text
    return is_short and _ALONE.fullmatch(block.text) is not None


def _end_of_question(block: "Block") -> int:
    """Return where the question that a paragraph begins with ends; 0 when there is none."""
    match = None if block.level or CELLS in block.text else _OPENING.match(block.text, 0, _LONGEST)
    return match.end() if match and len(match[0].split()) >= _FEWEST_WORDS else 0


def _cut(block: "Block", end: int, start: int) -> list["Block"]:
    """Return what stands before `end`, and what stands from `start` on."""
    later = [replace(page, start=max(page.start - start, 0)) for page in block.pages]
    last = next((n for n in reversed(range(len(later))) if block.pages[n].start <= start), 0)
    return [
        block._replace(
            text=block.text[:end], pages=tuple(page for page in block.pages if page.start < end)
        ),
        block._replace(text=block.text[start:], pages=tuple(later[last:])),
    ]
