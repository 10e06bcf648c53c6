"""The page of performance from made-up results, and what it counts."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.corpus import HashEncoder
from benchmarks.performance import PARTS
from benchmarks.performance.counting import Asked, Layers, stages
from benchmarks.performance.floor import tokens_read
from benchmarks.performance.nearreal import NearReal, Pool
from benchmarks.performance.page import page, write_page
from benchmarks.performance.page.goals import goals
from benchmarks.performance.peaks import Peaks
from benchmarks.performance.processes import memory_of
from benchmarks.performance.result import Result, keep, kept, percentiles
from benchmarks.performance.timers import PARTS as OF_A_QUESTION
from benchmarks.performance.timers import Point, Timers, points
from embeddings.model.openvino.encoder import OpenVinoEncoder

MACHINE = {
    "processor": "A Processor",
    "cores": 2,
    "memory_gb": 8.0,
    "system": "A System",
    "python": "3.11",
    "features": ["AVX2"],
    "versions": {"numpy": "2"},
    "load": [0.25, 0.5, 0.75],
}


def spread(p50: float) -> dict[str, float]:
    return {"p50": p50, "p95": 2 * p50, "p99": 3 * p50}


def peer(name: str, p50: float, passages: float, right: float) -> dict[str, Any]:
    return {
        "peer": name,
        "dataset": "data",
        "versions": {"package": "1"},
        "load_seconds": 1.0,
        "build_seconds": 2.0,
        "passages_per_second": passages,
        "characters_per_second": 700 * passages,
        "questions": 10,
        "milliseconds": spread(p50),
        "answer_at_1": {"en": right, "ru": right},
        "answer_at_3": {"en": 1.0, "ru": 1.0},
        "passage_length": 700.0,
        "memory_mb": 300.0,
    }


def row(passages: int, p50: float) -> dict[str, Any]:
    return {
        "passages": passages,
        "sentences": 6 * passages,
        "bytes": 32_000 * passages,
        "build": None,
        "open_cold": 0.2,
        "open_warm": 0.1,
        "first": 20.0,
        "total": spread(p50),
        "search": spread(p50 / 2),
        "memory": {"resident": 300.0, "own": 200.0, "anonymous": 150.0, "peak": 310.0},
    }


FOUND: dict[str, dict[str, Any]] = {
    "question": {
        "dataset": "data",
        "runtime": "openvino",
        "questions": 10,
        "passages": 20,
        "milliseconds": spread(10.0),
        "slowest": 31.5,
        "parts": {part: spread(1.0) for part in OF_A_QUESTION},
        "profile": [["embeddings/tokens.py: _cosines", 2.5, 1.0]],
    },
    "floor": {
        "asked": {"tokens": 20, "compared": 15, "candidates": 5000, "vectors": 700},
        "layers": {
            "float_weights": 1_000_000,
            "small_weights": 9_000_000,
            "weight_bytes": 14_000_000,
            "attentions": 12,
            "width": 384,
        },
        "peaks": {"OpenVINO 8 bits, fixed scales": 100.0, "8 bits, a scale for 32 values": 50.0},
        "stages": [
            {"name": n, "multiply_adds": 1.0, "megabytes": 1.0, "floor": 1.0, "measured": 3.0}
            for n in ("run the model", "vectors", "late interaction")
        ],
        "alone": 2.0,
        "inside": [["FullyConnectedCompressed", 1.5, 72], *(["Add", 0.1, 2] for _ in range(7))],
        "floor": 3.0,
        "measured": 18.0,
    },
    "load": {
        "dataset": "data",
        "rows": [
            {"people": n, "questions": 9, "seconds": 1.0, "per_second": 9.0 * n, **spread(20.0)}
            for n in (1, 8)
        ],
    },
    "build": {
        "free": [
            {"passages": 1000, "full": 5.0, "same": 0.1, "edit": 0.5, "memory": 2**27, "encoded": 1}
        ],
        "real": {
            "dataset": "data",
            "runtime": "openvino",
            "passages": 200,
            "characters": 100_000,
            "full": 10.0,
            "same": 0.01,
            "edit": 0.5,
            "encoded": 2,
            "memory": 400.0,
        },
        "parts": {"run the model, passages": 4.0, "everything else": 6.0},
        "tokens": {"passages": 40_000, "sentences": 45_000},
    },
    "size": {"dataset": "data", "rounds": 3, "rows": [row(1000, 10.0), row(100_000, 14.0)]},
    "start": {
        "runs": 3,
        "seconds": {
            "python -m embeddings --help": {"best": 0.1, "median": 0.15},
            "python -m embeddings search … --json": {"best": 1.0, "median": 1.75},
        },
        "split": {"imports": 0.5, "model": 0.4},
        "imports": {"numpy": 90.0},
    },
    "memory": {
        "questions": 100,
        "megabytes": {
            "after the start": {"resident": 300.0, "own": 200.0, "anonymous": 190.0, "peak": 305.0},
            "after an edit": {"resident": 340.0, "own": 240.0, "anonymous": 230.0, "peak": 345.0},
        },
    },
    "peers": {
        "rows": [peer("us", 10, 30, 0.9), peer("fast", 45, 6, 0.7), peer("good", 60, 9, 0.8)],
        "failed": {"other": "Error: no"},
    },
}


def result(part: str, **changed: Any) -> Result:
    given = {"found": FOUND[part], "missing": None} | changed
    return Result(part, "2026-01-02T03:04+00:00", 60.0, False, "abc1234", MACHINE, **given)


@pytest.fixture
def results() -> dict[str, Result]:
    return {part: result(part) for part in PARTS}


def test_the_page_has_every_part_and_its_pictures(
    tmp_path: Path, results: dict[str, Result]
) -> None:
    for each in results.values():
        keep(each, tmp_path / "kept")
    path = write_page(kept(tmp_path / "kept", PARTS), tmp_path / "docs")
    text = path.read_text(encoding="utf-8")
    pictures = sorted(file.name for file in (tmp_path / "docs" / "performance").iterdir())
    assert pictures == ["peers.png", "question.png", "size.png"]
    assert all(f"(performance/{name})" in text for name in pictures)
    assert "Not measured" not in text
    assert "A Processor; 2 cores, 8 GB" in text
    assert text.count("| 0.2 | abc1234 | 1 |") == len(PARTS)
    assert "other did not run: Error: no" in text
    assert "asked in turn, 3 times each" in text


def test_goals_are_held_against_what_was_measured(results: dict[str, Result]) -> None:
    told = [(goal.measured, goal.reached) for goal in goals(results)]
    assert told == [
        ("4.5 times (10.0 and 45.0 ms, fast)", True),
        ("en .900 and .800, ru .900 and .800", True),
        ("6.0 times (18.0 and 3.00 ms)", False),
        ("3.33 times (good); by characters 3.33", True),
        ("1.40 times (14.0 and 10.0 ms)", True),
        ("0.15 s", True),
        ("1.75 s", False),
        ("340 MB", True),
    ]


def test_what_builds_cost_at_least_is_told_where_it_is_known(results: dict[str, Result]) -> None:
    text = page(results)
    assert "45,000 of their sentences" in text
    # 85,000 tokens and 10 million weights, at 100 and at 50 thousand million a second
    assert "| OpenVINO 8 bits, fixed scales | 8.50 | 23.5 |" in text
    assert "| 8 bits, a scale for 32 values | 17.0 | 11.8 |" in text
    assert "would be 27.0 passages a second" in text
    del results["peers"]
    assert "passages a second." not in page(results)
    del results["floor"]
    assert "45,000 of their sentences" in page(results)
    assert "| 8.50 |" not in page(results)
    older = {name: FOUND["build"][name] for name in ("free", "real")}
    results["build"] = result("build", found=older)
    assert "of their sentences" not in page(results)


def test_the_model_is_held_against_what_is_asked_of_a_question(results: dict[str, Result]) -> None:
    text = page(results)
    assert "within five times the floor would be 15.0 ms, and four times as fast" in text
    assert "would be 11.2 ms. The model's part is 3.00 ms, 2.00 where" in text
    del results["peers"]
    assert "within five times the floor would be 15.0 ms. The model's part" in page(results)


def test_tokens_are_counted_as_the_model_reads_them() -> None:
    assert tokens_read(HashEncoder(), "say: ", ["one two three", ""]) == [2 + 4, 2 + 1]


def test_what_was_not_measured_is_named(results: dict[str, Result]) -> None:
    del results["load"]
    results["peers"] = result("peers", found=None, missing="their environment is not there")
    text = page(results)
    assert "Not measured yet: `python -m benchmarks.performance --only load`." in text
    assert "Not measured: their environment is not there." in text
    assert [goal.reached for goal in goals(results)][:2] == [None, None]
    assert text.count("| not measured |") == 3


def test_a_page_of_nothing_has_no_figures(tmp_path: Path) -> None:
    text = write_page({}, tmp_path).read_text(encoding="utf-8")
    assert "Nothing was measured yet." in text
    assert all(goal.measured is None for goal in goals({}))


def test_a_trial_is_told(results: dict[str, Result]) -> None:
    assert "--quick" not in page(results)
    trial = json.loads(json.dumps(results["load"].__dict__)) | {"quick": True}
    results["load"] = Result(**trial)
    assert "| load (tried out) |" in page(results)
    assert "worth nothing" in page(results)


# The floor


PEAKS = Peaks(floats=1e9, eight_bits=4e9, bytes_far=1e9, bytes_near=2e9, ways={})


def test_what_a_question_costs_is_counted() -> None:
    layers = Layers(float_weights=100, small_weights=900, weight_bytes=1300, attentions=2, width=8)
    asked = Asked(tokens=10, compared=6, candidates=50, vectors=7)
    model, vectors, late = stages(layers, asked)
    assert (model.floats, model.eight_bits) == (10 * 100 + 2 * 2 * 10 * 10 * 8, 10 * 900)
    assert model.bytes == 1300
    assert (vectors.floats, vectors.bytes) == (7 * 8, 7 * 8 * 4)
    assert (late.floats, late.bytes) == (50 * 6 * 8, 50 * 8 // 4)


def test_the_slower_of_arithmetic_and_traffic_counts() -> None:
    model, _, late = stages(Layers(100, 900, 20_000, 0, 8), Asked(10, 6, 50, 7))
    assert model.milliseconds(PEAKS) == pytest.approx(20_000 / 2e6)  # traffic, at the nearer peak
    assert late.milliseconds(PEAKS) == pytest.approx(50 * 6 * 8 / 1e6)  # arithmetic


def test_every_step_of_the_floor_is_a_part_that_is_timed() -> None:
    names = {stage.name for stage in stages(Layers(1, 1, 1, 1, 4), Asked(1, 1, 1, 1))}
    assert names < set(OF_A_QUESTION)


# Timers


class Program:
    now = 0.0

    def outer(self) -> str:
        Program.now += 2
        return self.inner()

    def inner(self) -> str:
        Program.now += 3
        return "done"


def test_time_spent_in_a_timed_function_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.performance.timers.time.perf_counter", lambda: Program.now)
    timers, place = Timers(), f"{__name__}:Program"
    outer, inner = Program.outer, Program.inner
    with timers.at([Point("a", place, "outer"), Point("b", place, "inner")]):
        assert Program().outer() == "done"
    assert timers.spent == {"a": 2, "b": 3}
    assert (Program.outer, Program.inner) == (outer, inner)


def test_each_part_of_a_question_is_timed_somewhere() -> None:
    there = points(OpenVinoEncoder.__new__(OpenVinoEncoder))
    assert {point.part for point in there if point.is_there} == set(OF_A_QUESTION)


def test_percentiles() -> None:
    assert percentiles(list(range(101))) == {"p50": 50, "p95": 95, "p99": 99}


# Passages near real ones


def test_drawn_sentences_are_near_their_passage() -> None:
    real = np.random.default_rng(2).standard_normal((50, 384)).astype(np.float32) + 2
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    encoder: HashEncoder = NearReal(Pool(real, real))
    passages = encoder.encode_passages(["A title\nOne. Two.", "A title\nThree. Four."])
    sentences = encoder.encode_sentences(
        ["A title\nOne.", "A title\nTwo.", "A title\nThree.", "A title\nFour."]
    )
    vectors = np.stack([passage.vector for passage in passages])
    nearest = (sentences @ vectors.T).argmax(axis=1)
    assert nearest.tolist() == [0, 0, 1, 1]
    assert np.allclose(np.linalg.norm(sentences, axis=1), 1, atol=1e-5)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="read from Linux's /proc")
def test_the_memory_of_this_process() -> None:
    found = memory_of()
    assert 10 < found.own <= found.resident <= found.peak + 1
