"""What kind of answer a question asks for, whether a text holds one of that kind, and where.

A passage may speak of all that a question names and still not say when, how many or who. Question
words of many languages tell the kind; digits, capitals, signs and a few words tell whether it is
there. What the question itself says does not count. A question of no known kind asks for nothing
that could be missing.

Where exactly one number, sum or date of a sentence can be meant, it is the answer's own words; of
names alone too many are something else than what was asked.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.text.amounts import (
    DATE_WORDS,
    DAY_OF_MONTH,
    DEGREE_UNIT,
    DURATION,
    HALF_DAYS,
    HOUR,
    LENGTH_UNIT,
    MASS_UNIT,
    MONEY_UNIT,
    NUMERALS,
    PRICE,
    TIME_OR_LENGTH_UNIT,
    UNIT,
    VOLUME_UNIT,
    YEAR,
    words,
)
from embeddings.text.language import detect
from embeddings.text.lemmas import is_known
from embeddings.text.phone_numbers import PHONE, holds_phone
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

_WORD = re.compile(r"\w+(?:['’]\w+)*")


_YEAR = words(
    r"what year(?! of)|(?:in|since|from|by) which year|which year (?:did|was|were)"
    r"|(?:у|в) якому році|якого року|(?:в|с|к) каком году|какого года"
    r"|welche[ms] jahr|qué año|quelle année|którym roku|che anno|hangi yıl\w*|ce an|que ano",
)
_DATE = words(
    r"when|(?:what|which) (?:date|day|month|century)|коли|когда"
    r"|(?:яка|яку|якого|якої|якою|якій|какая|какую|какого|какой) (?:дат|числа|дня)\w?"
    r"|(?:яким|якому|каким|какому) (?:числ|дн)\w+|на (?:яке|какое) число"
    r"|what(?:['’]s| is| was) the (?:\w+ ){0,2}deadline|(?:який|какой|каков) (?:дедлайн"
    r"|(?:крайн|кінцев|граничн|предельн)\w+ (?:термін|строк|срок))"
    r"|wann|cuándo|quand|quando|kiedy|când|ne zaman"
    r"|πότε|quelle date|qué fecha|кога|kdy|wanneer|När",
)
_MONEY = words(
    r"how much (?:\w+ ){0,6}(?:cost|costs|pay|paid|price|worth|money|earn)\w*",
    r"what(?:['’]s| (?:is|was|are|were)) (?:(?!included|in )\w+ ){0,3}"
    r"(?:price|cost|fee|fare|salary)\w*(?! cent)",
    r"what (?:price|fee|fare|salary) (?:is|was|do|does|did|must|will)",
    r"what (?:do|does|did|will|would) (?:(?!do |to )[\w'’-]+ ){1,6}cost",
    r"скільки (?:\w+ )?кошту\w+|по чому|почому|почём|сколько (?:будет )?сто(?:ит|ят|ил\w?|ило|ить)",
    r"(?:яка|якою|какая|какова) (?:\w+ )?(?:ціна|вартість|цена|стоимость)",
    r"wie ?viel koste\w+", r"cuánto (?:cuesta|costó)\w*", r"combien coût\w+",
)  # fmt: skip
_SUM = words(
    r"how much (?:(?:is|are|was|were|will|would)(?! (?:\w+ ){0,4}(?:discount|rate|tax|vat|interest"
    r"|weight|volume|left|too|enough|known)(?!\w))|for (?:a|an|the|one)|(?:\w+ ){1,3}charged?)"
    r"|how expensive",
    r"(?:скільки|сколько) (?:(?:\w+ ){0,3}(?:за|с)?пла[тч]\w+|(?:із?|з|с) (?:мене|нас|меня)"
    r"|за вх\w+)",
)
"""What asks for a sum in all likelihood."""
_WEIGHT = words(
    r"how (?:heavy|much (?:\w+ ){1,5}weigh\w*)|(?:what|which)(?:['’]s| is| was)? (?:\w+ ){0,2}"
    r"(?:weight|mass)(?! (?:limit|media|loss))"
    r"|(?:скільки|сколько) (?:\w+ ){0,2}(?:важ|вес)[аиія]\w+"
    r"|як(?:а|у|ою) (?:\w+ ){0,2}(?:ваг|мас)(?:а|у|ою)"
    r"|как(?:ая|ой|ов|ова|ую) (?:\w+ ){0,2}(?:вес|масс[ау])",
)
_VOLUME = words(
    r"(?:what|which)(?:['’]s| is| was)? (?:\w+ ){0,2}volume(?! of (?:trade|sales|work))"
    r"|(?:як|как)(?:ий|ой|ов|им) (?:\w+ ){0,2}(?:об['’]єм|об['’ъ][её]м)\w*(?! (?:роб|продаж|торг))",
)
_NUMBER = words(
    r"how (?:many|much|old|long|far|large|big|tall|high|often|fast|heavy|wide|deep)",
    r"(?:what|which) (?:\w+ ){0,2}(?:number|population|amount|height|length|speed|size)",
    r"скільк\w+", r"скольк\w+", r"wie ?(?:viele?\w?|alt|lange?|hoch|groß|weit|oft|schwer)",
    r"cuánt[oa]s?", r"combien", r"quant[oaie]", r"ile", r"ilu", r"cât[eăi]?", r"kaç", r"πόσ\w+",
    r"hoeveel", r"kolik", r"colik\w*", r"quantas?", r"наскільки", r"насколько",
)  # fmt: skip
_COUNTED = words(
    r"how many (times)|(?:скільки|сколько) (раз\w{0,2})",
)
"""What is counted and never measured."""
_NO_SPACE = (
    r"(?: [^\W\d]+){0,4} (?:fee|fine|price|rent|deposit|salar|cost|tax|inflation|interest|rate"
    r"|film|movie|course|contract|stay|visit|password|фільм|фильм|парол|черги|очеред|курсу?"
    r"|контракт|договор|строк|срок|уро[кч])"
)
"""What is high or long in another way, after the word that asks."""
_LENGTH = words(
    rf"how (?:tall|high|wide|deep)(?!{_NO_SPACE})"
    rf"|(?:what|which) (?:\w+ ){{0,2}}(?:length|height|depth|width)(?!{_NO_SPACE})"
    r"|(?:як|как)(?:а|ая|ова|ой|ий) (?:\w+ )?(?:довжина|висота|глибина|ширина|длина|высота"
    rf"|глубина|ширина)(?!{_NO_SPACE})|ск[іо]льк[ио] (?:кіло|кило)?метр\w+"
    r"|wie (?:hoch|tief|breit)",
)
_DISTANCE = words(
    rf"how far(?!{_NO_SPACE})|(?:яка|какая|каково|какое) (?:\w+ )?(?:відстань|расстояние)|wie weit",
)
_HOW_LONG = words(r"how long|wie lange?|(?:як|как) (?:довго|долго|надовго|надолго)")
_CLOCK = words(
    r"what time(?! (?:zone|of|signature|period|frame|limit|scale)s?(?!\w))|at what hour|о котрій"
    r"|котра година|з котрої|до котрої|в котором часу|(?:до|со) скольки(?! лет)"
    r"|во сколько(?! (?:раз|лет|дней|обо[шй]\w+|\w+[оеё]в)(?!\w))|um wie ?viel uhr",
)
_TEMPERATURE = words(
    r"(?:what|which) (?:\w+ ){0,2}temperature\w*", r"how (?:warm|hot|cold)",
    r"(?:як\w+|как\w+) (?:\w+ )?температур\w+", r"welche temperatur",
)  # fmt: skip
_WHAT = (
    r"(?:(?:what|which)(?! (?:if|happens|should|can|do|does|will)\b)(?:['’]s)?|(?:як|как)(?:ий|ой|а"
    r"|ая|у|ую|им|ою|ому|ом|ій)|підкажіть|скажіть|подскажите|скажите|дайте) (?:[\w'’-]+ ){0,4}"
)
_PHONE = words(
    rf"{_WHAT}(?:(?:tele)?phone numbers?|телефон(?:у|а|ом|і|е)?)",
    r"^\W*(?:[\w'’-]+ ){0,4}(?:tele)?phone numbers?(?= (?:of|for)|\W*$)",
    r"^\W*(?:\w+н\w+ |ваш )?(?:номер\w* )?телефону?(?!.*мож(?:на|но))",
    r"telefonnummer", r"(?:número de )?teléfono",
)  # fmt: skip
_EMAIL = words(
    rf"{_WHAT}(?:e-?mail address(?:es)?|(?:електронн|электронн)\w+ (?:адрес|пошт|почт)\w*"
    r"|[іи]мейл\w*)", r"(?:який|какой) (?:\w+ ){0,3}e-?mail",
    r"what(?: is|['’]s) (?:the|your|their) (?:[\w'’-]+ ){0,3}e-?mail",
    r"^\W*(?:[\w'’-]+ ){0,4}e-?mail (?:address(?:es)?(?: (?:of|for)|\W*$)|of|for)",
    r"^\W*(?:(?:електронн|электронн)\w+ (?:адреса?|пошта|почта)|[іи]мейл)",
)  # fmt: skip
_ASKS_NO_CONTACT = re.compile(
    r"(?<!\w)(?:buy|best|куп\w+|придба\w+|о?в?[иы]?бра\w+|(?:най)?кра[щі]\w+|лучш\w+|дешев\w+"
    r"|дорог\w+|дорож\w+)(?!\w)|^\W*(?:(?:and|but|so|а|і|и|та) )?(?:is|are|was|can|could|do|does"
    r"|did|may|must|should|will|has|have|how|why|when|who|чи|хто|кто|як|как|коли|когда|чому|почему)(?!\w)|(?<!\w)ли(?!\w)",
    re.IGNORECASE,
)
"""Questions that speak of phones or addresses and ask for something else."""
_ADDRESS = words(
    r"(?:what|the|your|its|their|postal|street|office) address", r"address (?:of|for)",
    r"адрес[аиіуоюые]?\w?", r"adresse", r"direcci[oó]n", r"adres",
)  # fmt: skip
_PERSON = words(
    r"who|whom|whose|хто|кого|кому|ким|чи[йяєїх]\w{0,2}|кто|кем|чь[яеию]\w?|wer|wen|wem|wessen"
    r"|quién(?:es)?|qui|chi|kto|kim|cine|ποιος|ποια|quem",
)
_ANYBODY = words(
    r"can|may|must|should|pays?|має|мають|може|можуть|можна|повин\w+|платить|можно|нужно|может"
    r"|могут|долж\w+"
)
"""Words of a question for a kind of people, which have no name."""
_PLACE = words(
    r"where", r"де", r"куди", r"звідки", r"где", r"куда", r"откуда", r"wo", r"wohin", r"woher",
    r"d[óo]nde", r"adónde", r"où", r"dove", r"gdzie", r"unde", r"nere(?:de|ye|den)", r"πού",
    r"onde", r"(?:what|which) (?:city|country|town|state|place|island|river)",
    r"(?:(?:у|в|на|з|из) )?(?:яком\w|якій|якого|каком|какой|какого) "
    r"(?:міст\w+|країн\w+|місц\w+|город\w*|стран\w+|мест\w+|остров\w*|област\w+)",
)  # fmt: skip
_REASON = words(
    r"why|what (?:was|is) the (?:reason|cause)|чому|навіщо|почему|зачем|отчего|warum|wieso|weshalb"
    r"|por qué|pourquoi|perché|dlaczego|de ce|neden|γιατί",
)

_CAUSES = words(
    r"because|since|due|so that|in order|caus\w+|reasons?|therefore|thus|hence|result\w*|owing"
    r"|thanks|otherwise|named after|in honou?r|after"
    r"|so (?:you|we|they|he|she|it)|на честь|в честь|для|бо|тому"
    r"|оскільки|через|щоб\w*|завдяки|внаслідок|причин\w+|адже"
    r"|отже|інакше"
    r"|потому|поэтому|поскольку|так как|из-за|чтоб\w*|ведь|благодаря|вследствие|иначе|weil|denn"
    r"|damit|wegen|grund|deshalb|porque|debido|ya que|parce|car",
)
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
_DIGIT = re.compile(r"\d+")
_HOUSE = re.compile(
    rf"(?<!\w)(?:(?i:{STREET}\.?) [«\"]?[A-ZА-ЯІЇЄҐ][^\d\n]{{1,40}}?\d"
    rf"|[^\W\d_][\w'’-]+ (?i:{STREET})\.?,? \d"
    rf"|\d{{1,4}}\w? (?:[^\W\d_][\w'’-]+ ){{1,3}}(?i:{STREET}))(?!\w*@)",
)
"""A street with the number of a house."""
_LIST_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d)*[.)]|\d{1,2}(?:\.\d)+)\s+(?=\W*[A-ZÀ-ÞА-ЯЁІЇЄҐ])")
_CONTACTS = (_EMAIL, _ADDRESS, _PHONE)


def _matching(pattern: "re.Pattern[str]") -> Callable[[str, frozenset[str]], bool]:
    return lambda text, _said: bool(pattern.search(text))


def _digits(text: str, said: frozenset[str]) -> bool:
    return any(number not in said for number in _DIGIT.findall(text))


def _dates(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(DATE_WORDS, text, said) or DAY_OF_MONTH.search(text))


def _numbers(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(NUMERALS, text, said))


def _names(text: str, said: frozenset[str]) -> bool:
    """Whether it has a name that was not asked.

    That is a capitalised word that is in no dictionary where it begins a sentence.
    """
    found = [m for m in _CAPITALISED.finditer(text) if m[0].casefold() not in said]
    inside = [m for m in found if not _BEGINS.search(text, 0, m.start())]
    return bool(inside) or not all(is_known(m[0], detect(text)) for m in found)


def _measures(unit: "re.Pattern[str]", names: str) -> Callable[[str, frozenset[str]], bool]:
    """Return whether a text has a number with such a unit, or one and the name of the measure."""
    sign = re.compile(rf"(?:\d|{NUMERALS.pattern}){unit.pattern}|(?<!\w)(?:{names})(?!\w)", re.I)
    return lambda text, said: bool(sign.search(text)) and _numbers(text, said)


def _times(text: str, said: frozenset[str]) -> bool:
    return bool(HOUR.search(text) or _new(HALF_DAYS, text, said))


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
    _Kind(_EMAIL, _matching(re.compile("@"))),
    _Kind(_ADDRESS, _matching(_HOUSE), is_specific=False),
    _Kind(_PHONE, lambda text, _said: holds_phone(text), (PHONE,)),
    _Kind(_YEAR, lambda *said: bool(_new(YEAR, *said)), (YEAR_SPAN,)),
    _Kind(_MONEY, _matching(PRICE), (FREE_SPAN, *NUMBER_SPANS), MONEY_UNIT),
    _Kind(PERCENT, _matching(_PERCENT_SIGN), (PERCENT_SPAN,)),
    _Kind(_TEMPERATURE, _matching(_DEGREES), NUMBER_SPANS, DEGREE_UNIT),
    _Kind(_CLOCK, _times, (TIME_SPAN,)),
    _Kind(_DISTANCE, _measures(LENGTH_UNIT, _LENGTHS), NUMBER_SPANS, TIME_OR_LENGTH_UNIT),
    _Kind(_LENGTH, _measures(LENGTH_UNIT, _LENGTHS), NUMBER_SPANS, LENGTH_UNIT),
    _Kind(_WEIGHT, _measures(MASS_UNIT, _WEIGHTS), NUMBER_SPANS, MASS_UNIT, is_specific=False),
    _Kind(_VOLUME, _measures(VOLUME_UNIT, _VOLUMES), NUMBER_SPANS, VOLUME_UNIT, is_specific=False),
    _Kind(_SUM, _sums, (FREE_SPAN, *NUMBER_SPANS), MONEY_UNIT),
    _Kind(_HOW_LONG, _durations, NUMBER_SPANS, TIME_OR_LENGTH_UNIT, is_specific=False),
    _Kind(_NUMBER, _numbers, NUMBER_SPANS, is_specific=False),
    _Kind(_DATE, _dates, (DATE_SPAN,), is_specific=False),
    _Kind(_REASON, lambda *said: bool(_new(_CAUSES, *said))),
    _Kind(_PERSON, _names),
    _Kind(_PLACE, _names, is_specific=False),
)
"""The first kind whose question words stand in a question is what it asks for."""


def lacks(question: str, text: str) -> bool:
    """Whether a question asks for a kind of answer that a text holds nothing of."""
    kind = _kind_of(question)
    return kind is not None and not kind.holds(text, _said(question))


def lacks_quantity(question: str, text: str) -> bool:
    """Whether a question asks for a number, sum, date or time that a text holds nothing of."""
    kind = _kind_of(question)
    return kind is not None and bool(kind.spans) and lacks(question, text)


def hardly_answers(question: str, sentence: str) -> bool:
    """Whether a sentence lacks what a question asks for, such as a person, a price or a phone."""
    kind = _kind_of(question)
    if kind and kind.asks is _PERSON and _ANYBODY.search(question):
        return False
    return kind is not None and kind.is_specific and not kind.holds(sentence, _said(question))


def asks_for_what_is_plain(question: str) -> bool:
    """Whether nothing can answer without what is asked for: a phone number, a price, a time."""
    return asks_for_contact(question, (_PHONE, _EMAIL, _MONEY, _CLOCK, _YEAR))


def asks_for_contact(question: str, kinds: Sequence["re.Pattern[str]"] = _CONTACTS) -> bool:
    """Whether a question asks for a phone number or an address."""
    kind = _kind_of(question)
    return kind is not None and kind.asks in kinds


def answer_span(question: str, sentence: str) -> tuple[int, int] | None:
    """Return the answer's own words in the sentence that answers, where they are certain.

    What a number counts or measures belongs to it: "14 days", "450 грн".
    """
    kind = _kind_of(question)
    if kind is None or not kind.spans:
        return None
    said = _said(question)
    prices = prices_in(sentence) if kind.unit is MONEY_UNIT else []
    number = _LIST_NUMBER.match(sentence)
    found = [
        (span, whole)
        for span in prices or find_spans(kind.spans, sentence)
        if span[1] > (number.end() if number else 0)
        and not said & set(_WORD.findall(sentence[slice(*span)].casefold()))
        and (whole := span if span in prices else _whole(kind, sentence, span))
        and (kind.unit or not _counts_another_thing(question, sentence[span[1] :]))
    ]
    if len(found) != 1 or is_part(sentence, found[0][0]):
        return None
    start, end = found[0][1]
    return end - len(sentence[start:end].lstrip()), end


def _whole(kind: _Kind, sentence: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return a number with its unit, where it is one of the unit that is asked for."""
    return with_unit(sentence, span, kind.unit) if are_numbers(kind.spans) else span


def _counts_another_thing(question: str, after: str) -> bool:
    """Whether things are asked for, and a number is of a measure, by the text after it."""
    counted = _COUNTED.search(question)
    thing = next(filter(None, counted.groups()), "") if counted else ""
    return bool(thing and UNIT.match(after) and not UNIT.fullmatch(thing))


def _kind_of(question: str) -> _Kind | None:
    """Return what the last part of a question asks for that asks for a known kind."""
    for part in reversed(re.split("[?·]", question)):
        no_contact = _ASKS_NO_CONTACT.search(part)
        for kind in _KINDS:
            if kind.asks.search(part) and not (no_contact and kind.asks in _CONTACTS):
                return kind
    return None


def _said(question: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(question))
