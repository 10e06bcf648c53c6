"""Which language a text is in."""

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
"""Characters read of a long text: more change nothing but the time."""
_SHORT = 200
"""Characters from which a guess needs no help."""
_SURE = 0.9

# A question is too short to tell Macedonian from Russian, or Zulu from English.
_USUAL = (
    "ar be bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ka ko lt lv nl no pl pt ro ru "
    "sk sl sq sr sv th tr uk vi zh".split()
)
_CYRILLIC = frozenset("be bg ru sr uk".split())
_OTHER_SCRIPTS = _CYRILLIC | frozenset("ar el fa he hi ja ka ko zh".split())
_HOME = frozenset(("en", "uk", "ru"))


def detect(text: str, likely: Collection[str] = ()) -> str:
    """Return the ISO 639-1 code of the language of `text`, or "und" where no words tell.

    A short text may be in several; then the one that is `likely` (say, that of the articles), or
    that the program is made for, is taken.
    """
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < 2:
        return UNKNOWN
    telling = _by_letters(sample.casefold())
    if telling:
        return telling
    ranked: list[tuple[str, float]] = _identifier().rank(sample)
    best, probability = ranked[0]
    if len(sample) >= _SHORT or probability >= _SURE:
        return best
    known = _HOME.union(likely)
    alphabet = _alphabet(sample.casefold())
    return next((code for code, _ in ranked if code in known and alphabet(code)), best)


def _by_letters(text: str) -> str | None:
    """Ukrainian and Russian each have letters that the other lacks."""
    ukrainian = re.search("[іїєґ]", text) and not re.search("[ыэў]", text)
    russian = re.search("[ыэ]", text) and not re.search("[іїєґў]", text)
    if ukrainian and len(re.findall("[а-яіїєґ]", text)) > len(text) // 4:
        return "uk"
    return "ru" if russian and len(re.findall("[а-яё]", text)) > len(text) // 4 else None


def _alphabet(text: str) -> Any:
    if re.search("[а-я]", text):
        return _CYRILLIC.__contains__
    if re.search("[a-z]", text):
        return lambda code: code not in _OTHER_SCRIPTS
    return lambda _code: False


@cache
def _identifier() -> Any:
    """Load the model, from arrays that are mapped into memory where they can be kept.

    The library unpacks its own file anew in each process, which takes longer than all the rest of
    an answer, and 40 MB.
    """
    from importlib.metadata import version

    place = default_cache() / f"language-{version('py3langid')}"
    try:
        if not is_whole(place):
            write_once(place, _unpack)
        return _mapped(place)
    except (OSError, StoreError) as error:
        logger.info("the language model is not kept in %s: %s", place, error)
        return _library_model()


def _library_model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_USUAL))
    return identifier


def _unpack(directory: Path) -> None:
    """Write the model of the usual languages as plain arrays."""
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
