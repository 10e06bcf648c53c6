"""Numbers, amounts, dates and times of day, brought to one notation.

350 000, 350.000, 350,000, 350 тис. and 350k are one number; 12.03.2025, 12 березня 2025 and
March 12, 2025 are one date; 14:30, 2:30 pm and "о пів на третю" are one time of day; 3,5 км and
3500 m are one length. What a text holds of them is a list of tokens that are the same in every
language, so that they can be looked up as words are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MONTHS = (
    r"jan\.?|januar\w*|січ(?:ень|ня|ні)|январ\w|enero|janv\w*|stycz\w*",
    r"feb\.?|februar\w*|лют(?:ий|ого|ому)|феврал\w|febrero|févr\w*|lut(?:y|ego)",
    r"mar\.?|march|märz|берез(?:ень|ня|ні)|март\w?|marzo|mars|mar(?:zec|ca)",
    r"apr\.?|april|квіт(?:ень|ня|ні)|апрел\w|abril|avril|kwie\w*",
    r"may|mai|трав(?:ень|ня|ні)|ма[йяе]|mayo|maj\w?",
    r"jun\.?|june|juni|черв(?:ень|ня|ні)|июн\w|junio|juin|czerw\w*",
    r"jul\.?|july|juli|лип(?:ень|ня|ні)|июл\w|julio|juillet|lip(?:iec|ca)",
    r"aug\.?|august|серп(?:ень|ня|ні)|август\w?|agosto|août|sierp\w*",
    r"sept?\.?|september|верес(?:ень|ня|ні)|сентябр\w|septiembre|septembre|wrze\w*",
    r"oct\.?|october|oktober|жовт(?:ень|ня|ні)|октябр\w|octubre|octobre|paźdz\w*",
    r"nov\.?|november|листопад\w?|ноябр\w|noviembre|novembre|listopad\w?",
    r"dec\.?|december|dezember|груд(?:ень|ня|ні)|декабр\w|diciembre|décembre|grud\w*",
)
"""The names of the months, in lower case."""
_MONTHS = tuple(re.compile(rf"(?:{names})$") for names in MONTHS)
_NUMERIC_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\d/-]|\.\d)")
_ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_DAY_FIRST = re.compile(
    r"(?<![\d.,:-])(?P<day>\d{1,2})(?:st|nd|rd|th|-?го|\.)? (?:of |de )?(?P<name>[^\W\d_]{3,}\.?)"
    r"(?:,? (?:de )?(?P<year>\d{4})(?![\d:,.]*\d))?"
)
_MONTH_FIRST = re.compile(
    r"(?<!\w)(?P<name>[a-z]{3,9}\.?) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.,]*\d)"
    r"(?:,? (?P<year>\d{4})(?![\d:,.]*\d))?"
)
_CLOCK = re.compile(r"(?<![\d:.,])([01]?\d|2[0-4])[:](\d\d)(?![\d:])(?: ?([ap])\.?m\b)?")
_HOUR = re.compile(r"(?<![\d:.,])(\d{1,2}) ?([ap])\.?m\b")
_HALF = re.compile(
    r"(?<!\w)(?:half past|пів на|половин[аеуой]+|пол-?|halb)\s?([^\W\d_]+(?:'[^\W\d_]+)?)"
)
_HOURS_AFTER = "one two three four five six seven eight nine ten eleven twelve".split()
_HOURS_BEFORE = tuple(
    names.split()
    for names in (
        "першу другу третю четверту п'яту шосту сьому восьму дев'яту десяту одинадцяту дванадцяту",
        "першого другого третього четвертого п'ятого шостого сьомого восьмого дев'ятого десятого",
        "первого второго третьего четвертого пятого шестого седьмого восьмого девятого десятого",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
)
"""Half past names the hour that passed in English, and the coming one in the other languages."""

_NUMBER = re.compile(
    r"(?<![\w.,:])(?P<sign>[$€£₴₽])? ?(?P<digits>\d{1,3}(?:(?P<separator>[ .,'])\d{3})"
    r"(?:(?P=separator)\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?![.,:]?\d)"
    r"(?P<scale>k(?!\w)|к(?!\w)|(?: ?[^\W\d_]+\.?))?"
    r"(?P<unit> ?(?:[$€£₴₽]|[^\W\d_]+))?"
)
_SCALES = tuple(
    (Decimal(10) ** power, re.compile(rf"(?:{names})\.?$"))
    for power, names in (
        (3, "тис|тыс|тисяч\\w?|тысяч\\w?|k|к|thousand|tsd|tausend|tys|mil"),
        (6, "млн|мільйон\\w*|миллион\\w*|millions?|millionen|mln|mio|millón|millones"),
        (9, "млрд|мільярд\\w*|миллиард\\w*|billions?|bn|mrd|milliarden?|mld"),
        (12, "трлн|трильйон\\w*|триллион\\w*|trillions?"),
    )
)
_UNITS = tuple(
    (base, Decimal(factor), re.compile(rf"(?:{names})$"))
    for base, factor, names in (
        ("m", "1000", "км|km|kilomet(?:er|re)s?|кілометр\\w*|километр\\w*|kilómetros?"),
        ("m", "1", "м|m|met(?:er|re)s?|метр\\w*|metros?"),
        ("m", "0.01", "см|cm|centimet(?:er|re)s?|сантиметр\\w*"),
        ("m", "0.001", "мм|mm|millimet(?:er|re)s?|міліметр\\w*|миллиметр\\w*"),
        ("g", "1000", "кг|kg|kilo(?:gram)?s?|кілограм\\w*|килограмм\\w*"),
        ("g", "1", "г|g|grams?|грам\\w*"),
        ("g", "1000000", "т|t|tons?|tonnes?|тонн\\w*"),
        ("l", "1", "л|l|lit(?:er|re)s?|літр\\w*|литр\\w*"),
        ("l", "0.001", "мл|ml|millilit(?:er|re)s?|мілілітр\\w*|миллилитр\\w*"),
        ("s", "60", "хв|мин|min|minutes?|хвилин\\w*|минут\\w*|minuten?|minutos?"),
        ("s", "3600", "год|ч|h|hours?|годин\\w*|час(?:а|ов)?|stunden?|horas?"),
    )
)
_CURRENCIES = {
    sign: code
    for code, signs in {
        "uah": "₴ грн uah",
        "usd": "$ usd дол долл",
        "eur": "€ eur",
        "gbp": "£ gbp",
        "rub": "₽ руб rub",
    }.items()
    for sign in signs.split()
}
_CURRENCY_WORDS = tuple(
    (code, re.compile(names))
    for code, names in (
        ("uah", r"гривн\w+|гривень|hryvnias?"),
        ("usd", r"долар\w*|доллар\w*|dollars?"),
        ("eur", r"євро|евро|euros?"),
        ("rub", r"рубл\w+|rubles?|roubles?"),
    )
)


@dataclass(frozen=True)
class Quantity:
    """A number, an amount, a date or a time of day.

    Attributes:
        tokens: what it is looked up by; a text that has one of them has this quantity.
        more: tokens that say less, such as the day of a date without its year.
    """

    tokens: tuple[str, ...]
    more: tuple[str, ...] = ()


def find_quantities(text: str) -> tuple[list[Quantity], str]:
    """Return the quantities of a text, and the text without what is said by them alone.

    Args:
        text: in lower case and NFKC, with plain apostrophes and spaces.
    """
    found: list[Quantity] = []
    for pattern, read in _READERS:
        for match in list(pattern.finditer(text)):
            quantity = read(match)
            if quantity is not None:
                found.append(quantity)
                left = (match.groupdict().get("name") or "").ljust(match.end() - match.start())
                text = f"{text[: match.start()]}{left}{text[match.end() :]}"
    rest, last = [], 0
    for match in _NUMBER.finditer(text):
        number = _number(match)
        if number is not None:
            quantity, end = number
            found.append(quantity)
            rest.append(text[last : match.start()])
            last = end
    return found, " ".join([*rest, text[last:]])


def _numeric_date(match: "re.Match[str]") -> Quantity | None:
    day, month = int(match[1]), int(match[3])
    if month > 12 and match[2] == "/":
        day, month = month, day
    return _date(int(match[4]), month, day)


def _named_date(match: "re.Match[str]") -> Quantity | None:
    name = match["name"]
    month = next((number for number, names in enumerate(_MONTHS, 1) if names.match(name)), 0)
    return _date(int(match["year"] or 0), month, int(match["day"]))


def _date(year: int, month: int, day: int) -> Quantity | None:
    """Return a date; its year is 0 where it has none."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    yearly = f"date:{month:02}-{day:02}"
    if not year:
        return Quantity((yearly,))
    return Quantity((f"date:{year}-{month:02}-{day:02}",), (yearly, str(year)))


def _half(match: "re.Match[str]") -> Quantity | None:
    if match[0].startswith("half"):
        names, shift = [_HOURS_AFTER], 0
    else:
        names, shift = list(_HOURS_BEFORE), 1
    hour = next((hours.index(match[1]) + 1 for hours in names if match[1] in hours), 0)
    return Quantity((f"time:{(hour - shift - 1) % 12 + 1}:30",)) if hour else None


def _time(hour: int, minute: int, half: str | None) -> Quantity | None:
    """Return a time of day: by the clock of twelve hours, and by that of 24 where it is known."""
    if minute > 59:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    short = f"time:{(hour - 1) % 12 + 1}:{minute:02}"
    return Quantity((f"time:{hour}:{minute:02}", short) if hour > 12 else (short,))


def _number(match: "re.Match[str]") -> tuple[Quantity, int] | None:
    """Return a number with its scale and unit, and where the words begin that are left.

    Digits that letters follow at once, and that these are neither, are part of a name: None.
    """
    values = _values(match["digits"], match["separator"])
    scale, unit = match["scale"] or "", match["unit"] or ""
    end = match.end("digits")
    factor = next((factor for factor, names in _SCALES if names.match(scale.strip())), None)
    if factor is not None:
        values, end = [value * factor for value in values], match.end("scale")
    elif scale:
        unit = scale
    tokens = [_plain(value) for value in values]
    if match["digits"][:2].isdigit() and match["digits"][0] == "0":  # a code, such as 007
        tokens = [match["digits"]]
    name = unit.strip().rstrip(".")
    amounts = [
        _plain(value * Decimal(size)) + base
        for base, size, names in _UNITS
        if names.match(name)
        for value in values
    ]
    currency = _CURRENCIES.get(match["sign"] or name)
    if currency and not match["sign"]:
        end += len(unit)
    currency = currency or next((code for code, names in _CURRENCY_WORDS if names.match(name)), "")
    if scale[:1].isalpha() and factor is None and not amounts and not currency:
        return None
    return Quantity((*tokens, *amounts), (f"currency:{currency}",) if currency else ()), end


def _values(digits: str, separator: str | None) -> list[Decimal]:
    """Return what a number may mean: 1.250 is a thousand and more in one country, or 1¼."""
    if separator is None:
        return [Decimal(digits.replace(",", "."))]
    groups, _, fraction = digits.partition(",") if separator == "." else digits.partition(".")
    first, *others = groups.split(separator)
    values = []
    if first[0] != "0":
        values.append(Decimal(f"{first}{''.join(others)}.{fraction or 0}".replace(",", "")))
    may_be_fraction = separator in ".," and len(others) == 1 and not fraction
    if may_be_fraction and others != ["000"] and (len(first) < 3 or not values):
        values.append(Decimal(f"{first}.{others[0]}"))
    return values or [Decimal(0)]


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


_READERS: tuple[tuple["re.Pattern[str]", Callable[["re.Match[str]"], Quantity | None]], ...] = (
    (_NUMERIC_DATE, _numeric_date),
    (_ISO_DATE, lambda match: _date(*map(int, match.groups()))),
    (_DAY_FIRST, _named_date),
    (_MONTH_FIRST, _named_date),
    (_CLOCK, lambda match: _time(int(match[1]), int(match[2]), match[3])),
    (_HOUR, lambda match: _time(int(match[1]), 0, match[2])),
    (_HALF, _half),
)
