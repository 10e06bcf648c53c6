"""An answer as a Telegram message: HTML that Telegram accepts, and the same as plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from telegram.constants import MessageLimit

from bot.texts import Texts
from embeddings import Answer, Found

SHOWN = 3
"""Passages in one message: the best in full, the others shortened."""

_SHORT = 350
_TITLE = 150
_WEB = re.compile(r"https?://[^\s\"<>]+\Z")


@dataclass(frozen=True)
class Message:
    """One message; `plain` is sent where Telegram refuses `html`."""

    html: str
    plain: str


@dataclass(frozen=True)
class _Part:
    """A piece of a message in both forms."""

    html: str
    plain: str


def render_answer(answer: Answer, texts: Texts) -> Message:
    """Return the message for an answer that holds at least one passage."""
    return _passages(answer.passages[:SHOWN], texts, [])


def render_nearest(answer: Answer, texts: Texts) -> Message:
    """Return the message for passages that do not answer: marked as such, nothing in bold."""
    said = texts("nearest")
    plain = [replace(found, highlight=None) for found in answer.passages[:SHOWN]]
    return _passages(plain, texts, [_Part(escape(said, quote=False), said)])


def _passages(passages: Sequence[Found], texts: Texts, parts: list[_Part]) -> Message:
    best, *others = passages
    parts = [*parts, _join(_heading(best, texts), _full(best))]
    for found in others:
        part = _join(_heading(found, texts), _quotation(excerpt(found, _SHORT)))
        if _length(_message([*parts, part])) <= MessageLimit.MAX_TEXT_LENGTH:
            parts.append(part)
    return _message(parts)


def excerpt(found: Found, limit: int) -> str:
    """Return at most `limit` characters of a passage, its highlight among them where it fits."""
    text, highlight = found.passage.text, found.highlight
    if len(text) <= limit or highlight is None:
        return shorten(text, limit)
    if highlight.end < limit:
        return shorten(text, limit, highlight.end)
    return "…" + shorten(text[highlight.start :], limit - 1, highlight.end - highlight.start)


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


def _length(message: Message) -> int:
    return utf16_length(message.plain)


def _join(heading: _Part, body: _Part) -> _Part:
    return _Part(f"{heading.html}\n{body.html}", f"{heading.plain}\n{body.plain}")


def _heading(found: Found, texts: Texts) -> _Part:
    title = shorten(found.source.title, _TITLE)
    rest = "".join(
        f" › {shorten(piece, _TITLE)}"
        for piece in (
            found.passage.heading,
            texts("page", number=found.passage.page) if found.passage.page else None,
        )
        if piece
    )
    section = f"{shorten(found.source.section, _TITLE)} › " if found.source.section else ""
    html = f"<b>{escape(title, quote=False)}</b>"
    if found.source.url and _WEB.match(found.source.url):
        html = f'<a href="{escape(found.source.url)}">{html}</a>'
    return _Part(
        escape(section, quote=False) + html + escape(rest, quote=False), section + title + rest
    )


def _full(found: Found) -> _Part:
    """Return the whole passage, its highlight in bold."""
    text, highlight = _fitting(found.passage.text), found.highlight
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


def _quotation(text: str) -> _Part:
    return _Part(f"<blockquote expandable>{escape(text, quote=False)}</blockquote>", text)


def _fitting(text: str) -> str:
    """Passages fit by the way they are cut; one from an index of other making may not."""
    room = MessageLimit.MAX_TEXT_LENGTH - 4 * _TITLE * 2
    while utf16_length(text) > room:
        text = shorten(text, len(text) * 9 // 10)
    return text
