"""Bylines: the lines that name who wrote an article and when, and who took its pictures.

They become the author and the date of the article, and are not quoted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from embeddings.articles.article import Dropped
from embeddings.readers.metadata import MONTHS, Metadata, date_of, is_person
from embeddings.readers.structure.blocks import Block

_MONTH = rf"(?:{'|'.join(MONTHS)})\w*\.?,?"
_WORD = rf"(?!{_MONTH} \d)(?![^\W\d_]+\s*:)[^\W\d_][\w'’ʼ.-]*"
_NAME = rf"{_WORD}(?: {_WORD}){{0,4}}(?:(?:,| and| та| і| и) {_WORD}(?: {_WORD})*)*"
_BYLINE = re.compile(
    rf"(?:(?:author|written by|reported by|text|автор(?:и|ы|ка)?|текст|журналіст(?:ка)?"
    rf"|журналист)\s*:\s*|(?:written |reported )?by (?=[A-ZА-ЯІЇЄҐ]))(?P<author>{_NAME})",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    rf"(?:photos?(?: by)?|pictures?|editor|edited by|translated by|фото|світлини|ілюстрації"
    rf"|редактор(?:ка)?|переклад|перевод|иллюстрации)\s*:?\s+{_NAME}",
    re.IGNORECASE,
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|понеділок|вівторок|середа"
    r"|четвер|п['’ʼ]ятниця|субота|неділя|понедельник|вторник|среда|четверг|пятница|суббота"
    r"|воскресенье)"
)
_DATE = re.compile(
    rf"(?:(?:published|updated|posted|last modified|date|дата(?: публікації| публикации)?"
    rf"|опубліковано|оновлено|опубликовано|обновлено)\s*(?:on|at)?[:,]?\s*)?(?:{_WEEKDAY},? )?"
    rf"(?P<date>\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}(?:t\S+)?"
    rf"|\d{{1,2}}\.? {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH})"
    rf"(?:\s*(?:р\.|г\.|року|года))?(?:[\s,|·—–-]*(?:at|о|в)?\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
    rf"(?:\s*(?:am|pm|utc|gmt|eet|est|msk))?)?(?!\w)",
    re.IGNORECASE,
)
_CAPITALISED = r"(?-i:[A-ZА-ЯЁІЇЄҐ])[\w'’ʼ]*"
_WHERE = rf"(?:(?:г|м|с|пгт|смт)\. ?)?{_CAPITALISED}(?:[ -]{_CAPITALISED}){{0,3}}"
_TOWN = re.compile(
    rf"{_WHERE}\s?[,.|•·/—–-]\s?(?={_DATE.pattern}|{_BYLINE.pattern})", re.IGNORECASE
)
"""The town in which an article was written, beside its date."""
_TIME = re.compile(
    r"\d{1,2}:\d{2}(?:\s*[ap]m)?|\d+ (?:min(?:utes?)? (?:read|ago)|хв|мин)\w*\.?", re.IGNORECASE
)
_URL = re.compile(
    r"(?:(?:source|url|link|original|джерело|посилання|источник|ссылка)\s*:\s*)?"
    r"(?P<url>https?://\S+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;.|•·/—–-]*")
_MARKS = " ,;.|•·/—–-"
_PARTICLES = frozenset("and de da del der di du la le van von та і й и ля".split())
_INITIAL = 2
"""Letters of an initial, which keeps its full stop."""
_LONGEST = 150
_MOST_ABOVE = 8
"""Lines above the text of an article in which a byline is looked for."""
_MOST_BELOW = 3
_BODY = 60
"""Characters of a line that is text, whatever it holds."""


class Byline(NamedTuple):
    """What a line says of its article."""

    author: str | None
    date: str | None


def is_dateline(line: str) -> bool:
    """Whether a line holds nothing but a date or a time."""
    return bool(_DATE.fullmatch(line) or _TIME.fullmatch(line))


def url_in(line: str) -> str | None:
    """Return the URL when the line holds nothing else, or its label."""
    match = _URL.fullmatch(line)
    return match["url"] if match else None


def byline_of(line: str) -> Byline | None:
    """Return what a line names, if it is nothing but a byline: an author, with a date or more."""
    if len(line) > _LONGEST:
        return None
    author = said = town = None
    position = 0
    while position < len(line):
        if match := _BYLINE.match(line, position):
            author = author or _person(match["author"])
            if author is None:
                return None
        elif match := _DATE.match(line, position):
            said = said or match["date"]
        elif match := _TOWN.match(line, position):
            town = match[0]
        else:
            match = _OTHERS.match(line, position) or _TIME.match(line, position)
        if match is None or match.end() == position:
            return _name_and_date(line)
        position = _BETWEEN.match(line, match.end()).end()  # type: ignore[union-attr]
    if author and (said or not town):
        return Byline(author, date_of(said))
    return _name_and_date(line)


def _name_and_date(line: str) -> Byline | None:
    """Read "Jane Doe, 22 March 2024", "22.03.2024 | Jane Doe" and "Lviv, 3 May 2025, Jane Doe"."""
    match = _DATE.search(line)
    if match is None:
        return None
    parts = (line[: match.start()].strip(_MARKS), line[match.end() :].strip(_MARKS))
    names = [part for part in parts if _is_name(part)]
    is_apart = len(names) == 1 and all(part in names or len(part.split()) < 2 for part in parts)
    name = names[0] if is_apart else " ".join(filter(None, parts))
    return Byline(name, date_of(match["date"])) if _is_name(name) else None


def _person(text: str) -> str | None:
    names = re.split(r"[\s,]+", text.strip(" ,."))
    is_author = all(name[:1].isupper() or name in _PARTICLES for name in names)
    text = text.strip(" ,")
    return (text.rstrip(".") if len(names[-1]) > _INITIAL else text) if is_author else None


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and is_person(text) and all(word[0].isupper() for word in words)


def without_bylines(
    metadata: Metadata, blocks: Sequence[Block]
) -> tuple[Metadata, list[Block], list[Dropped]]:
    """Move what the lines above and below the text say of the article into its metadata.

    A date that stands alone is kept as text, but not as a heading, unless the metadata has it.
    """
    is_chronology = sum(is_dateline(block.text) for block in blocks) > 1
    kept: list[Block] = []
    dropped: list[Dropped] = []
    head = _head(blocks)
    tail = max(len(blocks) - _MOST_BELOW, head)
    for number, block in enumerate(blocks):
        if head <= number < tail:
            kept.append(block)
            continue
        below = blocks[number + 1].text if number + 1 < head else ""
        if number < head and (address := url_in(block.text)):
            metadata = replace(metadata, url=metadata.url or address)
            dropped.append(Dropped(block.text, "address"))
            continue
        if kept and is_dateline(below) and _is_name(block.text):  # above a date: its author
            said: Byline | None = Byline(block.text, date_of(below))
        else:
            said = byline_of(block.text)
        if said is None and number < head and not is_chronology and is_dateline(block.text):
            date = date_of(block.text)
            if date is None or metadata.date == date:
                dropped.append(Dropped(block.text, "date"))
            else:
                metadata = replace(metadata, date=metadata.date or date)
                kept.append(block._replace(level=0))
        elif said is None:
            kept.append(block)
        else:
            metadata = replace(
                metadata,
                author=metadata.author or said.author,
                date=metadata.date or said.date,
            )
            dropped.append(Dropped(block.text, "byline"))
    return metadata, kept, dropped


def _head(blocks: Sequence[Block]) -> int:
    """Return how many blocks stand above the text."""
    for number, block in enumerate(blocks[:_MOST_ABOVE]):
        if not block.level and len(block.text) >= _BODY and not byline_of(block.text):
            return number
    return min(len(blocks), _MOST_ABOVE)
