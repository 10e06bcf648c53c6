"""Whether a passage has the words and names of a question, or whose phone number it asks for.

Dictionaries know few names, so beginnings are compared, too: "Садовий" is found in "Садового".
"""

import re
from collections.abc import Iterator, Sequence

from embeddings.search.answer_type import asks_for_contact, lacks_answer_type
from embeddings.search.question_form import content_words
from embeddings.text.language import detect, is_cyrillic
from embeddings.text.lemmas import is_known, lemmas, one_spelling
from embeddings.text.transliteration import transliterated_share

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-z]")
_CAPITALISED = re.compile(r"(?<!\w)(?![a-zа-яёіїєґ])[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENOUGH = 200
"""Characters that show in which letters a text is."""
_LANGUAGES = ("en", "uk", "ru")
_BEGINNING = 0.6
"""Share of a name that does not change with its case."""
_LEAST, _LONGER = 3, 4
_HEADLINE = 3
"""Words after the first, from which more a question of capitalised words may be a headline."""
_CODE = re.compile(
    r"(?<![^\W_])(?P<letters>[^\W\d_]{1,3}-?|[A-ZА-ЯІЇЄҐ]{1,3}(?P<gap>\s))0*(?P<number>\d{1,3})(?![^\W_])"
)
_UNIT = re.compile("[kcd]?m|co")
"""Letters before a number that are no code: m², km2, CO2."""
_TO_LATIN = str.maketrans("авекмнорстхіу", "abekmhopctxiy")
_CONTACT = re.compile(
    r"(?<!\w)(?:(?:tele)?phone numbers?|(?:номер\w* )?телефон\w*|telefonnummer"
    r"|(?:número de )?teléfono|e-?mail(?: address(?:es)?)?|[іи]мейл\w*"
    r"|(?:електронн|электронн)\w+ (?:адрес|пошт|почт)\w*"
    r"|(?:what|the|your|its|their|postal|street|office) address|address (?:of|for)"
    r"|адрес[аиіуоюые]?\w?|adresse|direcci[oó]n|adres)(?!\w)",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "what what's which is are the of an for to in at on your their his her our can could find get "
    "give tell please how do does have has need want know you me there this that and or "
    "if do make name called much "
    "яка який яке які яку де як є у на до за ваш ваша ваше вас мені можна знайти скажіть підкажіть "
    "дайте будь ласка цього цієї там та або чи якщо робити звати "
    "какой какая какое какие какую где как есть ваш ваша ваше вас мне можно найти скажите "
    "подскажите дайте пожалуйста этого этой там или ли если делать звать".split()
)
"""Words that do not say whose number or address is asked for, nor what a question is about."""
_OF_CONTACTS = frozenset(
    "which should must call write ring dial contact reach number numbers phone mobile by from "
    "який якою якого яким якому якій котрим номером номеру номера номер дзвонити подзвонити "
    "телефонувати зателефонувати писати написати звернутися звертатися зв'язатися маєте треба "
    "потрібно "
    "каким какому какого какой какою номеру номера номером номер звонить позвонить писать написать "
    "обратиться обращаться связаться нужно надо".split()
)
"""Words of questions for a phone number or address that do not say whose, either."""
_NAMED = re.compile(r"(?<=[^\W\d_][ ,])(?![a-zа-яёіїєґ])[^\W\d_]+(?:['’-][^\W\d_]+)*")
"""A word with a capital letter that does not begin a question."""
_LABEL = (
    r"(?i:tel|phone|mob|fax|e?mail|whatsapp|viber|telegram|signal|skype|call|contact|write|ask"
    r"|тел|моб|факс|[ие]?ме[йи]л|вайбер|телеграм|вотсап|контакт)"
)
"""Beginnings of words before a phone number or address that name nobody."""
_NAME = rf"(?!{_LABEL}|[a-zа-яёіїєґ])[^\W\d_]{{2,}}"
_OWNER = re.compile(
    rf"(?<!\w)(?P<name>{_NAME}(?: {_NAME})?)(?!\w)"
    r"[^\n.!?]{0,40}?(?:\+?\d[\d ()–-]{4,}\d|[\w.+-]+@\w)"
)
"""A name, and the phone number or e-mail address that follows it."""
_POSSESSIVE = re.compile(r"['’]s(?!\w)", re.IGNORECASE)
_OPPOSITES = tuple(
    tuple(re.compile(rf"(?<!\w)(?:{side})", re.IGNORECASE) for side in pair.split())
    for pair in (
        "first last(?!s)", r"large|big small|little(?!\w)", "summer winter", "adult child",
        "upper lower", "morning evening", "minim maxim", "weekday weekend", r"opens?(?!\w) clos",
        "north south", r"east(?!er(?!n)) west", "inside outside",
        r"hot(?!el|line)|warm cold|cool(?!ant)", "high low(?!er)",
        r"left(?!\w) right(?!\w)",
        "північ|північн південь|південн", r"східн західн", r"тепл(?!иц)|гаряч холод(?!ильн)",
        r"лів(?:ий|а|е|ого|ої|ій|ому|у|ою)(?!\w) прав(?:ий|ого|ої|ій|ому|ою)(?!\w)", "висок низьк",
        "север юг|южн", "восток|восточн запад",
        r"тёпл|тепл(?!иц)|горяч холод(?!ильн)", "высок низк",
        r"лев(?:ый|ая|ое|ого|ой|ую)(?!\w) прав(?:ый|ая|ое|ого|ой|ую)(?!\w)",
        "перш останн",
        r"велик(?:ий|а|ої|ій|у|ою|і|их|ого|ому|им)(?!\w) мал(?:ий|а|ої|ій|і|их)(?!\w)",
        "літн зимов", "доросл дит",
        "верхн нижн", "вранці|ранк увечері|ввечері|вечор", "мінім максим", "будн вихідн",
        "відкрива зачиня|закрива", "перв последн", "взросл дет", "летн зимн", "утр вечер",
        r"больш(?:ой|ая|ие|ую|их) мал(?:ый|ая|ой|ые|ую|ых)(?!\w)", "миним максим", "будн выходн",
        "открыва закрыва",
    )
)  # fmt: skip
"""Beginnings of words of opposite meaning."""


def names_lacked(question: str, text: str) -> float:
    """Return the share of a question's names that a text does not have; 0 where it names none.

    A name is a word with a capital letter that does not begin the question. What a text in another
    script lacks cannot be told: Deutschland is Німеччина.
    """
    names = _names(question)
    if not names or is_cyrillic(question) != is_cyrillic(text):
        return 0.0
    beginnings = "|".join(
        re.escape(name[: max(_LEAST, round(_BEGINNING * len(name)))]) for name in names
    )
    found = set(re.findall(rf"(?<!\w)(?:{beginnings})", one_spelling(text)))
    lacked = [name for name in names if not any(name.startswith(one) for one in found)]
    if lacked:
        language = detect(question)
        held = frozenset(lemmas(text, language))
        lacked = [name for name in lacked if held.isdisjoint(lemmas(name, language))]
    return len(lacked) / len(names)


def words_lacked(question: str, text: str, language: str) -> float:
    """Return the share of what a question is about, word by word, that a text does not name.

    Both are in one language; it is 0 for a language whose common words are not known.
    """
    if language not in _LANGUAGES:
        return 0.0
    asked = lemmas(_POSSESSIVE.sub("", " ".join(content_words(question))), language)
    asked = [word for word in asked if word not in _COMMON]
    held = frozenset(lemmas(_POSSESSIVE.sub("", text), language))
    lacked = [word for word in asked if word not in held and not _begins(word, text)]
    return len(lacked) / max(1, len(asked))


def says_the_opposite(question: str, sentence: str) -> bool:
    """Whether a sentence says the opposite of a word of the question, and not the word itself."""
    return any(
        asked.search(question) and other.search(sentence) and not asked.search(sentence)
        for pair in _OPPOSITES
        for asked, other in (pair, pair[::-1])
    )


def _begins(word: str, text: str) -> bool:
    """Whether a text has a word that begins as this one does: "freeze" and "freezer"."""
    beginning = word[: max(_LONGER, round(_BEGINNING * len(word)))]
    return bool(re.search(rf"(?<!\w){re.escape(beginning)}", text, re.IGNORECASE))


def has_names(question: str, text: str) -> bool:
    """Whether a question names someone, and a text has all of the names."""
    if is_cyrillic(question) != is_cyrillic(text):
        return names_in_other_letters(question, [text]) == [1]
    return bool(_names(question)) and not names_lacked(question, text)


def holds_contact(question: str, text: str) -> bool:
    """Whether a text has the phone number or address that a question asks for.

    It must also have each word that says whose it is.
    """
    if not asks_for_contact(question) or lacks_answer_type(question, text):
        return False
    text = text.casefold()
    return all(
        word[: max(_LEAST, round(_BEGINNING * len(word)))] in text for word in _whose(question)
    )


def names_other_code(question: str, text: str) -> bool:
    """Whether a text has another code than a question, such as E7 for E3, and not that one."""
    asked = {code for code, has_gap in _codes(question) if not has_gap}
    held = {code for code, _ in _codes(text)}
    alike = {letters for letters, _ in held} & {letters for letters, _ in asked}
    return bool(alike) and asked.isdisjoint(held)


def _codes(text: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """Yield codes, as letters and digits, and whether there is a space between these."""
    for found in _CODE.finditer(text.replace("²", "2").replace("³", "3")):
        letters = found["letters"].strip(" -\t\u00a0\n").lower().translate(_TO_LATIN)
        if not _UNIT.fullmatch(letters):
            yield (letters, found["number"]), found["gap"] is not None


def is_contact_of_another(question: str, text: str) -> bool:
    """Whether the phone number or address in a text is plainly not whose a question asks for.

    The question names someone, and the text, which has none of that name, names someone else
    before it. "The museum" and "the company" name nobody: a text may call them otherwise.
    """
    language = detect(question)
    if not {language, detect(text)} <= set(_LANGUAGES) or not asks_for_contact(question):
        return False
    whose = _whose(question)
    capitalised = {name.casefold() for name in _NAMED.findall(_POSSESSIVE.sub("", question))}
    named = [word for word in whose if word in capitalised or not is_known(word, language)]
    if not named or any(_begins(word, text) for word in whose):
        return False
    return any(
        is_cyrillic(question) == is_cyrillic(match["name"])
        and (" " in match["name"] or not is_known(match["name"].casefold(), language))
        for match in _OWNER.finditer(text)
    )


def _whose(question: str) -> list[str]:
    """Return the words of a question for a phone number or address that may say whose it is."""
    words = _WORD.findall(_CONTACT.sub(" ", _POSSESSIVE.sub("", question)).casefold())
    light = _COMMON | _OF_CONTACTS
    return [word for word in words if len(word) >= _LEAST and word not in light]


def names_in_other_letters(question: str, texts: Sequence[str]) -> list[float | None]:
    """Return the share of a question's names that each text has in other letters.

    It is None where that cannot be told: the question names nothing, or not one of both is in
    Cyrillic and the other in Latin letters.
    """
    names, is_latin = _names(question), not is_cyrillic(question)
    told = [
        number
        for number, text in enumerate(texts)
        if names and (is_cyrillic if is_latin else _is_latin)(text[:_ENOUGH])
    ]
    held: list[float | None] = [None] * len(texts)
    shares = transliterated_share(names, [_CAPITALISED.findall(texts[number]) for number in told])
    for number, share in zip(told, shares, strict=True):
        held[number] = share
    return held


def _is_latin(text: str) -> bool:
    return len(_LATIN.findall(text)) > len(text) / 2


def share_of_names(question: str) -> float:
    """Return which share of a question's letters its names are."""
    letters = sum(map(str.isalpha, question))
    return sum(map(len, _names(question))) / max(1, letters)


def _names(question: str) -> list[str]:
    """Return the words with a capital letter that do not begin a question.

    There are none where most words have one, as in a headline.
    """
    if question.isupper():
        return []
    words = _WORD.findall(question)[1:]
    names = [word for word in words if len(word) >= _LEAST and not word.islower()]
    return [] if 2 * len(names) > len(words) > _HEADLINE else [*map(one_spelling, names)]
