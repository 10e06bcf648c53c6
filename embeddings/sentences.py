"""Where sentences begin and end, by LanguageTool's rules for the language."""

import re
from functools import cache
from pathlib import Path
from typing import Any

Span = tuple[int, int]
"""Start and end of a piece of text, as in `text[start:end]`."""

_RULED = frozenset(
    "ar ast be br ca crh da de el en eo es fa fr ga gl is it ja lt ml nl pl pt ro ru sk sl sr sv "
    "ta tl uk zh".split()
)
"""Languages the rules know; any other is split as English is."""

_ABBREVIATION = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,4}\.$")
_CONTINUES = re.compile(r"[a-zа-яєіїґё]|\d")


@cache
def _rules() -> Any:
    import choppa

    package = Path(str(choppa.__file__)).parent
    return choppa.SrxDocument(ruleset=str(package / "data/srx/languagetool_segment.srx"))


def sentence_spans(text: str, language: str) -> list[Span]:
    """Return the sentences of `text`, without the white space around them.

    A line break always ends a sentence. Everything but white space is in exactly one span.
    """
    from choppa import SrxTextIterator

    code = language if language in _RULED else "en"
    spans: list[Span] = []
    position = 0
    for piece in SrxTextIterator(_rules(), f"{code}_one", text):
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


def _belongs_to_previous(text: str, previous: Span, span: Span) -> bool:
    """Mend what the rules miss: "12 груд. 2023", "см. рис. 3", "Ім. Т. Г. Шевченка".

    After a short word with a full stop, a small letter or a digit goes on with the sentence; a
    sentence of nothing but one short word with a full stop is an abbreviation.
    """
    if "\n" in text[previous[1] : span[0]]:
        return False
    before = text[previous[0] : previous[1]]
    if not _ABBREVIATION.search(before):
        return False
    return bool(_CONTINUES.match(text, span[0])) or len(before) <= 5
