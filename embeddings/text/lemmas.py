"""The words of a text in their dictionary forms, so that a word is found in whatever form."""

import logging
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

logger = logging.getLogger(__name__)

LEMMAS_VERSION = 2
"""Raise it when the same text would give other words, so that indexes are built anew."""

_VARIANTS = str.maketrans(
    dict.fromkeys("’ʼ`‘ʹ", "'")
    | dict.fromkeys("‐‑–—", "-")
    | {"ё": "е", "Ё": "Е", "\u0301": None, "\u00ad": None}
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,]\d{3})+(?!\d)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")


def lemmas(text: str, language: str) -> list[str]:
    """Return the words of a text in their dictionary forms.

    A language without a dictionary, such as "und", gives the words as they are written.
    """
    return [_lemma(word, language) for word in _WORD.findall(_one_spelling(text))]


def _one_spelling(text: str) -> str:
    """Bring to one form what people write in many: п’ять, ё, dashes, 10,000 and 10 000."""
    text = unicodedata.normalize("NFKC", text).translate(_VARIANTS).lower()
    return _GROUPED.sub(lambda number: re.sub("[ ,]", "", number[0]), text)


def load_dictionaries(languages: Iterable[str]) -> None:
    """Load what the first question in a language would wait for; for any thread."""
    for language in languages:
        lemmas("word слово", language)


@lru_cache(maxsize=200_000)
def _lemma(word: str, language: str) -> str:
    from simplemma import lemmatize

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
