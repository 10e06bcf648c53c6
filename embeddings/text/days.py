"""The days of the week and months that a text names or covers: "Mon–Fri", "daily", "winter"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from embeddings.text.lemmas import one_spelling
from embeddings.text.quantities import MONTHS

_SHORT = r"(?=\.?\s?[-,:/|&]|\.? \d|\.? (?:to|and|і|и|й|та|по|до) |\.?$)"
"""What follows the short name of a day, so that "sun" is none."""
_BETWEEN = re.compile(
    r"(?<!\w)(?:between|між|между|zwischen|entre) (?:the )?(?:\d{1,2}(?:st|nd|rd|th)? )?\Z"
)
"""What stands before the first of two days, so that "and" is what covers those between."""
_TO, _AND = (
    re.compile(
        r"(?:[\s.,():]|\d|(?<!\w)(?:at|from|о|об|в|у|з|із|с|від|от|року|году?|года|р|г|um|uhr|de)(?!\w)"
        r"|(?<=\d)(?:am|pm|st|nd|rd|th)(?!\w)|(?<=\d )(?:am|pm)(?!\w))*"
        rf"(?:{separator})\s?"
        r"(?P<date>(?:the |zum )?\d{1,2}(?:st|nd|rd|th|\.|-?го)? (?:of |de )?)?"
    )
    for separator in (
        r"-|(?<!\w)(?:to|through|thru|till|until|по|до|bis|al?|hasta)(?!\w)(?: and including)?",
        r"(?<!\w)(?:and|і|и|й|та|und|y)(?!\w)",
    )
)
"""What stands between the first and the last of several days, beside clock times and years."""

_WEDNESDAY = r"(?<!окружающ.. )сред(?:[ауы]|ами?)"
"""The day in Russian, not the environment."""
_MAY = "|".join(
    [
        rf"(?<={before})may"
        for before in ("in ", "of ", "to ", "from ", "between ", "-", r"\d ", "and ")
    ]
    + [r"may(?= \d|-| to )"]
)
"""The month, not the verb."""
_BEFORE_MONTH = re.compile(
    r"(?:\d|(?<!\w)(?:in|for|of|since|until|till|from|by|during"
    r"|на|в|у|за|з|із|с|до|від|от|по|к)) \Z"
)
"""What stands before a month, which may be the name of a person otherwise: April, Марта."""
_COVERED = 0.7
"""What a day counts that is only covered, as Sunday is by "daily"."""
_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:\d{4}-(\d\d)-\d\d|\d{1,2}[.](\d{1,2})[.]\d{4}|(\d{1,2})/(\d{1,2})/\d{4})"
    r"(?![\d/-]|\.\d)"
)
_ENGLISH = (
    "january february march april may june july august september october november december"
).split()
_CLAUSE = re.compile(r"[,;.!?]\s+|\s-\s")
_BOUND = re.compile(
    r"(?<!\w)(?:since|from|as of|starting|until|till|up to|by|before|after"
    r"|з|із|зі|с|со|від|от|до|к|після|после|починаючи з|начиная с|перед|ab|seit|bis|desde|hasta)"
    r" (?:the )?(?:\d{1,2}(?:st|nd|rd|th|\.|-?го)? (?:of |de )?)?\Z"
)
"""What stands before a day that is one end of a time, or no part of it."""
_NOT_THEN = re.compile(
    r"(?<!\w)(?:clos(?:ed|ure)|shut|except\w*|excluding|no|not|never|off|without|cancell?ed"
    r"|вихідн(?:ий|ого|им)|зачинен\w*|закрит\w*|о?крім|не|ні|немає|без|вимкнен\w*"
    r"|выходн(?:ой|ого|ым)|закрыт\w*|кроме|нет|за исключением|geschlossen|außer|ruhetag\w*|kein\w*"
    r"|nicht|cerrad\w*|cierra\w*|excepto|salvo)(?!\w)|n't(?!\w)"
)
"""What a sentence has that says on which days something is not."""
_YES_OR_NO = re.compile(
    r"\W*(?:(?:and|but|so|а|і|и|та|но) )?(?:is|are|am|was|were|do|does|did|can|could|will|would|may"
    r"|might|must|shall|should|has|have|чи|хіба|разве)(?!\w)|.*(?<!\w)ли(?!\w)"
)
_ASKS = re.compile(
    r"\W*(?:[\w']+ ){0,2}(?:when|where|who|which|what(?! (?:about|if|do|should|can))"
    r"|how (?:many|much|long|late|early|soon|often)|first|last|price|hours|schedule"
    r"|хто|що(?!до| робити| мені)|коли|де|скільки|як(?:ий|а|е|і|ого|ої|ому|ій|им|ою|у|их)"
    r"|котр(?:а|ій|ого|ої)"
    r"|перш\w+|останн\w+|ціна|графік|розклад"
    r"|кто|что(?! делать| мне)|когда|где|сколько|как(?:ой|ая|ое|ие|ого|ому|им|ую|их)|котор(?:ый|ом)"
    r"|перв\w+|последн\w+|цена|график|расписание)(?!\w)"
)
"""How a question begins that asks for something which depends on the day."""
_BARE = re.compile(
    r"\W*(?:(?:and|but|а|і|и|та|но|what about|how about|а як щодо|а как насчет) )?(?:\w+ ){0,2}"
)
"""What stands before the day of a question that names nothing else: "And on Sunday?"."""
_MINE = re.compile(
    r"(?<!\w)(?:if|whether|my|our|i'm|bought|ordered|purchased|paid|якщо|мо(?:я|є|ї|го|єї|му|їй|ю|їх)"
    r"|мій|наш\w*|куп\w+|придба\w+|замов\w+|сплат\w+|если|мо(?:й|е|и|ей|ем|их)|заказ\w+|оплат\w+)(?!\w)"
)
"""What tells of the day of something else than what is asked."""


@dataclass(frozen=True)
class _Cycle:
    """Days of the week or months.

    Attributes:
        names: matches one, as the group of its number, counted from 1.
        groups: what covers several of them.
        count: how many there are.
    """

    names: "re.Pattern[str]"
    groups: Mapping["re.Pattern[str]", frozenset[int]]
    count: int

    def named(self, text: str) -> dict[int, float]:
        """Return those that a text in one spelling names, 1, or covers, less."""
        covered: set[int] = set()
        for first, last in self._ranges(text):
            day = first.lastindex or 0
            while day != last.lastindex:
                day = day % self.count + 1
                covered.add(day)
        covered.update(*(group for pattern, group in self.groups.items() if pattern.search(text)))
        named = {match.lastindex or 0: 1.0 for match in self.names.finditer(text)}
        return dict.fromkeys(covered, _COVERED) | named

    def is_bound(self, text: str) -> bool:
        """Whether a text names only one end of a time, as in "from 1 June"."""
        ends = {match.start() for both in self._ranges(text) for match in both}
        starts = {match.start() for match in self.names.finditer(text)} - ends
        return any(_BOUND.search(text, 0, start) for start in starts)

    def _ranges(self, text: str) -> "list[tuple[re.Match[str], re.Match[str]]]":
        """Return the first and the last of several that follow each other, as in "Mon-Fri"."""
        ranges = []
        for first, last in pairwise(self.names.finditer(text)):
            together = _AND if _BETWEEN.search(text, 0, first.start()) else _TO
            between = together.fullmatch(text, first.end(), last.start())
            if between and (between["date"] is None or self.count == len(MONTHS)):
                ranges.append((first, last))
        return ranges


def _cycle(names: tuple[str, ...], groups: Mapping[str, range | tuple[int, ...]]) -> _Cycle:
    kinds = "|".join(f"({one})" for one in names)
    return _Cycle(
        re.compile(rf"(?<!\w)(?:{kinds})(?!\w)"),
        {re.compile(rf"(?<!\w)(?:{one})(?!\w)"): frozenset(days) for one, days in groups.items()},
        len(names),
    )


def _unmistakable(names: str) -> str:
    """Return the names of a month without abbreviations, such as "dec", and without the verb."""
    alternatives = (name for name in names.split("|") if not name.endswith(r"\.?"))
    return "|".join(_MAY if name == "may" else name for name in alternatives)


_DAYS = _cycle(
    (
        rf"mondays?|понеділ\w+|понедельник\w*|montags?|lunes|(?:mon|пн){_SHORT}",
        rf"tuesdays?|(?:що)?вівтор\w+|вторник\w*|dienstags?|martes|(?:tues?|вт){_SHORT}",
        rf"wednesdays?|(?:що)?серед(?:[ауиі]|ою|ами?)|{_WEDNESDAY}|mittwochs?|(?:wed|ср){_SHORT}",
        rf"thursdays?|(?:що)?четвер(?:г\w{{0,3}})?|donnerstags?|jueves|(?:thu(?:rs?)?|чт){_SHORT}",
        rf"fridays?|(?:що)?п'?ятни[цч]\w*|freitags?|viernes|(?:fri|пт){_SHORT}",
        rf"saturdays?|(?:що)?суб?бот\w*|samstags?|sábados?|(?:sat|сб){_SHORT}",
        rf"sundays?|(?:що)?неділ(?!им)\w+|воскрес(?:ень|н)\w+|sonntags?|domingos?|(?:sun|нд|вс){_SHORT}",
    ),
    {
        r"weekends?|вихідн(?:і|их|ими|им)|выходн(?:ые|ых|ыми|ым)|wochenenden?"
        r"|fin(?:es)? de semana": (6, 7),
        r"weekdays?|(?:working|business) days|будн\w+|(?:робоч|рабоч)\w+ дн\w+"
        r"|werktags?|días laborables": range(1, 6),
        r"daily|every ?day|each day|seven days a week|24/7|(?:a)?round the clock|щодня|щоденн\w+"
        r"|кож(?:ен|ного) д(?:ень|ня)|без вихідних|цілодобов\w+|ежедневн\w+|каждый день"
        r"|без выходных|круглосуточн\w+|täglich|todos los días": range(1, 8),
    },
)
_MONTHS = _cycle(
    tuple(map(_unmistakable, MONTHS)),
    {
        r"spring|весн\w+|навесні|frühling|primavera": (3, 4, 5),
        r"summers?|літ(?:о|а|ку|ом|н\w+)|[ву]літку|лет(?:о|ом|н\w+)|sommers?|verano": (6, 7, 8),
        r"autumn|осен\w+|осін\w+|восени|herbst|otoño": (9, 10, 11),
        r"winters?|зим\w+|[ву]зимку|invierno": (12, 1, 2),
        r"all year|year[- ]round|цілий рік|цілоріч\w+|круглый год|круглогодичн\w+|ganzjährig"
        r"|todo el año": range(1, 13),
    },
)


_IN_A_SEASON = tuple(
    (
        re.compile(
            rf"(?<!\w)(?:(?:in|during|over) (?:the )?{name}s?|{adverbs}"
            rf"|[ву] {adjective}\w+ (?:час|період|сезон|місяц|врем|период|месяц)\w*)(?!\w)"
        ),
        months,
    )
    for name, adverbs, adjective, months in (
        ("winter", "[ву]?зимку|зимой|im winter|en invierno", "зим", (12, 1, 2)),
        ("spring", "навесні|весной|im frühling|en primavera", "вес", (3, 4, 5)),
        ("summer", "[ву]літку|летом|im sommer|en verano", "(?:літ|лет)", (6, 7, 8)),
        ("autumn", "восени|осенью|im herbst|en otoño", "(?:осен|осін)", (9, 10, 11)),
    )
)
"""What in a question asks for a season."""


def share_of_days_named(question: str, text: str) -> float | None:
    """Return the share of the days and months of a question that a text names; 0.7 if it covers it.

    None where the question names none, or nothing but all of them. A season in a question counts
    for none: "the autumn cup" and "for the winter" ask for no month.
    """
    asked_in, text = one_spelling(question), one_spelling(text)
    shares = []
    for cycle in (_DAYS, _MONTHS):
        named = cycle.named(asked_in)
        asked = [day for day, share in named.items() if cycle is _DAYS or share == 1]
        if asked and len(asked) < cycle.count:
            named = cycle.named(text)
            shares.append(sum(named.get(day, 0.0) for day in asked) / len(asked))
    return sum(shares) / len(shares) if shares else None


def names_others(question: str, start: int, marked: str, text: str) -> bool:
    """Whether a marked sentence is plainly of other days or months than a question asks for.

    In doubt it is not: where the question may be answered by yes or no, or tells of a day in
    passing, where the sentence says when something is not, or from when on, and where the text
    names the day, too.

    Args:
        question: the question.
        start: where, in it, what is asked now begins.
        marked: the sentence.
        text: the passage that it stands in, with its title and headings.
    """
    asked_in = _clause_with_days(one_spelling(question[start:]), one_spelling(question[:start]))
    marked, text = (_with_names_of_months(one_spelling(one)) for one in (marked, text))
    if _NOT_THEN.search(marked):
        return False
    for cycle in (_DAYS, _MONTHS):
        found = [
            match
            for match in cycle.names.finditer(asked_in)
            if cycle is _DAYS or _BEFORE_MONTH.search(asked_in, 0, match.start())
        ]
        asked = {match.lastindex or 0 for match in found}
        if (
            asked
            and not any(_BOUND.search(asked_in, 0, match.start()) for match in found)
            and cycle.named(marked)
            and not cycle.is_bound(marked)
            and asked.isdisjoint(cycle.named(text))
        ):
            return True
    return False


def _clause_with_days(question: str, before: str) -> str:
    """Return the clause of a question that asks for something of a day; "" where none does.

    One that names only a day asks what the question before it did.
    """
    for clause in _CLAUSE.split(question):
        (first, *_) = [*_DAYS.names.finditer(clause), *_MONTHS.names.finditer(clause), None]
        if first is None or _MINE.search(clause):
            continue
        rest = clause[first.end() :].strip("?! .")
        is_bare = not rest and _BARE.fullmatch(clause, 0, first.start())
        asks = _CLAUSE.split(before)[-1] if before and is_bare else clause
        if _ASKS.match(asks) and not _YES_OR_NO.match(asks):
            return clause
    return ""


def _with_names_of_months(text: str) -> str:
    """Return a text whose numeric dates have the English names of months; two where in doubt."""

    def named(match: "re.Match[str]") -> str:
        months = [int(part) for part in match.groups() if part and 1 <= int(part) <= len(_ENGLISH)]
        return " / ".join(f"1 {_ENGLISH[month - 1]}" for month in months)

    return _NUMERIC.sub(named, text)


def seasons_in(question: str) -> tuple[int, ...]:
    """Return the months of the seasons in which something is asked to be, as "in winter"."""
    text = one_spelling(question)
    return tuple(month for asks, months in _IN_A_SEASON if asks.search(text) for month in months)


def names_month(months: tuple[int, ...], text: str) -> bool:
    """Whether a text names one of the months, or covers it."""
    return not _MONTHS.named(one_spelling(text)).keys().isdisjoint(months)
