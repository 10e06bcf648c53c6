"""Detects the language of a text."""

import logging
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from embeddings.errors import StoreError
from embeddings.storage.arrays import load_arrays, save_arrays
from embeddings.storage.cache import default_cache, is_whole, write_once

UNKNOWN = "und"

logger = logging.getLogger(__name__)

_ARRAYS = ("ptc", "pc", "classes", "nextmove", "row", "output")

_SAMPLE = 4000
"""Characters of a text that are read; more would only take longer."""
_SHORT = 200
"""Number of characters below which a text may be too short to be certain."""
_SURE = 0.9
"""Probability from which the result is certain even for a short text."""

# No others: a question is too short to tell Macedonian from Russian, or Zulu from English.
_SUPPORTED = (
    "ar be bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ka ko lt lv nl no pl pt ro ru "
    "sk sl sq sr sv th tr uk vi zh".split()
)
_CYRILLIC = frozenset("be bg ru sr uk".split())
_OTHER_SCRIPTS = _CYRILLIC | frozenset("ar el fa he hi ja ka ko zh".split())
_CYRILLIC_NEIGHBOURS = _CYRILLIC - {"ru", "uk"}
_DEFAULT = frozenset(("en", "uk", "ru"))
_ONLY_UKRAINIAN = re.compile(
    r"[іїєґ]|^\W*(?:де|чи|як)(?!\w)|(?<!\w)(?:хто|що|куди|коли|як(?:а|е|ий|у|ого|ої|ому|ою)|чому|також|від|вже|ще|має"
    r"|треба|немає|але|або|дякую|дяки|дяка|добре|бувай(?:те)?|гаразд)(?!\w)"
)
_ONLY_RUSSIAN = re.compile(
    r"[ыэё]|(?<!\w)(?:кто|что|где|когда|как(?:ой|ая|ое|ие|ую|ого|ом)?|сколько|почему|зачем|куда|откуда"
    r"|нет|или|если|еще|есть|нужно|после|привет\w*|здравствуй(?:те)?|здрась?те|пока|спасиб\w+"
    r"|благодар\w+|хорошо|понятно|ладно|извините|всего|доброго)(?!\w)"
)
"""Of both, what the other has not; "где" and "хто" are in other Cyrillic languages too."""


def detect(text: str, likely: Collection[str] = ()) -> str:
    """Return the ISO 639-1 code of the language of `text`, or "und" if it has no words.

    For a short text that is uncertain, the most probable of the `likely` languages (for example,
    those of the articles), English, Ukrainian and Russian is returned.
    """
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < 2:
        return UNKNOWN
    letters = sample.casefold()
    decided = _by_letters(letters)
    is_short = len(sample) < _SHORT and is_cyrillic(letters)
    if decided is None and is_short and _CYRILLIC_NEIGHBOURS.isdisjoint(likely):
        decided = ukrainian_or_russian(letters)
    if decided:
        return decided
    ranked: list[tuple[str, float]] = _identifier().rank(sample)
    best, probability = ranked[0]
    if len(sample) >= _SHORT or probability >= _SURE:
        return best
    preferred = _DEFAULT.union(likely)
    if re.search("[а-я]", letters):
        preferred &= _CYRILLIC
    elif re.search("[a-z]", letters):
        preferred -= _OTHER_SCRIPTS
    else:
        return best
    return next((code for code, _ in ranked if code in preferred), best)


def is_cyrillic(text: str) -> bool:
    """Whether most of the letters are Cyrillic ones of the languages from Ukrainian to Russian."""
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    return 2 * sum("а" <= letter <= "я" or letter in "ёіїєґ" for letter in letters) > len(letters)


def ukrainian_or_russian(text: str) -> str | None:
    """Return "uk" or "ru" where a letter or a common word tells that only one of them has."""
    folded = text.casefold()
    ukrainian, russian = _ONLY_UKRAINIAN.search(folded), _ONLY_RUSSIAN.search(folded)
    if bool(ukrainian) == bool(russian):
        return None
    return "uk" if ukrainian else "ru"


def _by_letters(text: str) -> str | None:
    """Tell Ukrainian and Russian by the letters that only one of them has."""
    ukrainian = re.search("[іїєґ]", text) and not re.search("[ыэў]", text)
    russian = re.search("[ыэ]", text) and not re.search("[іїєґў]", text)
    if ukrainian and len(re.findall("[а-яіїєґ]", text)) > len(text) // 4:
        return "uk"
    return "ru" if russian and len(re.findall("[а-яё]", text)) > len(text) // 4 else None


@cache
def _identifier() -> Any:
    """Load the model, if possible from arrays in the cache directory, mapped into memory.

    The library would unpack its own file in each process, which takes longer than the rest of an
    answer, and 40 MB of memory.
    """
    from importlib.metadata import version

    directory = default_cache() / f"language-{version('py3langid')}"
    try:
        if not is_whole(directory):
            write_once(directory, _unpack)
        return _mapped(directory)
    except (OSError, StoreError) as error:
        logger.info("the language model cannot be kept in %s: %s", directory, error)
        return _library_model()


def _library_model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_SUPPORTED))
    return identifier


def _unpack(directory: Path) -> None:
    """Write the model of the supported languages as NumPy arrays."""
    import numpy as np

    model = _library_model()
    save_arrays(
        directory,
        "language",
        ptc=model.nb_ptc,
        pc=model.nb_pc,
        classes=np.array(model.nb_classes),
        nextmove=np.array(model.tk_nextmove, np.uint32),
        row=np.array(model.tk_row, np.int64),
        output=np.array(model.tk_output, np.int64),
    )


def _mapped(directory: Path) -> Any:
    from py3langid.langid import LanguageIdentifier

    found = load_arrays(directory, "language", _ARRAYS)
    return LanguageIdentifier(
        found["ptc"],
        found["pc"],
        found["classes"].tolist(),
        memoryview(found["nextmove"]),
        found["output"].tolist(),
        norm_probs=True,
        tk_row=found["row"].tolist(),
    )
