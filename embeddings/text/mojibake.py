"""Cyrillic text whose bytes were taken for Latin letters: "Óñòàâ" is "Устав" in Windows-1251.

Each letter is replaced by one letter; only the "fi" and "fl" of MacRoman, where they are parted, by
one together.
"""

import re

_SOURCES = ("cp1252", "mac_roman")
_TARGETS = ("cp1251", "koi8_u", "koi8_r", "mac_cyrillic")
_WORD = re.compile(r"[^\s\x00-\x40\[-`{-~]+")
_CYRILLIC = re.compile("(?:[А-яЁёЄєІіЇїҐґ]{3}.*?){3}", re.DOTALL)
_LEAST_WORDS = 3
_MOSTLY = 0.6
"""Share of the words with foreign letters that have no other: French has few such words."""
_SAMPLE = 4000
_FI, _FL = 0xFB01, 0xFB02
USUAL = {
    letter: weight
    for weight, letters in ((9, "оаеинті"), (5, "свлркдмпу"), (2, "яыьгзбчйхжюєї"), (1, "шцщэфъґё"))
    for letter in letters
}
"""How usual a small letter is in Russian and Ukrainian."""
_LEAST_SCORE = 3.5
"""Mean weight of the letters of a text that is Russian or Ukrainian."""
_VOWELS = frozenset("aeiouyаеєиіїоуюяыэёàáâãäåèéêëìíîïòóôõöùúûü")
_VOWEL_SHARE = (0.24, 0.6)
_LEAST_LETTERS = 40
_ABBREVIATION = 2
"""Letters of the longest word that may be one."""
_LETTERS = re.compile(r"[^\W\d_]+")


def repaired(text: str) -> str:
    """Return text with its Cyrillic letters if it is such text, else as it is."""
    if _CYRILLIC.search(text):
        return text
    words = [word.strip("«»") for word in _WORD.findall(text[:_SAMPLE])]
    words = [word for word in words if any(c > "\x7f" for c in word)]
    best, table = max(
        ((_score(words, table), table) for table in _TABLES), key=lambda pair: pair[0]
    )
    if best < _LEAST_SCORE:
        return text
    return _WORD.sub(lambda match: _meant(match[0], table), text)


def is_garbled(text: str) -> bool:
    """Whether the letters of a text form no words: too few of them are vowels, or too many.

    Only Latin and Cyrillic letters can be judged, and only a text of some length; abbreviations,
    and words that are repeated, do not count.
    """
    words = {word for word in _LETTERS.findall(text.casefold()) if len(word) > _ABBREVIATION}
    letters = sum(map(len, words))
    judged = sum(letter < "\u0530" for word in words for letter in word)
    if letters < _LEAST_LETTERS or judged < 0.9 * letters:
        return False
    share = sum(letter in _VOWELS for word in words for letter in word) / letters
    return not _VOWEL_SHARE[0] <= share <= _VOWEL_SHARE[1]


def _meant(word: str, table: dict[int, str]) -> str:
    """Return what a word means by a table; its ligatures may have been parted."""
    if _FL in table and any(c > "\x7f" for c in word):
        word = word.replace("fl", chr(_FL)).replace("fi", chr(_FI))
    return word.translate(table)


def _table(source: str, target: str) -> dict[int, str]:
    table: dict[int, str] = {}
    for byte in range(0x80, 0x100):
        taken = bytes((byte,)).decode(source, "ignore") or chr(byte)
        meant = bytes((byte,)).decode(target, "ignore")
        if meant.isalpha() or meant == "№":
            table[ord(taken)] = meant
    return table


_TABLES = tuple(_table(source, target) for source in _SOURCES for target in _TARGETS)


def _score(words: list[str], table: dict[int, str]) -> float:
    """Return how usual the letters would be, 0 where most words also have other letters.

    Capitals within words, and words that it does not cover, count against a table.
    """
    parted = "fil" if _FL in table else ""
    foreign = [
        word
        for word in words
        if len(word) > 1 and all(ord(c) in table or c in parted for c in word)
    ]
    if len(foreign) < _LEAST_WORDS or len(foreign) < _MOSTLY * len(words):
        return 0
    total = sum(
        USUAL.get(c if place else c.lower(), -5 if c.isupper() else 0)
        for word in foreign
        for place, c in enumerate(_meant(word, table))
    )
    return total / sum(map(len, words))
