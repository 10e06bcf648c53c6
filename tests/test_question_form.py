"""Questions recognised by their form: what an article is about, and what asks nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from embeddings.search.confidence import Regression, load_calibration
from embeddings.search.question_form import (
    asked_together,
    asks_for_overview,
    asks_who_it_is,
    is_noise,
    normalise,
)
from embeddings.search.search import Searcher
from tests.conftest import calibration_file, tiny_model
from tests.test_ranking import built


@pytest.mark.parametrize(
    "question",
    [
        "What is this article about?",
        "what's the text about",
        "Про що стаття?",
        "про що йдеться у цій статті",
        "О чём эта статья?",
        "о чем говорится в статье?",
        "Worum geht es in diesem Artikel?",
        "¿De qué trata este artículo?",
    ],
)
def test_an_overview_is_asked_for(question: str) -> None:
    assert asks_for_overview(question)


@pytest.mark.parametrize(
    "question",
    ["What is Article 5 about bread?", "Стаття 12", "Про що домовились сторони?", "О чём спор?"],
)
def test_no_overview_is_asked_for(question: str) -> None:
    assert not asks_for_overview(question)


@pytest.mark.parametrize(
    ("text", "noise"),
    [("a" * 1000, True), ("https://example.org/why?", True), ("www.x.org", True), ("аааа", True),
     ("aa", False), ("1111 bread", False), ("what is https://example.org", False)],
)  # fmt: skip
def test_noise(text: str, noise: bool) -> None:
    assert is_noise(text) is noise


@pytest.mark.parametrize(
    ("question", "who"),
    [("Хто такий Андрій Садовий?", True), ("кто такая Анна Берг", True),
     ("Who is Anna Berg?", True),
     ("Who is the mayor of the town that built the bridge?", False), ("Хто збудував міст?", False)],
)  # fmt: skip
def test_who_someone_is(question: str, who: bool) -> None:
    assert asks_who_it_is(question) is who


@pytest.mark.parametrize(
    ("question", "is_overview"),
    [
        ("What is it about?", True),
        ("Is there a policy on pets · What is this about?", True),
        ("Is there a policy on pets · What is it about?", False),
        ("What is rule 14 · And what is that about?", False),
    ],
)
def test_a_thing_that_was_named_before_is_not_an_article(question: str, is_overview: bool) -> None:
    assert asks_for_overview(question) is is_overview


def test_pictures_say_nothing() -> None:
    assert normalise("🇺🇦 Why? 👍🏽") == "Why?"


@pytest.mark.parametrize("decided", [-20.0, 20.0, None], ids=["never", "always", "by confidence"])
def test_an_overview_is_answered_and_noise_is_not_whatever_the_calibration(
    tmp_path: Path, decided: float | None
) -> None:
    sections = "".join(f"## Part {n}\n\nThis article is about what {n} says.\n\n" for n in range(5))
    page = f"# Ferries\n\nThe chain ferry crosses the river. It is old.\n\n{sections}"
    index = built(tmp_path, {"a.md": page})
    path = calibration_file(tmp_path, 0.1)
    if decided is not None:
        calibration = replace(load_calibration(path), decision=Regression({}, decided))
        path.write_text(calibration.to_json(), encoding="utf-8")
    searcher = Searcher.open(index, tiny_model(), path)
    for question in ("What is this article about?", "What is it about?", "Is it old? · про що це"):
        answer = searcher.search(question)
        assert answer.answered
        assert [hit.passage.start for hit in answer.passages] == [0]
    assert answer.passages[0].highlight is not None
    assert answer.passages[0].highlight.text == "The chain ferry crosses the river."
    for noise in ("https://example.org/ferry", "aaaaaaaaaa"):
        said = searcher.search(noise)
        assert (said.answered, said.confidence) == (False, 0.0)


PREVIOUS = "How many drones did Latvia give?"


@pytest.mark.parametrize(
    "question",
    "And when?|а коли?|кто ещё?|а в Литве?|Why?|What about Lithuania?|when did it happen?"
    "|Коли він народився?|Кто её возглавляет?|in 2022?|Скільки це коштує?|what year|а вчора?"
    "|How do these drones work?|and the last one?|с какого дня?|Is there a cafe there?"
    "|from what age?|What's the price of this?|А сколько лет?|and in Latvia 🙂|А завтра 🙏"
    "|What is this about?|А про що це?|о чём речь".split("|"),
)
def test_what_does_not_stand_alone_is_asked_together(question: str) -> None:
    assert asked_together(question, PREVIOUS) == f"{PREVIOUS[:-1]} · {question}"


@pytest.mark.parametrize(
    "question",
    "Who is Andris Spruds?|And how many drones does Ukraine make?|What time is it?|Хто ти?"
    "|Lithuania|Is it allowed to bring dogs?|Чи правда, що музей зачинено?|Как дела?|How are you?"
    "|thanks|Кто такой Йозеф Ландер и где он живёт?|Where are these museums?|Який сьогодні день?"
    "|Про що ця стаття?|А де знаходиться музей годинників?|How long does it take to bake bread?"
    "|IT department phone number?|So what is photosynthesis?|А сколько лет Зеленскому?"
    "|To whom do I complain?|За що штрафують?|Is there a cafe?|no|ні|Нет!|так|да|"
    "|it works!|ну ти даєш)".split("|"),
)
def test_what_stands_alone_is_asked_alone(question: str) -> None:
    assert asked_together(question, f"{PREVIOUS} Стаття?") is None


@pytest.mark.parametrize("question", ["and why?", "а в Эстонии?", "а де це?"])
@pytest.mark.parametrize("named", ["а в Литве?", "when?"])
def test_a_follow_up_belongs_to_the_question_that_stood_alone(named: str, question: str) -> None:
    together = asked_together(named, PREVIOUS)
    assert together == f"{PREVIOUS[:-1]} · {named}"
    assert asked_together(question, together) == f"{PREVIOUS[:-1]} · {question}"
