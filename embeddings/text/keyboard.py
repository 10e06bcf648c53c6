"""Text that was typed while the keyboard was set to another layout: "rjkb" for "коли".

The layouts are the English, the Ukrainian and the Russian one. What was meant is recognised by
dictionaries: hardly a word stands in them as typed, and most do as the same keys give them in
another layout.
"""

import re

from embeddings.text.language import detect, is_cyrillic
from embeddings.text.lemmas import is_known

_KEYS = {
    "en": "`qwertyuiop[]asdfghjkl;'zxcvbnm,./\\~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?|@#$^&",
    "uk": "'йцукенгшщзхїфівапролджєячсмитьбю.ґ₴ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ,Ґ\"№;:?",
    "ru": 'ёйцукенгшщзхъфывапролджэячсмитьбю.\\ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,/"№;:?',
}
"""The same keys in the same order, without and with shift."""
_KEPT = " 0123456789!?"
_LEAST_KNOWN, _LEAST_GAIN = 0.6, 0.4
"""Share of the letters in words of the dictionary, as meant; and what it is above that as typed."""
_LEAST_LETTERS = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def as_meant(text: str) -> str | None:
    """Return what a text would be in the layout that was meant; None when it is right as it is."""
    known = 0.0
    for language in dict.fromkeys((detect(text), *_layouts(text))):  # each loads a dictionary
        known = max(known, _known(text, language))
        if known + _LEAST_GAIN > 1:
            return None
    share, best = max((_known(other, language), other) for language, other in sorted(retyped(text)))
    return best if share >= max(_LEAST_KNOWN, known + _LEAST_GAIN) else None


def retyped(text: str) -> frozenset[tuple[str, str]]:
    """Return what the same keys give in other layouts, each with the language of the layout."""
    layouts = _layouts(text)
    return frozenset(
        (meant, _retype(text, layout, meant))
        for layout in layouts
        for meant in _KEYS.keys() - layouts
    )


def _layouts(text: str) -> tuple[str, ...]:
    """Return the languages in whose layout a text may have been typed."""
    return ("uk", "ru") if is_cyrillic(text) else ("en",)


def _retype(text: str, layout: str, meant: str) -> str:
    keys = dict(zip(_KEYS[layout], _KEYS[meant], strict=True))
    return "".join(char if char in _KEPT else keys.get(char, char) for char in text)


def _known(text: str, language: str) -> float:
    """Return which share of the letters stands in words of a language; 0 when they are too few."""
    words = _WORD.findall(text)
    known = sum(len(word) for word in words if len(word) > 1 and is_known(word, language))
    letters = sum(map(len, words))
    return known / letters if known >= _LEAST_LETTERS else 0.0
