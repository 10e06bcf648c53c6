"""The real model: figures that may not fall, on data of our own and on public data.

Public data are read from a folder beside the repository; where it is not there, those tests are
skipped. `docs/quality.md` has the figures on all questions; here a part of them is asked. Beside
each floor stands what was measured.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from embeddings.model.encoder import Model
from embeddings.quality.evaluate import Evaluation, Metrics, evaluate
from embeddings.search.search import Searcher
from tests.conftest import ARTICLE, ROOT

PUBLIC = ROOT.parent / "shared" / "eval"
LATVIA = ROOT / "tests" / "data" / "latvia" / "questions.jsonl"
LONGEST_PASSAGES = 900.0
"""Characters of a passage on average: longer ones would be right more often, and read less."""


def not_below(metrics: Metrics, **floors: float) -> None:
    low = {
        name: (getattr(metrics, name), floor)
        for name, floor in floors.items()
        if getattr(metrics, name) < floor
    }
    assert low == {}, metrics
    assert metrics.passage_length is not None
    assert metrics.passage_length <= LONGEST_PASSAGES


# The owner's article


@pytest.fixture(scope="module")
def latvia(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, Path]:
    folder = tmp_path_factory.mktemp("latvia")
    (folder / "seeds").mkdir()
    shutil.copy(ARTICLE, folder / "seeds" / ARTICLE.name)
    shutil.copy(LATVIA, folder / "questions.jsonl")
    return evaluate(folder, folder / "index", real_model), folder / "index"


def test_answers_on_the_owners_article(latvia: tuple[Evaluation, Path]) -> None:
    total = latvia[0].total
    assert total.questions >= 72
    not_below(
        total,
        answer_at_1=0.82,  # .875
        answer_at_3=0.95,  # 1.0
        highlight_at_1=0.73,  # .786
        answered=0.77,  # .821
        auroc=0.78,  # .819
    )
    for metrics in latvia[0].by_language.values():
        not_below(metrics, answer_at_3=0.9)  # 1.0 in each


def test_false_answers_on_the_owners_article(latvia: tuple[Evaluation, Path]) -> None:
    """Most of these ask for what stands right beside the text: who, where, how many of the same.

    No passage is nearer to them than the one that nearly answers, and without reading it nothing
    can tell.
    """
    false = latvia[0].total.false_answers
    assert false is not None
    assert false <= 0.60  # .548


def test_follow_ups(real_model: Model, tmp_path: Path) -> None:
    """Questions after another one, on six short articles in three languages."""
    total = evaluate(ROOT / "tests" / "data" / "follow_ups", tmp_path / "index", real_model).total
    not_below(total, follow_ups_right=0.88, highlight_at_1=0.83)  # .923, .874
    assert total.follow_ups_mistaken is not None
    assert total.follow_ups_mistaken <= 0.03  # 0


TALK = (
    "hello there|thanks a bunch|how's it going?|are you awake"
    "|tell me something interesting|привіт, як справи?|щиро дякую!|добраніч|ти хто?"
    "|усього найкращого|спасибо большое|как поживаешь?|ты робот?|пока-пока"
    "|asdf qwerty zxcv|йцукен фыва|ыыыы|https://example.org"
).split("|")
OFF_TOPIC = (
    "What is the capital of Peru?|Who won the 1998 World Cup?"
    "|How tall is Mount Everest?|Як приготувати борщ?|Скільки коштує квиток у кіно?"
    "|Какая погода будет завтра?|как вывести пятно от вина"
).split("|")


@pytest.fixture(scope="module")
def searcher(latvia: tuple[Evaluation, Path], real_model: Model) -> Searcher:
    return Searcher.open(latvia[1], real_model)


@pytest.mark.parametrize("words", [*TALK, *OFF_TOPIC])
def test_small_talk_and_other_matters_are_not_answered(searcher: Searcher, words: str) -> None:
    answer = searcher.search(words)
    assert answer.answered is False
    assert answer.confidence is not None
    assert answer.passages  # for the button


@pytest.mark.parametrize(
    "question",
    [
        "skilky kraiin pryiednalosia do koalitsii droniv?",
        "Hwo mnay contries joined teh drone coaliton?",
        "How many країн joined the coalition?",
        "Скільки countries приєдналися до коаліції дронів?",
        "HOW MANY COUNTRIES JOINED THE DRONE COALITION",
        "сколько стран присоеденилось к каалиции дронов",
    ],
)
def test_typos_transliteration_and_mixed_languages_degrade_and_do_not_fail(
    searcher: Searcher, question: str
) -> None:
    texts = [found.passage.text for found in searcher.search(question, k=3).passages]
    assert any(
        re.search("Nearly twenty countries|nearly 20 countries|20 partners", t) for t in texts
    )


def test_scores_mean_the_same_in_any_company(
    searcher: Searcher, real_model: Model, tmp_path: Path
) -> None:
    """The best passage and the decision stay when unrelated articles come."""
    from embeddings.index.build import build_index

    (tmp_path / "seeds").mkdir()
    shutil.copy(ARTICLE, tmp_path / "seeds" / ARTICLE.name)
    for number, topic in enumerate(["bread", "bees", "glass", "tea", "chess", "wool"]):
        (tmp_path / "seeds" / f"{topic}.txt").write_text(
            f"All about {topic}\n\nPeople have made {topic} for about {number + 3} thousand years, "
            f"and nobody has ever grown tired of it.\n\nThe best {topic} comes from small towns.\n",
            encoding="utf-8",
        )
    build_index(tmp_path / "seeds", tmp_path / "index", real_model)
    other = Searcher.open(tmp_path / "index", real_model)
    for question in (
        "How much aid has Latvia given since the invasion?",
        "Коли Умєров і Спрудс обговорювали коаліцію?",
        "дякую",
    ):
        alone, together = searcher.search(question, 1), other.search(question, 1)
        assert alone.answered is together.answered
        if alone.answered:
            assert alone.passages[0].passage == together.passages[0].passage


# Public data


def part_of(name: str, folder: Path, step: int) -> Path:
    """One article of `step`, every third question that they answer, all that none answers."""
    source = PUBLIC / name
    if not source.is_dir():
        pytest.skip(f"{source} is not there")
    (folder / "seeds").mkdir()
    kept = {path.name for path in sorted((source / "seeds").iterdir())[::step]}
    for name in kept:
        shutil.copy(source / "seeds" / name, folder / "seeds")
    lines = (source / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    answered = [line for line in lines if json.loads(line)["article"] in kept]
    others = [line for line in lines if json.loads(line)["article"] is None]
    asked = [*answered[::3], *others]
    (folder / "questions.jsonl").write_text("\n".join(asked), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def xquad(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    folder = part_of("xquad", tmp_path_factory.mktemp("xquad"), step=2)
    return evaluate(folder, folder / "index", real_model)


@pytest.fixture(scope="module")
def xquad_ru(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    folder = part_of("xquad-ru", tmp_path_factory.mktemp("xquad-ru"), step=4)
    return evaluate(folder, folder / "index", real_model)


def test_english_questions_on_english_articles(xquad: Evaluation) -> None:
    metrics = xquad.by_language["en"]
    not_below(
        metrics,
        answer_at_1=0.975,  # .994
        answer_at_3=0.99,  # 1.0
        highlight_at_1=0.80,  # .866
        answered=0.98,  # 1.0
        auroc=0.99,  # .999
    )
    false_answers_are_rare(metrics)


def test_russian_questions_on_english_articles(xquad: Evaluation) -> None:
    metrics = xquad.by_language["ru"]
    not_below(
        metrics,
        answer_at_1=0.88,  # .930
        answer_at_3=0.96,  # .971
        highlight_at_1=0.72,  # .791
        answered=0.77,  # .797
        auroc=0.92,  # .946
    )
    false_answers_are_rare(metrics)


def test_russian_questions_on_russian_articles(xquad_ru: Evaluation) -> None:
    metrics = xquad_ru.total
    not_below(
        metrics,
        answer_at_1=0.955,  # .971
        answer_at_3=0.985,  # 1.0
        highlight_at_1=0.78,  # .797
        answered=0.96,  # .977
        auroc=0.98,  # .996
    )
    false_answers_are_rare(metrics)


def false_answers_are_rare(metrics: Metrics) -> None:
    """At the shipped thresholds, not the best ones in hindsight: .047, and .063 for Russian."""
    assert metrics.false_answers is not None
    assert 0.02 <= metrics.false_answers <= 0.08
