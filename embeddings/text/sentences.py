"""Where sentences begin and end, by LanguageTool's rules for the language."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

Span = tuple[int, int]
"""Start and end of a piece of text, as in `text[start:end]`."""

_RULED = frozenset(
    "ar ast be br ca crh da de el en eo es fa fr ga gl is it ja lt ml nl pl pt ro ru sk sl sr sv "
    "ta tl uk zh".split()
)
"""Languages the rules know; any other is split as English is."""

_FARTHEST_BACK = 20
"""Repeats that a rule may look back over. The library's hundred take seconds for a line of
initials, A. B. C. …, and give the same sentences."""

_SHORT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,6})\.$")
_SMALL_LETTER = re.compile(r"[a-zа-яєіїґё]")
_ABBREVIATIONS = frozenset(
    # what stands before a number or a name: months, then references and forms of address
    "січ лют бер берез квіт трав черв лип серп вер верес жовт листоп груд "
    "янв февр фев мар апр июн июл авг сент сен окт нояб ноя дек "
    "рис мал табл іл илл ил див см розд разд гл ч т с ст стр стор п пп вип вып кн № "
    "прибл приб ок бл тел ім им просп бул буд корп обл пл пров св".split()
)


@cache
def _rules() -> Any:
    import choppa

    document = choppa.SrxDocument(ruleset=choppa.DEFAULT_SRX_RULESET)
    for group in {language.language_rule for language in document.language_map_list}:
        group.rules = [_sought(rule) for rule in group.rules]
    return document


def _sought(rule: Any) -> Any:
    """Let a rule with nothing before the break be searched for: the library tries each character.

    There is one, for a mark that translators use, and it took most of the time.
    """
    if rule.before_pattern or not rule.is_break:
        return rule
    return rule._replace(before_pattern=f"(?={rule.after_pattern})", after_pattern="")


def load_rules() -> None:
    """Load what the first text would wait for, half a second long."""
    sentence_spans("A text. And another one.", "en")


def sentences_of(text: str, language: str) -> tuple[Span, ...]:
    """Return the sentences of an article, each paragraph read by itself: a blank line ends one."""
    return tuple(
        (first + start, first + end)
        for first, last in _paragraphs(text)
        for start, end in sentence_spans(text[first:last], language)
    )


def sentence_spans(text: str, language: str) -> list[Span]:
    """Return the sentences of `text`, without the white space around them.

    A line break always ends a sentence. Everything but white space is in exactly one span.
    """
    from choppa import SrxTextIterator

    code = language if language in _RULED else "en"
    spans: list[Span] = []
    position = 0
    for piece in SrxTextIterator(
        _rules(), f"{code}_one", text, max_lookbehind_construct_length=_FARTHEST_BACK
    ):
        start, position = position, position + len(piece)
        span = strip(text, (start, position))
        if span[0] == span[1]:
            continue
        if spans and _belongs_to_previous(text, spans[-1], span):
            span = (spans.pop()[0], span[1])
        spans.append(span)
    return spans


def strip(text: str, span: Span) -> Span:
    """Narrow a span to what is left without white space at its ends."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraphs(text: str) -> Iterator[Span]:
    position = 0
    for gap in re.finditer(r"\n\s*\n", text):
        yield position, gap.start()
        position = gap.end()
    yield position, len(text)


def _belongs_to_previous(text: str, previous: Span, span: Span) -> bool:
    """Mend what the rules miss: "12 груд. 2023", "см. рис. 3", "Ім. Т. Г. Шевченка".

    A sentence goes on after an abbreviation, and where a small letter follows any short word.
    """
    if "\n" in text[previous[1] : span[0]]:
        return False
    word = _SHORT_WORD.search(text, max(previous[0], previous[1] - 8), previous[1])
    if word is None:
        return False
    return word[1].lower() in _ABBREVIATIONS or bool(_SMALL_LETTER.match(text, span[0]))
