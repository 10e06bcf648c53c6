"""What kind of answer a question asks for, whether a text holds one of that kind, and where.

A passage may speak of all that a question names and still not say when, how many or who. Question
words of many languages tell the kind; digits, capitals, signs and a few words tell whether it is
there. What the question itself says does not count. A question of no known kind asks for nothing
that could be missing.

Where exactly one number, sum or date of a sentence can be meant, it is the answer's own words; of
names alone too many are something else than what was asked.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from embeddings.text.amounts import HALF_DAYS, HOUR, MONTH, NUMERALS, PRICE, TIME, UNIT, YEAR, words
from embeddings.text.language import detect
from embeddings.text.lemmas import is_known
from embeddings.text.phone_numbers import PHONE, holds_phone, is_phone

_WORD = re.compile(r"\w+(?:['’]\w+)*")


_YEAR = words(
    r"what year(?! of)|(?:in|since|from|by) which year|which year (?:did|was|were)"
    r"|(?:у|в) якому році|якого року|(?:в|с|к) каком году|какого года"
    r"|welche[ms] jahr|qué año|quelle année|którym roku|che anno|hangi yıl\w*|ce an|que ano",
)
_DATE = words(
    r"when|what (?:date|day|month|century)|since when|коли|когда"
    r"|(?:яка|якого|какая|какого) (?:дата|числа|дня)|wann|cuándo|quand|quando|kiedy|când|ne zaman"
    r"|πότε|quelle date|qué fecha|кога|kdy|wanneer|När",
)
_MONEY = words(
    r"how much (?:\w+ ){0,6}(?:cost|costs|pay|paid|price|worth|money|earn)\w*",
    r"what(?:['’]s| (?:is|was|are|were)) (?:\w+ ){0,3}(?:price|cost|fee|salary)\w*(?! cent)",
    r"what (?:price|fee|salary) (?:is|was|do|does|did|must|will)", r"скільки кошту\w+",
    r"яка ціна", r"по чому", r"почому", r"почём", r"сколько сто(?:ит|ят|ил\w?|ило)",
    r"какая цена", r"wie ?viel koste\w+", r"cuánto (?:cuesta|costó)\w*", r"combien coût\w+",
)  # fmt: skip
_PERCENT = words(
    r"percent(?:age)?|per cent|відсот\w+|процент\w*|prozent\w*|porcentaje|pourcentage",
)
_NUMBER = words(
    r"how (?:many|much|old|long|far|large|big|tall|high|often|fast|heavy|wide|deep)",
    r"(?:what|which) (?:\w+ ){0,2}(?:number|population|amount|height|length|speed|size)",
    r"скільк\w+", r"скольк\w+", r"wie ?(?:viele?\w?|alt|lange?|hoch|groß|weit|oft|schwer)",
    r"cuánt[oa]s?", r"combien", r"quant[oaie]", r"ile", r"ilu", r"cât[eăi]?", r"kaç", r"πόσ\w+",
    r"hoeveel", r"kolik", r"colik\w*", r"quantas?", r"наскільки", r"насколько",
)  # fmt: skip
_NO_SPACE = (
    r"(?: [^\W\d]+){0,4} (?:fee|fine|price|rent|deposit|salar|cost|tax|inflation|interest|rate"
    r"|film|movie|course|contract|stay|visit|password|фільм|фильм|парол|черги|очеред|курсу?"
    r"|контракт|договор|строк|срок|уро[кч])"
)
"""What is high or long in another way, after the word that asks."""
_LENGTH = words(
    rf"how (?:far|tall|high|wide|deep)(?!{_NO_SPACE})"
    rf"|(?:what|which) (?:\w+ ){{0,2}}(?:length|height|depth|width)(?!{_NO_SPACE})"
    r"|(?:як|как)(?:а|ая|ова|ой|ий) (?:\w+ )?(?:довжина|висота|глибина|ширина|відстань|длина|высота"
    rf"|глубина|ширина|расстояние)(?!{_NO_SPACE})|ск[іо]льк[ио] (?:кіло|кило)?метр\w+"
    r"|wie (?:hoch|weit|tief|breit)",
)
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
_MONTHS = words(
    r"januar\w*|februar\w*|march|april|may|june|july|august|september|october|november|december",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|yesterday|tomorrow|daily|weekends?|spring"
    r"|summer|autumn|winter|century|centuries",
    r"morning|evening|noon|midnight|after|before|during|until|decade\w*|years?|months?|days?|weeks?",
    r"січ\w+|лют\w+|берез\w+|квіт\w+|трав\w+|черв\w+|лип\w+|серп\w+|верес\w+|жовт\w+|листопад\w*",
    r"груд\w+|янв\w+|феврал\w|март\w?|апрел\w|ма[йяе]|июн\w|июл\w|август\w?|сентябр\w|октябр\w",
    r"ноябр\w|декабр\w|понеділ\w+|вівтор\w+|серед[уиа]|четвер\w*|п['’]ятниц\w+|субот\w+|неділ\w+",
    r"понедельник\w*|вторник\w*|сред[уыа]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+|столітт\w+",
    r"століть|век\w*|сьогодні|вчора|сегодня|вчера|рок\w*|рік|год\w*|лет|літ|весн\w+|осен\w+|осін\w+",
    r"що(?:дня|вечора|ранку|тижня|місяця|року|понеділ\w+|вівт\w+|серед\w+|четвер\w+|п['’]ятн\w+"
    r"|субот\w+|неділ\w+)|навесні|[ув]літку|восени|взимку|лет[оа]м?|торік|завтра|вихідн\w+|выходн\w+"
    r"|ежедневно|еженедельно|зим\w+|літ[оак]\w*|після|після|после|перед|під час|во время|jahr\w*",
    r"jahrhundert\w*|nach|vor|während|tag\w*|woche\w*|monat\w*|siglos?|años?|después|antes|durante|día\w*|mes\w*",
)
_LENGTHS = words(
    r"(?:kilo|centi|milli)?met(?:re|er)s?|[kcm]?m|feet|foot|ft|miles?|inch(?:es)?|yards?",
    r"(?:кіло|санти|мілі|кило|милли)?метр\w*|[кс]?м|мм|верст\w*|миль|милі",
    r"\d+(?:[.,]\d+)?(?:[kcm]?m|[кс]?м|ft)|blocks?|light-years?|minutes? (?:away|walk|by|on foot)",
    r"minute walk|хвилин\w* (?:пішки|ходьби|їзди)|минут\w* (?:пешком|ходьбы|езды)",
    r"(?:height|depth|width|length|distance|висот|глибин|ширин|довжин|відстан|высот|глубин|длин"
    r"|расстояни)\w*\W[^.\n|]{0,30}\d+",
)
_DEGREES = re.compile(
    r"°|(?<!\w)(?:degrees?|градус\w*|celsius|fahrenheit|grad|\d+ ?º? ?[cс])(?!\w)", re.IGNORECASE
)
_PERCENT_SIGN = re.compile(f"%|{_PERCENT.pattern}", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-ÞА-ЯЁІЇЄҐ]\w+")
_BEGINS = re.compile(r"(?:^|\n|[.!?:»”\"] )\Z")
_DIGIT = re.compile(r"\d+")
_STREET = (
    r"(?:street|st|lane|road|rd|avenue|ave|square|drive|way|court|вул|вулиця|просп|проспект|пл|площа"
    r"|пров|провулок|бульвар|ул|улица|площадь|пер|переулок|бул|шоссе|набережная|набережна)"
)
_HOUSE = re.compile(
    rf"(?<!\w)(?:(?i:{_STREET}\.?) [«\"]?[A-ZА-ЯІЇЄҐ][^\d\n]{{1,40}}?\d"
    rf"|[^\W\d_][\w'’-]+ (?i:{_STREET})\.?,? \d"
    rf"|\d{{1,4}}\w? (?:[^\W\d_][\w'’-]+ ){{1,3}}(?i:{_STREET}))(?!\w*@)",
)
"""A street with the number of a house."""
_CONTACTS = (_EMAIL, _ADDRESS, _PHONE)
_A_YEAR = (
    r"(?:1\d|20)\d\d(?![\d.,]*\d)(?:[–/-]\d{2,4})?"
    r"(?: (?:року|році|рік|годах?|года|году|год|гг?\.|рр?\.))?"
)
_SCALE = (
    r"(?:\s?(?:(?:тис|тыс|млн|млрд)(?!\w)\.?|(?:thousand|million|billion|trillion|hundred|тисяч\w?"
    r"|тысяч\w?|мільйон\w*|миллион\w*|мільярд\w*|миллиард\w*)(?!\w)))?"
)
_A_NUMBER = rf"\d+(?:[., \u00a0\u202f]\d{{3}})*(?:[.,]\d+)?{_SCALE}"
_YEAR_SPAN = re.compile(rf"(?<![\w.,])(?:{_A_YEAR})(?!\w)", re.IGNORECASE)
_TIME_SPAN = re.compile(rf"(?<![\w.,])(?:{TIME})", re.IGNORECASE)
_DATE_SPAN = re.compile(
    r"(?<![\w.,])(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th|-?го|\.)? (?:of )?)?{MONTH}(?!\w)"
    rf"(?: \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?(?:,? (?:of )?{_A_YEAR})?"
    rf"|{_A_YEAR}(?!\w)|{TIME})",
    re.IGNORECASE,
)
_NUMBER_SPAN = re.compile(rf"(?<![\w.,-])[$€£₴₽]?\s?{_A_NUMBER}(?:\s?%)?(?!\w)", re.IGNORECASE)
_NUMERAL_SPAN = words(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|half|twice)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|million))*",
    r"(?:дв[аіе]|двох|двух|три|трьох|трёх|трех|чотири|чотирьох|четыре|четырех|четырёх|п['’]ят[ьи]"
    r"|пят[ьи]|шіст[ьи]|шести|шесть|сім|семи|семь|вісім|восьми|восемь|дев['’]ять|девять|десят\w"
    r"|\w+надцят[ьи]|двадцят[ьи]|двадцать|тридцят[ьи]|тридцать|сорок\w?|\w+десят|сто|двісті|двести"
    r"|\w+сот|тисяч\w?|тысяч\w?|мільйон\w*|миллион\w*|полов\w+)"
    r"(?: (?:тисяч\w?|тысяч\w?|мільйон\w*|миллион\w*))?",
)
_CURRENCY = (
    r"(?:[$€£₴₽]|(?:грн|гривн\w+|гривень|дол\w*|руб\w*|євро|евро|usd|uah|eur\w*|dollars?|pounds?"
    r"|francs?|cents?|crowns?|yen)(?!\w))"
)
_MONEY_SPAN = re.compile(rf"(?:US)?[$€£₴₽]\s?{_A_NUMBER}|{_A_NUMBER}\s?{_CURRENCY}", re.IGNORECASE)
_PRICE_CELL = re.compile(
    r"(?:^|(?<=\| ))[^|:]*(?:(?<!\w)(?:(?:price|cost|fee|fare|charge)s?(?!\w)"
    rf"|(?:цін|варт[оі]ст|плат|тариф|цен|стоимост)\w{{1,3}}(?!\w)|{_CURRENCY})|[$€£₴₽])[^|:]*: "
    r"(?P<value>[^|]*?)(?= \||$)",
    re.IGNORECASE,
)
"""A cell of a table's row whose label says that it is a price, with its currency or without."""
_BARE_NUMBER = re.compile(_A_NUMBER, re.IGNORECASE)
_PERCENT_SPAN = re.compile(rf"{_A_NUMBER}\s?(?:%|(?:{_PERCENT.pattern}))", re.IGNORECASE)
_AND = r"\s?(?:[-–]|(?<!\w)(?:to|or|and|до|або|чи|или|и|і|й|та|bis|oder|und)(?!\w))?\s?[$€£₴₽]?"
_CURRENCY_BEFORE = re.compile(r"(?<!\w)(?:US|USD|EUR|UAH|GBP|CHF|PLN)?\s?[$€£₴₽¥]?\s?$")
_NUMBER_BEFORE = re.compile(rf"\d(?:\s?[%$€£₴₽])?{_AND}$", re.IGNORECASE)
_NUMBER_AFTER = re.compile(rf"{_AND}\d", re.IGNORECASE)
_NO_QUANTITY = re.compile(
    r"(?:(?i:(?<!\w)(?:rooms?|pages?|form|no\.|p\.|кімнат[аіиу]|комнат[аеу]|сторін\w+|страниц\w+"
    r"|стор?\.|стр\.|кабінет\w*|кабинет\w*|форм[аиіуые]))|№)\s?\d+"
    rf"|\d{{1,4}}\w? (?:[A-ZА-ЯІЇЄҐ][\w'’-]+ ){{1,3}}(?i:{_STREET})(?!\w)"
)
"""The number of a room, a page or a house."""


def _matching(pattern: "re.Pattern[str]") -> Callable[[str, frozenset[str]], bool]:
    return lambda text, _said: bool(pattern.search(text))


def _digits(text: str, said: frozenset[str]) -> bool:
    return any(number not in said for number in _DIGIT.findall(text))


def _dates(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(_MONTHS, text, said))


def _numbers(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(NUMERALS, text, said))


def _names(text: str, said: frozenset[str]) -> bool:
    """Whether it has a name that was not asked.

    That is a capitalised word that is in no dictionary where it begins a sentence.
    """
    found = [m for m in _CAPITALISED.finditer(text) if m[0].casefold() not in said]
    inside = [m for m in found if not _BEGINS.search(text, 0, m.start())]
    return bool(inside) or not all(is_known(m[0], detect(text)) for m in found)


def _times(text: str, said: frozenset[str]) -> bool:
    return bool(HOUR.search(text) or _new(HALF_DAYS, text, said))


def _lengths(text: str, said: frozenset[str]) -> bool:
    return bool(_LENGTHS.search(text)) and _numbers(text, said)


def _new(pattern: "re.Pattern[str]", text: str, said: frozenset[str]) -> list[str]:
    return [word for word in pattern.findall(text) if word.casefold() not in said]


@dataclass(frozen=True)
class _Kind:
    """A kind of answer.

    Attributes:
        asks: the question words.
        holds: whether a text has one that the question, whose words are given, did not say.
        spans: what may be the answer in a sentence; none where that is too often something else.
        is_specific: whether it is so plain to see that a sentence without it hardly answers.
    """

    asks: "re.Pattern[str]"
    holds: Callable[[str, frozenset[str]], bool]
    spans: "tuple[re.Pattern[str], ...]" = ()
    is_specific: bool = True


_KINDS = (
    _Kind(_EMAIL, _matching(re.compile("@"))),
    _Kind(_ADDRESS, _matching(_HOUSE), is_specific=False),
    _Kind(_PHONE, lambda text, _said: holds_phone(text), (PHONE,)),
    _Kind(_YEAR, lambda *said: bool(_new(YEAR, *said)), (_YEAR_SPAN,)),
    _Kind(_MONEY, _matching(PRICE), (_MONEY_SPAN,)),
    _Kind(_PERCENT, _matching(_PERCENT_SIGN), (_PERCENT_SPAN,)),
    _Kind(_TEMPERATURE, _matching(_DEGREES)),
    _Kind(_CLOCK, _times, (_TIME_SPAN,)),
    _Kind(_LENGTH, _lengths, (_NUMBER_SPAN, _NUMERAL_SPAN)),
    _Kind(_NUMBER, _numbers, (_NUMBER_SPAN, _NUMERAL_SPAN), is_specific=False),
    _Kind(_DATE, _dates, (_DATE_SPAN,), is_specific=False),
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
    found = [
        span
        for span in (_prices(sentence) if kind.asks is _MONEY else []) or _spans(kind, sentence)
        if not said & set(_WORD.findall(sentence[slice(*span)].casefold()))
    ]
    if len(found) != 1:
        return None
    start, end = found[0]
    is_part = _NUMBER_BEFORE.search(sentence[:start]) or _NUMBER_AFTER.match(sentence[end:])
    if is_part:
        return None
    if kind.asks in (_MONEY, _LENGTH, _NUMBER):
        currency, unit = _CURRENCY_BEFORE.search(sentence[:start]), UNIT.match(sentence, end)
        start -= len(currency[0].lstrip()) if currency else 0
        end = unit.end() if unit else end
    return end - len(sentence[start:end].lstrip()), end


def _prices(row: str) -> list[tuple[int, int]]:
    """Return the bare numbers of a table's row that are prices by the label of their cell."""
    cells = _PRICE_CELL.finditer(row) if " | " in row else ()
    return [cell.span("value") for cell in cells if _BARE_NUMBER.fullmatch(cell["value"])]


def _spans(kind: _Kind, sentence: str) -> Iterator[tuple[int, int]]:
    """Yield what is of a kind; a date is no number, and what overlaps is one."""
    taken: list[tuple[int, int]] = []
    if _NUMBER_SPAN in kind.spans:
        taken += [match.span() for match in _DATE_SPAN.finditer(sentence) if not _is_verb(match)]
        taken += [match.span() for match in _NO_QUANTITY.finditer(sentence)]
    for pattern in kind.spans:
        for match in pattern.finditer(sentence):
            start, end = match.span()
            if _is_verb(match) or (pattern is PHONE and not is_phone(match)):
                continue
            if not any(first < end and start < last for first, last in taken):
                taken.append((start, end))
                yield start, end


def _is_verb(match: "re.Match[str]") -> bool:
    """Whether what may be a month without day and year is more likely a verb."""
    return match[0].casefold() in ("may", "march")


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
