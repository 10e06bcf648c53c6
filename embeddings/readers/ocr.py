"""Optical character recognition: the lines of text in a picture of a page.

It needs the library tesserocr, which holds the program Tesseract, and Tesseract's data for each
language.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 300
"""Dots per inch of a picture in which letters can be recognised well."""
_LANGUAGES = {"uk": "ukr", "ru": "rus", "en": "eng"}
"""Tesseract's codes; the languages that are tried first."""
_DIRECTORIES = (
    *("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata"),
    *("/usr/share/tessdata", "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata"),
)
_LEAST_CONFIDENCE = 30
"""Percent; a line below it is a pattern or a picture."""
_MOST_MILLISECONDS = 30_000


@dataclass(frozen=True)
class RecognisedLine:
    """A line of text in a picture; places in pixels from the upper left corner.

    Attributes:
        text: words by single spaces.
        left, right: where it begins and ends.
        base: its baseline.
        height: of its letters, with those that reach above and below.
        confidence: that it was recognised rightly, in percent.
    """

    text: str
    left: float
    right: float
    base: float
    height: float
    confidence: float


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
        code for code, name in _LANGUAGES.items() if (directory / f"{name}.traineddata").exists()
    )


def recognise(picture: "Image", languages: Sequence[str]) -> list[RecognisedLine]:
    """Return the lines of text in a picture, in the order of reading.

    Args:
        picture: of a page, at `DPI`.
        languages: that may be in it, the most likely first; from `installed_languages()`.
    """
    reader = _reader("+".join(_LANGUAGES[code] for code in languages))
    reader.SetImage(picture)
    reader.SetSourceResolution(DPI)
    reader.Recognize(_MOST_MILLISECONDS)
    return list(_lines(reader))


@cache
def _reader(languages: str) -> Any:
    import tesserocr

    reader = tesserocr.PyTessBaseAPI(
        path=str(data_directory()), lang=languages, psm=tesserocr.PSM.AUTO
    )
    reader.SetVariable("debug_file", "")  # it crashes where it may not open the one it has
    return reader


def _lines(reader: Any) -> Iterator[RecognisedLine]:
    import tesserocr

    level = tesserocr.RIL.TEXTLINE
    found = reader.GetIterator()
    for line in tesserocr.iterate_level(found, level) if found else ():
        try:
            text = " ".join(line.GetUTF8Text(level).split()).strip(" |")  # edges of the paper
        except RuntimeError:  # nothing was recognised
            continue
        confidence = line.Confidence(level)
        if not text or confidence < _LEAST_CONFIDENCE:
            continue
        left, top, right, bottom = line.BoundingBox(level)
        baseline = line.Baseline(level)
        base = (baseline[0][1] + baseline[1][1]) / 2 if baseline else bottom
        yield RecognisedLine(text, left, right, base, bottom - top, confidence)
