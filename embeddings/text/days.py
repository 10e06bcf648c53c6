"""The days of the week and months that a text names or covers: "Mon–Fri", "daily", "winter"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from embeddings.text.lemmas import one_spelling
from embeddings.text.quantities import MONTHS

_SHORT = r"(?=\.?\s?[-,:/|&]|\.? \d|\.? (?:to|and|і|и|й|та|по|до) |\.?$)"
"""What follows the short name of a day, so that "sun" is none."""
_TO = re.compile(r"\.?\s?(?:-|(?<!\w)(?:to|through|thru|till|until|по|до|bis|a)(?!\w))\s?")

_WEDNESDAY = r"(?<!окружающ.. )сред(?:[ауы]|ами?)"
"""The day in Russian, not the environment."""
_MAY = r"(?<=in )may|(?<=of )may|(?<=to )may|(?<=-)may|(?<=\d )may|(?<=and )may|may(?= \d)"
"""The month, not the verb."""
_BEFORE_MONTH = re.compile(
    r"(?:\d|(?<!\w)(?:in|for|of|since|until|till|from|by|during"
    r"|на|в|у|за|з|із|с|до|від|от|по|к)) \Z"
)
"""What stands before a month, which may be the name of a person otherwise: April, Марта."""
_COVERED = 0.7
"""What a day counts that is only covered, as Sunday is by "daily"."""


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
        found = list(self.names.finditer(text))
        covered: set[int] = set()
        for first, last in pairwise(found):
            day = first.lastindex or 0
            if _TO.fullmatch(text, first.end(), last.start()):
                while day != last.lastindex:
                    day = day % self.count + 1
                    covered.add(day)
        covered.update(*(group for pattern, group in self.groups.items() if pattern.search(text)))
        return dict.fromkeys(covered, _COVERED) | {match.lastindex or 0: 1.0 for match in found}


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


def names_others(question: str, text: str) -> bool:
    """Whether a text names days or months, and none of those that a question names."""
    asked_in, text = one_spelling(question), one_spelling(text)
    for cycle in (_DAYS, _MONTHS):
        asked = {
            match.lastindex
            for match in cycle.names.finditer(asked_in)
            if cycle is _DAYS or _BEFORE_MONTH.search(asked_in, 0, match.start())
        }
        named = cycle.named(text)
        if asked and named and asked.isdisjoint(named):
            return True
    return False


def seasons_in(question: str) -> tuple[int, ...]:
    """Return the months of the seasons in which something is asked to be, as "in winter"."""
    text = one_spelling(question)
    return tuple(month for asks, months in _IN_A_SEASON if asks.search(text) for month in months)


def names_month(months: tuple[int, ...], text: str) -> bool:
    """Whether a text names one of the months, or covers it."""
    return not _MONTHS.named(one_spelling(text)).keys().isdisjoint(months)
