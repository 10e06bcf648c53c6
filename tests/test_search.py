"""Questions to answers, with a tiny encoder: what is found, and what odd questions get."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import IndexMissing
from embeddings.index.build import build_index
from embeddings.model.encoder import Encoder, Model
from embeddings.search.question_form import LONGEST_QUESTION, normalise
from embeddings.search.search import Searcher
from tests.conftest import tiny_model

ODD = [
    "",
    " \n\t ",
    "?!…",
    "🎉🎉🎉",
    "\0\x07\x1b",
    "\u202e\u2066\u200f",
    "\ud800",
    "e\u0301",
    "<b>bread</b> &amp; <script>",
    "'; DROP TABLE passage; --",
    "%s %d {0} {}",
    "bread\0flour",
    "\u202ebread\u202c water",
    "مرحبا بالعالم",
    "日本語",
    "a",
    "bread " * 2000,
    "b" * 10_000,
    "\u0301" * 5000,
    "..\\..\\etc\\passwd",
]


@pytest.fixture
def searcher(index: Path, tiny: Model) -> Searcher:
    return Searcher.open(index, tiny)


def test_the_nearest_passage_is_first(searcher: Searcher) -> None:
    answer = searcher.search("Let the dough rise for two hours in a warm place")
    best = answer.passages[0]
    assert best.source.path == best.passage.article == "bread.txt"
    assert best.source.title == "How to bake bread"
    assert "dough" in best.passage.text
    scores = [found.score for found in answer.passages]
    assert scores == sorted(scores, reverse=True)


def test_as_many_as_asked_for_and_no_more_than_there_are(searcher: Searcher) -> None:
    total = searcher.index.manifest.passages
    assert [len(searcher.search("bread", k).passages) for k in (1, 2, 100)] == [1, 2, total]


def test_an_answer_keeps_the_question_as_it_was_asked(searcher: Searcher) -> None:
    question = "  How\u200b to  bake\nbread? "
    answer = searcher.search(question)
    assert answer.question == question
    assert answer.passages == searcher.search("How to bake bread?").passages
    assert answer.answered is None
    assert answer.confidence is None


def test_the_time_it_took_is_told(searcher: Searcher) -> None:
    took = searcher.search("bread").took
    assert 0 < took.search < took.total
    assert took.encode + took.search == pytest.approx(took.total)


@pytest.mark.parametrize("question", ODD, ids=[ascii(question)[:30] for question in ODD])
def test_odd_questions_get_passages_or_none_but_no_error(searcher: Searcher, question: str) -> None:
    answer = searcher.search(question)
    assert answer.question == question
    assert bool(answer.passages) == bool(normalise(question))


@given(st.one_of(st.text(max_size=60), st.text("ab \n?", min_size=999, max_size=1003)))
def test_any_question_is_brought_to_one_line(question: str) -> None:
    words = normalise(question)
    assert normalise(words) == words
    assert len(words) <= LONGEST_QUESTION
    assert words == " ".join(words.split())
    words.encode()


def test_a_long_question_is_answered_on_its_first_part(searcher: Searcher) -> None:
    start = "How to bake bread? "
    long = start * (LONGEST_QUESTION // len(start) + 1)
    assert LONGEST_QUESTION - 1 <= len(normalise(long)) <= LONGEST_QUESTION
    assert (
        searcher.search(long + "drones " * 3000).passages
        == searcher.search(long[:LONGEST_QUESTION]).passages
    )


def test_a_question_without_words_has_none() -> None:
    assert normalise("?!… 🎉 —") == ""
    assert normalise("?" * LONGEST_QUESTION + "word") == ""
    assert normalise("5?") == "5?"


def test_no_index_is_said_before_the_model_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m embeddings build"):
        Searcher.open(tmp_path / "none", Model("tiny", "tiny:1", _never))


def _never() -> Encoder:
    raise AssertionError("the model was loaded")


def test_an_open_searcher_answers_from_its_generation_while_others_are_built(
    searcher: Searcher, seeds: Path, index: Path
) -> None:
    before = searcher.search("bread", k=50).passages
    for number in range(4):
        (seeds / "bread.txt").write_text(
            f"Bread\n\nThis is the recipe number {number}, and it is not like the one before it.",
            encoding="utf-8",
        )
        build_index(seeds, index, tiny_model())
    assert searcher.search("bread", k=50).passages == before
    searcher.close()
