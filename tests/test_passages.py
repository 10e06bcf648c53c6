"""Passages tile an article, fit the model and the screen, and keep sentences whole."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.article import Article, PageStart, Section, page_at
from embeddings.articles.passage import (
    CONTEXT_TOKENS,
    LONGEST_PARAGRAPH,
    LONGEST_SENTENCE,
    TARGET,
    Passage,
    context_of,
    sentences_in,
    split,
)
from embeddings.readers import parse
from embeddings.text.sentences import sentence_spans, sentences_of
from tests.conftest import ARTICLE, TinyEncoder

count_tokens = TinyEncoder().count_tokens
SAMPLES = (
    "Міністр оборони повідомив про нові дрони для України.",
    "Рост составил 0,85 % к 2022 г., т.е. почти ничего не изменилось.",
    "He said: “We are ready.”",
    "Так.",
    "Why? 🎉🇺🇦👩‍👩‍👧 Nobody knows!",
    "e\u0301e\u0301 combining accents a\u0308o\u0308 everywhere.",
    "x" * 700,
    "ї" * 2500,
    "слово " * 500 + "кінець.",
    "- item of a list",
    "no full stop at the end",
    "See Fig. 3, p. 5 of the U.S. report.",
    "مرحبا بالعالم. 日本語の文。これは二つ目。",
)
WORDS = st.text("абвгїєя abcde.,!?«»0123456789🎉\u0301’-", min_size=1, max_size=60)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article of several sections, of prose, gibberish, and very long words."""
    paragraph = st.lists(st.one_of(st.sampled_from(SAMPLES), WORDS), min_size=1, max_size=12).map(
        lambda parts: " ".join(" ".join(parts).split())
    )
    sections: list[Section] = []
    pages: list[PageStart] = []
    text = ""
    for number in range(draw(st.integers(1, 5))):
        found = [p for p in draw(st.lists(paragraph, min_size=1, max_size=6)) if p]
        if not found:
            continue
        text += "\n\n" if text else ""
        headings = draw(st.lists(WORDS, max_size=2))
        sections.append(Section(len(text), tuple(headings)))
        start, text = len(text), text + "\n\n".join(found)
        pages.append(PageStart(draw(st.integers(start, len(text) - 1)), number))
    language = draw(st.sampled_from(["en", "uk", "ru", "und"]))
    sentences = sentences_of(text, language)
    if pages:
        pages[0] = replace(pages[0], start=0)
    parts = tuple(sections or [Section(0)])
    return Article("a.txt", draw(WORDS), text, sentences, parts, language, pages=tuple(pages))


def article_of(text: str) -> Article:
    return Article("a.txt", "T", text, sentences_of(text, "und"))


@given(articles(), st.sampled_from([24, 96, 256, 500]))
@settings(max_examples=60)
def test_what_holds_of_every_article(article: Article, max_tokens: int) -> None:
    assert list(article.sentences) == _sentences(article)
    passages = split(article, count_tokens, max_tokens)
    _they_tile_the_text(article, passages)
    _they_stay_in_their_section(article, passages)
    _they_are_no_longer_than_a_message(passages)
    _they_cut_only_sentences_over_the_limit(article, passages, max_tokens)
    _they_fit_the_model(article, passages, max_tokens)
    _their_sentences_are_those_of_the_article(article, passages)
    assert split(article, count_tokens, max_tokens) == passages


def _they_tile_the_text(article: Article, passages: Sequence[Passage]) -> None:
    position = 0
    for passage in passages:
        assert passage.text == article.text[passage.start : passage.end]
        assert passage.text == passage.text.strip()
        assert passage.text
        assert passage.start >= position
        assert not article.text[position : passage.start].strip()
        position = passage.end
    assert not article.text[position:].strip()


def _their_sentences_are_those_of_the_article(
    article: Article, passages: Sequence[Passage]
) -> None:
    """Each is one of the article's, or the part of it that is in the passage."""
    for passage in passages:
        position = 0
        spans = sentences_in(article, passage)
        assert spans
        for start, end in spans:
            text = passage.text[start:end]
            assert text == text.strip() != ""
            assert not passage.text[position:start].strip()
            position = end
            whole = [s for s in article.sentences if s[0] <= passage.start + start < s[1]]
            assert len(whole) == 1
            inside = max(whole[0][0], passage.start), min(whole[0][1], passage.end)
            assert inside == (passage.start + start, passage.start + end)
        assert not passage.text[position:].strip()


def _they_stay_in_their_section(article: Article, passages: Sequence[Passage]) -> None:
    spans = list(article.section_spans())
    for passage in passages:
        (section,) = [s for s, start, end in spans if start <= passage.start and passage.end <= end]
        assert passage.headings == section.headings
        for position in range(len(passage.text)):
            page = page_at(article.pages, passage.start + position)
            assert passage.page_at(position) == (page and page.number)


def _they_are_no_longer_than_a_message(passages: Sequence[Passage]) -> None:
    assert all(len(passage.text) <= LONGEST_SENTENCE for passage in passages)


def _they_fit_the_model(article: Article, passages: Sequence[Passage], max_tokens: int) -> None:
    for passage in passages:
        context = context_of(article.title, passage, count_tokens, max_tokens)
        assert count_tokens([f"{context}\n{passage.text}"])[0] <= max_tokens


def _they_cut_only_sentences_over_the_limit(
    article: Article, passages: Sequence[Passage], max_tokens: int
) -> None:
    """Each border lies between sentences, or in one that alone is too much."""
    room = max_tokens - min(CONTEXT_TOKENS, max_tokens // 3)
    for before, after in pairwise(passages):
        for start, end in article.sentences:
            if start < before.end and after.start < end:
                text = article.text[start:end]
                assert len(text) > LONGEST_SENTENCE or count_tokens([text])[0] > room


def _sentences(article: Article) -> list[tuple[int, int]]:
    found = []
    position = 0
    for paragraph in article.text.split("\n\n"):
        spans = sentence_spans(paragraph, article.language)
        found += [(position + start, position + end) for start, end in spans]
        position += len(paragraph) + 2
    return found


def prose(sentences: int) -> str:
    return " ".join(f"This is sentence number {n} of a paragraph." for n in range(sentences))


def sizes(text: str) -> list[int]:
    return [len(p.text) for p in split(article_of(text), count_tokens, 500)]


def test_the_owners_article_is_cut_at_headings_into_passages_for_a_phone() -> None:
    article = parse(ARTICLE.read_bytes(), ARTICLE.name)
    passages = split(article, count_tokens, 500)
    assert {p.headings for p in passages} == {s.headings for s in article.sections}
    assert all(150 <= len(p.text) <= LONGEST_PARAGRAPH for p in passages)
    assert len(passages) <= 8


def test_short_paragraphs_are_joined_up_to_a_screen() -> None:
    found = sizes("\n\n".join([prose(2)] * 20))
    assert len(found) == 3
    assert all(0.9 * TARGET <= size <= TARGET for size in found[:-1])


def test_a_paragraph_of_one_screen_is_left_whole() -> None:
    assert sizes(prose(20)) == [len(prose(20))]


def test_a_long_paragraph_is_cut_into_even_parts() -> None:
    found = sizes(prose(100))
    assert max(found) <= LONGEST_PARAGRAPH
    assert min(found) >= 0.7 * max(found)


def test_a_short_last_paragraph_goes_with_the_one_before_it() -> None:
    assert len(sizes(f"{prose(16)}\n\nThe end.")) == 1


def test_what_introduces_a_list_goes_with_its_first_item() -> None:
    introduction, item = "A team consists of:", f"1) {prose(6)}"
    text = f"{prose(15)}\n\n{introduction}\n\n{item}"
    passages = split(article_of(text), count_tokens, 500)
    assert [p.text for p in passages] == [prose(15), f"{introduction}\n\n{item}"]


def test_a_list_goes_on_over_a_page_break() -> None:
    text = "A team consists of:\n\n1) a captain;\n\n2) a cook.\n\nIt meets on Mondays."
    second, third = text.index("1)"), text.index("It meets")
    pages = (PageStart(0, 1), PageStart(second, 2), PageStart(third, 3))
    passages = split(replace(article_of(text), pages=pages), count_tokens, 500)
    assert [p.text for p in passages] == [text[: third - 2], text[third:]]


def test_a_long_sentence_is_cut_between_words() -> None:
    passages = split(article_of("слово " * 900), count_tokens, 2000)
    assert len(passages) > 2
    assert all(set(p.text.split()) == {"слово"} for p in passages)


@pytest.mark.parametrize("max_tokens", [1, 2, 10])
def test_a_model_that_reads_almost_nothing_still_gets_passages(max_tokens: int) -> None:
    article = article_of("Коротке речення. А це трохи довше речення.")
    _they_tile_the_text(article, split(article, count_tokens, max_tokens))


def test_an_empty_text_has_no_passages() -> None:
    assert split(article_of(""), count_tokens, 500) == []
    assert split(article_of(" \n\n "), count_tokens, 500) == []


def test_context_is_title_and_headings() -> None:
    passage = Passage("a.txt", 0, 1, "x", ("Outer", "Inner"))
    assert context_of("Title", passage, count_tokens, 500) == "Title. Outer. Inner"
    assert passage.heading == "Outer › Inner"
    assert Passage("a.txt", 0, 1, "x").heading is None


def test_a_long_context_is_cut_but_keeps_title_and_innermost_heading() -> None:
    passage = Passage("a.txt", 0, 1, "x", ("outer " * 60, "Inner"))
    assert context_of("Title", passage, count_tokens, 500) == "Title. Inner"


@pytest.mark.parametrize("title", ["довгий " * 200, "ї" * 3000])
def test_a_long_title_is_shortened_to_what_the_model_can_spare(title: str) -> None:
    context = context_of(title, Passage("a.txt", 0, 1, "x"), count_tokens, 500)
    assert title.startswith(context)
    assert 0 < count_tokens([context])[0] <= CONTEXT_TOKENS
