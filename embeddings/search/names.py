"""Whether a passage has the names of a question, or whose phone number or address it asks for.

Dictionaries know few names, so beginnings are compared: "Садовий" is found in "Садового". Where
question and passage are in different scripts nothing can be told.
"""

import re

from embeddings.search.answer_type import asks_for_contact, lacks
from embeddings.text.language import is_cyrillic

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BEGINNING = 0.6
"""Share of a name that does not change with its case."""
_LEAST = 3
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
    "яка який яке які яку де як є у на до за ваш ваша ваше вас мені можна знайти скажіть підкажіть "
    "дайте будь ласка цього цієї там та або чи "
    "какой какая какое какие какую где как есть ваш ваша ваше вас мне можно найти скажите "
    "подскажите дайте пожалуйста этого этой там или ли".split()
)
"""Words that do not say whose number or address is asked for."""


def names_lacked(question: str, text: str) -> float:
    """Return the share of a question's names that a text does not have; 0 where it names none.

    A name is a word with a capital letter that does not begin the question.
    """
    names = _names(question, text)
    if not names:
        return 0.0
    beginnings = "|".join(
        re.escape(name[: max(_LEAST, round(_BEGINNING * len(name)))]) for name in names
    )
    found = set(re.findall(rf"(?<!\w)(?:{beginnings})", text.casefold()))
    return 1 - sum(any(name.startswith(one) for one in found) for name in names) / len(names)


def has_names(question: str, text: str) -> bool:
    """Whether a question names someone, and a text has all of the names."""
    return bool(_names(question, text)) and not names_lacked(question, text)


def holds_contact(question: str, text: str) -> bool:
    """Whether a text has the phone number or address that a question asks for.

    It must also have each word that says whose it is.
    """
    if not asks_for_contact(question) or lacks(question, text):
        return False
    text = text.casefold()
    whose = _WORD.findall(_CONTACT.sub(" ", question).casefold())
    return all(
        word[: max(_LEAST, round(_BEGINNING * len(word)))] in text
        for word in whose
        if len(word) >= _LEAST and word not in _COMMON
    )


def _names(question: str, text: str) -> list[str]:
    """Return the names of a question; none where the text is in another script."""
    if question.isupper() or is_cyrillic(question) != is_cyrillic(text):
        return []
    return [
        name.casefold()
        for name in _WORD.findall(question)[1:]
        if len(name) >= _LEAST and not name.islower()
    ]
