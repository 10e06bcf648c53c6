"""The title of a PDF, and how the words of its headings are spelt."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile
from statistics import median

from embeddings.readers.line_breaks import ends_sentence
from embeddings.readers.metadata import WORD, is_title
from embeddings.readers.pdf.headings import is_capitals, is_chapter
from embeddings.readers.pdf.lines import Line, Page
from embeddings.readers.pdf.marks import is_item
from embeddings.readers.pdf.pages import Printed
from embeddings.readers.pdf.paragraphs import Paragraph, paragraphs

_LONGEST = 200
_LONGEST_LINE = 90
"""Characters; a longer line is not part of the title page's head."""
_FIRST_PAGES = 3
_MOST_LINES = 6
"""Lines of a title in large type; more of them are an address."""
_LARGER = 1.1
_AFTER_CAPITALS = 3
_MOST_HEAD_LINES = 40
_ACRONYM = 4
_MUCH_LARGER = 1.3
"""How much larger than what stands at its head the title of a leaflet or a poster is."""
_SHORT = 5
"""Most pages of an invoice or a letter; a book may have a chapter of such a name."""
_KIND = re.compile(
    r"(?:(?:(?:pro[ -]?forma|tax|sales|bank|account|delivery|credit|purchase) )"
    r"?(?:invoice|statement|receipt)|(?:delivery|credit) note|purchase order|quotation"
    r"|price[ -]?list|minutes|agenda|certificate|contract|agreement|questionnaire"
    r"|(?:note|order|application|registration)(?=.*\d)"
    r"|factura|prefactura|presupuesto|facture|devis|fattura"
    r"|rechnung|angebot|kontoauszug|antrag|vertrag|fragebogen"
    r"|рахунок|виписка|договір|накладна|акт|довідка|заява|наказ|квитанція|протокол|прайс|кошторис"
    r"|анкета|опитувальник"
    r"|сч[её]т|выписка|договор|накладная|справка|заявление|приказ|квитанция|смета)\b",
    re.IGNORECASE,
)
"""What a document of one page or a few calls itself."""
_SUBJECT = re.compile(
    r"(?:subject|re|тема|betreff|betr|oggetto|objet|asunto)\s?[:.]\s+(?=\S)", re.IGNORECASE
)
_GREETING = re.compile(
    r"(?:dear|to whom|(?:вельми)?шановн\w+|(?:много)?уважаем\w+|sehr geehrte[rs]?|liebe[rs]?|madame"
    r"|ch(?:er|ère)s?|gentile|estimad[oa]s?)\b",
    re.IGNORECASE,
)
_INSIDE = 10
"""Weight of a word that does not begin a sentence or line, so that its capital is its own."""
_ROMAN = re.compile(r"[IVXLCІХ]+")
_OPENING = re.compile(r"(?:^[\W\d_]*|[.!?]\s+|[«“„])[^\W\d_]")


def title_of(printed: Printed, pages: Sequence[Page], casing: "Casing") -> str | None:
    """Return the title of the metadata if its words are on the first pages, else the printed one.

    Metadata are often left from an older document that was overwritten.
    """
    head = next((page for page in pages[:_FIRST_PAGES] if page.lines), None)
    if head is None:
        return None
    named, real = printed.title, _is_title(printed.title)
    opening = " ".join(line.text for page in pages[:_FIRST_PAGES] for line in page.lines)
    if real and _words(named) in _words(opening):
        return casing(named)
    opening_text = paragraphs(head)
    found = _named_kind(opening_text) if len(pages) <= _SHORT else None
    found = found or _printed_title(opening_text)
    return casing(found) if found else (named if real else None)


class Casing:
    """The spelling of a document's words outside of text in capitals."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Count how often each word is spelt in which way."""
        self._ways: dict[str, Counter[str]] = defaultdict(Counter)
        for line in lines:
            if not is_capitals(line):
                openings = {match.end() - 1 for match in _OPENING.finditer(line)}
                for match in WORD.finditer(line):
                    weight = 1 if match.start() in openings else _INSIDE
                    self._ways[match[0].casefold()][match[0]] += weight

    def __call__(self, text: str) -> str:
        """Rewrite the words of `text` that are in capitals; sentences begin with one."""
        shouted = [len(word) for word in WORD.findall(text) if word.isupper()]
        if max(shouted, default=0) < 2 or (len(shouted) < 2 and shouted[0] <= _ACRONYM):
            return text
        changed = WORD.sub(lambda match: self._write(match, text), text)
        return _OPENING.sub(lambda match: match[0][:-1] + match[0][-1].upper(), changed)

    def _write(self, match: re.Match[str], text: str) -> str:
        word = match[0]
        if not word.isupper() or _is_mark(match, text) or _is_name(match, text):
            return word
        ways = self._ways.get(word.casefold())
        if ways:
            return max(ways, key=lambda way: (ways[way], way.islower()))
        has_vowel = re.search("[aeiouyаеєиіїоуюяыэё]", word.casefold())
        return word if 1 < len(word) <= _ACRONYM and not has_vowel else word.lower()


def _is_mark(match: re.Match[str], text: str) -> bool:
    """Whether capitals are a number or a letter used as one: "IV.", "Annex C", "B – …"."""
    word, following = match[0], text[match.end() : match.end() + 2]
    if _ROMAN.fullmatch(word) and following[:1] in ("", "."):
        return True
    after = WORD.search(text, match.end())
    is_apart = after is not None and not after[0].isupper()  # "System C Number of boats"
    return len(word) == 1 and (is_apart or not following[1:].isalpha())


def _is_name(match: re.Match[str], text: str) -> bool:
    """Whether capitals stand beside a digit ("IN1"), or in brackets in a text in small letters."""
    start, end = match.span()
    if text[:start][-1:].isdigit() or text[end:][:1].isdigit():
        return True
    opening, closing = text.rfind("(", 0, start), text.find(")", end)
    if not 0 <= opening < closing or ")" in text[opening:start]:
        return False
    return not is_capitals(text[:opening] + text[closing:])


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST and is_title(text)


def _named_kind(opening: Sequence[Paragraph]) -> str | None:
    """Return what a letter says that it is about, or the kind that an invoice or form names.

    Both stand above the first prose.
    """
    above = list(_above_prose(opening))
    head = [line for paragraph in above for line in paragraph.lines]
    lines = [line for paragraph in opening for line in paragraph.lines]
    return _subject(opening, above) or _kind(head, lines)


def _subject(opening: Sequence[Paragraph], above: Sequence[Paragraph]) -> str | None:
    """Return what is named above the greeting of a letter or in bold, or is beside it in bold."""
    greeting = _greeting(opening)
    texts = [_joined(paragraph.lines) for paragraph in opening]
    named = (
        texts[number][match.end() :]
        for number, paragraph in enumerate(above)
        if (number < greeting or paragraph.bold) and (match := _SUBJECT.match(texts[number]))
    )
    beside = [n for n in (greeting - 1, greeting + 1) if greeting and n < len(opening)]
    bold = (texts[n] for n in beside if opening[n].bold and not opening[n].table)
    about = next(chain(named, bold), None)
    return about[:_LONGEST] if about else None


def _greeting(opening: Sequence[Paragraph]) -> int:
    """Return which paragraph above the first prose greets the reader of a letter; 0 if none."""
    texts = enumerate(_joined(paragraph.lines) for paragraph in _above_prose(opening))
    return next((number for number, text in texts if _GREETING.match(text)), 0)


def _above_prose(opening: Sequence[Paragraph]) -> Iterable[Paragraph]:
    return takewhile(lambda paragraph: not _is_prose(paragraph), opening)


def _kind(head: Sequence[Line], lines: Sequence[Line]) -> str | None:
    """Return the largest line of a head that names a kind, with none much larger above it."""
    usual = median(line.size for line in lines)
    named: list[Line] = []
    largest = 0.0
    for line in head:
        if (
            (line.bold or line.size >= _LARGER * usual or _is_capitals(line))
            and largest < _MUCH_LARGER * line.size
            and _KIND.match(line.text)
            and not ends_sentence(line.text)
        ):
            named.append(line)
        largest = max(largest, line.size)
    return max(named, key=lambda line: line.size).text if named else None


def _printed_title(opening: Sequence[Paragraph]) -> str | None:
    """Return the lines above the first prose in the largest type, or in capitals, or the first."""
    head = _head(opening)
    sizes = [line.size for line in head]
    usual = median(line.size for one in opening for line in one.lines)
    is_named = max(sizes, default=0.0) >= _LARGER * usual
    largest = None if is_named else _largest(opening, _MUCH_LARGER * max([usual, *sizes]))
    if largest or not head:
        return largest
    if max(sizes) > _LARGER * min(sizes):
        large = [number for number, size in enumerate(sizes) if size >= 0.97 * max(sizes)]
        run = [number for place, number in enumerate(large) if number == large[0] + place]
        text = _joined(head[number] for number in run)
        if len(run) <= _MOST_LINES and _is_title(text):
            return text
    if _greeting(opening):
        return None
    capitals = [_is_capitals(line) for line in head]
    if any(capitals) and len(head) > 1:
        end = len(capitals) - 1 - capitals[::-1].index(True)
        start = end
        while start and capitals[start - 1] and head[start - 1].base - head[end].base < 60:
            start -= 1
        text = _joined(head[start : max(end + 1, start + _AFTER_CAPITALS)])
        return text[:_LONGEST]
    bold = [line for line in head if line.bold]
    return _joined((bold or head)[:1])[:_LONGEST]


def _largest(opening: Sequence[Paragraph], least: float) -> str | None:
    """Return the text in larger type than all other, of some size at least."""
    texts = [paragraph for paragraph in opening if not paragraph.table]
    large = [paragraph for paragraph in texts if paragraph.size >= least]
    text = _joined(max(large, key=lambda one: one.size).lines) if large else ""
    return text if _is_title(text) and not is_chapter(text) and not is_item(text) else None


def _head(opening: Sequence[Paragraph]) -> list[Line]:
    head: list[Line] = []
    for paragraph in opening:
        lines = [line for line in paragraph.lines if any(map(str.isalpha, line.text))]
        text = _joined(lines)
        if paragraph.table:
            break
        if (
            _is_prose(paragraph)
            or is_item(text)
            or is_chapter(text)
            or any(len(line.text) > _LONGEST_LINE for line in lines)
        ):
            break
        head += lines
    return head[:_MOST_HEAD_LINES]


def _is_prose(paragraph: Paragraph) -> bool:
    text = _joined(paragraph.lines)
    return not paragraph.table and ends_sentence(text) and len(text) > _LONGEST_LINE


def _is_capitals(line: Line) -> bool:
    return line.text.isupper() and sum(map(str.isalpha, line.text)) >= 4


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(line.text for line in lines)


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
