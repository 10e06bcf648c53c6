"""Tables of contents and indexes at the end of a book: they name passages, and are none."""

import re
from collections.abc import Sequence

from embeddings.articles.article import Dropped
from embeddings.readers.structure.blocks import Block

_CONTENTS = re.compile(
    r"(?:table of )?contents|on this page|in this article|зміст|содержание|оглавление", re.I
)
_INDEX = re.compile(
    r"(?:(?:subject|general|alphabetical|name) )?index|(?:(?:предметний|іменний|алфавітний"
    r"|абетковий|предметный|именной|алфавитный) )?(?:покажчик|указатель)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^(?:[•*–-]|\(?(?:\d{1,3}\.)*\d{1,3}[.)]?|\(?[a-zа-яіїєґ][.)]|[ivxlc]+\.)\s+", re.I
)
_PAGE = re.compile(r"[\s.…·_]*\s*\b(?:\d{1,4}|[ivxlc]{1,7})$", re.IGNORECASE)
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
_INDEX_ENTRY = re.compile(
    r"(?=.*[^\W\d_]).{1,80}?,?\s\d{1,4}(?:\s?[-–]\s?\d{1,4})?"
    r"(?:,\s\d{1,4}(?:\s?[-–]\s?\d{1,4})?)*"
)
_LONGEST_ENTRY = 200
_FEWEST_ENTRIES = 3
_FEWEST_IN_INDEX = 10


def without_contents(blocks: Sequence[Block]) -> tuple[list[Block], list[Dropped]]:
    """Leave out tables of contents and indexes, with the headings above them."""
    headings = {_bare(block.text) for block in blocks if block.level} - {""}
    kept: list[Block] = []
    dropped: list[Dropped] = []
    number = 0
    while number < len(blocks):
        is_titled = len(blocks[number].text) < 60 and bool(
            _CONTENTS.fullmatch(blocks[number].text.strip(" :."))
        )
        start = number + is_titled
        end = _end_of_contents(blocks, start, headings, is_titled)
        is_empty = blocks[number].level and start < len(blocks) and blocks[start].level
        if end - start >= _FEWEST_ENTRIES or (is_titled and (is_empty or end > start)):
            dropped += _dropped(blocks[number:end], "table of contents")
            number = end
            continue
        end = _end_of_index(blocks, number)
        if end > number:
            dropped += _dropped(blocks[number:end], "index")
            number = end
            continue
        kept.append(blocks[number])
        number += 1
    return (kept, dropped) if any(not block.level for block in kept) else (list(blocks), [])


def _end_of_contents(
    blocks: Sequence[Block], start: int, headings: set[str], is_titled: bool
) -> int:
    """Return where entries end: paragraphs that are headings of the article, or have leaders."""
    end = start
    while end < len(blocks) and not blocks[end].level and blocks[end].text:
        text = blocks[end].text
        if len(text) > _LONGEST_ENTRY:
            break
        is_entry = _bare(text) in headings or _bare(_PAGE.sub("", text)) in headings
        if not is_entry and not (is_titled and _LEADER.search(text)):
            break
        end += 1
    return end


def _end_of_index(blocks: Sequence[Block], start: int) -> int:
    """Return where the index that a heading begins ends, or `start` when it begins none."""
    if not _INDEX.fullmatch(blocks[start].text.strip(" :.")):
        return start
    end = start + 1
    level = blocks[start].level
    while end < len(blocks) and (not blocks[end].level or blocks[end].level > level > 0):
        end += 1
    entries = [
        block.text for block in blocks[start + 1 : end] if 1 < len(block.text) <= _LONGEST_ENTRY
    ]
    pages = sum(_INDEX_ENTRY.fullmatch(text) is not None for text in entries)
    return end if pages >= max(_FEWEST_IN_INDEX, 0.6 * len(entries)) else start


def _bare(text: str) -> str:
    """Return a heading without its number or bullet, in small letters."""
    return " ".join(_MARK.sub("", text).casefold().split())


def _dropped(blocks: Sequence[Block], why: str) -> list[Dropped]:
    return [Dropped(block.text, why) for block in blocks if block.text]
