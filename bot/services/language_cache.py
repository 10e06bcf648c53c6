"""The languages of people: what they chose, else what Telegram says, else what they write in."""

import re
from contextlib import suppress

from telegram import User

from bot.bounded_dict import BoundedDict
from bot.errors import JournalUnavailable
from bot.journal import Journal
from bot.texts import LANGUAGES, is_spoken, texts_for
from embeddings import detect, ukrainian_or_russian

_CAPACITY = 5000
"""People whose language is remembered; whoever was heard longest ago is dropped first."""

_SHORT = 4
"""Words of Cyrillic text in which only words and letters of one language tell which it is."""
_CYRILLIC = re.compile(r"[а-яіїєґё]")
_OTHER_CYRILLIC = re.compile(r"[ўәғқңөұүһ]")
"""Letters of Belarusian and Kazakh."""


class LanguageCache:
    """What people chose is in the journal; what they write in is remembered here."""

    def __init__(self, journal: Journal, *, is_shared: bool = False) -> None:
        """Prepare; where others write choices too, as `is_shared` says, they are read again."""
        self._journal, self._is_shared = journal, is_shared
        self._heard = BoundedDict[int, str](_CAPACITY)

    async def load(self, person: int) -> None:
        """Let the journal read a person's choice, unless it has and nobody else writes them.

        Where it cannot, what it read before stays.
        """
        if not self._is_shared and self._journal.has_read_language(person):
            return
        with suppress(JournalUnavailable):
            await self._journal.language_of(person)

    def of(self, person: User) -> str | None:
        """Return the code of the language to speak with a person; the bot may not speak it."""
        told = self.get(person.id) or person.language_code
        return told if is_spoken(told) else self._heard.get(person.id) or told

    def get(self, person: int) -> str | None:
        """Return the code of the language that a person chose, as far as it was loaded."""
        return self._journal.language_in_memory(person)

    def hear(self, person: User, question: str) -> None:
        """Note the language of a question of somebody with whom it is not known what to speak."""
        if is_spoken(self.get(person.id) or person.language_code):
            return
        code = language_in(question)
        if code == "uk" and texts_for(person.language_code).language == "ru":
            # "і" is a letter of Belarusian and Kazakh too.
            rest = question.casefold().replace("і", "")
            code = code if ukrainian_or_russian(rest) == "uk" else None
        if code:
            self._heard[person.id] = code

    def forget(self, person: int) -> None:
        """Drop what was heard from a person."""
        self._heard.pop(person, None)


def language_in(question: str) -> str | None:
    """Return the code of the language of a question, where it is one that the bot speaks.

    One word in Latin letters tells nothing: it may be a name. A few Cyrillic words are told by
    letters and words that only one language has.
    """
    words, folded = len(question.split()), question.casefold()
    if (question.isascii() and words < 2) or _OTHER_CYRILLIC.search(folded):
        return None
    if words <= _SHORT and _CYRILLIC.search(folded):
        return ukrainian_or_russian(folded)
    code = detect(question, LANGUAGES)
    return code if code in LANGUAGES else None
