"""Answers as messages: valid HTML, within limits, no article's text taken as markup."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.render import excerpt, render_answer, render_nearest, shorten, utf16_length
from bot.texts import LANGUAGES, texts_for
from embeddings import Answer, Found, Highlight, Passage, Source
from tests.botapi.markup import parse as telegram_reads

ENGLISH = texts_for("en")


def found(
    text: str,
    title: str = "Title",
    url: str | None = None,
    headings: tuple[str, ...] = (),
    page: int | None = None,
    mark: tuple[int, int] | None = None,
    path: str = "a.txt",
) -> Found:
    passage = Passage(path, 0, len(text), text, headings, page)
    highlight = None
    if mark is not None:
        start, end = sorted(place % (len(text) + 1) for place in mark)
        highlight = Highlight(start, end, text[start:end])
    return Found(passage, Source(path, title, None, url, "en"), 0.5, highlight)


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
            st.one_of(st.none(), st.tuples(st.integers(0, 5000), st.integers(0, 5000))),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(LANGUAGES),
)
def test_any_answer_is_valid_and_fits(passages: list[Found], language: str) -> None:
    for render in (render_answer, render_nearest):
        message = render(Answer("?", tuple(passages)), texts_for(language))
        assert utf16_length(message.plain) <= MessageLimit.MAX_TEXT_LENGTH
        assert read_html(message.html) == message.plain


SENTENCES = [
    "Latvia began it.",
    "Nearly <20> countries joined & stayed.",
    "It was in May. 🇺🇦",
    "Хто приєднався, той лишився.",
]


@pytest.mark.parametrize("number", range(4))
def test_the_answering_sentence_is_bold_in_the_best_passage_only(number: int) -> None:
    text = " ".join(SENTENCES)
    start = text.index(SENTENCES[number])
    mark = (start, start + len(SENTENCES[number]))
    message = render_answer(Answer("?", (found(text, mark=mark),) * 3), ENGLISH)
    spoken, entities = telegram_reads(message.html)
    bold = [entity.of(spoken) for entity in entities if entity.type == "bold"]
    assert bold == ["Title", SENTENCES[number], "Title", "Title"]
    assert spoken == message.plain


def test_the_nearest_passages_are_marked_and_nothing_in_them_is_bold() -> None:
    text = " ".join(SENTENCES)
    for language in LANGUAGES:
        said = texts_for(language)("nearest")
        message = render_nearest(Answer("?", (found(text, mark=(0, 10)),) * 5), texts_for(language))
        spoken, entities = telegram_reads(message.html)
        assert spoken.startswith(f"{said}\n\nTitle\n")
        assert [e.of(spoken) for e in entities if e.type == "bold"] == ["Title"] * 3
        assert len([e for e in entities if e.type == "expandable_blockquote"]) == 2


WORDS = st.lists(st.text("abв 🇺\n", min_size=1, max_size=9), min_size=1, max_size=80)


@given(WORDS, st.integers(0, 500), st.integers(1, 120), st.integers(40, 350))
def test_an_excerpt_holds_the_highlight_where_it_fits(
    words: list[str], start: int, length: int, limit: int
) -> None:
    text = " ".join(words)
    start %= len(text)
    end = min(start + length, len(text))
    entry = found(text, mark=(start, end))
    short = excerpt(entry, limit)
    assert len(short) <= limit
    assert short.strip("…") in text
    assert entry.highlight is not None
    if len(entry.highlight.text) <= limit - 2:
        assert entry.highlight.text.strip() in short


def test_an_excerpt_begins_where_the_passage_does_unless_the_highlight_is_far() -> None:
    text = "Words before it. " * 40 + "The answer is here. " + "Words after it. " * 40
    place = text.index("The answer")
    short = excerpt(found(text, mark=(place, place + 19)), 350)
    assert short.startswith("…The answer is here. Words after")
    assert short.endswith("…")
    near = excerpt(found(text, mark=(17, 33)), 350)
    assert near.startswith("Words before it.")
    assert excerpt(found(text), 350) == shorten(text, 350)
    assert excerpt(found("Short.", mark=(0, 6)), 350) == "Short."


@given(anything, st.integers(2, 60), st.integers(0, 60))
def test_what_is_kept_is_kept(text: str, limit: int, kept: int) -> None:
    short = shorten(text, limit, kept)
    assert len(short) <= limit
    if kept < limit:
        assert short.startswith(text[:kept].rstrip())


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


def test_sub_folders_name_a_section() -> None:
    answer = Answer("?", (found("Text.", path="news/<2024>/a.txt", headings=("One",)),), True, 0.9)
    message = render_answer(answer, texts_for("en"))
    assert message.html.startswith("news › &lt;2024&gt; › <b>Title</b> › One\n")
    assert message.plain.startswith("news › <2024> › Title › One\n")


@pytest.mark.parametrize("depth", [1, 40])
def test_deep_folders_leave_room_for_the_passage(depth: int) -> None:
    entry = found("word " * 360, title="T" * 300, path="very long folder/" * depth + "a.txt")
    message = render_answer(Answer("?", (entry,), True, 0.9), texts_for("en"))
    assert utf16_length(message.plain) <= 4096
    assert message.plain.count("word") == 360
