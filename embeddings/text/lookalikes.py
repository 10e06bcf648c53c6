"""Letters of the wrong alphabet that look the same: "Tobіas" with a Ukrainian і, "мoва" with an o.

Fonts of PDFs, recognition of scans and keyboards leave them; such a word is not found.
"""

import re

_LATIN, _CYRILLIC = "aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC, _LATIN), str.maketrans(_LATIN, _CYRILLIC)
_MIXED = re.compile(r"[A-Za-z][А-яІіЇїЄєҐґ]|[А-яІіЇїЄєҐґ][A-Za-z]")
_WORD = re.compile(r"[A-Za-zА-яІіЇїЄєҐґ]+")
_OF_LATIN = re.compile(rf"[A-Za-z](?<![{_LATIN}])")
_OF_CYRILLIC = re.compile(rf"[А-яІіЇїЄєҐґ](?<![{_CYRILLIC}])")
_INFLECTED = re.compile(r"[A-Z]{2,}[а-яіїєґ]+")
"""An abbreviation with an ending, as in "SMSу", is of two alphabets."""


def in_one_alphabet(text: str) -> str:
    """Write each word in the alphabet of those of its letters that only one of the two has."""
    return _WORD.sub(_whole, text) if _MIXED.search(text) else text


def _whole(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not _MIXED.search(word) or _INFLECTED.fullmatch(word):
        return word
    latin, cyrillic = _OF_LATIN.search(word), _OF_CYRILLIC.search(word)
    if latin and not cyrillic:
        return word.translate(_TO_LATIN)
    if cyrillic and not latin:
        return word.translate(_TO_CYRILLIC)
    return word
