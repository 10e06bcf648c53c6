"""The values of cells as a spreadsheet shows them, by their number formats."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_DATE_PARTS = re.compile(r"y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|am/pm|a/p|0+", re.IGNORECASE)
_NUMBER = re.compile(r"[#0?][#0?,. ]*")
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_US_DATE = "mm-dd-yy"
"""Stands for the short date of whatever country the program is in."""


def shown(value: object, number_format: str) -> str:
    """Return the value of a cell as it is shown; "" for an empty cell or an error."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, number_format)
    if isinstance(value, int | float):
        return _number(value, number_format)
    text = " ".join(str(value).split())
    return "" if _ERRORS.fullmatch(text) else text


def _moment(value: datetime | date | time | timedelta, number_format: str) -> str:
    """Return a date or time; as ISO 8601 has it where its format needs names or a country."""
    if isinstance(value, timedelta):
        minutes = int(abs(value.total_seconds()) // 60)
        return f"{'-' * (value < timedelta())}{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    day = value.date() if isinstance(value, datetime) else value
    clock = value.time() if isinstance(value, datetime) else time()
    plain = _QUOTED.sub(lambda match: match[1] or match[2] or "", number_format.partition(";")[0])
    parts = [part.lower() for part in _DATE_PARTS.findall(plain)]
    has_time = clock != time() or any(part[0] in "hs" for part in parts)
    days = re.split(r"\s*[hs]", plain, maxsplit=1, flags=re.IGNORECASE)[0] if has_time else plain
    day_parts = {part.lower() for part in _DATE_PARTS.findall(days)}
    if number_format != _US_DATE and day_parts and day_parts <= {"yyyy", "mm", "dd", "d", "m"}:
        written = _DATE_PARTS.sub(lambda match: _part(day, match[0].lower()), days).strip(" ,")
    else:
        written = day.isoformat()
    return f"{written} {clock.isoformat('minutes')}" if has_time else written


def _part(day: date, part: str) -> str:
    return {
        "yyyy": f"{day.year:04}",
        "mm": f"{day.month:02}",
        "m": str(day.month),
        "dd": f"{day.day:02}",
        "d": str(day.day),
    }[part]


def _number(value: float, number_format: str) -> str:
    positive, *others = number_format.split(";")
    section = positive
    if value < 0 and others:
        section = others[0]
    elif value == 0 and len(others) > 1:
        section = others[1]
    literal = _QUOTED.sub(lambda m: (m[1] or m[2] or m[3] or "").replace("0", "\0"), section)
    pattern = _NUMBER.search(literal)
    if pattern is None and section != positive:
        return " ".join(literal.replace("\0", "0").split())  # a word, as for nothing
    if pattern is None or "e+" in section.lower() or "?/" in section:
        return _general(value)
    written = pattern[0].rstrip(" ")
    digits = written.rstrip(",")
    thousands = len(written) - len(digits)
    if _NUMBER.search(literal, pattern.end()):  # the digits are in groups, as in a phone number
        return _general(value)
    is_percent = "%" in literal
    decimals = len(re.sub(r"[^0#?]", "", digits.partition(".")[2]))
    number = abs(Decimal(repr(value)) * (100 if is_percent else 1)) / 1000**thousands
    number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    least = re.sub(r"[^0]", "", digits.partition(".")[0])
    width = len(least) + (decimals + 1 if decimals else 0)
    grouped = "," if re.search("[, ]", digits) else f"0{width}"
    text = f"{number:{grouped}.{decimals}f}".replace(",", " ")
    if "0" not in digits.partition(".")[2] and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = "-" if value < 0 and section == positive else ""
    before, after = literal[: pattern.start()], literal[pattern.start() + len(written) :]
    return " ".join(f"{sign}{before}{text}{after}".replace("\0", "0").split())


def _general(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.11g}'):f}"
