"""Splits text into sentences by LanguageTool's rules for its language."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

Span = tuple[int, int]
"""Start and end of a part of a text, as in `text[start:end]`."""

_RULED = frozenset(
    "ar ast be br ca crh da de el en eo es fa fr ga gl is it ja lt ml nl pl pt ro ru sk sl sr sv "
    "ta tl uk zh".split()
)
"""Languages that have rules; any other is split by those of English."""

_MAX_LOOKBEHIND = 20
"""Limit of repetitions in a rule's lookbehind. The library's default, 100, takes seconds for a line
of initials, A. B. C. …, and gives the same sentences."""

_SHORT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,6})\.$")
_SMALL_LETTER = re.compile(r"[a-zа-яєіїґё]")
_ABBREVIATIONS = frozenset(
    # before a number or a name: months, then references and forms of address
    "січ лют бер берез квіт трав черв лип серп вер верес жовт листоп груд "
    "янв февр фев мар апр июн июл авг сент сен окт нояб ноя дек "
    "рис мал табл іл илл ил див см розд разд гл ч т с ст стр стор п пп вип вып кн № "
    "прибл приб ок бл тел ім им просп бул буд корп обл пл пров св".split()
)


@cache
def _rules() -> Any:
    choppa = _choppa()
    document = choppa.SrxDocument(ruleset=choppa.DEFAULT_SRX_RULESET)
    for group in {language.language_rule for language in document.language_map_list}:
        group.rules = [_as_search(rule) for rule in group.rules]
    return document


@cache
def _choppa() -> Any:
    """Import the library, without the one that it would check other people's rules with.

    To import that one takes as long as all the rest together.
    """
    is_there = "xmlschema" in sys.modules
    sys.modules.setdefault("xmlschema", ModuleType("xmlschema"))
    try:
        import choppa
    finally:
        if not is_there:
            del sys.modules["xmlschema"]
    return choppa


def _as_search(rule: Any) -> Any:
    """Rewrite a rule without a pattern before the break, so that the library searches for it.

    Otherwise the library tries the rule at each character. There is one such rule, for a mark that
    translators use, and it took most of the time.
    """
    if rule.before_pattern or not rule.is_break:
        return rule
    return rule._replace(before_pattern=f"(?={rule.after_pattern})", after_pattern="")


def load_rules() -> None:
    """Load the rules now, which takes a third of a second, rather than with the first text."""
    sentence_spans("A text. And another one.", "en")


def sentences_of(text: str, language: str) -> tuple[Span, ...]:
    """Return the sentences of a text, each paragraph (between blank lines) split by itself."""
    return tuple(
        (first + start, first + end)
        for first, last in _paragraphs(text)
        for start, end in sentence_spans(text[first:last], language)
    )


def sentence_spans(text: str, language: str) -> list[Span]:
    """Return the spans of the sentences of `text`, without surrounding white space.

    A line break always ends a sentence. Each character but white space is in exactly one span.
    """
    code = language if language in _RULED else "en"
    spans: list[Span] = []
    position = 0
    for piece in _choppa().SrxTextIterator(
        _rules(), f"{code}_one", text, max_lookbehind_construct_length=_MAX_LOOKBEHIND
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
    """Return a span without the white space at its ends."""
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
    """Return whether two spans, which the rules have split, are one sentence.

    Examples are "12 груд. 2023", "см. рис. 3" and "Ім. Т. Г. Шевченка". A sentence
    continues after a known abbreviation, and after any short word that a small letter follows.
    """
    if "\n" in text[previous[1] : span[0]]:
        return False
    word = _SHORT_WORD.search(text, max(previous[0], previous[1] - 8), previous[1])
    if word is None:
        return False
    return word[1].lower() in _ABBREVIATIONS or bool(_SMALL_LETTER.match(text, span[0]))
