"""The metadata of a file: title, author, date, URL and language."""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate

from embeddings.text.decoding import clean

_LONGEST_TITLE = 300
_LONGEST_AUTHOR = 200
_LONGEST = 2000
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|без (?:імені|названия|назви)|word document"
    r"|document|документ|презентац\w*|powerpoint presentation|slide|scan|print|template|шаблон)\b"
    r"|.*\.(?:docx?|dot[xm]?|rtf|odt|pdf|indd|qxd|tex|dvi|xlsx?|pptx?|cdr|pm[d6]|html?)$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][^\W\d_.'’ʼ-]*\.?(?:[\s.,;&]+[^\W\d_][^\W\d_'’ʼ-]*\.?){1,12}")
_NO_PERSON = re.compile(
    r"\b(?:user|admin\w*|owner|author|computer|microsoft|windows|office|pc|користувач|пользователь"
    r"|админ\w*|адмін\w*)\b",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_LANGUAGES = {"ua": "uk", "ukr": "uk", "rus": "ru", "eng": "en"}
"""Codes that are often written in place of the standard ones."""

_YEAR_FIRST = re.compile(r"(?:D:)?(\d{4})(?:([-/.]?)(\d{1,2})(?:\2(\d{1,2}))?)?(?=$|[T\sZ+\d])")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b")
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? )?(?P<month>[^\W\d_]{3,})\.?,? "
    r"(?:(?P<late>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<year>\d{4})\b"
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan січ янв", "feb лют фев", "mar бер мар", "apr кві апр", "may тра май мая",
            "jun чер июн", "jul лип июл", "aug сер авг", "sep вер сен", "oct жов окт",
            "nov лис ноя", "dec гру дек",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""The months by the first letters of their names."""


@dataclass(frozen=True)
class Metadata:
    """What a file says about its article; None where it says nothing, or nothing sensible."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None


def make_metadata(
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Metadata:
    """Normalise the metadata of a file, and drop values that make no sense."""
    return Metadata(
        _line(title, _LONGEST_TITLE),
        _line(author, _LONGEST_AUTHOR),
        date_of(date),
        url_of(url),
        language_of(language),
    )


def document_metadata(
    title: str | None,
    author: str | None,
    date: str | None = None,
    language: str | None = None,
) -> Metadata:
    """Normalise the properties of a document, which programs fill in with names of their own."""
    title, author = (" ".join((text or "").split()) for text in (title, author))
    return make_metadata(
        title if is_title(title) else None,
        author if is_person(author) else None,
        date,
        language=language,
    )


def is_title(text: str) -> bool:
    """Whether a text can be a title: two words or more, and not the name of a program or file."""
    words = WORD.findall(text)
    return len(words) >= 2 and sum(map(len, words)) >= 4 and not _NO_TITLE.match(text)


def is_person(text: str) -> bool:
    """Whether a text names a person: two words or more, and not a user account."""
    if len(text) > 100 or not _PERSON.fullmatch(text) or _NO_PERSON.search(text):
        return False
    return all(word[0].isupper() for word in WORD.findall(text)[:2])


def date_of(text: str | None) -> str | None:
    """Return a date in ISO 8601, as exact as it is given; None when it is not a date."""
    line = _line(text, _LONGEST)
    if line is None:
        return None
    if match := _YEAR_FIRST.match(line):
        return _iso(match[1], match[3], match[4])
    if match := _DAY_FIRST.match(line):
        is_american = (
            match[2] == "/" and int(match[1]) <= 12
        )  # the day and the month cannot be told apart
        return _iso(match[4]) if is_american else _iso(match[4], match[3], match[1])
    if match := _NAMED.search(line):
        month = MONTHS.get(match["month"][:3].casefold())
        return _iso(match["year"], str(month) if month else None, match["day"] or match["late"])
    parsed = parsedate(line)
    return _iso(*map(str, parsed[:3])) if parsed else None


def url_of(text: str | None) -> str | None:
    """Return a web address, None when the text is not one."""
    line = _line(text, _LONGEST)
    return line if line and _URL.fullmatch(line) else None


def language_of(text: str | None) -> str | None:
    """Return the ISO 639-1 code that a tag such as "en-GB" begins with, None when there is none."""
    match = _LANGUAGE.fullmatch(_line(text, _LONGEST) or "")
    code = match[1].lower() if match else ""
    code = _LANGUAGES.get(code, code)
    return code if len(code) == 2 else None


def _line(text: str | None, longest: int) -> str | None:
    line = " ".join(clean(text or "").split())
    return line if line and len(line) <= longest else None


def _iso(year: str, month: str | None = None, day: str | None = None) -> str | None:
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except (ValueError, OverflowError):
        return None
    if not 1000 <= whole.year <= 2200:
        return None
    return whole.isoformat()[: 4 if month is None else 7 if day is None else 10]
