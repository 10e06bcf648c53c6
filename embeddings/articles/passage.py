"""Articles to passages: contiguous spans that fit the model, a phone's screen and a message.

The passages of an article tile its text: everything but the white space between paragraphs is in
exactly one of them. A passage never crosses a heading or a page. A paragraph is cut only when it
is too long to be read at a glance, and then between sentences; a sentence only when it alone is
over the limit.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from embeddings.articles.article import Article, Section
from embeddings.text.sentences import Span, strip

SPLITTER_VERSION = 1
"""Raise it when the same article would give other passages."""

TARGET = 700
"""Characters up to which neighbouring paragraphs are joined: about one screen of a phone."""
LONGEST_PARAGRAPH = 1200
"""Characters from which a paragraph is cut between sentences."""
LONGEST_SENTENCE = 1800
"""Characters from which a sentence is cut: a passage must fit one Telegram message."""
CONTEXT_TOKENS = 64
"""Tokens that the title and headings in front of an embedded passage may take, where the model
reads enough; never more than a third of what it reads."""

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
        page: counted from 1, where the format has pages.
    """

    article: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None

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
    """Cut an article into passages.

    Args:
        article: what to cut.
        count_tokens: as the model counts them, without prompt and special tokens.
        max_tokens: what the model reads of one text; the context in front of a passage counts.
    """
    room = max(max_tokens - _context_room(max_tokens), 1)
    passages: list[Passage] = []
    for section, start, end in article.section_spans():
        pieces = [
            piece
            for paragraph in _paragraphs(article, start, end)
            for piece in _cut_paragraph(_sentences(article, paragraph, count_tokens, room), room)
        ]
        passages += [_passage(article, section, piece) for piece in _join(pieces, room)]
    return passages


def sentences_in(article: Article, passage: Passage) -> list[Span]:
    """Return the sentences of a passage as spans of its text; what was cut is there in part."""
    start, end = passage.start, passage.end
    first = bisect_right(article.sentences, start, key=itemgetter(1))
    last = bisect_left(article.sentences, end, key=itemgetter(0))
    return [
        (max(begins - start, 0), min(ends, end) - start)
        for begins, ends in article.sentences[first:last]
    ]


def context_of(title: str, passage: Passage, count_tokens: CountTokens, max_tokens: int) -> str:
    """Return what stands in front of a passage when it is embedded: its title and headings.

    What is too long is cut, from the outermost heading inwards.
    """
    room = _context_room(max_tokens)
    parts = [part for part in (title, *passage.headings) if part]
    while len(parts) > 1 and count_tokens([". ".join(parts)])[0] > room:
        parts.pop(1 if len(parts) > 2 else 0)
    return _shorten(". ".join(parts), count_tokens, room)


def _context_room(max_tokens: int) -> int:
    return min(CONTEXT_TOKENS, max_tokens // 3)


def _passage(article: Article, section: Section, piece: _Piece) -> Passage:
    text = article.text[piece.start : piece.end]
    return Passage(article.path, piece.start, piece.end, text, section.headings, section.page)


def _paragraphs(article: Article, start: int, end: int) -> Iterator[list[Span]]:
    """Give the sentences of each paragraph between two places: a blank line ends one."""
    first, last = (bisect_left(article.sentences, (place, 0)) for place in (start, end))
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
    """Cut a sentence that no message could hold into even parts, between words where it can."""
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
    """Join the sentences of a paragraph, into as few even parts as its length asks for."""
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
        if _fits_better(pieces[-1], joined, aim, room):
            pieces[-1] = joined
        else:
            pieces.append(sentence)
    return pieces


def _fits_better(piece: _Piece, joined: _Piece, aim: float, room: int) -> bool:
    """Whether the piece is nearer to `aim` with the next sentence."""
    if joined.tokens > room or joined.length > LONGEST_SENTENCE:
        return False
    return abs(joined.length - aim) <= abs(piece.length - aim)


def _join(pieces: list[_Piece], room: int) -> list[_Piece]:
    """Join neighbouring short paragraphs; a short last one goes to the one before it."""
    joined: list[_Piece] = []
    for number, piece in enumerate(pieces):
        limit = TARGET
        if number == len(pieces) - 1 and piece.length < TARGET // 3:
            limit = LONGEST_PARAGRAPH
        if joined:
            both = _span_of([joined[-1], piece])
            if both.length <= limit and both.tokens <= room:
                joined[-1] = both
                continue
        joined.append(piece)
    return joined


def _span_of(pieces: Sequence[_Piece]) -> _Piece:
    tokens = sum(piece.tokens for piece in pieces) + len(pieces) - 1
    return _Piece(pieces[0].start, pieces[-1].end, tokens)


def _shorten(text: str, count_tokens: CountTokens, limit: int) -> str:
    while text and count_tokens([text])[0] > limit:
        words = text.split()
        text = " ".join(words[: len(words) * 3 // 4]) if len(words) > 1 else text[: len(text) // 2]
    return text
