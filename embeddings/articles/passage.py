"""Splits an article into passages that fit the model, a phone's screen and a Telegram message.

Everything but the white space between paragraphs is in exactly one passage. A passage never crosses
a heading, and crosses to another page only within a paragraph or a list. A paragraph is cut only
when it is over LONGEST_PARAGRAPH or the model's limit, and then between sentences; a sentence is
cut only when it alone is over LONGEST_SENTENCE or that limit.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

from embeddings.articles.article import Article, PageStart, page_at
from embeddings.text.sentences import Span, strip

SPLITTER_VERSION = 3
"""To be raised when the same article gives other passages."""

TARGET = 700
"""Characters up to which neighbouring paragraphs are joined: about one screen of a phone."""
LONGEST_PARAGRAPH = 1200
"""Characters from which a paragraph is cut between sentences."""
LONGEST_SENTENCE = 1800
"""Characters from which a sentence is cut: a passage must fit one Telegram message."""
CONTEXT_TOKENS = 64
"""Most tokens of the title and headings that a passage is embedded with; never more than a third of
the model's limit."""

_GOES_ON = ":;,"
"""How a paragraph ends that introduces a list, and an item before the last."""

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True)
class Passage:
    """A contiguous span of one article: `text == article.text[start:end]`.

    Attributes:
        article: path of the article below the folder of seeds.
        start: first character in the article's text.
        end: one past the last character.
        text: the words themselves.
        headings: above the passage, outermost first.
        pages: those it stands on, where the format has pages; their `start` is an offset in `text`,
            and that of the first is 0.
    """

    article: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    pages: tuple[PageStart, ...] = ()

    @property
    def page(self) -> int | None:
        """The number of the page on which it begins."""
        return self.page_at(0)

    @property
    def is_scanned(self) -> bool:
        """Whether any of it was recognised from a picture."""
        return any(page.is_scanned for page in self.pages)

    def page_at(self, position: int) -> int | None:
        """Return the number of the page with a character of `text`; None without pages."""
        page = page_at(self.pages, position)
        return page.number if page else None

    @property
    def heading(self) -> str | None:
        """The headings as one line."""
        return " › ".join(self.headings) or None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of whole sentences; `tokens` is an upper bound."""

    start: int
    end: int
    tokens: int

    @property
    def length(self) -> int:
        return self.end - self.start


def split(article: Article, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """Split an article into passages.

    Args:
        article: what to split.
        count_tokens: counts the tokens of texts, without the model's prompt and special tokens.
        max_tokens: the model's limit for a passage together with its title and headings.
    """
    room = max(max_tokens - _context_room(max_tokens), 1)
    passages: list[Passage] = []
    for section, start, end in article.section_spans():
        pieces = [
            piece
            for paragraph in _paragraphs(article, start, end)
            for piece in _cut_paragraph(_sentences(article, paragraph, count_tokens, room), room)
        ]
        for piece in _join(pieces, room, article):
            span = piece.start, piece.end
            text, pages = article.text[slice(*span)], _pages_of(article.pages, piece)
            passages.append(Passage(article.path, *span, text, section.headings, pages))
    return passages


def sentences_in(article: Article, passage: Passage) -> list[Span]:
    """Return the sentences of a passage as spans of its text; a cut sentence as the part in it."""
    start, end = passage.start, passage.end
    first = bisect_right(article.sentences, start, key=itemgetter(1))
    last = bisect_left(article.sentences, end, key=itemgetter(0))
    return [
        (max(begins - start, 0), min(ends, end) - start)
        for begins, ends in article.sentences[first:last]
    ]


def context_of(title: str, passage: Passage, count_tokens: CountTokens, max_tokens: int) -> str:
    """Return the title and headings that a passage is embedded with, shortened to the limit.

    Headings are left out from the outermost to the innermost, then the title, then words.
    """
    room = _context_room(max_tokens)
    parts = [part for part in (title, *passage.headings) if part]
    while len(parts) > 1 and count_tokens([". ".join(parts)])[0] > room:
        parts.pop(1 if len(parts) > 2 else 0)
    context = ". ".join(parts)
    while context and count_tokens([context])[0] > room:
        words = context.split()
        context = (
            " ".join(words[: len(words) * 3 // 4])
            if len(words) > 1
            else context[: len(context) // 2]
        )
    return context


def _context_room(max_tokens: int) -> int:
    return min(CONTEXT_TOKENS, max_tokens // 3)


def _paragraphs(article: Article, start: int, end: int) -> Iterator[list[Span]]:
    """Yield the sentences of each paragraph of `text[start:end]`; a blank line ends a paragraph."""
    first, last = (bisect_left(article.sentences, (bound, 0)) for bound in (start, end))
    paragraph: list[Span] = []
    for sentence in article.sentences[first:last]:
        if paragraph and article.text.count("\n", paragraph[-1][1], sentence[0]) > 1:
            yield paragraph
            paragraph = []
        paragraph.append(sentence)
    if paragraph:
        yield paragraph


def _sentences(
    article: Article, paragraph: Sequence[Span], count_tokens: CountTokens, room: int
) -> list[_Piece]:
    text = article.text
    spans = [part for sentence in paragraph for part in _cut_by_length(text, sentence)]
    counts = count_tokens([text[start:end] for start, end in spans])
    pieces: list[_Piece] = []
    for (start, end), tokens in zip(spans, counts, strict=True):
        pieces += _cut_by_tokens(text, _Piece(start, end, tokens), count_tokens, room)
    return pieces


def _cut_by_length(text: str, span: Span) -> list[Span]:
    """Cut a sentence over LONGEST_SENTENCE into even parts, between words where possible."""
    position, end = span
    cuts: list[Span] = []
    while end - position > LONGEST_SENTENCE:
        parts = -(-(end - position) // LONGEST_SENTENCE)
        stop = _word_end(text, position, position + (end - position) // parts)
        cuts.append(strip(text, (position, stop)))
        position = stop
    cuts.append(strip(text, (position, end)))
    return [cut for cut in cuts if cut[0] < cut[1]]


def _word_end(text: str, start: int, aim: int) -> int:
    """Return the last break between words before `aim`, or `aim` when there is none near."""
    space = text.rfind(" ", start + (aim - start) // 2, aim)
    return space if space > start else aim


def _cut_by_tokens(text: str, piece: _Piece, count_tokens: CountTokens, room: int) -> list[_Piece]:
    """Halve a sentence until each part fits the model."""
    if piece.tokens <= room or piece.length < 2:
        return [piece]
    middle = _word_end(text, piece.start, piece.start + -(-piece.length * 5 // 9))
    halves = [strip(text, (piece.start, middle)), strip(text, (middle, piece.end))]
    halves = [half for half in halves if half[0] < half[1]]
    counts = count_tokens([text[start:end] for start, end in halves])
    return [
        part
        for (start, end), tokens in zip(halves, counts, strict=True)
        for part in _cut_by_tokens(text, _Piece(start, end, tokens), count_tokens, room)
    ]


def _cut_paragraph(sentences: list[_Piece], room: int) -> list[_Piece]:
    """Join the sentences of a paragraph into as few parts of even length as the limits allow."""
    if not sentences:
        return []
    whole = _span_of(sentences)
    if whole.length <= LONGEST_PARAGRAPH and whole.tokens <= room:
        return [whole]
    parts = max(-(-whole.length // LONGEST_PARAGRAPH), -(-whole.tokens // room))
    aim = whole.length / parts
    pieces = [sentences[0]]
    for sentence in sentences[1:]:
        joined = _span_of([pieces[-1], sentence])
        fits = joined.tokens <= room and joined.length <= LONGEST_SENTENCE
        if fits and abs(joined.length - aim) <= abs(pieces[-1].length - aim):
            pieces[-1] = joined
        else:
            pieces.append(sentence)
    return pieces


def _pages_of(pages: Sequence[PageStart], piece: _Piece) -> tuple[PageStart, ...]:
    """Return the pages that a piece stands on, with their starts counted from its own."""
    first = max(bisect_right(pages, piece.start, key=attrgetter("start")) - 1, 0)
    end = bisect_left(pages, piece.end, lo=first, key=attrgetter("start"))
    return tuple(replace(page, start=max(page.start - piece.start, 0)) for page in pages[first:end])


def _join(pieces: Sequence[_Piece], room: int, article: Article) -> list[_Piece]:
    """Join short paragraphs with their neighbours up to TARGET; a short last one in any case.

    What introduces a list goes with its first item. What begins on another page is not joined,
    unless it goes on with a list.
    """
    starts = {page.start for page in article.pages}
    groups: list[list[_Piece]] = [[]]
    for number, piece in enumerate(pieces):
        last = groups[-1]
        ending = article.text[last[-1].end - 1] if last else "."
        is_end = number == len(pieces) - 1 and piece.length < TARGET // 3
        limit = LONGEST_PARAGRAPH if is_end and piece.start not in starts else TARGET
        if piece.start in starts and ending not in _GOES_ON:
            groups.append([piece])
        elif _fits([*last, piece], limit, room):
            last.append(piece)
        elif len(last) > 1 and ending == ":" and _fits([last[-1], piece], LONGEST_PARAGRAPH, room):
            groups.append([last.pop(), piece])
        else:
            groups.append([piece])
    return [_span_of(group) for group in groups if group]


def _fits(pieces: Sequence[_Piece], limit: int, room: int) -> bool:
    both = _span_of(pieces)
    return both.length <= limit and both.tokens <= room


def _span_of(pieces: Sequence[_Piece]) -> _Piece:
    tokens = sum(piece.tokens for piece in pieces) + len(pieces) - 1
    return _Piece(pieces[0].start, pieces[-1].end, tokens)
