"""Compares names across scripts by their consonants: «Варшави» and Warsaw.

Transliterations differ mostly in vowels, and in which of a few similar consonants is written:
г, х or h, ж, ч or j. So vowels are left out, but for one at the beginning, and similar consonants
are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

_ALIKE = 0.8
"""Share of two names' consonants that agree, in order, from which they are taken for one name. Case
endings add up to one: «Рейном» is R-n-m, Rhine R-n."""
_SHORTEST, _MOST = 2, 50
_PARTS = re.compile(r"['’-]")
_SPELLINGS = (
    ("дж", "s"), ("кс", "ks"), ("sh", "s"), ("zh", "s"), ("kh", "k"), ("ph", "v"), ("th", "t"),
    ("gh", "k"), ("ck", "k"), ("qu", "kv"), ("dg", "s"), ("x", "ks"), ("rh", "r"), ("tz", "s"),
    ("ts", "s"),
)  # fmt: skip
"""Letters that stand for one sound, or one for two."""
_AMBIGUOUS = re.compile(r"ch|[cg](?=[eiy])|j|^w")
"""What is read in one way or the other: Genghis and Gibson, Michigan and Bach, John and Jung, Wells
(Уэллс) and Washington."""
_CLASSES = {
    letter: sound
    for letters, sound in (
        ("бb", "b"), ("вфvfw", "v"), ("гґхкghkqc", "k"), ("дd", "d"), ("жзсцчшщszj", "s"),
        ("лlł", "l"), ("мm", "m"), ("нn", "n"), ("пp", "p"), ("рr", "r"), ("тt", "t"),
    )
    for letter in letters
}  # fmt: skip


def transliterated_share(names: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """Return the share of names that the words of each text have; these are in other letters."""
    sounds = [{sound for word in words for sound in _consonants(word)} for words in texts]
    known = set().union(*sounds)
    alike = [_alike(name, known) for name in names]
    return [sum(not each.isdisjoint(one) for each in alike) / len(names) for one in sounds]


def _alike(name: str, known: Iterable[str]) -> set[str]:
    """Return what sounds like a name, and begins as it does."""
    alike = set()
    for sound in _consonants(name):
        if len(sound) >= _SHORTEST:
            possible = [other for other in known if other[0] == sound[0]]
            alike.update(get_close_matches(sound, possible, _MOST, _ALIKE))
    return alike


@lru_cache(10_000)
def _consonants(word: str) -> frozenset[str]:
    """Return the consonants of a word and of its parts, in each way in which it may be read."""
    whole = unicodedata.normalize("NFKD", word.casefold())
    return frozenset(
        _classes(_AMBIGUOUS.sub(read, part))
        for part in {whole, *_PARTS.split(whole)}
        for read in (_soft, _hard)
    ) - {""}


def _soft(letters: "re.Match[str]") -> str:
    return "v" if letters[0] == "w" else "s"


def _hard(letters: "re.Match[str]") -> str:
    return {"j": "", "w": "o"}.get(letters[0], "k")


def _classes(word: str) -> str:
    for written, sound in _SPELLINGS:
        word = word.replace(written, sound)
    sounds = "a" if word[:1].isalpha() and word[0] not in _CLASSES else ""
    for letter in word:
        sound = _CLASSES.get(letter, "")
        sounds += "" if sounds.endswith(sound) else sound
    return sounds
