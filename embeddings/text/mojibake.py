"""Cyrillic text whose bytes were taken for Latin letters: "Óñòàâ" is "Устав" in Windows-1251.

Each letter is replaced by one letter; only the "fi" and "fl" of MacRoman, where they are parted, by
one together. T2A is the encoding of TeX's Cyrillic fonts: Windows-1251, but for the letters that
Ukrainian has and Russian has not, quotation marks and dashes.
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
_MOST_ACCENTED = 0.6
"""Share of letters from À to ÿ, above which no words are left."""
_T2A = {
    **{byte: bytes((byte,)).decode("cp1251") for byte in range(0xC0, 0x100)},
    0x10: "“", 0x11: "”", 0x15: "–", 0x16: "—", 0x19: "ı", 0x1B: "\ufb00", 0x1C: "\ufb01",
    0x1D: "\ufb02", 0x1E: "\ufb03", 0x1F: "\ufb04", 0x7F: "-", 0x80: "Ґ", 0x88: "Ї", 0x92: "Ў",
    0x99: "Є", 0x9C: "Ё", 0x9D: "№", 0x9F: "§", 0xA0: "ґ", 0xA8: "ї", 0xB2: "ў", 0xB9: "є",
    0xBC: "ё", 0xBD: "„", 0xBE: "«", 0xBF: "»",
}  # fmt: skip
"""What T2A has at other places than ASCII, of what Ukrainian, Russian and Belarusian need."""
_T2A_QUOTES = "½¾¿"
_T2A_SIGNS = re.compile(r"[\x10\x11\x15\x16\x19\x1b-\x1f]")
"""Dashes, quotation marks, ligatures and the letter without a dot; no other encoding has them."""
_T2A_WORD = re.compile(r"[A-Za-zА-яҐґЇїЄєЁёЎўı]+")
_DOTTED = str.maketrans("iIı", "іІі")


def repaired(text: str) -> str:
    """Return text with its Cyrillic letters if it is such text, else as it is."""
    if _CYRILLIC.search(text):
        return text
    words = _foreign_words(text, "«»")
    best, table = max(
        ((_score(words, table), table) for table in _TABLES), key=lambda pair: pair[0]
    )
    if best < _LEAST_SCORE:
        return text
    return _WORD.sub(lambda match: _meant(match[0], table), text)


def decoded_from_t2a(text: str) -> str:
    """Return the characters of a page in TeX's Cyrillic fonts, each at its place, else as they are.

    These fonts have the Ukrainian і as the Latin i, so it is replaced in Cyrillic words, and where
    it stands alone.
    """
    if _CYRILLIC.search(text):
        return text
    score = _score(_foreign_words(text, _T2A_QUOTES), _T2A_LETTERS)
    words = _foreign_words(text, "«»")
    other = max(_score(words, table) for table in _TABLES)
    is_likelier = score > other or (score == other and _T2A_SIGNS.search(text))
    if score < _LEAST_SCORE or not is_likelier:
        return text
    return _T2A_WORD.sub(_with_cyrillic_i, text.translate(_T2A_PLACES))


def _with_cyrillic_i(match: re.Match[str]) -> str:
    word = match[0]
    is_cyrillic = word in ("i", "ı") or not word.replace("ı", "i").isascii()
    return word.translate(_DOTTED) if is_cyrillic else word


def _foreign_words(text: str, quotes: str) -> list[str]:
    """Return the first words of a text that are not in ASCII, without quotation marks."""
    words = (word.strip(quotes) for word in _WORD.findall(text[:_SAMPLE]))
    return [word for word in words if any(c > "\x7f" for c in word)]


def is_garbled(text: str) -> bool:
    """Whether the letters of a text form no words.

    Too many of them are from À to ÿ, or too many or too few are vowels. Only Latin and Cyrillic
    letters can be judged, and only a text of some length; abbreviations, and words that are
    repeated, do not count.
    """
    words = {word for word in _LETTERS.findall(text.casefold()) if len(word) > _ABBREVIATION}
    letters = sum(map(len, words))
    judged = sum(letter < "\u0530" for word in words for letter in word)
    if letters < _LEAST_LETTERS or judged < 0.9 * letters:
        return False
    if sum("\xc0" <= letter <= "\xff" for word in words for letter in word) > (
        _MOST_ACCENTED * letters
    ):
        return True
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

_T2A_PLACES = {
    ord(taken): meant
    for byte, meant in _T2A.items()
    for taken in {chr(byte), bytes((byte,)).decode("cp1252", "ignore") or chr(byte)}
}
_T2A_LETTERS = {ord("i"): "і", ord("I"): "І"} | {
    taken: meant for taken, meant in _T2A_PLACES.items() if meant.isalpha()
}


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
