"""Saved pages: the article is all there, and nothing of the page is."""

from itertools import pairwise
from pathlib import Path

import pytest

from embeddings.articles.article import Article
from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.articles.formats import MAX_BYTES
from embeddings.articles.passage import split
from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from tests.conftest import ARTICLE, TinyEncoder
from tests.pages import PAGES, Page


def read(text: str, path: str = "page.txt") -> Article:
    return parse(text.encode(), path)


def passages_of(article: Article) -> list[str]:
    encoder = TinyEncoder()
    return [p.text for p in split(article, encoder.count_tokens, encoder.max_tokens)]


def headings_of(article: Article) -> tuple[str, ...]:
    return tuple(" › ".join(s.headings) for s in article.sections if s.headings)


@pytest.fixture(scope="module")
def owners() -> Article:
    return parse(ARTICLE.read_bytes(), ARTICLE.name)


def test_the_owners_article_is_all_there_without_boilerplate(owners: Article) -> None:
    assert owners.title == (
        "Nearly 20 countries join Latvian-led coalition for Ukraine's drones, MoD says"
    )
    assert owners.author == "Daria Shekina"
    assert owners.language == "en"
    assert headings_of(owners) == (
        "What preceded",
        "Drone production in Ukraine",
        "Latvia's assistance to Ukraine",
    )
    text = "\n".join(passages_of(owners))
    for boilerplate in ("ua en ru", "(Photo", "Author:", "Daria", owners.title, "Heads of Defense"):
        assert boilerplate not in text
    for heading in headings_of(owners):
        assert heading not in text
    lines = ARTICLE.read_text(encoding="utf-8").splitlines()
    prose = [line for line in lines[6:] if line and line not in headings_of(owners)]
    assert owners.text.split("\n\n") == prose


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(page: Page) -> None:
    article = read(page.saved, f"{page.name.replace(' ', '-')}.txt")
    paragraphs = article.text.split("\n\n")
    text = "\n".join(passages_of(article))
    assert article.title == page.title
    assert article.author == page.author
    assert headings_of(article) == page.headings
    assert article.url == page.url
    assert article.language == page.language
    assert [wanted for wanted in page.kept if wanted not in paragraphs] == []
    gone = filter(None, page.gone.split("; "))
    assert [unwanted for unwanted in gone if unwanted in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_sections_cover_the_text_whatever_the_line_ends(page: Page) -> None:
    article = read(page.saved)
    assert read(page.saved.replace("\n", " \t\r\n")) == article
    spans = [(start, end) for _, start, end in article.section_spans()]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(article.text)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\0" * 4096, "empty"),
        ("Share\nFacebook\nTwitter\n© 2024 Herald\n".encode(), "boilerplate"),
        ("ua en ru\n\n***\n\nФото: УНІАН\n".encode(), "boilerplate"),
    ],
)
def test_what_cannot_be_quoted_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        parse(data, "a.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("drone-coalition.txt", "Drone coalition"),
        ("deep/er/про_дрони.txt", "Про дрони"),
        ("---.txt", "---.txt"),
        ("2024.txt", "2024"),
    ],
)
def test_an_article_without_title_is_named_after_its_file(path: str, title: str) -> None:
    body = "There is nothing here but one long sentence that ends with a full stop."
    assert parse(body.encode(), path).title == title


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than 64 MB"):
        read_bytes(SourceFile("huge.txt", path))


def test_a_format_without_a_reader_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG")
    with pytest.raises(UnreadableFile, match=r"\.txt"):
        read_bytes(SourceFile("photo.png", path))


def test_a_suffix_in_capitals_is_the_same_suffix() -> None:
    assert parse("Знайшли старий човен на дні річки, повідомив музей.".encode(), "A.TXT").text
