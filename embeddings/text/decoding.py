"""Decodes bytes to text, detecting the encoding, and cleans text."""

import codecs
import re
import unicodedata

from embeddings.errors import UnreadableFile
from embeddings.text.mojibake import USUAL, repaired

_LEGACY = ["cp1251", "koi8_u", "koi8_r", "cp866", "cp1125", "iso8859_5", "mac_cyrillic", "cp1252"]
_TRUSTED = frozenset(
    "cp1251 koi8-u koi8-r cp866 cp1125 iso8859-5 mac-cyrillic cp1250 iso8859-2 iso8859-15".split()
)
"""Declared encodings that are trusted. Latin-1 is not: many pages declare it by mistake."""
_WIDE = ["utf_16", "utf_16_le", "utf_16_be"]
_SAMPLE = 1 << 16
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BEYOND_ASCII = re.compile("[^\0-\x7f]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_USUAL_SIGNS = frozenset("«»“”„’‘–—…•·№°§©®±€ \n\u00a0")
_ODD = -5
_TAKEN_FOR = {"cp1252": "ÐÑ", "cp1251": "РС", "mac_roman": "–—", "koi8_r": "пя"}
"""Encodings that UTF-8 was taken for, and what Cyrillic letters then begin with."""
_LATIN, _CYRILLIC = "aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC, _LATIN), str.maketrans(_LATIN, _CYRILLIC)
_MIXED = re.compile(r"[A-Za-z][А-яІіЇїЄєҐґ]|[А-яІіЇїЄєҐґ][A-Za-z]")
_WORD = re.compile(r"[A-Za-zА-яІіЇїЄєҐґ]+")
_OF_LATIN = re.compile(rf"[A-Za-z](?<![{_LATIN}])")
_OF_CYRILLIC = re.compile(rf"[А-яІіЇїЄєҐґ](?<![{_CYRILLIC}])")
_INFLECTED = re.compile(r"[A-Z]{2,}[а-яіїєґ]+")
"""An abbreviation with an ending, as in "SMSу", is of two alphabets."""
_MAX_ODD = 0.01
"""Share of control or unassigned characters above which decoded bytes are not text."""
_MAX_LOST = 0.05
"""Share of non-ASCII characters that may be undecodable in a damaged UTF-8 file."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a text file, as `decode_exactly` does, and clean its text."""
    return clean(decode_exactly(data, declared))


def decode_exactly(data: bytes, declared: str | None = None) -> str:
    """Decode a text file: UTF-8, UTF-16, or one of the older Cyrillic and Latin encodings.

    Args:
        data: the file.
        declared: the encoding named in the file, which is used if the bytes are not UTF-8.

    Raises:
        UnreadableFile: the bytes are not text in any of these encodings.
    """
    text = _unicode(data) or _declared(data, declared) or _damaged_utf8(data) or _guess(data)
    if text is None or _is_odd(text):
        raise UnreadableFile("not a text file, or in an encoding that is not known here")
    return text


def clean(text: str) -> str:
    """Return text in NFC, with plain line breaks and spaces, and without invisible characters.

    Words that mix Latin and Cyrillic letters which look the same are written in one alphabet.
    """
    text = _BREAKS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROLS.sub("", text)
    return _in_one_alphabet(unicodedata.normalize("NFC", text))


def _in_one_alphabet(text: str) -> str:
    """Write each word in the alphabet of those of its letters that only one of the two has.

    Fonts of PDFs, recognition of scans and keyboards leave letters of the wrong alphabet that look
    the same: "Tobіas" with a Ukrainian і, "мoва" with an o.
    """
    return _WORD.sub(_word_in_one_alphabet, text) if _MIXED.search(text) else text


def _word_in_one_alphabet(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not _MIXED.search(word) or _INFLECTED.fullmatch(word):
        return word
    latin, cyrillic = _OF_LATIN.search(word), _OF_CYRILLIC.search(word)
    if latin and not cyrillic:
        return word.translate(_TO_LATIN)
    if cyrillic and not latin:
        return word.translate(_TO_CYRILLIC)
    return word


def _unicode(data: bytes) -> str | None:
    """Decode Unicode, also where its letters were once taken for those of another encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(data, "utf_16")
    elif b"\0" not in data:
        text = _try(data, "utf_8_sig")
    else:
        return None
    return None if text is None else repaired(_decoded_again(text))


def _decoded_again(text: str) -> str:
    """Undo that UTF-8 was taken for an older encoding: "Ð¢Ð°Ðº" and "РўР°Рє" are "Так"."""
    if text.isascii():
        return text
    for encoding, beginnings in _TAKEN_FOR.items():
        if sum(text.count(c) for c in beginnings) * 4 < len(text) - sum(map(str.isascii, text)):
            continue
        try:
            return b"".join(_byte(c, encoding) for c in text).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _byte(character: str, encoding: str) -> bytes:
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:  # a byte that stands for nothing in it
        return character.encode("latin-1")


def _declared(data: bytes, encoding: str | None) -> str | None:
    try:
        name = codecs.lookup(encoding or "").name
    except (LookupError, ValueError):
        return None
    text = _try(data, name) if name in _TRUSTED else None
    return None if text is None or _is_odd(text) else text


def _damaged_utf8(data: bytes) -> str | None:
    """Decode UTF-8 that was cut or lost a byte, if nearly all that is not ASCII decodes."""
    text = data.decode("utf_8_sig", "replace")
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    beyond_ascii = sum(map(len, _BEYOND_ASCII.findall(text)))
    return text if lost <= _MAX_LOST * beyond_ascii and "\0" not in text else None


def _guess(data: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark, or an older encoding, and decode."""
    from charset_normalizer import from_bytes

    candidates = _WIDE if b"\0" in data[:_SAMPLE] else _LEGACY
    fitting = from_bytes(data[:_SAMPLE], cp_isolation=candidates)
    best = max(fitting, key=lambda match: _plausibility(str(match)), default=None)
    return _try(data, best.encoding) if best else None


def _plausibility(text: str) -> float:
    """Return how much the letters that are not ASCII look like words: about 5 where they do."""
    beyond_ascii = "".join(_BEYOND_ASCII.findall(text))
    signs = sum(not c.isalpha() and c not in _USUAL_SIGNS for c in beyond_ascii)
    words = (word for word in _LETTERS.findall(text) if not word.isascii())
    return (sum(map(_word_weight, words)) + _ODD * signs) / max(len(beyond_ascii), 1)


def _word_weight(word: str) -> float:
    latin = sum(c < "\u0250" for c in word)
    if latin:
        accented = len(word) - sum(map(str.isascii, word))
        is_usual = latin == len(word) and 2 * accented <= latin
        return accented * (4 if is_usual else _ODD)
    if word.isupper():
        return 0.8 * sum(USUAL.get(c, _ODD) for c in word.lower())
    rest = sum(USUAL.get(c, _ODD) for c in word[1:])
    return rest + USUAL.get(word[0].lower(), _ODD)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_odd(text: str) -> bool:
    sample = text[:_SAMPLE]
    odd = sum(unicodedata.category(c) in {"Cn", "Co", "Cs"} for c in sample)
    odd += len(_CONTROLS.findall(sample))
    return odd > _MAX_ODD * len(sample)
