"""Messages that are no single question: small talk, who wrote an article and when, several at once.

Small talk is only where nothing else is said, so a question that begins with a greeting is a
question.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal, cast

from embeddings import LONGEST_QUESTION, asked_together, retyped

Credit = Literal["author", "date"]
AMBIGUOUS: tuple[str, ...] = ("use", "this")
"""Kinds that are about the bot only where nothing was asked before, such as "What is this?"."""

REPLIES: dict[str, str] = {
    "help": "help",
    "about": "start",
    "use": "help",
    "this": "start",
    "ask": "ask_away",
    "bye": "bye",
    "hello": "hello",
    "thanks": "welcome",
    "emoji": "only_emoji",
    "doubt": "word_for_word",
    "ok": "only_emoji",
    "yes_no": "other_words",
    "remark": "only_emoji",
}
"""Kinds of small talk, and the key of the text that is said to each. Of the kinds that occur in a
message the first counts."""

_LONGEST = 90
"""Characters of small talk; more of them are hardly nothing else."""
_MOST_WORDS = 8
"""Words of one phrase of small talk, at most."""
_BETWEEN_QUESTIONS = re.compile(r"(?<=[?？])\s+|\s*\n\s*")
_PAUSE = re.compile(r"(?!:\s)[^\w\s'’ʼ`]+\s+|\s*\n\s*")
_QUOTATION_MARK = re.compile(r"[\"“”„«»]")
_MARKS = " .!?…\"'“”„«»"
_WITHIN_A_SENTENCE = frozenset(",;-–—")
_BEGINNING = re.compile(
    r"(?:and|but|so|then|what|when|where|who|whose|why|how|which|is|are|was|were|do|does|did|can"
    r"|could|will|would|should|tell|please|а|і|й|и|та|але|но|ну|тоді|тогда|коли|де|хто|чий|як"
    r"|який|яка|яке|які|якого|скільки|чому|навіщо|звідки|куди|чи|скажи|скажіть|підкажи|підкажіть"
    r"|когда|где|кто|чей|как|какой|какая|какое|какие|сколько|почему|зачем|откуда|куда|скажите"
    r"|подскажи|подскажите)(?!\w)",
    re.IGNORECASE,
)
"""How a question begins. Not with "що" or "что", which may mean "that" after a comma."""
_COURTESIES = ("ask", "hello", "thanks", "ok", "yes_no", "remark")
_SHORTEST = 3
"""Words of a question that stands for itself; a shorter one may belong to the one before."""
_SHORTEST_RETYPED = 4
"""Characters of small talk in another keyboard layout; "JR" is not "ок"."""
_NO_WORD = re.compile(r"[^\w\s]+")
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")


def small_talk_in(text: str, titles: Iterable[str] = ()) -> str | None:
    """Return what kind of small talk a message is; None where it may be a question.

    It may have been typed in another keyboard layout, such as "Ghbdsn" for "Привіт". The title of
    an article, such as "Правда", asks for it.
    """
    if len(text) > _LONGEST:
        return None
    words = _words(text).split()
    if not words:
        return "emoji" if any(unicodedata.category(char) == "So" for char in text) else None
    kinds = _kinds(words)
    if "?" in text:  # "How sad!" asks nothing, and "How sad?" may
        kinds -= {"remark"}
    if not kinds and len(text) >= _SHORTEST_RETYPED:
        kinds = frozenset().union(*(_kinds(_words(other).split()) for _, other in retyped(text)))
    said = text.strip(_MARKS).casefold()
    if kinds and any(title.strip(_MARKS).casefold() == said for title in titles):
        return None
    return next((kind for kind in REPLIES if kind in kinds), None)


def credit_in(text: str) -> Credit | None:
    """Return whether a message asks who wrote an article, or when; None where it asks for more."""
    words = _words(text) if len(text) <= _LONGEST else ""
    found = _credit().fullmatch(words)
    return cast(Credit, found.lastgroup) if found else None


def questions_in(text: str) -> list[str]:
    """Return the questions of a message that asks several, one a line or sentence; else all of it.

    What is said besides may belong to any of them, so it makes them one; a question of a word or
    two belongs to the one before, and one that is repeated counts once. A message that is too long
    for a question is left as it is.
    """
    if len(text) > LONGEST_QUESTION:
        return [text]
    pieces = [piece for piece in _BETWEEN_QUESTIONS.split(text) if piece]
    pieces = [piece for piece in pieces if small_talk_in(piece) in (None, *AMBIGUOUS)]
    if not all(piece.endswith(("?", "？")) for piece in pieces):
        return [text]
    questions: list[str] = []
    for piece in pieces:
        if questions and _belong_together(questions[-1], piece):
            questions[-1] += f" {piece}"
        elif all(piece.casefold().rstrip("?") != one.casefold().rstrip("?") for one in questions):
            questions.append(piece)
    return questions or [text]


def _belong_together(question: str, following: str) -> bool:
    """Whether two questions are one, as "Price?" and "For a child?" are, and "Why?" after any."""
    shorter, longer = sorted(len(_words(one).split()) for one in (question, following))
    if shorter >= _SHORTEST:
        return False
    return longer < _SHORTEST or asked_together(following, question) is not None


def without_courtesy(text: str) -> str:
    """Return a question without the greeting or thanks before it, "Why?" of "Thanks! Why?".

    They are left where they may belong to what is asked, as in "Hello, Dolly".
    """
    if small_talk_in(text) not in (None, *AMBIGUOUS):
        return text
    cut = 0
    for pause in _PAUSE.finditer(_QUOTATION_MARK.split(text[:_LONGEST])[0]):
        end = pause.end()
        is_sentence = pause[0].strip() not in _WITHIN_A_SENTENCE and text[end : end + 1].isupper()
        is_question = is_sentence or "\n" in pause[0] or _BEGINNING.match(text, end)
        if is_question and small_talk_in(text[:end]) in _COURTESIES:
            cut = end
    return text[cut:]


def _words(text: str) -> str:
    """Return the words in lower case, one space apart; a letter held down counts once."""
    text = _NO_WORD.sub(" ", text.casefold().translate(_APOSTROPHES)).replace("ё", "е")
    return " ".join(_HELD_DOWN.sub(r"\1", text).split())


def _kinds(words: list[str]) -> frozenset[str]:
    """Return the kinds of the phrases that words consist of; none where there is anything else.

    Of several readings the one with the longest phrases counts. What the words from a place on
    consist of is found once, from the end, so that the time grows with the number of words.
    """
    kinds: list[frozenset[str] | None] = [*[None] * len(words), frozenset()]
    for start in reversed(range(len(words))):
        for end in range(min(start + _MOST_WORDS, len(words)), start, -1):
            rest = kinds[end]
            phrase = rest is not None and _phrase().fullmatch(" ".join(words[start:end]))
            if rest is not None and phrase:
                kinds[start] = rest | {str(phrase.lastgroup)}
                break
    return kinds[0] or frozenset()


@cache
def _phrase() -> re.Pattern[str]:
    """Return the pattern of one phrase; the name of the group that matches is its kind."""
    return re.compile(_alternatives("small_talk"))


@cache
def _credit() -> re.Pattern[str]:
    return re.compile(f"(?:(?:and|а|і|и) )?(?:{_alternatives('credits')})")


def _alternatives(table: str) -> str:
    """Return a table of the file of phrases as one pattern, with a named group for each entry."""
    file = resources.files("bot.locales").joinpath("small_talk.toml")
    tables: dict[str, dict[str, str]] = tomllib.loads(file.read_text("utf-8"))
    return "|".join(
        f"(?P<{name}>{' '.join(phrases.split()).replace(' ( ', '( ').replace(' | ', '|')})"
        for name, phrases in tables[table].items()
    )
