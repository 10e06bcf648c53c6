"""Where the dates, times, numbers and amounts of a sentence stand."""

import re
from collections.abc import Iterator

from embeddings.text.amounts import MONEY_UNIT, MONTH, TIME, UNIT, words
from embeddings.text.phone_numbers import PHONE, is_phone

PERCENT = words(
    r"percent(?:age)?|per cent|відсот\w+|процент\w*|prozent\w*|porcentaje|pourcentage",
)
STREET = (
    r"(?:street|st|lane|road|rd|avenue|ave|square|drive|way|court|вул|вулиця|просп|проспект|пл|площа"
    r"|пров|провулок|бульвар|ул|улица|площадь|пер|переулок|бул|шоссе|набережная|набережна)"
)
_A_YEAR = (
    r"(?:1\d|20)\d\d(?![\d.,]*\d)(?:[–/-]\d{2,4})?"
    r"(?: (?:року|році|рік|годах?|года|году|год|гг?\.|рр?\.))?"
)
_SCALE = (
    r"(?:\s?(?:(?:тис|тыс|млн|млрд)(?!\w)\.?|(?:thousand|million|billion|trillion|hundred|тисяч\w?"
    r"|тысяч\w?|мільйон\w*|миллион\w*|мільярд\w*|миллиард\w*)(?!\w)))?"
)
_A_NUMBER = rf"\d+(?:[., \u00a0\u202f]\d{{3}})*(?:[.,]\d+)?{_SCALE}"
YEAR_SPAN = re.compile(rf"(?<![\w.,])(?:{_A_YEAR})(?!\w)", re.IGNORECASE)
TIME_SPAN = re.compile(rf"(?<![\w.,])(?:{TIME})", re.IGNORECASE)
DATE_SPAN = re.compile(
    r"(?<![\w.,])(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th|-?го|\.)? (?:of )?)?{MONTH}(?!\w)"
    rf"(?: \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?(?:,? (?:of )?{_A_YEAR})?"
    rf"|\d{{1,2}}(?:-?го|-?е)?(?= числа)|\d{{1,2}}(?:st|nd|rd|th)(?= (?:of|day))"
    rf"|{_A_YEAR}(?!\w)|{TIME})",
    re.IGNORECASE,
)
_IN_DIGITS = re.compile(
    rf"(?<![\w.,−-])(?:[-−+](?=\d))?[$€£₴₽]?\s?{_A_NUMBER}(?:\s?%)?(?:(?!\w)|(?={UNIT.pattern}))",
    re.IGNORECASE,
)
_IN_WORDS = words(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|half|twice)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|million))*",
    r"(?:дв[аіе]|двох|двух|три|трьох|трёх|трех|чотири|чотирьох|четыре|четырех|четырёх|п['’]ят[ьи]"
    r"|пят[ьи]|шіст[ьи]|шести|шесть|сім|семи|семь|вісім|восьми|восемь|дев['’]ять|девять|десят\w"
    r"|\w+надцят[ьи]|двадцят[ьи]|двадцать|тридцят[ьи]|тридцать|сорок\w?|\w+десят|сто|двісті|двести"
    r"|\w+сот|тисяч\w?|тысяч\w?|мільйон\w*|миллион\w*|полов\w+)"
    r"(?: (?:тисяч\w?|тысяч\w?|мільйон\w*|миллион\w*))?",
)
NUMBER_SPANS = (_IN_DIGITS, _IN_WORDS)
_PRICE_CELL = re.compile(
    r"(?:^|(?<=\| ))[^|:]*(?:(?<!\w)(?:(?:price|cost|fee|fare|charge)s?(?!\w)"
    rf"|(?:цін|варт[оі]ст|плат|тариф|цен|стоимост)\w{{1,3}}(?!\w)|{MONEY_UNIT.pattern})|[$€£₴₽])"
    r"[^|:]*: (?P<value>[^|]*?)(?= \||$)",
    re.IGNORECASE,
)
"""A cell of a table's row whose label says that it is a price, with its currency or without."""
PERCENT_SPAN = re.compile(rf"{_A_NUMBER}\s?(?:%|(?:{PERCENT.pattern}))", re.IGNORECASE)
FREE_SPAN = words(
    r"(?<!feel )(?<!-)free(?! (?:time|space|parking|wi-?fi|seats?|places?))(?: of charge)?(?!-)"
    r"|gratis|kostenlos|gratuit[oa]?",
    r"(?:безкоштовн|безоплатн|безплатн|бесплатн)(?:о|ий|а|е|і|ый|ая|ое|ые)",
)
_BARE_NUMBER = re.compile(_A_NUMBER, re.IGNORECASE)
_SIGN = "[$€£₴₽¥]"
_AND = (
    r"\s?(?:[-–−…]|\.\.+"
    r"|(?<!\w)(?:to|or|and|до|або|чи|или|и|і|й|та|bis|oder|und)(?!\w))?\s?[$€£₴₽]?"
)
_CURRENCY_BEFORE = re.compile(r"(?<!\w)(?:US|USD|EUR|UAH|GBP|CHF|PLN)?\s?[$€£₴₽¥]?\s?$")
_NUMBER_BEFORE = re.compile(rf"\d(?:\s?[%$€£₴₽])?{_AND}$", re.IGNORECASE)
_NUMBER_AFTER = re.compile(rf"{_AND}\d", re.IGNORECASE)
_NO_QUANTITY = re.compile(
    r"(?:(?i:(?<!\w)(?:rooms?|pages?|form|no\.|p\.|кімнат[аіиу]|комнат[аеу]|сторін\w+|страниц\w+"
    r"|стор?\.|стр\.|кабінет\w*|кабинет\w*|форм[аиіуые]))|№)\s?\d+"
    rf"|\d{{1,4}}\w? (?:[A-ZА-ЯІЇЄҐ][\w'’-]+ ){{1,3}}(?i:{STREET})(?!\w)"
)
"""The number of a room, a page or a house."""


def are_numbers(patterns: tuple["re.Pattern[str]", ...]) -> bool:
    """Whether patterns find numbers, which dates and the numbers of houses are not."""
    return set(NUMBER_SPANS) <= set(patterns)


def find_spans(patterns: tuple["re.Pattern[str]", ...], sentence: str) -> Iterator[tuple[int, int]]:
    """Yield what matches; a date is no number, and what overlaps is one."""
    taken: list[tuple[int, int]] = []
    if are_numbers(patterns):
        dates = (match for match in DATE_SPAN.finditer(sentence) if not _is_verb(match))
        taken += [date.span() for date in dates if not _is_amount(date, sentence)]
        taken += [match.span() for match in _NO_QUANTITY.finditer(sentence)]
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            start, end = match.span()
            if _is_verb(match) or (pattern is PHONE and not is_phone(match)):
                continue
            if not any(first < end and start < last for first, last in taken):
                taken.append((start, end))
                yield start, end


def with_unit(
    sentence: str, span: tuple[int, int], unit: "re.Pattern[str] | None"
) -> tuple[int, int] | None:
    """Return a number with what it counts or measures: "14 days", "450 грн".

    Args:
        sentence: it stands there.
        span: of the number, or of the word that says that nothing is paid.
        unit: what it must be a number of; None for anything. None is returned for another one.
    """
    start, end = span
    before = _CURRENCY_BEFORE.search(sentence[:start])
    currency = before[0].lstrip() if before else ""
    after = (unit or UNIT).match(sentence, end)
    is_price = currency.strip() or re.search(_SIGN, sentence[start:end])
    if unit and not (is_price if unit is MONEY_UNIT and not after else after):
        return span if FREE_SPAN.fullmatch(sentence, start, end) else None
    return start - len(currency), after.end() if after else end


def prices_in(row: str) -> list[tuple[int, int]]:
    """Return the bare numbers of a table's row that are prices by the label of their cell."""
    cells = _PRICE_CELL.finditer(row) if " | " in row else ()
    return [cell.span("value") for cell in cells if _BARE_NUMBER.fullmatch(cell["value"])]


def is_part(sentence: str, span: tuple[int, int]) -> bool:
    """Whether a number is one end of a range, or one of several."""
    start, end = span
    before = _NUMBER_BEFORE.search(sentence[:start])
    return bool(before or _NUMBER_AFTER.match(sentence[end:]))


def _is_amount(date: "re.Match[str]", sentence: str) -> bool:
    """Whether what may be a year is a number with a unit: "1500 грн"; "1957 г" may be a year."""
    unit = UNIT.match(sentence, date.end()) if date[0].isdigit() else None
    return unit is not None and unit[0].strip() != "г"


def _is_verb(match: "re.Match[str]") -> bool:
    """Whether what may be a month without day and year is more likely a verb."""
    return match[0].casefold() in ("may", "march")
