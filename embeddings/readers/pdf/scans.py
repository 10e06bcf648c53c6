"""PDF: reads pages that are pictures by optical character recognition."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

from embeddings.readers.more_time import ask_for_more_time
from embeddings.readers.ocr import LANGUAGES, data_directory, installed_languages
from embeddings.readers.pdf.document import render
from embeddings.readers.pdf.lines import Line, Page
from embeddings.text.language import detect
from embeddings.translatable import Translatable

if TYPE_CHECKING:
    from PIL.Image import Image

_FEW_CHARACTERS = 30
"""Fewer on a page with a picture are a stamp or a page number on a scan."""
_MOST_PAGES = 500
_MOST_SECONDS = 900.0
"""For all pages of a file."""
_CONFIDENT = 80
"""Percent; below it a page may be in another language."""
_DPI = 300
"""Dots per inch of a picture in which letters can be recognised well."""
_LEAST_CONFIDENCE = 30
"""Percent; a line below it is a pattern or a picture."""
_MOST_MILLISECONDS = 30_000
_Recognised = tuple[Line, float]
"""A line in pixels from the upper left corner, and how sure it is, in percent."""


def with_scans(document: Any, pages: Sequence[Page]) -> tuple[tuple[Page, ...], list[str]]:
    """Read the pages without text or with garbled text, where OCR is installed.

    Args:
        document: an open `pypdfium2.PdfDocument`.
        pages: all of its pages.

    Returns:
        All pages, and what could not be read.
    """
    scans = [page.number for page in pages if _is_scan(document, page)]
    if not scans:
        return tuple(pages), []
    if not installed_languages():
        unread = Translatable(
            "pages without text: {number} of {total}; scans are read where Tesseract is installed",
            number=len(scans),
            total=len(pages),
        )
        return tuple(pages), [unread]
    read = dict(_read(document, scans))
    missing = len(scans) - len(read)
    late = Translatable(
        "scanned pages that take too long to read: {number} of {total}",
        number=missing,
        total=len(pages),
    )
    kept = (
        replace(page, lines=lines, is_garbled=False, is_scanned=True)
        if (lines := read.get(page.number)) and len(_text(lines)) > len(_text(page.lines))
        else page
        for page in pages
    )
    return tuple(kept), [late] if missing else []


def _is_scan(document: Any, page: Page) -> bool:
    import pypdfium2.raw as raw

    if page.is_garbled:
        return True
    if len(_text(page.lines)) >= _FEW_CHARACTERS:
        return False
    sheet = document[page.number - 1]  # only now: to load a page takes longer than most of the rest
    has_picture = next(sheet.get_objects([raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
    sheet.close()
    return has_picture


def _read(document: Any, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[Line, ...]]]:
    """Yield the number and the lines of each page, while there is time."""
    begun = time.monotonic()
    languages: Sequence[str] = installed_languages()
    for number in numbers[:_MOST_PAGES]:
        if time.monotonic() - begun > _MOST_SECONDS:
            return
        ask_for_more_time()
        sheet = document[number - 1]
        width, height = sheet.get_size()
        picture = render(sheet, max(width, height) * _DPI / 72, grey=True)
        found, languages = _in_its_languages(picture, languages)
        scale = height / picture.height
        yield (
            number,
            tuple(
                replace(
                    line,
                    left=line.left * scale,
                    right=line.right * scale,
                    base=height - line.base * scale,
                    size=round(line.size * scale, 1),
                )
                for line, _ in found
            ),
        )
        sheet.close()


def _in_its_languages(
    picture: "Image", languages: Sequence[str]
) -> tuple[list[_Recognised], Sequence[str]]:
    """Recognise a page in the languages of the one before, and if they do not fit, in its own."""
    every = installed_languages()
    found = _recognise(picture, languages)
    if languages != every and found and median(sure for _, sure in found) < _CONFIDENT:
        languages, found = every, _recognise(picture, every)
    detected = detect(" ".join(line.text for line, _ in found), every)
    likely = [code for code in dict.fromkeys((detected, "en")) if code in every] or every
    if found and likely != languages:
        return _recognise(picture, likely), likely
    return found, languages


def _recognise(picture: "Image", languages: Sequence[str]) -> list[_Recognised]:
    """Return the lines of text in a picture, in the order of reading; languages by likelihood."""
    import tesserocr

    reader = _reader("+".join(LANGUAGES[code] for code in languages))
    reader.SetImage(picture)
    reader.SetSourceResolution(_DPI)
    reader.Recognize(_MOST_MILLISECONDS)
    level = tesserocr.RIL.TEXTLINE
    lines: list[_Recognised] = []
    iterator = reader.GetIterator()
    for line in tesserocr.iterate_level(iterator, level) if iterator else ():
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
        lines.append((Line(text, left, right, base, bottom - top, bold=False), confidence))
    return lines


@cache
def _reader(languages: str) -> Any:
    import tesserocr

    reader = tesserocr.PyTessBaseAPI(
        path=str(data_directory()), lang=languages, psm=tesserocr.PSM.AUTO
    )
    reader.SetVariable("debug_file", "")  # it crashes where it may not open the one it has
    return reader


def _text(lines: Sequence[Line]) -> str:
    return "".join(line.text for line in lines)
