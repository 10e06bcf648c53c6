"""Whether a passage has the names of a question, in whatever case they stand there.

Dictionaries know few names, so beginnings are compared: "Садовий" is found in "Садового". Where
question and passage are in different scripts nothing can be told.
"""

import re

from embeddings.text.language import is_cyrillic

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BEGINNING = 0.6
"""Share of a name that does not change with its case."""
_LEAST = 3


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


def _names(question: str, text: str) -> list[str]:
    """Return the names of a question; none where the text is in another script."""
    if question.isupper() or is_cyrillic(question) != is_cyrillic(text):
        return []
    return [
        name.casefold()
        for name in _WORD.findall(question)[1:]
        if len(name) >= _LEAST and not name.islower()
    ]
