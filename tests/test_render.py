"""Answers as messages: valid HTML, within limits, no article's text taken as markup."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.render import render_answer, shorten, utf16_length
from bot.texts import LANGUAGES, texts_for
from embeddings import Answer, Found, Passage, Source

ENGLISH = texts_for("en")


def found(
    text: str,
    title: str = "Title",
    url: str | None = None,
    headings: tuple[str, ...] = (),
    page: int | None = None,
) -> Found:
    passage = Passage("a.txt", 0, len(text), text, headings, page)
    return Found(passage, Source("a.txt", title, None, url, "en"), 0.5)


class _Tags(HTMLParser):
    """Collects text and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "a", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(html: str) -> str:
    tags = _Tags()
    tags.feed(html)
    tags.close()
    assert not tags.open
    return tags.text


anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"))


@given(
    st.lists(
        st.builds(
            found,
            st.one_of(anything, anything.map(lambda text: text * 300)),
            anything,
            st.one_of(st.none(), anything, anything.map(lambda text: f"https://x.org/{text}")),
            st.lists(anything, max_size=3).map(tuple),
            st.one_of(st.none(), st.integers(1, 9999)),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(LANGUAGES),
)
def test_any_answer_is_valid_and_fits(passages: list[Found], language: str) -> None:
    message = render_answer(Answer("?", tuple(passages)), texts_for(language))
    assert utf16_length(message.plain) <= MessageLimit.MAX_TEXT_LENGTH
    assert read_html(message.html) == message.plain


def test_the_best_passage_is_whole_and_the_next_two_are_short() -> None:
    long = "A sentence of the article. " * 40
    message = render_answer(Answer("?", tuple(found(long) for _ in range(5))), ENGLISH)
    assert long in message.plain
    assert message.html.count("<blockquote expandable>") == 2
    quotations = re.findall(r"<blockquote expandable>(.*?)</blockquote>", message.html, re.S)
    assert all(quotation.endswith("…") and len(quotation) <= 350 for quotation in quotations)


def test_a_title_links_only_to_a_web_address() -> None:
    linked = render_answer(Answer("?", (found("Text", url='https://x.org/?a=1&b="2'),)), ENGLISH)
    assert "<a" not in linked.html
    linked = render_answer(Answer("?", (found("Text", url="https://x.org/?a=1&b=2"),)), ENGLISH)
    assert '<a href="https://x.org/?a=1&amp;b=2"><b>Title</b></a>' in linked.html
    for url in ("javascript:alert(1)", "file:///etc/passwd", "tg://user?id=1"):
        assert "<a" not in render_answer(Answer("?", (found("Text", url=url),)), ENGLISH).html


def test_heading_and_page_stand_beside_the_title() -> None:
    message = render_answer(
        Answer("?", (found("Text", headings=("A < B", "C"), page=12),)), texts_for("uk")
    )
    assert message.html.startswith("<b>Title</b> › A &lt; B › C › с. 12\n")


@given(anything, st.integers(2, 50))
def test_shortened_text_begins_as_the_whole_does(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize("text", ["a < b", "<3", "<b>", "&amp;", "</blockquote>", "1 > 0 & 2 < 3"])
def test_markup_in_an_article_is_shown_as_it_is(text: str) -> None:
    message = render_answer(Answer("?", (found(text, title=text, headings=(text,)),)), ENGLISH)
    assert unescape(re.sub(r"</?(b|blockquote)( expandable)?>", "", message.html)) == message.plain
    assert message.plain.count(text) == 3
