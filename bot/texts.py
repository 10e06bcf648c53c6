"""What the bot says, in the person's language: gettext catalogues in `locales`."""

import gettext
import io
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_datetime, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from embeddings import translated

LANGUAGES = ("en", "uk", "ru")
FALLBACK = "en"
_READ_RUSSIAN = frozenset("ab ba be ce cv hy kk ky os tg tk tt uz".split())
"""Languages of people most of whom read Russian more easily than English."""
_UNTOLD = "und"
_DATES_IN = {"en": "en_GB"}
"""Where days are written as in another locale: most of the world puts them before the month."""


class Texts:
    """The texts of one language."""

    def __init__(
        self, language: str, catalogue: gettext.NullTranslations, library: gettext.NullTranslations
    ) -> None:
        self.language = language
        self._dates = _DATES_IN.get(language, language)
        self._catalogue, self._library = catalogue, library

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text called `key` with its values filled in."""
        return self._filled(self._catalogue.gettext(key), key, values)

    def count(self, key: str, number: int, **values: Any) -> str:
        """Return the text called `key` in the form that `number` asks for."""
        text = self._catalogue.ngettext(key, key, number)
        return self._filled(text, key, {"number": number, **values})

    def translated(self, text: str) -> str:
        """Return what `embeddings` says of a file or a folder."""
        return translated(text, self._library.gettext, self.number)

    def language_name(self, code: str) -> str:
        """Return what the language with this ISO 639-1 code is called."""
        if code == _UNTOLD:
            return self("unknown_language")
        return str(Locale(self.language).languages.get(code, code))

    def number(self, number: int) -> str:
        """Return a number with its thousands apart."""
        return str(format_decimal(number, locale=self.language))

    def decimal(self, number: float) -> str:
        """Return a number with one decimal."""
        return str(format_decimal(number, format="0.0", locale=self.language))

    def moment(self, iso: str) -> str:
        """Return a moment, as ISO 8601 writes it."""
        return str(format_datetime(datetime.fromisoformat(iso), "medium", locale=self._dates))

    def day(self, iso: str) -> str:
        """Return a day, a month or a year, as ISO 8601 writes them."""
        year, month, day = (*map(int, iso.split("-")), 1, 1)[:3]
        skeleton = ("y", "yMMM", "yMMMd")[iso.count("-")]
        return str(format_skeleton(skeleton, date(year, month, day), locale=self._dates))

    def _filled(self, text: str, key: str, values: dict[str, Any]) -> str:
        if text == key:
            raise KeyError(f"no text {key!r} in {self.language}")
        return text.format_map(values)


def texts_for(language_code: str | None) -> Texts:
    """Return the texts nearest to a language code such as "uk", "ru-RU" or None."""
    language = _main_part(language_code)
    if language in _READ_RUSSIAN:
        language = "ru"
    return _load(language if language in LANGUAGES else FALLBACK)


def is_spoken(language_code: str | None) -> bool:
    """Whether the bot speaks the language with this code, and not only the one nearest to it."""
    return _main_part(language_code) in LANGUAGES


def _main_part(language_code: str | None) -> str:
    return (language_code or "").replace("_", "-").split("-")[0].lower()


@cache
def _load(language: str) -> Texts:
    library = gettext.NullTranslations() if language == "en" else _read(f"embeddings.{language}")
    return Texts(language, _read(language), library)


def _read(name: str) -> gettext.NullTranslations:
    source = resources.files("bot.locales").joinpath(f"{name}.po")
    catalogue = read_po(io.BytesIO(source.read_bytes()))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
