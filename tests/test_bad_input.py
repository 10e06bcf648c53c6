"""Files that nobody would call articles: bounded in time and memory, and never in the way."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.articles.passage import LONGEST_SENTENCE, split
from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from tests.conftest import TinyEncoder

MB = 2**20
ENCODER = TinyEncoder()


def repeated(piece: str, size: int) -> bytes:
    data = piece.encode()
    return data * (size // len(data))


LARGE = {
    "one line of words": "word ",
    "one line without a space": "a",
    "one line of Cyrillic": "слово ",
    "one line of sentences": "This is a sentence of some words. ",
    "one line of numbers": "1 ",
    "one line of quotes": '"a" ',
    "short lines": "ab\n",
    "capital lines": "Ab\n",
    "headings": "Heading\n\n",
    "marked headings": "# Heading\n\n",
    "list items": "- item\n",
    "paragraphs": "This is a sentence, and it stands alone in its paragraph.\n\n",
    "bylines": "By Jane Doe and John Doe and Jane Doe and John Doe and Jane\n\n",
}


@pytest.mark.parametrize("piece", LARGE.values(), ids=LARGE.keys())
def test_time_grows_with_the_size_and_no_faster(piece: str) -> None:
    small, large = (_seconds(repeated(piece, size)) for size in (MB // 128, MB // 16))
    assert large < 1 + 8 * 3 * small


def _seconds(data: bytes) -> float:
    started = time.process_time()
    article = parse(data, "large.txt")
    passages = split(article, ENCODER.count_tokens, ENCODER.max_tokens)
    assert all(len(passage.text) <= LONGEST_SENTENCE for passage in passages)
    assert sum(len(passage.text) for passage in passages) > len(article.text) // 2
    return time.process_time() - started


def test_memory_stays_within_a_few_times_the_file() -> None:
    data = repeated("слово і ще слово ", MB // 4)
    parse(data[:4000], "warm-up.txt")
    tracemalloc.start()
    article = parse(data, "large.txt")
    split(article, ENCODER.count_tokens, ENCODER.max_tokens)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * len(data)


def test_a_line_of_many_megabytes_is_refused_before_anything_is_made_of_it(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_bytes(repeated("слово ", 12 * MB))
    started = time.process_time()
    with pytest.raises(UnreadableFile, match="longer than 5 million characters; split it"):
        parse(read_bytes(SourceFile("line.txt", path)), "line.txt")
    assert time.process_time() - started < 10


PARTS = [
    *("# ", "\n", "\n\n", " ", "\t", "\r", "- ", "1.", "(", ":", ".", "?", '"', "©", "Home"),
    *("By ", "Photo: ", "Фото: ", "ua en ru", "12 May 2024", "https://a.b", "слово", "Word"),
    "A long enough sentence that must be the body of an article, somehow.",
]


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
@settings(max_examples=100)
def test_any_page_gives_an_article_or_a_reason(page: str) -> None:
    try:
        article = parse(page.encode(), "page.txt")
    except UnreadableFile as error:
        assert str(error) == "empty" or "boilerplate" in str(error)
        return
    assert article.text == article.text.strip()
    assert article.text
    assert article.title
    assert "\n\n\n" not in article.text
    starts = [section.start for section in article.sections]
    assert starts[0] == 0
    assert starts == sorted(set(starts))


@given(
    st.lists(
        st.sampled_from(
            [
                "The ministers met in Riga on Monday, and talked until the evening came.",
                "By Monday evening they had talked for as long as nine hours, he said.",
                "Photo: this was the one word on the wall of the room where they met.",
                "12 May 2024 was the day on which the two of them had met for the first time.",
                "Міністри зустрілися в понеділок у Ризі та розмовляли до самого вечора.",
                "Автор: так назвав себе чоловік, якого ніхто з них раніше не бачив ніде.",
                "Как сказал министр, решение о поставках будет принято до конца года.",
            ]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_paragraph_of_prose_is_lost(paragraphs: list[str]) -> None:
    for between in ("\n", "\n\n", "\r\n \r\n"):
        article = parse(between.join(paragraphs).encode(), "page.txt")
        kept = " ".join(article.text.split())
        assert kept == " ".join(paragraphs)
