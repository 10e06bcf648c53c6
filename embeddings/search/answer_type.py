"""What kind of answer a question asks for, and whether a text holds one of that kind.

A passage may speak of all that a question names and still not say when, how many or who. Question
words of many languages tell the kind; digits, capitals, signs and a few words tell whether it is
there. What the question itself says does not count. A question of no known kind asks for nothing
that could be missing.
"""

import re
from collections.abc import Callable

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def _words(*alternatives: str) -> "re.Pattern[str]":
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


_YEAR = _words(
    r"(?:what|which) year", r"(?:у|в) якому році", r"якого року", r"(?:в|с|к) каком году",
    r"какого года", r"welche[ms] jahr", r"qué año", r"quelle année", r"którym roku", r"che anno",
    r"hangi yıl\w*", r"ce an", r"que ano",
)  # fmt: skip
_DATE = _words(
    r"when", r"what (?:date|day|time|month|century)", r"since when", r"коли", r"когда",
    r"(?:яка|якого|какая|какого) (?:дата|числа|дня)", r"о котрій", r"котра", r"во сколько", r"wann",
    r"um wie ?viel uhr", r"cuándo", r"quand", r"quando", r"kiedy", r"când", r"ne zaman", r"πότε",
    r"quelle date", r"qué fecha", r"кога", r"kdy", r"wanneer", r"När",
)  # fmt: skip
_MONEY = _words(
    r"how much (?:\w+ ){0,6}(?:cost|costs|pay|paid|price|worth|money|earn)\w*",
    r"(?:what|which) (?:\w+ ){0,2}(?:price|cost|fee|salary)\w*", r"скільки кошту\w+",
    r"яка ціна", r"по чому", r"почому", r"почём", r"сколько сто(?:ит|ят|ил\w?|ило)",
    r"какая цена", r"wie ?viel koste\w+", r"cuánto (?:cuesta|costó)\w*", r"combien coût\w+",
)  # fmt: skip
_PERCENT = _words(
    r"percent(?:age)?", r"per cent", r"відсот\w+", r"процент\w*", r"prozent\w*", r"porcentaje",
    r"pourcentage",
)  # fmt: skip
_NUMBER = _words(
    r"how (?:many|much|old|long|far|large|big|tall|high|often|fast|heavy|wide|deep)",
    r"(?:what|which) (?:\w+ ){0,2}(?:number|population|amount|height|length|speed|size)",
    r"скільк\w+", r"скольк\w+", r"wie ?(?:viele?\w?|alt|lange?|hoch|groß|weit|oft|schwer)",
    r"cuánt[oa]s?", r"combien", r"quant[oaie]", r"ile", r"ilu", r"cât[eăi]?", r"kaç", r"πόσ\w+",
    r"hoeveel", r"kolik", r"colik\w*", r"quantas?", r"наскільки", r"насколько",
)  # fmt: skip
_PHONE = _words(
    r"(?:phone|telephone) numbers?", r"номер\w* телефон\w*", r"телефон\w*", r"telefonnummer",
    r"(?:número de )?teléfono",
)  # fmt: skip
_EMAIL = _words(
    r"e-?mail(?: address(?:es)?)?", r"(?:електронн|электронн)\w+ (?:адрес\w*|пошт\w*|почт\w*)",
    r"імейл\w*", r"имейл\w*",
)  # fmt: skip
_ADDRESS = _words(
    r"(?:what|the|your|its|their|postal|street|office) address", r"address (?:of|for)",
    r"адрес[аиіуоюые]?\w?", r"adresse", r"direcci[oó]n", r"adres",
)  # fmt: skip
_PERSON = _words(
    r"who", r"whom", r"whose", r"хто", r"кого", r"кому", r"ким", r"чи[йяєїх]\w{0,2}", r"кто",
    r"кем", r"чь[яеию]\w?", r"wer", r"wen", r"wem", r"wessen", r"quién(?:es)?", r"qui", r"chi",
    r"kto", r"kim", r"cine", r"ποιος", r"ποια", r"quem",
)  # fmt: skip
_PLACE = _words(
    r"where", r"де", r"куди", r"звідки", r"где", r"куда", r"откуда", r"wo", r"wohin", r"woher",
    r"d[óo]nde", r"adónde", r"où", r"dove", r"gdzie", r"unde", r"nere(?:de|ye|den)", r"πού",
    r"onde",
    r"(?:what|which) (?:city|country|town|state|place|island|river)",
    r"(?:(?:у|в|на|з|из) )?(?:яком\w|якій|якого|каком|какой|какого) "
    r"(?:міст\w+|країн\w+|місц\w+|город\w*|стран\w+|мест\w+|остров\w*|област\w+)",
)  # fmt: skip
_REASON = _words(
    r"why", r"what (?:was|is) the (?:reason|cause)", r"чому", r"навіщо", r"почему", r"зачем",
    r"отчего", r"warum", r"wieso", r"weshalb", r"por qué", r"pourquoi", r"perché", r"dlaczego",
    r"de ce", r"neden", r"γιατί",
)  # fmt: skip

_CAUSES = _words(
    r"because", r"since", r"due", r"as", r"for", r"so that", r"in order", r"to", r"caused?",
    r"reasons?", r"бо", r"тому", r"оскільки", r"через", r"щоб", r"завдяки", r"внаслідок",
    r"причин\w+", r"адже", r"потому", r"поскольку", r"так как", r"из-за", r"чтобы", r"ведь",
    r"благодаря", r"вследствие", r"weil", r"denn", r"da", r"damit", r"um", r"wegen", r"grund",
    r"porque", r"para", r"debido", r"ya que", r"por", r"parce", r"car", r"pour",
)  # fmt: skip
_NUMERALS = _words(
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?",
    r"thousands?|millions?|half|double|twice|once|dozens?|several|many|no",
    r"од\w{2,4}|дв[аіоуе]\w{0,3}|три|трьо\w|трёх|трех|чотир\w+|четыр\w+|п['’]ят\w*|пят\w+|шіст\w*",
    r"шест\w+|сім\w*|семь|семи|вісім\w*|восьм\w+|восемь|дев['’]ят\w*|девят\w+|десят\w+|сорок\w?",
    r"ст[оа]|двісті|двести|\w+сот|тисяч\w?|тысяч\w?|мільйон\w*|миллион\w*|мільярд\w*|миллиард\w*",
    r"кільк\w+|нескольк\w+|полов\w+",
    r"eine?[rnms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w+zig|hundert\w*",
    r"tausend\w*|millionen|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien\w*|mil",
)
_MONTHS = _words(
    r"januar\w*|februar\w*|march|april|may|june|july|august|september|october|november|december",
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|century|centuries",
    r"morning|evening|noon|midnight|after|before|during|until|decade\w*|years?|months?|days?|weeks?",
    r"січ\w+|лют\w+|берез\w+|квіт\w+|трав\w+|черв\w+|лип\w+|серп\w+|верес\w+|жовт\w+|листопад\w*",
    r"груд\w+|янв\w+|феврал\w|март\w?|апрел\w|ма[йяе]|июн\w|июл\w|август\w?|сентябр\w|октябр\w",
    r"ноябр\w|декабр\w|понеділ\w+|вівтор\w+|серед[уиа]|четвер\w*|п['’]ятниц\w+|субот\w+|неділ\w+",
    r"понедельник\w*|вторник\w*|сред[уыа]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+|столітт\w+",
    r"століть|век\w*|сьогодні|вчора|сегодня|вчера|рок\w*|рік|год\w*|лет|літ|весн\w+|осен\w+|осін\w+",
    r"зим\w+|літ[оак]\w*|після|після|после|перед|під час|во время|jahr\w*|jahrhundert\w*|nach|vor",
    r"während|tag\w*|woche\w*|monat\w*|siglos?|años?|después|antes|durante|día\w*|mes\w*",
)
_CURRENCY = re.compile(
    r"[$€£₴₽¥]|(?<!\w)(?:грн|гривн\w+|гривень|доллар\w*|долар\w*|руб\w*|євро|евро|usd|uah|eur\w*"
    r"|dollars?|pounds?|francs?|cents?|crowns?|pennies|pence|peso\w*|yen|free|безкоштовно"
    r"|безоплатно|бесплатно|kostenlos|gratis)(?!\w)",
    re.IGNORECASE,
)
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


_BEGINNING, _LEAST = 0.6, 3
"""Share, and least letters, of a word that do not change with its form."""
_LETTERS = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    "what what's which is are the of an for to in at on your their his her our can could find get "
    "give tell please how do does have has need want know you me there this that and or "
    "яка який яке які яку де як є у на до за ваш ваша ваше вас мені можна знайти скажіть підкажіть "
    "дайте будь ласка цього цієї там та або чи "
    "какой какая какое какие какую где как есть ваш ваша ваше вас мне можно найти скажите "
    "подскажите дайте пожалуйста этого этой там или ли".split()
)
"""Words that do not say whose number or address is asked for."""


def _digits(text: str, said: frozenset[str]) -> bool:
    return any(number not in said for number in _DIGIT.findall(text))


def _years(text: str, said: frozenset[str]) -> bool:
    return any(len(number) == 4 and number not in said for number in _DIGIT.findall(text))


def _dates(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(_MONTHS, text, said))


def _numbers(text: str, said: frozenset[str]) -> bool:
    return _digits(text, said) or bool(_new(_NUMERALS, text, said))


def _money(text: str, _said: frozenset[str]) -> bool:
    return bool(_CURRENCY.search(text))


def _percents(text: str, _said: frozenset[str]) -> bool:
    return "%" in text or bool(_PERCENT.search(text))


def _phones(text: str, _said: frozenset[str]) -> bool:
    return bool(re.search(r"(?:\d[ ()–-]*){5}", text))


def _emails(text: str, _said: frozenset[str]) -> bool:
    return "@" in text


def _addresses(text: str, _said: frozenset[str]) -> bool:
    return bool(_HOUSE.search(text))


def _names(text: str, said: frozenset[str]) -> bool:
    """Whether it has a capitalised word that does not begin a sentence and was not asked."""
    found = [match[0] for match in re.finditer(r"(?<![.!?:»”\"] )(?<!^)(?<!\w)[^\W\d_]\w+", text)]
    return any(word[0].isupper() and word.casefold() not in said for word in found)


def _causes(text: str, said: frozenset[str]) -> bool:
    return bool(_new(_CAUSES, text, said))


def _new(pattern: "re.Pattern[str]", text: str, said: frozenset[str]) -> list[str]:
    return [word for word in pattern.findall(text) if word.casefold() not in said]


_KINDS: "tuple[tuple[re.Pattern[str], Callable[[str, frozenset[str]], bool]], ...]" = (
    (_EMAIL, _emails),
    (_ADDRESS, _addresses),
    (_PHONE, _phones),
    (_YEAR, _years),
    (_MONEY, _money),
    (_PERCENT, _percents),
    (_NUMBER, _numbers),
    (_DATE, _dates),
    (_REASON, _causes),
    (_PERSON, _names),
    (_PLACE, _names),
)
"""The first kind whose question words stand in a question is what it asks for."""


def lacks(question: str, text: str) -> bool:
    """Whether a question asks for a kind of answer that a text holds nothing of."""
    said = frozenset(word.casefold() for word in _WORD.findall(question))
    for asks, holds in _KINDS:
        if asks.search(question):
            return not holds(text, said)
    return False


def asks_for_contact(question: str) -> str:
    """Return a question for a phone number or address without these words; "" for all others."""
    found = next((kind for kind in (_EMAIL, _ADDRESS, _PHONE) if kind.search(question)), None)
    return found.sub(" ", question).casefold() if found else ""


def holds_contact(question: str, text: str) -> bool:
    """Whether a text has the phone number or address that a question asks for.

    It must also have each word that says whose it is.
    """
    if not asks_for_contact(question) or lacks(question, text):
        return False
    text = text.casefold()
    whose = [word for word in _LETTERS.findall(asks_for_contact(question)) if len(word) >= _LEAST]
    return all(
        word[: max(_LEAST, round(_BEGINNING * len(word)))] in text
        for word in whose
        if word not in _COMMON
    )
