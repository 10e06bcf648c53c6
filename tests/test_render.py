"""Answers as messages: valid HTML, within limits, no article's text taken as markup."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.texts import LANGUAGES, Texts, texts_for
from bot.views.answers import (
    ArticleExcerpt,
    has_more,
    near_passages,
    render_list,
    render_more,
    render_passage,
    shorten,
    sureness,
    utf16_length,
)
from bot.views.view import View
from embeddings import Also, Answer, Highlight, Hit, PageStart, Passage, Source
from embeddings.search.answer import Span
from tests.botapi.markup import parse as telegram_reads

ENGLISH = texts_for("en")


def on(page: int | None) -> tuple[PageStart, ...]:
    return () if page is None else (PageStart(0, page),)


def found(
    text: str,
    title: str = "Title",
    url: str | None = None,
    headings: tuple[str, ...] = (),
    page: int | None = None,
    mark: tuple[int, int] | None = None,
    path: str = "a.txt",
) -> Hit:
    passage = Passage(path, 0, len(text), text, headings, on(page))
    highlight = None
    if mark is not None:
        start, end = sorted(passage_key % (len(text) + 1) for passage_key in mark)
        highlight = Highlight(start, end, text[start:end])
    return Hit(passage, Source(path, title, None, url, "en"), 0.5, highlight)


class _Tags(HTMLParser):
    """Collects text and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"a", "b", "blockquote", "code", "i", "u"}
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


def checked(message: View) -> View:
    """Check that Telegram takes a message and shows it as it is meant."""
    assert utf16_length(message.plain) <= MessageLimit.MAX_TEXT_LENGTH
    assert read_html(message.html) == message.plain
    return message


def shown(hit: Hit, texts: Texts = ENGLISH, *, number: int = 0, **answer: Any) -> View:
    """Return the message for a hit of an answer that is sure, unless the answer is otherwise."""
    usual: dict[str, Any] = {"passages": (hit,), "answered": True, "confidence": 0.95}
    return checked(render_passage(Answer("?", **(usual | answer)), number, texts))


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
def test_any_answer_is_valid_and_fits(passages: list[Hit], language: str) -> None:
    texts = texts_for(language)
    for answered, confidence in ((True, 0.8), (False, 0.1), (None, None)):
        answer = Answer("?", tuple(passages), answered, confidence)
        for number in range(len(passages)):
            checked(render_passage(answer, number, texts))
    excerpt = ArticleExcerpt(passages[0].source, tuple(entry.passage for entry in passages), 0)
    for radius in range(5):
        for answered in (True, False):
            more = render_more(excerpt, radius, Answer("?", tuple(passages), answered), texts)
            if more:
                checked(more)
    checked(render_list(Answer("?", tuple(passages)), texts))


SENTENCES = [
    "Latvia began it.",
    "Nearly <20> countries joined & stayed.",
    "It was in May. 🇺🇦",
    "Хто приєднався, той лишився.",
]


@pytest.mark.parametrize("number", range(4))
def test_the_answering_sentence_is_bold(number: int) -> None:
    text = " ".join(SENTENCES)
    start = text.index(SENTENCES[number])
    mark = (start, start + len(SENTENCES[number]))
    message = shown(found(text, mark=mark))
    spoken, entities = telegram_reads(message.html)
    bold = [entity.of(spoken) for entity in entities if entity.type == "bold"]
    assert bold == ["Title", SENTENCES[number]]
    assert spoken == message.plain


def test_the_nearest_passages_are_marked_and_nothing_in_them_is_bold() -> None:
    text = " ".join(SENTENCES)
    for language in LANGUAGES:
        texts = texts_for(language)
        message = shown(found(text, mark=(0, 10)), texts, answered=False, confidence=0.2)
        spoken, entities = telegram_reads(message.html)
        assert spoken.startswith(f"{texts('nearest')}\n\nTitle\n")
        assert [e.of(spoken) for e in entities if e.type == "bold"] == ["Title"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_it_is_stands_below_the_first_passage_only(language: str) -> None:
    texts, hit = texts_for(language), found("Text.")
    for confidence, key in (
        *((0.99, "sure"), (0.9, "sure"), (0.8, "fairly_sure")),
        *((0.5, "not_so_sure"), (0.31, "not_so_sure")),
    ):
        assert sureness(confidence) == key
        assert shown(hit, texts, confidence=confidence).plain.endswith(f"\n\n{texts(key)}")
    assert shown(hit, texts, number=1, passages=(hit,) * 2).plain.endswith("Text.")
    assert shown(hit, texts, answered=None, confidence=None).plain.endswith("Text.")


def test_neighbours_stand_around_a_passage_as_far_as_there_is_room() -> None:
    """Where a new part begins, its heading stands above; more is offered where there is more."""
    passages = tuple(
        Passage("a.txt", 100 * n, 100 * n + 8, f"Part {n}.", (f"Head {n // 5}",), on(n + 1))
        for n in range(9)
    )
    source = Source("a.txt", "Title", None, None, "en")
    hit = Hit(passages[4], source, 1.0, Highlight(0, 4, "Part"))
    excerpt = ArticleExcerpt(source, passages, 4)
    answer, gone = Answer("?", (hit,), True), Answer("?", (), True)
    message = render_more(excerpt, 1, answer, ENGLISH)
    assert message is not None
    assert message.html == (
        "<b>Title</b> › Head 0 › p. 4\n\nPart 3.\n\n<blockquote><b>Part</b> 4.</blockquote>"
        "\n\n<b>Head 1</b>\n\nPart 5."
    )
    near = render_more(excerpt, 1, replace(answer, answered=False), ENGLISH)
    assert near is not None
    assert near.plain == f"{ENGLISH('nearest')}\n\n{message.plain}"
    assert "<b>Part" not in near.html
    edge = render_more(ArticleExcerpt(source, passages, 0), 2, gone, ENGLISH)
    assert edge is not None
    assert edge.plain.count("Part") == 3
    offered = [has_more(excerpt, radius, answer, ENGLISH) for radius in (1, 3, 4)]
    assert offered == [True, True, False]
    assert [
        has_more(ArticleExcerpt(source, passages[:count], 0), 0, gone, ENGLISH) for count in (1, 2)
    ] == [False, True]
    long = tuple(Passage("a.txt", 0, 1700, "word " * 340) for _ in range(9))
    assert render_more(ArticleExcerpt(source, long, 4), 0, gone, ENGLISH) is not None
    assert not has_more(ArticleExcerpt(source, long, 4), 0, gone, ENGLISH)


@pytest.mark.parametrize(
    ("scores", "near"),
    [
        ((1.2, 1.1, 1.0, 0.9), 2),
        ((1.1, 1.2, 1.0, 0.9), 2),
        ((0.5, 0.4, 0.3), 2),
        ((5.0, 4.5, -3.0), 2),
        ((-2.0, -2.1), 2),
    ],
)
def test_only_what_is_near_the_best_is_shown(scores: tuple[float, ...], near: int) -> None:
    hits = tuple(replace(found("Text."), score=score) for score in scores)
    assert near_passages(Answer("?", hits)).passages == hits[:near]
    assert near_passages(Answer("?", ())).passages == ()


def test_a_title_links_only_to_a_web_address() -> None:
    linked = shown(found("Text", url="https://x.org/?a=1&b=2")).html
    assert '<a href="https://x.org/?a=1&amp;b=2"><b>Title</b></a>' in linked
    for url in ('https://x.org/?a=1&b="2', "javascript:alert(1)", "file:///x", "tg://user?id=1"):
        assert "<a" not in shown(found("Text", url=url)).html


def test_folders_heading_and_page_stand_beside_the_title() -> None:
    message = shown(found("Text", headings=("A < B", "C"), page=12), texts_for("uk"))
    assert message.html.startswith("<b>Title</b> › A &lt; B › C › с. 12\n")
    message = shown(found("Text.", path="news/<2024>/a.txt", headings=("One",)))
    assert message.html.startswith("news › &lt;2024&gt; › <b>Title</b> › One\n")


@given(anything, st.integers(2, 50))
def test_shortened_text_begins_as_the_whole_does(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize("text", ["a < b", "<3", "<b>", "&amp;", "</blockquote>", "1 > 0 & 2 < 3"])
def test_markup_in_an_article_is_shown_as_it_is(text: str) -> None:
    assert shown(found(text, title=text, headings=(text,))).plain.count(text) == 3


@pytest.mark.parametrize("depth", [1, 40])
def test_deep_folders_leave_room_for_the_passage(depth: int) -> None:
    entry = found("word " * 360, title="T" * 300, path="very long folder/" * depth + "a.txt")
    assert shown(entry).plain.count("word") == 360


@pytest.mark.parametrize("letter", ["W", "𝐊", "&"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_shortened_where_the_message_would_be_too_long(
    language: str, letter: str
) -> None:
    long, texts = letter * 300, texts_for(language)
    pages = (PageStart(0, 9999, is_scanned=True),)
    passage = Passage("a.txt", 0, 3000, letter * 3000, (long,), pages)
    source = Source(f"{long}/a.txt", long, long, None, "en", date="2024-05-01")
    hits = (Hit(passage, source, 0.5),) * 5
    for answered in (True, False):
        answer = Answer("?", hits, answered, 0.9, understood=long)
        checked(render_list(answer, texts))
        checked(render_passage(answer, 0, texts))
    short = render_list(Answer("?", (found("word", title="T" * 150),), True), texts)
    assert "T" * 150 in short.plain


# Copies and versions

OLD = "The allowance for a night is 85 francs. Claims are made by day 10 of the month."
NEW = "The allowance for a night is 120 francs. Claims are made by day 15 of the month."


def elsewhere(text: str, title: str) -> Also:
    path = f"{title}.txt"
    return Also(Passage(path, 0, len(text), text), Source(path, title, None, None, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_copies_are_named_and_versions_shown_with_what_differs(language: str) -> None:
    texts = texts_for(language)
    copies = [elsewhere(NEW, f"Copy {number}") for number in range(5)]
    hit = replace(found(NEW, mark=(0, 40)), also=(*copies, elsewhere(OLD, "Rules 2021")))
    message = shown(hit, texts)
    assert f"{texts('also_in')} Copy 0, Copy 1, Copy 2, +2" in message.plain
    assert f"{texts('versions_differ')}\n\nRules 2021\n{OLD}" in message.plain
    for marked in ("<u>120</u>", "<u>15</u>", "<u>85</u>", "<u>10</u>"):
        assert marked in message.html


def test_a_long_version_is_shown_from_the_sentence_that_differs() -> None:
    before = "Nothing else has changed in all these years. " * 12
    hit = replace(found(before + NEW), also=(elsewhere(before + OLD, "Rules 2021"),))
    assert f"Rules 2021\n{OLD}" in shown(hit).plain


def test_versions_that_do_not_fit_the_message_are_left_out() -> None:
    long = "Nothing else has changed in these years, 🌻 says the office. " * 45
    others = tuple(
        elsewhere(f"{long}{OLD} {number} {OLD * 5}", f"{'Title ' * 30}{number}") for number in "abc"
    )
    hit = replace(found(long + NEW, title="Title " * 30), also=others)
    message = shown(hit, texts_for("uk"), understood="🌻" * 999)
    heading = texts_for("uk")("versions_differ")
    assert (heading in message.plain) == ("85 francs" in message.plain)


def test_how_a_question_was_understood_is_said() -> None:
    said = shown(found(NEW), understood="привіт").plain
    assert said.startswith(ENGLISH("understood", question="привіт"))


@given(
    anything.map(lambda text: text[:60]),
    anything.map(lambda text: text[:60]),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
)
def test_any_two_versions_are_valid_html(
    text: str, other: str, marks: list[tuple[int, int]]
) -> None:
    hit = replace(found(text, mark=marks[0] if marks else None), also=(elsewhere(other, "T"),))
    assert text in shown(hit).plain


def test_the_answers_own_words_are_underlined_in_the_bold_sentence() -> None:
    text = "It is old. It is 412 metres long."
    highlight = Highlight(11, len(text), text[11:], Span(17, 20, "412"))
    marked = replace(found(text), highlight=highlight)
    assert "It is old. <b>It is <u>412</u> metres long.</b>" in shown(marked).html
    other = elsewhere(text.replace("412", "421"), "Other")
    assert "<u>412</u> metres" in shown(replace(marked, also=(other,))).html


def test_versions_that_give_the_same_answer_agree() -> None:
    text = "It is old. It is 412 metres long."
    other = elsewhere(text.replace("old", "new").replace("is 412", "measures 412"), "Title")
    hit = replace(found(text, mark=(11, len(text))), also=(other,))
    message = shown(hit)
    assert f"{ENGLISH('also_in')} Title (Title.txt)" in message.plain
    assert ENGLISH("versions_differ") not in message.plain and "<u>" not in message.html
    not_long = replace(hit, also=(elsewhere(text.replace("is 412", "is not 412"), "Title"),))
    assert ENGLISH("versions_differ") in shown(not_long).plain
