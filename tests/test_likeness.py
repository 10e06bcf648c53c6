"""Which questions ask the same."""

import asyncio
import json
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.question_worker import QuestionWorker
from embeddings import Encoder, Model, cluster_questions
from embeddings.search.question_similarity import mean_question_vector, question_vector
from tests.conftest import ROOT, TinyEncoder, until


def grouped(questions: Sequence[str]) -> list[list[int]]:
    return cluster(questions, TinyEncoder())


def cluster(questions: Sequence[str], encoder: Encoder) -> list[list[int]]:
    mean = mean_question_vector(encoder)
    vectors = [question_vector(encoder.encode_questions([text])[0], mean) for text in questions]
    return cluster_questions(questions, vectors)


def test_questions_that_share_most_words_are_one() -> None:
    questions = [
        "Where is the old harbour?",
        "How tall is the lighthouse?",
        "where is the old harbour then",
        "Lighthouse: how tall is it?",
    ]
    assert grouped(questions) == [[0, 2], [1, 3]]


def test_questions_that_name_other_numbers_are_not() -> None:
    questions = ["What happened in 1990?", "What happened in 1991?", "what happened in 1990"]
    assert grouped(questions) == [[0, 2], [1]]


def test_a_question_without_a_vector_is_alone() -> None:
    assert grouped([]) == []
    assert cluster_questions(["a", "a"], [None, None]) == [[0], [1]]


@given(st.lists(st.sampled_from("harbour lighthouse bread dough honey 1990".split()), max_size=12))
def test_one_more_question_changes_no_group_but_its_own(words: list[str]) -> None:
    before, after = grouped(words), grouped([*words, "the harbour and the bread"])
    assert sorted(place for group in before for place in group) == list(range(len(words)))
    new = len(words)
    assert [
        [place for place in group if place != new] for group in after if group != [new]
    ] == before


def test_the_real_model_sees_the_same_in_other_words_and_languages(real_model: Model) -> None:
    meant = json.loads((ROOT / "tests" / "data" / "alike.json").read_text(encoding="utf-8"))
    questions = [question for group in meant for question in group]
    of = [number for number, group in enumerate(meant) for _ in group]
    groups = cluster(questions, real_model.load())
    assert len(meant) <= len(groups) <= 48
    assert sum(of[place] != of[group[0]] for group in groups for place in group) <= 7
    home = {questions[place]: group for group in groups for place in group}
    assert home["How much does delivery cost?"] is home["Сколько стоит доставка?"]
    assert home["Як скинути пароль?"] is home["Как сбросить пароль?"]
    assert home["Who is the president of Latvia?"] is home["Кто президент Латвии?"]
    assert home["How much does delivery cost?"] is not home["How long does delivery take?"]
    assert home["Who is the president of Latvia?"] is not home["Хто президент Естонії?"]


@pytest.mark.parametrize("question", ["", "?", "🙂"])
def test_what_asks_nothing_has_no_direction(question: str) -> None:
    encoder = TinyEncoder()
    vector = question_vector(encoder.encode_questions([question])[0], mean_question_vector(encoder))
    assert vector.shape == (encoder.dimension,)


async def test_people_are_answered_between_questions_that_are_encoded_for_a_list(
    question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, encoded = question_worker.searcher.question_vector, list[str]()

    def slow(question: str) -> object:
        time.sleep(0.02)
        encoded.append(question)
        return find(question)

    monkeypatch.setattr(question_worker.searcher, "question_vector", slow)
    questions = [f"Where is the harbour of town {number}?" for number in range(40)]
    encoding = asyncio.create_task(question_worker.question_vectors(questions, 10))
    await until(lambda: bool(encoded))
    assert (await question_worker.ask("How long should the dough rise?", 1)).passages
    assert not encoding.done()
    found = await encoding
    assert len(cluster_questions(questions, found)) == 40
    assert await question_worker.question_vectors(questions, 10) == found
    assert encoded == questions
    assert (await question_worker.question_vectors(["Who built the lighthouse?"], 0.0)) == [None]
