"""Optical character recognition: where it is installed, and for which languages.

It needs the library tesserocr, which holds the program Tesseract, and Tesseract's data for each
language.
"""

import os
from functools import cache
from pathlib import Path

LANGUAGES = {"uk": "ukr", "ru": "rus", "en": "eng"}
"""Tesseract's codes; the languages that are tried first."""
_DIRECTORIES = (
    *("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata"),
    *("/usr/share/tessdata", "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata"),
)


def data_directory() -> Path | None:
    """Return the directory of Tesseract's data for languages; None where there is none."""
    said = os.environ.get("TESSDATA_PREFIX")
    directories = map(Path, (*([said] if said else []), *_DIRECTORIES))
    return next((path for path in directories if any(path.glob("*.traineddata"))), None)


@cache
def installed_languages() -> tuple[str, ...]:
    """Return the codes (ISO 639-1) of the languages that can be recognised; none without OCR."""
    directory = data_directory()
    try:
        import tesserocr  # noqa: F401
    except ImportError:
        return ()
    if directory is None:
        return ()
    return tuple(
        code for code, name in LANGUAGES.items() if (directory / f"{name}.traineddata").exists()
    )
