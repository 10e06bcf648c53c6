"""An answer as a Telegram message: HTML that Telegram accepts, and the same as plain text."""

import re
from dataclasses import dataclass
from html import escape

from telegram.constants import MessageLimit

from bot.texts import Texts
from embeddings import Answer, Highlight, Hit, Passage, Source

SHOWN = 5
"""Passages of an answer, one message with buttons from one to the next."""

_TITLE = 150
_WEB = re.compile(r"https?://[^\s\"<>]+\Z")
_SURE, _FAIRLY_SURE = 0.9, 0.7
"""Confidence from which an answer is told as sure, and as fairly sure."""


@dataclass(frozen=True)
class Message:
    """One message; `plain` is sent where Telegram refuses `html`."""

    html: str
    plain: str


@dataclass(frozen=True)
class ArticleExcerpt:
    """A passage and some of its neighbours.

    Attributes:
        source: the article.
        passages: in the order of the article.
        at: which of them the excerpt is about.
        from_start: whether they begin with the article's first passage.
        to_end: whether they end with its last.
    """

    source: Source
    passages: tuple[Passage, ...]
    at: int
    from_start: bool = True
    to_end: bool = True

    def span_of(self, hit: Hit | None) -> tuple[int, int]:
        """Return the numbers of the first and the last passage that a hit shows as one."""
        if hit is None:
            return self.at, self.at
        shown = [
            number
            for number, passage in enumerate(self.passages)
            if hit.passage.start <= passage.start and passage.end <= hit.passage.end
        ]
        return (shown[0], shown[-1]) if shown else (self.at, self.at)

    def is_in(self, hit: Hit) -> bool:
        """Whether a hit shows the passage that the excerpt is about."""
        here = self.passages[self.at]
        return (
            hit.source.path == self.source.path
            and hit.passage.start <= here.start
            and here.end <= hit.passage.end
        )


@dataclass(frozen=True)
class _Part:
    """A piece of a message in both forms."""

    html: str
    plain: str


def render_passage(answer: Answer, number: int, texts: Texts, *, sure: bool = True) -> Message:
    """Return the message for one passage of an answer, counted from 0.

    Where the articles do not answer, it says so first, and marks no sentence. Below the first
    passage it says how sure it is, if `sure`.
    """
    found = answer.passages[number]
    if answer.answered is False:
        parts = [_said("nearest", texts), _headed(found, None, texts)]
    else:
        parts = [_headed(found, found.highlight, texts)]
        if sure and number == 0 and answer.confidence is not None:
            parts.append(_italic(texts(sureness(answer.confidence))))
    return _message(parts)


def render_more(
    excerpt: ArticleExcerpt, radius: int, hit: Hit | None, texts: Texts
) -> tuple[Message | None, bool]:
    """Return the message for a passage among its neighbours, and whether there is more to show.

    Args:
        excerpt: the passage with at least as many neighbours.
        radius: how many neighbours are shown on each side.
        hit: what the answer shows of it: more than the one passage, where it was put together
            of several; None where the passage is not in the answer any more.
        texts: of the person.

    Returns:
        The message, None when so much does not fit one; and whether a message with one neighbour
        more on each side shows more and fits.
    """
    message = _render_excerpt(excerpt, radius, hit, texts)
    first, last = excerpt.span_of(hit)
    shows_all = (
        excerpt.from_start
        and excerpt.to_end
        and first <= radius
        and last + radius >= len(excerpt.passages) - 1
    )
    if message is None or shows_all:
        return message, False
    return message, _render_excerpt(excerpt, radius + 1, hit, texts) is not None


def _render_excerpt(
    excerpt: ArticleExcerpt, radius: int, hit: Hit | None, texts: Texts
) -> Message | None:
    first, last = excerpt.span_of(hit)
    before = excerpt.passages[max(first - radius, 0) : first]
    after = excerpt.passages[last + 1 : last + 1 + radius]
    passage, highlight = (
        (hit.passage, hit.highlight) if hit else (excerpt.passages[excerpt.at], None)
    )
    bodies = [
        *(_body(one, None) for one in before),
        _quotation(_body(passage, highlight)),
        *(_body(one, None) for one in after),
    ]
    heading = _heading((*before, passage)[0], excerpt.source, texts)
    message = _message([_below(heading, bodies[0]), *bodies[1:]])
    return message if utf16_length(message.plain) <= MessageLimit.MAX_TEXT_LENGTH else None


def excerpt(found: Hit, limit: int) -> str:
    """Return at most `limit` characters of a passage, on one line, from its highlight on."""
    start = found.highlight.start if found.highlight else 0
    text = " ".join(found.passage.text[start:].split())
    return shorten(text, limit)


def article_line(source: Source) -> str:
    """Return an article's title as HTML, with its folders and its link."""
    return _title(source).html


def passage_html(passage: Passage) -> str:
    """Return a passage's words as HTML."""
    return _body(passage, None).html


def sureness(confidence: float) -> str:
    """Return the key of the text that says how sure an answer is."""
    if confidence >= _SURE:
        return "sure"
    return "fairly_sure" if confidence >= _FAIRLY_SURE else "not_so_sure"


def shorten(text: str, limit: int, kept: int = 0) -> str:
    """Cut text to at most `limit` characters, between words, with "…" where something is gone.

    The first `kept` characters stay, where they and the "…" fit.
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:space] if space >= max(kept, limit // 2 + 1) else cut).rstrip() + "…"


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _message(parts: list[_Part]) -> Message:
    return Message(
        "\n\n".join(part.html for part in parts), "\n\n".join(part.plain for part in parts)
    )


def _below(heading: _Part, body: _Part) -> _Part:
    return _Part(f"{heading.html}\n{body.html}", f"{heading.plain}\n{body.plain}")


def _said(key: str, texts: Texts) -> _Part:
    said = texts(key)
    return _Part(escape(said, quote=False), said)


def _italic(text: str) -> _Part:
    return _Part(f"<i>{escape(text, quote=False)}</i>", text)


def _headed(found: Hit, highlight: Highlight | None, texts: Texts) -> _Part:
    return _below(_heading(found.passage, found.source, texts), _body(found.passage, highlight))


def _heading(passage: Passage, source: Source, texts: Texts) -> _Part:
    pieces = [passage.heading, texts("page", number=passage.page) if passage.page else None]
    return _title(source, "".join(f" › {shorten(piece, _TITLE)}" for piece in pieces if piece))


def _title(source: Source, rest: str = "") -> _Part:
    title = shorten(source.title, _TITLE)
    section = f"{shorten(source.section, _TITLE)} › " if source.section else ""
    html = f"<b>{escape(title, quote=False)}</b>"
    if source.url and _WEB.match(source.url):
        html = f'<a href="{escape(source.url)}">{html}</a>'
    return _Part(
        escape(section, quote=False) + html + escape(rest, quote=False), section + title + rest
    )


def _body(passage: Passage, highlight: Highlight | None) -> _Part:
    """Return a whole passage, its highlight in bold."""
    text = _fitting(passage.text)
    if highlight is None or highlight.end > len(text):
        return _Part(escape(text, quote=False), text)
    before, marked, after = (
        escape(piece, quote=False)
        for piece in (
            text[: highlight.start],
            text[highlight.start : highlight.end],
            text[highlight.end :],
        )
    )
    return _Part(f"{before}<b>{marked}</b>{after}" if marked else before + after, text)


def _quotation(part: _Part) -> _Part:
    return _Part(f"<blockquote>{part.html}</blockquote>", part.plain)


def _fitting(text: str) -> str:
    """Passages fit by the way they are cut; one from an index of other making may not."""
    room = MessageLimit.MAX_TEXT_LENGTH - 4 * _TITLE * 2
    while utf16_length(text) > room:
        text = shorten(text, len(text) * 9 // 10)
    return text
