"""The real model on the owner's article, and on a table of codes."""

import re

import pytest

from embeddings.index.build import build_index
from embeddings.model.encoder import Model
from embeddings.search.confidence import SURE
from embeddings.search.search import Searcher
from tests.conftest import ARTICLE

AID = "595 million euros"
TWENTY = "(Nearly twenty countries|approaching 20 partners)"


@pytest.fixture(scope="module")
def searcher(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("owner")
    (folder / "seeds").mkdir()
    (folder / "seeds" / ARTICLE.name).write_bytes(ARTICLE.read_bytes())
    build_index(folder / "seeds", folder / "index", real_model)
    return Searcher.open(folder / "index", real_model)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much aid has Latvia given since the invasion?", AID),
        ("Скільки допомоги надала Латвія від початку вторгнення?", AID),
        ("Сколько помощи предоставила Латвия с начала вторжения?", AID),
        ("What share of its GDP did Latvia give to Ukraine?", r"0\.85%"),
        ("Яку частку ВВП Латвія витратила на допомогу Україні?", r"0\.85%"),
        ("Какую долю ВВП Латвия потратила на помощь Украине?", r"0\.85%"),
        ("How many countries are joining the drone coalition?", TWENTY),
        ("Скільки країн приєднується до коаліції дронів?", TWENTY),
        ("How many long-range drones will be manufactured?", "1,000 long-range drones"),
        ("Скільки дронів дальньої дії планують виготовити?", "1,000 long-range drones"),
        ("Сколько дронов большой дальности планируют произвести?", "1,000 long-range drones"),
        ("Who is the Minister of Strategic Industries?", "Oleksandr Kamyshin"),
        ("What did Kuleba say about FPV drones?", "Dmytro Kuleba"),
        ("When did Umerov and Spruds discuss the coalition?", "December 12, 2023"),
        ("Коли Умєров і Спрудс обговорювали коаліцію?", "December 12, 2023"),
        ("Когда Умеров и Спрудс обсуждали коалицию?", "December 12, 2023"),
        ("What does the new aid package include?", "howitzers"),
    ],
)
def test_the_answering_paragraph_is_first(searcher: Searcher, question: str, words: str) -> None:
    assert re.search(words, searcher.search(question, k=1).passages[0].passage.text)


CODES = """# Washing machine: error codes

| Code | Meaning | What to do |
|---|---|---|
| E1 | No water | Open the tap |
| E3 | The door is open | Close the door until it clicks |
| F12 | The motor is too hot | Wait for thirty minutes |
"""
ABOUT_MACHINES = """# Пральні машини

Що таке клас енергоспоживання? Це літера від A до G. Коди помилок описано в інструкції до машини.
"""


@pytest.fixture(scope="module")
def manual(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("manual")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "codes.md").write_text(CODES, encoding="utf-8")
    (folder / "seeds" / "machines.md").write_text(ABOUT_MACHINES, encoding="utf-8")
    build_index(folder / "seeds", folder / "index", real_model)
    return Searcher.open(folder / "index", real_model)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is E3?", "The door is open"),
        ("Що таке E3?", "The door is open"),
        ("помилка F12", "motor is too hot"),
    ],
)
def test_a_code_is_found_by_a_question_in_any_language(
    manual: Searcher, question: str, words: str
) -> None:
    answer = manual.search(question, k=1)
    assert answer.answered and answer.passages[0].highlight
    assert words in answer.passages[0].highlight.text


def test_a_code_that_stands_nowhere_is_not_answered_for_sure(manual: Searcher) -> None:
    answer = manual.search("What does F11 mean?", k=1)
    assert not (answer.answered and (answer.confidence or 0) >= SURE)
