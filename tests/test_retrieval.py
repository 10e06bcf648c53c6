"""The real model on the owner's article: questions in three languages find their paragraph."""

import re
from pathlib import Path

import pytest

from embeddings.index.build import build_index
from embeddings.model.encoder import Model
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
    return Searcher.open(Path(folder / "index"), real_model)


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
