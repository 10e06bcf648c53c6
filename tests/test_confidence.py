"""Calibrations: bound to their model, whole or refused, and what ships belongs to the default."""

import json
import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import CalibrationError
from embeddings.model.encoder import Model
from embeddings.model.runtimes import find_model
from embeddings.search.confidence import (
    Calibration,
    Features,
    Regression,
    calibration_for,
    load_calibration,
)
from embeddings.search.search import Searcher
from tests.conftest import calibration_file

NUMBERS = st.floats(-5, 5)
NAMES = list(Features.__dataclass_fields__)
FEATURES = st.builds(
    Features, **(dict.fromkeys(NAMES, NUMBERS) | {"cross": st.sampled_from([0.0, 1.0])})
)
PLAIN = Calibration("tiny:1", {"late": 2.0}, -1.0, {"same": 0.4, "cross": 0.8}, {"data": "none"})
SOME = Features(0.5, 0.9, 0.3, 0.0, 0.1, 0.1, *[0.0] * (len(NAMES) - 6))


# The number


@given(FEATURES, st.dictionaries(st.sampled_from(NAMES), NUMBERS), NUMBERS)
def test_confidence_is_a_logistic_regression(
    features: Features, weights: dict[str, float], intercept: float
) -> None:
    calibration = replace(PLAIN, weights=weights, intercept=intercept)
    total = intercept + sum(weight * getattr(features, name) for name, weight in weights.items())
    confidence = calibration.confidence(features)
    assert 0 <= confidence <= 1
    if abs(total) < 30:
        assert math.log(confidence / (1 - confidence)) == pytest.approx(total, abs=1e-2)


@pytest.mark.parametrize("size", [1e9, -1e9])
def test_no_feature_is_too_large(size: float) -> None:
    confidence = PLAIN.confidence(replace(SOME, late=size))
    assert confidence == pytest.approx(1.0 if size > 0 else 0.0)


@pytest.mark.parametrize(
    ("cross", "confidence", "answered"),
    [
        (0.0, 0.39, False),
        (0.0, 0.401, True),
        (0.0, 0.7, True),
        (1.0, 0.7, False),
        (1.0, 0.801, True),
    ],
)
def test_each_kind_of_question_has_its_threshold(
    cross: float, confidence: float, answered: bool
) -> None:
    late = (math.log(confidence / (1 - confidence)) + 1) / 2
    features = replace(SOME, cross=cross, late=late)
    assert PLAIN.confidence(features) == pytest.approx(confidence)
    assert PLAIN.answered(features) is answered


# Files


def test_a_calibration_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(PLAIN.to_json(), encoding="utf-8")
    assert load_calibration(path) == PLAIN
    assert calibration_for("tiny:1", path) == PLAIN


def test_a_calibration_for_another_model_names_both_and_the_mending_command(
    tmp_path: Path,
) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(PLAIN.to_json(), encoding="utf-8")
    with pytest.raises(CalibrationError) as caught:
        calibration_for("tiny:2", path)
    for part in (str(path), "tiny:1", "tiny:2", "python -m embeddings calibrate DATASET_DIR"):
        assert part in str(caught.value)


WRONG: list[Any] = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "{}",
    {"weights": {"unheard of": 1.0}},
    {"weights": []},
    {"weights": ["late"]},
    {"weights": {"late": "2"}},
    {"weights": {"late": None}},
    {"weights": {"late": math.nan}},
    {"weights": {"late": math.inf}},
    {"intercept": "0"},
    {"intercept": None},
    {"thresholds": {}},
    {"thresholds": {"same": 0.5}},
    {"thresholds": ["same", "cross"]},
    {"thresholds": {"same": 0.5, "cross": "0.5"}},
    {"surprise": 1},
]


@pytest.mark.parametrize("wrong", WRONG, ids=ascii)
def test_what_is_no_calibration_is_refused_by_name(tmp_path: Path, wrong: Any) -> None:
    path = tmp_path / "calibration.json"
    text = wrong if isinstance(wrong, str) else json.dumps({**asdict(PLAIN), **wrong})
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalibrationError, match=r"calibration\.json is no calibration") as caught:
        load_calibration(path)
    assert "python -m embeddings calibrate DATASET_DIR" in str(caught.value)


def test_the_decision_is_apart_from_the_confidence(tmp_path: Path) -> None:
    """The confidence may be low where the decision is yes, and the other way round."""
    calibration = replace(PLAIN, decision=Regression({"words": 2.0}, 0.0))
    path = tmp_path / "calibration.json"
    path.write_text(calibration.to_json(), encoding="utf-8")
    assert load_calibration(path) == calibration
    features = Features(**dict.fromkeys(NAMES, 0.0) | {"late": -5.0, "words": 1.0})
    assert calibration.confidence(features) < 0.01
    assert calibration.answered(features)
    assert not PLAIN.answered(features)


@pytest.mark.parametrize("field", ["model", "weights", "intercept", "thresholds", "provenance"])
def test_a_calibration_without_a_part_is_none(tmp_path: Path, field: str) -> None:
    content = asdict(PLAIN)
    del content[field]
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CalibrationError, match="is no calibration"):
        load_calibration(path)


def test_a_calibration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(CalibrationError, match=f"{path.name} .*cannot be read"):
            load_calibration(path)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x80")
    with pytest.raises(CalibrationError, match="is no calibration"):
        load_calibration(tmp_path / "bytes.json")


# What ships


def test_the_shipped_calibration_belongs_to_the_default_model() -> None:
    shipped = calibration_for(find_model().digest, None)
    assert shipped is not None
    assert set(shipped.weights) <= set(NAMES)
    assert shipped.provenance["confidence"]["data"]
    assert shipped.provenance["decision"]["data"]
    assert shipped.decision is not None
    assert set(shipped.decision.weights) <= set(NAMES)
    assert all(0 < shipped.thresholds[kind] < 1 for kind in ("same", "cross"))
    # Better matched is more surely an answer.
    assert all(shipped.weights[name] > 0 for name in ("late", "sentence", "words"))
    assert shipped.weights["short"] < 0


def test_another_model_has_no_shipped_calibration() -> None:
    assert calibration_for("tiny:1", None) is None


# Searching with one


@pytest.mark.parametrize(
    ("says", "answered", "marked"), [(0.99, True, True), (0.4, False, True), (0.01, False, False)]
)
def test_a_searcher_decides_by_its_calibration(
    index: Path, tiny: Model, tmp_path: Path, says: float, answered: bool, marked: bool
) -> None:
    searcher = Searcher.open(index, tiny, calibration_file(tmp_path, says))
    answer = searcher.search("How to bake bread?")
    assert answer.answered is answered
    assert answer.confidence == pytest.approx(says)
    # the nearest are listed all the same; where there is no hope of an answer none is marked
    plain = Searcher.open(index, tiny).search("How to bake bread?").passages
    assert plain
    if marked:
        assert answer.passages == plain
        assert all(found.highlight for found in plain)
    else:
        assert answer.passages == tuple(replace(found, highlight=None) for found in plain)
    content = answer.to_json()
    assert (content["answered"], content["confidence"]) == (answered, says)


@pytest.mark.parametrize("question", ["", "?!", "🎉"])
def test_a_question_without_words_is_not_answered(
    index: Path, tiny: Model, tmp_path: Path, question: str
) -> None:
    answer = Searcher.open(index, tiny, calibration_file(tmp_path, 0.99)).search(question)
    assert (answer.answered, answer.confidence, answer.passages) == (False, 0.0, ())


@pytest.mark.parametrize(
    ("question", "confidence", "answered", "span"),
    [
        ("How long should the dough rise?", 0.99, True, "two hours"),
        ("Who should bake the dough for hours?", 0.89, True, None),
        ("Should the dough of Gertrude rise for hours?", 0.89, True, None),
        ("What is the phone number of the dough?", 0.89, False, None),
    ],
)
def test_what_plainly_lacks_an_answer_is_not_sure(
    index: Path,
    tiny: Model,
    tmp_path: Path,
    question: str,
    confidence: float,
    answered: bool,
    span: str | None,
) -> None:
    answer = Searcher.open(index, tiny, calibration_file(tmp_path, 0.99)).search(question)
    assert answer.confidence == pytest.approx(confidence)
    assert answer.answered is answered
    highlight = answer.to_json()["passages"][0]["highlight"]
    assert ("span" in highlight) is (span is not None)
    if span:
        assert highlight["span"]["text"] == span
        start, end = highlight["span"]["start"], highlight["span"]["end"]
        assert answer.passages[0].passage.text[start:end] == span
