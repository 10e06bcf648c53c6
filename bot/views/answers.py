"""An answer as a Telegram message."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape as escape_html
from itertools import pairwise

from telegram.constants import MessageLimit

from bot.texts import Texts
from bot.views.view import View
from embeddings import (
    FAIRLY_SURE,
    SURE,
    Also,
    Answer,
    Highlight,
    Hit,
    Passage,
    Source,
    differences,
    disagree,
)

Spans = Sequence[tuple[int, int]]

SHOWN = 5
"""Passages of an answer, one message with buttons from one to the next."""

NEAR = 0.15
"""How far below the best passage, as a share of its score, another one is shown. On XQuAD this
keeps every right passage that is not the best, and two of five passages."""

_TITLE = 150
_TITLES = (_TITLE, 75, 35)
"""Characters of a title, a heading or an author: fewer where the message would be too long."""
_FIRST_WORDS = 120
"""Characters of a passage in a list of passages."""
_WEB = re.compile(r"https?://[^\s\"<>]+\Z")
_MOST_ELSEWHERE = 3
"""Articles with the same passage, and with other versions of it, that are shown."""
_VERSION = 400
"""Characters of another version that are shown."""

_escape = partial(escape_html, quote=False)


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

    def hit_in(self, answer: Answer) -> Hit | None:
        """Return the hit that shows the passage that the excerpt is about."""
        here = self.passages[self.at]
        for hit in answer.passages:
            is_around = hit.passage.start <= here.start and here.end <= hit.passage.end
            if hit.source.path == self.source.path and is_around:
                return hit
        return None


def near_passages(answer: Answer) -> Answer:
    """Return an answer without the passages that are far behind the best one."""
    if not answer.passages:
        return answer
    best = max(hit.score for hit in answer.passages)
    least = best - NEAR * max(abs(best), 1.0)
    return replace(answer, passages=tuple(hit for hit in answer.passages if hit.score >= least))


def render_list(answer: Answer, texts: Texts) -> View:
    """Return the message that lists the passages of an answer by title and first words."""
    return _fitting(partial(_list, answer, texts))


def _list(answer: Answer, texts: Texts, limit: int) -> View:
    parts = understood_lines(answer, texts)
    parts.append(_escape(texts("nearest" if answer.answered is False else "list_of_hits")))
    for number, hit in enumerate(answer.passages, 1):
        heading = "\n".join(_heading(hit.passage, hit.page, hit.source, texts, limit))
        words = excerpt(hit, min(_FIRST_WORDS, limit))
        parts.append(f"{number}. {heading}\n{_escape(words)}")
    return View("\n\n".join(parts))


def as_understood(answer: Answer, together: str | None) -> Answer:
    """Return an answer that says what was asked, where that is a question and the one before."""
    return replace(answer, understood=answer.understood or together) if together else answer


def is_follow_up(answer: Answer) -> bool:
    """Whether it answers a question together with the one before."""
    return answer.understood == answer.question


def render_passage(answer: Answer, number: int, texts: Texts, *, sure: bool = True) -> View:
    """Return the message for one passage of an answer, counted from 0.

    Where the articles do not answer, it says so first, and marks no sentence. Below the first
    passage it says how sure it is, if `sure`.
    """
    return _fitting(partial(_passage, answer, number, texts, sure))


def _passage(answer: Answer, number: int, texts: Texts, sure: bool, limit: int) -> View:
    hit = answer.passages[number]
    answers = answer.answered is not False
    others = [(also, *_differences(hit, also, answers)) for also in hit.also]
    changed = [span for _, own, _ in others for span in own] if answers else []
    span = hit.highlight.span if answers and hit.highlight else None
    if span and not changed:  # what is said otherwise elsewhere is underlined too
        changed = [(span.start, span.end)]
    passage = passage_html(hit.passage, hit.highlight if answers else None, changed)
    body = "\n".join([*_heading(hit.passage, hit.page, hit.source, texts, limit), passage])
    below = [_italic(texts("recognised"))] if hit.passage.is_scanned else []
    if answers and sure and number == 0 and answer.confidence is not None:
        below.append(_italic(texts(sureness(answer.confidence))))
    elsewhere = list(_elsewhere(others, hit.source.title, texts))
    while True:
        view = View("\n\n".join([*_above(answer, texts), body, *elsewhere, *below]))
        if not elsewhere or _fits(view):
            return view
        elsewhere.pop()


def understood_lines(answer: Answer, texts: Texts) -> list[str]:
    """Return a line on how a question was understood, where that is not what was typed."""
    if not answer.understood:
        return []
    return [_italic(texts("understood", question=shorten(answer.understood, _TITLE)))]


def _above(answer: Answer, texts: Texts) -> list[str]:
    """Return what stands above passages."""
    nearest = [_escape(texts("nearest"))] if answer.answered is False else []
    return nearest + understood_lines(answer, texts)


def render_more(excerpt: ArticleExcerpt, radius: int, answer: Answer, texts: Texts) -> View | None:
    """Return the message for a passage among its neighbours; None where it does not fit one.

    The excerpt has at least `radius` neighbours on each side, as many as are shown. The answer may
    show more than the one passage, put together of several, or none of it any more.
    """
    hit = excerpt.hit_in(answer)
    first, last = excerpt.span_of(hit)
    before = excerpt.passages[max(first - radius, 0) : first]
    after = excerpt.passages[last + 1 : last + 1 + radius]
    passage = hit.passage if hit else excerpt.passages[excerpt.at]
    shown = (*before, passage, *after)
    highlight = hit.highlight if hit and answer.answered is not False else None
    heading = _heading(shown[0], shown[0].page, excerpt.source, texts)
    parts = [*_above(answer, texts), "\n".join(heading)]
    for one, previous in zip(shown, (shown[0], *shown), strict=False):
        if one.headings != previous.headings and one.heading:
            parts.append(f"<b>{_escape(shorten(one.heading, _TITLE))}</b>")
        if one is passage:
            parts.append(f"<blockquote>{passage_html(one, highlight)}</blockquote>")
        else:
            parts.append(passage_html(one))
    view = View("\n\n".join(parts))
    return view if _fits(view) else None


def has_more(excerpt: ArticleExcerpt, radius: int, answer: Answer, texts: Texts) -> bool:
    """Whether one neighbour more on each side shows more and fits; see `render_more`."""
    first, last = excerpt.span_of(excerpt.hit_in(answer))
    is_all = first <= radius and last + radius >= len(excerpt.passages) - 1
    if excerpt.from_start and excerpt.to_end and is_all:
        return False
    return render_more(excerpt, radius + 1, answer, texts) is not None


def excerpt(hit: Hit, limit: int) -> str:
    """Return at most `limit` characters of a passage, on one line, from its highlight on."""
    start = hit.highlight.start if hit.highlight else 0
    return shorten(" ".join(hit.passage.text[start:].split()), limit)


def page_caption(hit: Hit, texts: Texts) -> str:
    """Return what stands below the picture of a page, as HTML."""
    title = article_line(hit.source)
    return f"{title} › {texts('page', number=hit.page)}" if hit.page else title


def article_line(source: Source, limit: int = _TITLE) -> str:
    """Return an article's title as HTML, with its folders and its link."""
    title = f"<b>{_escape(shorten(source.title, limit))}</b>"
    if source.url and _WEB.match(source.url):
        title = f'<a href="{escape_html(source.url)}">{title}</a>'
    section = f"{_escape(shorten(source.section, limit))} › " if source.section else ""
    return section + title


def sureness(confidence: float) -> str:
    """Return the key of the text that says how sure an answer is."""
    if confidence >= SURE:
        return "sure"
    return "fairly_sure" if confidence >= FAIRLY_SURE else "not_so_sure"


def shorten(text: str, limit: int) -> str:
    """Cut text to at most `limit` characters, between words, with "…" where something is gone."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _fits(view: View) -> bool:
    return utf16_length(view.plain) <= MessageLimit.MAX_TEXT_LENGTH


def _fitting(render: Callable[[int], View]) -> View:
    """Return a message with titles as long as there is room for."""
    for limit in _TITLES:
        view = render(limit)
        if _fits(view):
            break
    return view


def _italic(text: str) -> str:
    return f"<i>{_escape(text)}</i>"


def _heading(
    passage: Passage, page: int | None, source: Source, texts: Texts, limit: int = _TITLE
) -> Iterator[str]:
    """Yield the lines above a passage: where it stands, and who wrote it and when, if known."""
    pieces = [passage.heading, texts("page", number=page) if page else None]
    rest = "".join(f" › {shorten(piece, limit)}" for piece in pieces if piece)
    yield article_line(source, limit) + _escape(rest)
    author = source.author and shorten(" ".join(source.author.split()), limit)
    known = [author, source.date and texts.day(source.date)]
    if any(known):
        yield _italic(", ".join(filter(None, known)))


def _title_beside(title: str, other: Source) -> str:
    """Return the title of another article, with its file's name where the title is the same."""
    name = f" ({_escape(shorten(other.path, _TITLE))})" if other.title == title else ""
    return article_line(other) + name


def _differences(hit: Hit, also: Also, answers: bool) -> tuple[Spans, Spans]:
    """Return what differs in two versions of a passage; nothing where both give the same answer."""
    text, other, mark = hit.passage.text, also.passage.text, hit.highlight
    if answers and mark and not disagree(text, other, mark.start, mark.end):
        return (), ()
    return differences(text, other)


def _elsewhere(
    others: Sequence[tuple[Also, Spans, Spans]], title: str, texts: Texts
) -> Iterator[str]:
    """Yield where else a passage stands, and what is said otherwise there, the difference marked.

    Each of the others has the spans that differ in the passage and there. Those that have the same
    title as the passage's article are told with their file's name.
    """
    same = [also for also, own, other in others if not (own or other)]
    if same:
        titles = [_title_beside(title, also.source) for also in same[:_MOST_ELSEWHERE]]
        if len(same) > _MOST_ELSEWHERE:
            titles.append(f"+{len(same) - _MOST_ELSEWHERE}")
        yield f"{_escape(texts('also_in'))} {', '.join(titles)}"
    versions = [(also, other) for also, own, other in others if own or other]
    for number, (also, spans) in enumerate(versions[:_MOST_ELSEWHERE]):
        start, end = _around(also.passage.text, spans)
        shown = _underlined(also.passage.text, start, end, spans)
        heading = "" if number else f"<b>{_escape(texts('versions_differ'))}</b>\n\n"
        yield f"{heading}{_title_beside(title, also.source)}\n<blockquote>{shown}</blockquote>"


def _around(text: str, spans: Spans) -> tuple[int, int]:
    """Return the part of a text with the first span, from the beginning of its sentence."""
    first = spans[0][0] if spans else 0
    start = max(text.rfind(mark, 0, first) + len(mark) for mark in (". ", "! ", "? ", "\n"))
    start = start if text[:start].rstrip().endswith((".", "!", "?")) or "\n" in text[:start] else 0
    return start, min(len(text), start + _VERSION)


def _underlined(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> str:
    """Return a part of a text in which some spans are underlined."""
    html = ""
    for first, last in sorted(spans):
        first, last = max(first, start), min(last, end)
        if first < last:
            html += f"{_escape(text[start:first])}<u>{_escape(text[first:last])}</u>"
            start = last
    return html + _escape(text[start:end])


def passage_html(
    passage: Passage, highlight: Highlight | None = None, underlined: Iterable[tuple[int, int]] = ()
) -> str:
    """Return a whole passage, its highlight in bold.

    Passages fit a message by the way they are cut; one of an index that was made otherwise is
    shortened.
    """
    text = passage.text
    while utf16_length(text) > MessageLimit.MAX_TEXT_LENGTH - 8 * _TITLE:
        text = shorten(text, len(text) * 9 // 10)
    spans = sorted(underlined)
    if highlight is None or highlight.end > len(text) or highlight.start >= highlight.end:
        return _underlined(text, 0, len(text), spans)
    bounds = (0, highlight.start, highlight.end, len(text))
    before, marked, after = (_underlined(text, *part, spans) for part in pairwise(bounds))
    return f"{before}<b>{marked}</b>{after}"
