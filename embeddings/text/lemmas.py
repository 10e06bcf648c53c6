"""The words of a text in their dictionary forms, so that a word is found in whatever form."""

import logging
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from embeddings.text.quantities import find_quantities

logger = logging.getLogger(__name__)

LEMMAS_VERSION = 6
"""Raise it when a passage would be indexed by other words, so that indexes are built anew."""

_VARIANTS = str.maketrans(
    dict.fromkeys("’ʼ`‘ʹ", "'")
    | dict.fromkeys("‐‑–—", "-")
    | {"ё": "е", "Ё": "Е", "\u0301": None, "\u00ad": None}
)
_CORRECTED = {
    ("uk", "київ"): "київ",
    ("uk", "києві"): "київ",
    ("uk", "луцьк"): "луцький",
    ("uk", "рівне"): "рівний",
    ("ru", "киев"): "киев",
    ("ru", "лев"): "лев",
    ("ru", "львов"): "львов",
    ("ru", "львова"): "львов",
    ("ru", "ростов"): "ростов",
    ("ru", "ростова"): "ростов",
}
"""Names that the dictionaries take for forms of other words, in some cases and not in others."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
_CODE = re.compile(r"(?<!\w)(?:[авекмнорстхі](?=-?\d+(?!\w))|[авекмнорстхі]{2}(?=\d+(?!\w)))")
"""What begins a code such as E10 when its letters are typed in Cyrillic."""
_TO_LATIN = str.maketrans("авекмнорстхі", "abekmhopctxi")


def lemmas(text: str, language: str) -> list[str]:
    """Return the words of a text in their dictionary forms, and the tokens of its quantities.

    A language without a dictionary, such as "und", gives the words as they are written.
    """
    quantities, rest = find_quantities(one_spelling(text))
    words = [_lemma(word, language) for word in _WORD.findall(rest)]
    return words + [token for found in quantities for token in (*found.tokens, *found.more)]


def one_spelling(text: str) -> str:
    """Bring to one form what people write in many: п’ять, ё, dashes, Е10; in small letters."""
    lower = unicodedata.normalize("NFKC", text).translate(_VARIANTS).lower()
    return _CODE.sub(lambda match: match[0].translate(_TO_LATIN), lower)


def load_dictionaries(languages: Iterable[str]) -> None:
    """Load what the first question in a language would wait for; for any thread."""
    for language in languages:
        lemmas("word слово", language)


def is_known(word: str, language: str) -> bool:
    """Return whether a word, in any form, is in the dictionary of a language."""
    from simplemma import is_known

    try:
        known: bool = is_known(word, language, low_memory=True)
    except ValueError:  # there is no dictionary
        return False
    return known


@lru_cache(maxsize=200_000)
def _lemma(word: str, language: str) -> str:
    from simplemma import lemmatize

    if corrected := _CORRECTED.get((language, word)):
        return corrected
    try:
        lemma: str = lemmatize(word, lang=language, low_memory=True)  # an eighth of it
    except ValueError:
        _log_missing_dictionary(language)
        return word
    return lemma.lower().replace("ё", "е")


@cache
def _log_missing_dictionary(language: str) -> None:
    """Say it once for each language."""
    logger.info("there is no dictionary for %r: its words are compared as written", language)
