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
"""People; whoever was least recently active is dropped first and read again when needed."""

_SHORT = 4
"""Words of Cyrillic text in which only words and letters of one language tell which it is."""
_CYRILLIC = re.compile(r"[а-яіїєґё]")
_OTHER_CYRILLIC = re.compile(r"[ўәғқңөұүһ]")
"""Letters of Belarusian and Kazakh."""


class LanguageCache:
    """Two least-recently-used caches: of choices, in front of the journal, and of what was heard.

    A choice of None means Telegram's language.
    """

    def __init__(self, journal: Journal, *, is_shared: bool = False) -> None:
        """Prepare; where others write choices too, memory `is_shared` and only a fallback."""
        self._journal, self._is_shared = journal, is_shared
        self._choices = BoundedDict[int, str | None](_CAPACITY)
        self._heard = BoundedDict[int, str](_CAPACITY)

    async def load(self, person: int) -> None:
        """Read a person's choice, unless it is in memory; without the journal, later again."""
        if person in self._choices and not self._is_shared:
            self._choices.move_to_end(person)
            return
        with suppress(JournalUnavailable):
            self.put(person, await self._journal.language_of(person))

    def of(self, person: User) -> str | None:
        """Return the code of the language to speak with a person; the bot may not speak it."""
        told = self.get(person.id) or person.language_code
        return told if is_spoken(told) else self._heard.get(person.id) or told

    def get(self, person: int) -> str | None:
        """Return the code of the language that a person chose, as far as it is in memory."""
        return self._choices.get(person)

    def put(self, person: int, code: str | None) -> None:
        """Remember a choice."""
        self._choices[person] = code

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
        """Drop what is in memory of a person."""
        self._choices.pop(person, None)
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
