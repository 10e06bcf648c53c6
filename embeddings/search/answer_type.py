"""What kind of answer a question asks for, whether a text holds one of that kind, and where.

A passage may speak of all that a question names and still not say when, how many or who. Question
words of many languages tell the kind; digits, capitals, signs and a few words tell whether it is
there. What the question itself says does not count. A question of no known kind asks for nothing
that could be missing.

Where exactly one number, sum or date of a sentence can be meant, it is the answer's own words; of
names alone too many are something else than what was asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from embeddings.text.amounts import (
    DATE_WORDS,
    DAY_OF_MONTH,
    DEGREE_UNIT,
    DURATION,
    FEW_NUMERALS,
    HALF_DAYS,
    HOUR,
    LENGTH_UNIT,
    MASS_UNIT,
    MONEY_UNIT,
    NAMED_DAY,
    NUMERALS,
    PRICE,
    TIME_OR_LENGTH_UNIT,
    UNIT,
    VOLUME_UNIT,
    YEAR,
)
from embeddings.text.language import detect
from embeddings.text.lemmas import is_known
from embeddings.text.phone_numbers import PHONE, holds_phone
from embeddings.text.question_words import (
    ANYBODY,
    ASKS_ADDRESS,
    ASKS_CLOCK,
    ASKS_DATE,
    ASKS_DISTANCE,
    ASKS_DURATION,
    ASKS_EMAIL,
    ASKS_HOURS,
    ASKS_HOW_LONG,
    ASKS_LENGTH,
    ASKS_MONEY,
    ASKS_NO_CONTACT,
    ASKS_NUMBER,
    ASKS_PARTY,
    ASKS_PERSON,
    ASKS_PHONE,
    ASKS_PLACE,
    ASKS_REASON,
    ASKS_SUM,
    ASKS_TEMPERATURE,
    ASKS_VOLUME,
    ASKS_WEIGHT,
    ASKS_YEAR,
    COUNTED,
    COUNTED_HEAD,
    PARTY,
)
from embeddings.text.spans import (
    DATE_SPAN,
    FREE_SPAN,
    NUMBER_SPANS,
    PERCENT,
    PERCENT_SPAN,
    STREET,
    TIME_SPAN,
    YEAR_SPAN,
    are_numbers,
    find_spans,
    is_part,
    prices_in,
    with_unit,
)
from embeddings.text.statements import REASON

_WORD = re.compile(r"\w+(?:['’]\w+)*")


_WEIGHTS = (
    r"weigh\w*|mass|ваг[аоиу]\w*|важ[иу]\w+|мас[аоиу]\w*|вес|весо[мй]|вес[ия]т|масс[аоыуе]\w*"
    r"|[kmg]b|[кмг]б|\w*(?:bytes|байт)\w{0,2}"
)
_VOLUMES = r"volume|об['’]єм\w*|об['’ъ][её]м\w*"
_LENGTHS = (
    r"minutes? (?:away|walk|by|on foot)|хвилин\w* (?:пішки|ходьби|їзди)"
    r"|минут\w* (?:пешком|ходьбы|езды)"
    r"|(?:height|depth|width|length|distance|висот|глибин|ширин|довжин|відстан|высот|глубин|длин"
    r"|расстояни)\w*\W[^.\n|]{0,30}\d+"
)
_DEGREES = re.compile(
    r"°|(?<!\w)(?:degrees?|градус\w*|celsius|fahrenheit|grad|\d+ ?º? ?[cс])(?!\w)", re.IGNORECASE
)
_PERCENT_SIGN = re.compile(f"%|{PERCENT.pattern}", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-ÞА-ЯЁІЇЄҐ]\w+")
_BEGINS = re.compile(r"(?:^|\n|[.!?:»”\"] )\Z")
_BEGINNING, _LEAST = 0.6, 4
"""Share of a word that does not change with its form, and its least letters."""
_DIGIT = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?:[.,\s\u00a0]\d+)*")
_BARE = re.compile(r"[^\W\d] \d+(?=[.,;)]*$|[.,;)]+ )")
"""A number after a word, with nothing that it counts."""
_UNITS = (MONEY_UNIT, MASS_UNIT, VOLUME_UNIT, LENGTH_UNIT, DEGREE_UNIT, TIME_OR_LENGTH_UNIT)
_COUNT = rf"(?:(?<![\w.,:/-])(?!(?:1\d|20)\d\d(?!\d)){_FIGURES.pattern}|{FEW_NUMERALS.pattern})"
"""A number of things, which is no year."""
_NO_HOURS = re.compile(
    r"(?<!\w)(?:closed|shifts?|\d/\d|не працю|не работа|зачинен|закрит|закрыт|вихідн|выходн"
    r"|(?:по)?змінн|сменн|geschlossen|cerrad)",
    re.IGNORECASE,
)
"""What hours of work are told by that have no time of day."""
_HOUSE = re.compile(
    rf"(?<!\w)(?:(?i:{STREET}\.?) [«\"]?[A-ZА-ЯІЇЄҐ][^\d\n]{{1,40}}?\d"
    rf"|[^\W\d_][\w'’-]+ (?i:{STREET})\.?,? \d"
    rf"|\d{{1,4}}\w? (?:[^\W\d_][\w'’-]+ ){{1,3}}(?i:{STREET}))(?!\w*@)",
)
"""A street with the number of a house."""
_LIST_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d)*[.)]|\d{1,2}(?:\.\d)+)\s+(?=\W*[A-ZÀ-ÞА-ЯЁІЇЄҐ])")
_CONTACTS = (ASKS_EMAIL, ASKS_ADDRESS, ASKS_PHONE)


def _matching(pattern: "re.Pattern[str]") -> Callable[[str, frozenset[str]], bool]:
    return lambda text, _said: bool(pattern.search(text))


def _digits(text: str, said: frozenset[str]) -> bool:
    return any(number not in said for number in _DIGIT.findall(text))


def _dates(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(DATE_WORDS, text, said) or DAY_OF_MONTH.search(text))


def _numbers(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(NUMERALS, text, said))


def _names(text: str, said: frozenset[str]) -> bool:
    """Whether it has a name that was not asked, other than that of a day or a month.

    That is a capitalised word that is in no dictionary where it begins a sentence.
    """
    text = NAMED_DAY.sub(lambda day: day[0].lower(), text)
    found = [m for m in _CAPITALISED.finditer(text) if m[0].casefold() not in said]
    inside = [m for m in found if not _BEGINS.search(text, 0, m.start())]
    return bool(inside) or not all(is_known(m[0], detect(text)) for m in found)


def _names_of_parties(text: str, said: frozenset[str]) -> bool:
    """Whether it has a name other than "the Landlord", as contracts call people."""
    return _names(PARTY.sub(lambda party: party[0].lower(), text), said)


def _measures(unit: "re.Pattern[str]", names: str) -> Callable[[str, frozenset[str]], bool]:
    """Return whether a text has a number with such a unit, or one and the name of the measure."""
    sign = re.compile(rf"(?:\d|{NUMERALS.pattern}){unit.pattern}|(?<!\w)(?:{names})(?!\w)", re.I)
    return lambda text, said: bool(sign.search(text)) and _numbers(text, said)


def _times(text: str, said: frozenset[str]) -> bool:
    return bool(HOUR.search(text) or _new(HALF_DAYS, text, said))


def _hours(text: str, said: frozenset[str]) -> bool:
    return _times(text, said) or bool(DURATION.search(text) or _NO_HOURS.search(text))


def _sums(text: str, said: frozenset[str]) -> bool:
    return bool(PRICE.search(text)) or _digits(text, said)


def _durations(text: str, said: frozenset[str]) -> bool:
    return bool(DURATION.search(text)) or _numbers(text, said)


def _new(pattern: "re.Pattern[str]", text: str, said: frozenset[str]) -> list[str]:
    return [word for word in pattern.findall(text) if word.casefold() not in said]


@dataclass(frozen=True)
class _Kind:
    """A kind of answer.

    Attributes:
        asks: the question words.
        holds: whether a text has one that the question, whose words are given, did not say.
        spans: what may be the answer in a sentence; none where that is too often something else.
        unit: what the answer is an amount of; None for anything.
        is_specific: whether it is so plain to see that a sentence without it hardly answers.
    """

    asks: "re.Pattern[str]"
    holds: Callable[[str, frozenset[str]], bool]
    spans: "tuple[re.Pattern[str], ...]" = ()
    unit: "re.Pattern[str] | None" = None
    is_specific: bool = True


_KINDS = (
    _Kind(ASKS_EMAIL, _matching(re.compile("@"))),
    _Kind(ASKS_ADDRESS, _matching(_HOUSE), is_specific=False),
    _Kind(ASKS_PHONE, lambda text, _said: holds_phone(text), (PHONE,)),
    _Kind(ASKS_YEAR, lambda *said: bool(_new(YEAR, *said)), (YEAR_SPAN,)),
    _Kind(ASKS_MONEY, _matching(PRICE), (FREE_SPAN, *NUMBER_SPANS), MONEY_UNIT),
    _Kind(PERCENT, _matching(_PERCENT_SIGN), (PERCENT_SPAN,)),
    _Kind(ASKS_TEMPERATURE, _matching(_DEGREES), NUMBER_SPANS, DEGREE_UNIT),
    _Kind(ASKS_CLOCK, _times, (TIME_SPAN,)),
    _Kind(ASKS_DISTANCE, _measures(LENGTH_UNIT, _LENGTHS), NUMBER_SPANS, TIME_OR_LENGTH_UNIT),
    _Kind(ASKS_LENGTH, _measures(LENGTH_UNIT, _LENGTHS), NUMBER_SPANS, LENGTH_UNIT),
    _Kind(ASKS_WEIGHT, _measures(MASS_UNIT, _WEIGHTS), NUMBER_SPANS, MASS_UNIT, is_specific=False),
    _Kind(
        ASKS_VOLUME, _measures(VOLUME_UNIT, _VOLUMES), NUMBER_SPANS, VOLUME_UNIT, is_specific=False
    ),
    _Kind(ASKS_SUM, _sums, (FREE_SPAN, *NUMBER_SPANS), MONEY_UNIT),
    _Kind(ASKS_DURATION, _durations, NUMBER_SPANS, TIME_OR_LENGTH_UNIT, is_specific=False),
    _Kind(ASKS_HOW_LONG, _durations, NUMBER_SPANS, TIME_OR_LENGTH_UNIT, is_specific=False),
    _Kind(ASKS_NUMBER, _numbers, NUMBER_SPANS, is_specific=False),
    _Kind(ASKS_DATE, _dates, (DATE_SPAN,), is_specific=False),
    _Kind(ASKS_REASON, lambda *said: bool(_new(REASON, *said))),
    _Kind(ASKS_PARTY, _names_of_parties),
    _Kind(ASKS_PERSON, _names),
    _Kind(ASKS_HOURS, _hours),
    _Kind(ASKS_PLACE, _names, is_specific=False),
)
"""The first kind whose question words stand in a question is what it asks for."""


def lacks_answer_type(question: str, text: str) -> bool:
    """Whether a question asks for a kind of answer that a text holds nothing of."""
    kind = _kind_of(question)
    return kind is not None and not _holds(kind, question, text)


def asks_for_kind(question: str) -> bool:
    """Whether a question asks for a kind of answer by which sentences are told apart."""
    kind = _kind_of(question)
    if kind is None or (kind.asks is ASKS_PERSON and ANYBODY.search(question)):
        return False
    return bool(kind.spans) or kind.asks in (ASKS_REASON, ASKS_PERSON)


def lacks_quantity(question: str, text: str) -> bool:
    """Whether a question asks for a number, sum, date or time that a text holds nothing of."""
    kind = _kind_of(question)
    return kind is not None and bool(kind.spans) and lacks_answer_type(question, text)


def lacks_specific_answer_type(question: str, sentence: str) -> bool:
    """Whether a sentence lacks what a question asks for, such as a person, a price or a phone."""
    kind = _kind_of(question)
    if kind and kind.asks is ASKS_PERSON and ANYBODY.search(question):
        return False
    return kind is not None and kind.is_specific and not _holds(kind, question, sentence)


def needs_literal_answer(question: str) -> bool:
    """Whether nothing can answer without what is asked for: a phone number, a price, a time."""
    return _asks_for(
        question, ASKS_PHONE, ASKS_EMAIL, ASKS_MONEY, ASKS_CLOCK, ASKS_HOURS, ASKS_YEAR
    )


def asks_why(question: str) -> bool:
    """Whether a question asks for a reason."""
    return _asks_for(question, ASKS_REASON)


def asks_for_contact(question: str) -> bool:
    """Whether a question asks for a phone number or an address."""
    return _asks_for(question, *_CONTACTS)


def _asks_for(question: str, *kinds: "re.Pattern[str]") -> bool:
    kind = _kind_of(question)
    return kind is not None and kind.asks in kinds


def answer_span(question: str, sentence: str) -> tuple[int, int] | None:
    """Return the answer's own words in the sentence that answers, where they are certain.

    What a number counts or measures belongs to it: "14 days", "450 грн".
    """
    kind = _kind_of(question)
    if kind is None or not kind.spans:
        return None
    said, unit = _said(question), _unit_named(question) or kind.unit
    if " | " in sentence and _unit_named(question):  # the label of a cell may name it instead
        unit = None
    prices = prices_in(sentence) if kind.unit is MONEY_UNIT else []
    number = _LIST_NUMBER.match(sentence)
    found = [
        (span, whole)
        for span in prices or find_spans(kind.spans, sentence)
        if span[1] > (number.end() if number else 0)
        and not said & set(_WORD.findall(sentence[slice(*span)].casefold()))
        and (whole := span if span in prices else _whole(kind, unit, sentence, span))
    ]
    others = [] if unit else [span for span, _ in found if _is_of_another(question, sentence, span)]
    if len(found) != 1 or others or is_part(sentence, found[0][0]):
        return None
    if unit is MONEY_UNIT and not prices and _BARE.search(sentence, found[0][1][1]):
        return None
    start, end = found[0][1]
    return end - len(sentence[start:end].lstrip()), end


def _whole(
    kind: _Kind, unit: "re.Pattern[str] | None", sentence: str, span: tuple[int, int]
) -> tuple[int, int] | None:
    """Return a number with its unit, where it is one of the unit that is asked for."""
    return with_unit(sentence, span, unit) if are_numbers(kind.spans) else span


def _is_of_another(question: str, sentence: str, span: tuple[int, int]) -> bool:
    """Whether things are asked for, and a number is of a measure."""
    thing = _counted(question)
    return bool(thing and UNIT.match(sentence, span[1]) and not UNIT.fullmatch(thing))


def holds_count(question: str, sentence: str) -> bool:
    """Whether a sentence has the number of what a question asks how many there are of."""
    thing = _counted(question)
    if len(thing) < _LEAST - 1 or UNIT.fullmatch(thing):
        return False
    described = "|".join(_beginning(word) for word in _words_counted(question))
    found = rf"{_COUNT} (?:(?:{described})\w* )*?{_beginning(thing)}"
    return bool(re.search(found, sentence, re.IGNORECASE))


def _beginning(word: str) -> str:
    return re.escape(word[: max(_LEAST, round(_BEGINNING * len(word)))])


def _counted(question: str) -> str:
    """Return the word for what a question asks the number of, or its unit; "" for none."""
    found = _words_counted(question)
    unit = next(
        (
            phrase
            for start in range(len(found))
            for end in range(len(found), start, -1)
            if UNIT.fullmatch(phrase := " ".join(found[start:end]))
        ),
        "",
    )
    return unit or next(filter(COUNTED_HEAD.fullmatch, found), next(iter(found), ""))


def _words_counted(question: str) -> list[str]:
    """Return the words for what a question asks the number of, such as "vacation days"."""
    counted = COUNTED.search(question)
    return counted[1].split() if counted else []


def _unit_named(question: str) -> "re.Pattern[str] | None":
    """Return the units of the measure that a question asks in: litres in "how many litres"."""
    thing = _counted(question)
    return next((unit for unit in _UNITS if unit.fullmatch(thing)), None) if thing else None


def _holds(kind: _Kind, question: str, text: str) -> bool:
    """Whether a text has what a question asks for; a measure is no number of things."""
    said = _said(question)
    if not kind.holds(text, said):
        return False
    thing = _counted(question) if kind.asks is ASKS_NUMBER else ""
    if not thing or UNIT.fullmatch(thing):
        return True
    return any(
        number[0].casefold() not in said and not UNIT.match(text, number.end())
        for pattern in (_FIGURES, NUMERALS)
        for number in pattern.finditer(text)
    )


def _kind_of(question: str) -> _Kind | None:
    """Return what the last part of a question asks for that asks for a known kind."""
    for part in reversed(re.split("[?·]", question)):
        no_contact = ASKS_NO_CONTACT.search(part)
        for kind in _KINDS:
            if kind.asks.search(part) and not (no_contact and kind.asks in _CONTACTS):
                return kind
    return None


def _said(question: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(question))
