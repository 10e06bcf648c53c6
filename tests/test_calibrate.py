"""A calibration of one's own, and the commands `eval` and `calibrate`."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.errors import DatasetError
from embeddings.model.encoder import Model
from embeddings.quality.calibrate import FALSE_ANSWERS, calibrate
from embeddings.quality.evaluate import Metrics, evaluate
from embeddings.search.confidence import Calibration, calibration_for
from embeddings.search.search import Searcher
from tests.conftest import Run, calibration_file, is_one_line, printed, refused, tiny_model
from tests.test_dataset import dataset

THINGS = [
    "lighthouse harbour museum railway orchard library theatre foundry observatory brewery "
    "cathedral aqueduct vineyard quarry monastery shipyard".split(),
    "founder price visitors height colour roof cellar garden".split(),
]


def generated(folder: Path, articles: int = 12, missing: int = 4) -> Path:
    """Articles that each say eight things, a question about each; some articles are missing."""
    chance = np.random.default_rng(5)
    lines: list[dict[str, Any]] = []
    texts: dict[str, str] = {}
    for number, place in enumerate(THINGS[0][:articles]):
        sentences = []
        for thing in THINGS[1]:
            value = "".join(chance.choice(list("aeioubdgklmnprst"), 9)).capitalize()
            sentences.append(f"The {thing} belonging to this {place} became {value} long since.")
            lines.append(
                {
                    "id": f"{place}-{thing}",
                    "lang": "en",
                    "question": f"What became the {thing} belonging to that {place}?",
                    "article": f"{place}.txt" if number >= missing else None,
                    "answers": [value] if number >= missing else [],
                }
            )
        if number >= missing:
            halves = " ".join(sentences[:4]), " ".join(sentences[4:])
            texts[f"{place}.txt"] = f"Of one {place}\n\n{halves[0]}\n\n{halves[1]}\n"
    dataset(folder, *lines)
    for name, text in texts.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("data") / "places")


@pytest.fixture(scope="module")
def fitted(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """A calibration that was fitted on `data`."""
    told: set[str] = set()
    calibration = calibrate(
        [(data, tmp_path_factory.mktemp("fitted") / "index")],
        tiny_model(),
        lambda what, *_: told.add(what),
    )
    assert told == {"read", "encode", "ask"}
    return calibration


def test_a_calibration_keeps_its_rate_of_false_answers(
    data: Path, fitted: Calibration, tmp_path: Path
) -> None:
    assert fitted.model == "tiny:1"
    assert fitted.provenance["data"] == "places"
    assert fitted.provenance["false_answers"] == FALSE_ANSWERS
    path = tmp_path / "calibration.json"
    path.write_text(fitted.to_json(), encoding="utf-8")
    total = evaluate(data, tmp_path / "index", tiny_model(), calibration=path).total
    # 5 % of the misses it learned from, which are these and others; 32 questions are coarse
    assert total.false_answers is not None
    assert total.false_answers <= FALSE_ANSWERS + 0.05
    assert total.answered is not None
    assert total.answered > 0.5
    assert total.auroc is not None
    assert total.auroc > 0.9
    searcher = Searcher.open(tmp_path / "index", tiny_model(), path)
    for talk in ("hi", "дякую", "how are you?", "asdf qwer"):
        assert searcher.search(talk).answered is False


def test_several_data_sets_are_learned_from_together(
    data: Path, fitted: Calibration, tmp_path: Path
) -> None:
    other = generated(tmp_path / "other", articles=8, missing=2)
    both = calibrate([(data, tmp_path / "one"), (other, tmp_path / "two")], tiny_model())
    assert both.provenance["data"] == "places, other"
    assert both.provenance["rows"] > fitted.provenance["rows"]


def one_article(folder: Path) -> Path:
    """As the owner has it: one article, and questions that it does not answer."""
    words = [f"word{number}" for number in range(60)]
    text = " ".join(f"The thing called {word} measures exactly {word}{word}." for word in words)
    lines: list[dict[str, Any]] = [
        {"question": f"What measures {word}?", "article": "a.txt", "answers": [word * 2]}
        for word in words
    ]
    lines += [{"question": f"Why is other{n} missing?", "article": None} for n in range(30)]
    dataset(folder, *lines)
    (folder / "seeds" / "a.txt").write_text(f"Measures\n\n{text}\n", encoding="utf-8")
    return folder


def test_one_article_is_enough(tmp_path: Path) -> None:
    calibration = calibrate([(one_article(tmp_path / "one"), tmp_path / "i")], tiny_model())
    assert 0 < calibration.thresholds["same"] < 1


@pytest.mark.parametrize(
    ("articles", "missing"), [(2, 1), (6, 6), (1, 0)], ids=["few", "none", "one"]
)
def test_too_little_is_one_sentence(tmp_path: Path, articles: int, missing: int) -> None:
    folder = generated(tmp_path / "small", articles, missing)
    if articles == missing:
        (folder / "seeds" / "a.txt").write_text("Bread\n\nLet the dough rise.\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="too little to learn from") as caught:
        calibrate([(folder, tmp_path / "index")], tiny_model())
    assert "\n" not in str(caught.value)
    assert "50 and 20" in str(caught.value)


# The commands


def test_eval_as_json_is_the_contract(cli_run: Run, data: Path, tmp_path: Path) -> None:
    out = printed(cli_run("eval", data, "--index", tmp_path / "var" / "index", "--json"))
    content = json.loads(out)
    assert list(content) == ["dataset", "all", "by_language", "by_part"]
    names = [field.name for field in fields(Metrics)]
    assert list(content["all"]) == list(content["by_language"]["en"]) == names
    assert content["all"]["questions"] == 96
    assert content["all"]["answered"] is None  # no calibration ships for this model
    assert content["all"]["answer_at_1"] > 0.9
    # its index is one of its own, and the usual one is not touched
    assert not (tmp_path / "var" / "index").exists()
    assert len(list((tmp_path / "var" / "eval").iterdir())) == 1


def test_eval_for_a_person_and_a_report(
    cli_run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALIBRATION", str(calibration_file(tmp_path, 0.9)))
    report = tmp_path / "report"
    arguments = ("eval", data, "--index", tmp_path / "index", "--report", report)
    status, out, err = cli_run(*arguments)
    assert status == 0
    assert out.startswith("| places | all | en |")
    assert "| answered | 1.000 |" in out
    assert is_one_line(err)
    assert str(report / "report.md") in err
    assert (report / "report.md").is_file()


def test_calibrate_writes_a_file_that_the_other_commands_take(
    cli_run: Run,
    data: Path,
    fitted: Calibration,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = tmp_path / "new" / "calibration.json"
    index = tmp_path / "index"
    out = printed(cli_run("calibrate", data, "--index", index, "--output", output))
    assert f"CALIBRATION={output}" in out
    assert calibration_for("tiny:1", output) == fitted  # the same data give the same calibration
    monkeypatch.setenv("CALIBRATION", str(output))
    out = printed(cli_run("eval", data, "--index", index, "--json"))
    assert json.loads(out)["all"]["answered"] > 0.5
    printed(cli_run("build", "--seeds", data / "seeds", "--index", index))
    question = "What became the garden belonging to that aqueduct?"
    answer = json.loads(printed(cli_run("search", question, "--index", index, "--json")))
    assert answer["answered"] is True
    assert 0 < answer["confidence"] <= 1
    highlight, text = answer["passages"][0]["highlight"], answer["passages"][0]["text"]
    assert set(highlight) == {"start", "end", "text"}
    assert text[highlight["start"] : highlight["end"]] == highlight["text"]
    answer = json.loads(printed(cli_run("search", "дякую", "--index", index, "--json")))
    assert answer["answered"] is False
    assert answer["passages"]


@pytest.mark.parametrize("command", ["eval", "calibrate"])
def test_what_is_wrong_with_a_data_set_is_one_line(
    cli_run: Run, tmp_path: Path, command: str
) -> None:
    index = tmp_path / "index"
    assert "no folder seeds/" in refused(cli_run(command, tmp_path / "nowhere", "--index", index))
    folder = dataset(tmp_path / "bad", {"question": "Why?", "article": None}, "{}")
    (folder / "seeds" / "a.txt").write_text("Bread\n\nLet it rise for hours.\n", encoding="utf-8")
    assert "questions.jsonl, line 2" in refused(cli_run(command, folder, "--index", index))
    empty = dataset(tmp_path / "empty", {"question": "Why?", "article": None})
    assert "There are no articles" in refused(cli_run(command, empty, "--index", index))


@pytest.mark.parametrize("command", ["eval", "calibrate"])
def test_wrong_usage_is_status_2(cli_run: Run, tmp_path: Path, command: str) -> None:
    for arguments, said in (((), "Missing argument"), ((tmp_path, "--nonsense"), "--nonsense")):
        status, out, err = cli_run(command, *arguments)
        assert (status, out, said in err) == (2, "", True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("CALIBRATION", None, "cannot be read"),
        ("CALIBRATION", "{}", "is no calibration"),
        ("CALIBRATION", "other", "python -m embeddings calibrate DATASET_DIR"),
        ("RERANKER_MODEL", None, "RERANKER_MODEL must name"),
    ],
)
@pytest.mark.parametrize("command", ["search", "eval"])
def test_a_setting_that_does_not_fit_is_one_line(
    cli_run: Run,
    tmp_path: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    name: str,
    content: str | None,
    message: str,
) -> None:
    path = tmp_path / "setting"
    if content == "other":
        path = calibration_file(tmp_path, 0.5, model="other:1")
    elif content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setenv(name, str(path))
    subject: object = "bread"
    if command == "eval":
        subject = dataset(tmp_path / "set", {"question": "Why?", "article": None})
        (tmp_path / "set" / "seeds" / "a.txt").write_text("Bread\n\nLet it rise for hours.\n")
    assert message in refused(cli_run(command, subject, "--index", index))


def test_an_empty_setting_is_none(
    cli_run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALIBRATION", "")
    monkeypatch.setenv("RERANKER_MODEL", "")
    assert cli_run("search", "bread", "--index", index)[0] == 0


def test_a_calibration_that_cannot_be_written_is_one_line(
    cli_run: Run,
    data: Path,
    fitted: Calibration,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("embeddings.quality.calibrate.calibrate", lambda *_: fitted)
    (tmp_path / "file").write_bytes(b"")
    output = ("--output", tmp_path / "file" / "c.json")
    err = refused(cli_run("calibrate", data, "--index", tmp_path / "i", *output), 2)
    assert "cannot be written" in err


def test_eval_uses_the_reranker_that_is_named(
    data: Path, tmp_path: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Last:
        def __init__(self, name: str) -> None:
            assert name == "some-reranker"

        def score(self, question: str, passages: list[str]) -> list[float]:
            return [float(number) for number in range(len(passages))]

    monkeypatch.setattr("embeddings.search.search.CrossEncoderReranker", Last)
    total = evaluate(data, tmp_path / "index", tiny, reranker="some-reranker").total
    assert total.answer_at_1 is not None
    assert total.answer_at_1 < 0.5  # it turned the order around
