"""The page of performance from made-up results, and what it counts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.performance import PARTS
from benchmarks.performance.common import Result, Results, load_results, memory_of, save
from benchmarks.performance.made_up import DrawingEncoder, Pool
from benchmarks.performance.page import goals, render, write_page
from benchmarks.performance.question import PARTS as OF_A_QUESTION
from benchmarks.performance.question import Timers, timed_functions
from benchmarks.performance.start import FIRST_ANSWER as FIRST
from benchmarks.performance.start import HELP
from embeddings.model.openvino.encoder import OpenVinoEncoder
from tests.conftest import run_python

MACHINE: dict[str, Any] = {"processor": "A Processor", "cores": 2, "memory_gb": 8.0}
MACHINE |= {"system": "A System", "python": "3.11", "features": ["AVX2"]}
MACHINE |= {"versions": {"numpy": "2"}, "load": [0.25, 0.5, 0.75]}


def spread(p50: float) -> dict[str, float]:
    return {"p50": p50, "p95": 2 * p50, "p99": 3 * p50}


def memory(resident: float) -> dict[str, float]:
    own = resident - 100
    return {"resident": resident, "own": own, "anonymous": own - 10, "peak": resident + 5}


def peer(name: str, p50: float, passages: float, right: float) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(("load_seconds", "build_seconds"), 1.0)
    found |= {"peer": name, "dataset": "data", "versions": {"package": "1"}, "questions": 10}
    found |= {"passages_per_second": passages, "characters_per_second": 700 * passages}
    found |= {"answer_at_1": {"en": right, "ru": right}, "answer_at_3": {"en": 1.0, "ru": 1.0}}
    return found | {"milliseconds": spread(p50), "passage_length": 700.0, "memory_mb": 300.0}


def row(passages: int, p50: float) -> dict[str, Any]:
    found = {"passages": passages, "sentences": 6 * passages, "bytes": 32_000 * passages}
    times = {"open_cold": 0.2, "open_warm": 0.1, "total": spread(p50), "search": spread(p50 / 2)}
    return found | times | {"memory": memory(300.0)}


def people(count: int) -> dict[str, float]:
    return {"people": count, "questions": 9, "per_second": 9.0 * count, **spread(20.0)}


BUILT = {"full": 10.0, "same": 0.1, "edit": 0.5, "memory": 400.0, "encoded": 2, "passages": 200}
FOUND: dict[str, dict[str, Any]] = {
    "question": {
        "dataset": "data",
        "runtime": "openvino",
        "questions": 10,
        "passages": 20,
        "milliseconds": spread(10.0),
        "slowest": 31.5,
        "parts": {part: spread(1.0) for part in OF_A_QUESTION},
    },
    "load": {"dataset": "data", "rows": [people(1), people(8)]},
    "build": {
        "free": [BUILT],
        "real": BUILT | {"dataset": "data", "runtime": "openvino", "characters": 100_000},
        "parts": {"run the model, passages": 4.0, "everything else": 6.0},
    },
    "size": {"dataset": "data", "rounds": 3, "rows": [row(1000, 10.0), row(100_000, 14.0)]},
    "start": {
        "runs": 3,
        "seconds": {HELP: {"best": 0.1, "median": 0.15}, FIRST: {"best": 1.0, "median": 1.75}},
        "split": {"imports": 0.5, "model": 0.4},
    },
    "memory": {"megabytes": {"after the start": memory(300.0), "after an edit": memory(340.0)}},
    "peers": {
        "rows": [peer("us", 10, 30, 0.9), peer("fast", 45, 6, 0.7), peer("good", 60, 9, 0.8)],
        "failed": {"other": "Error: no"},
    },
}


def result(part: str, *, quick: bool = False, missing: str | None = None) -> Result:
    found = None if missing else FOUND[part]
    started = "2026-01-02T03:04+00:00"
    return Result(part, started, 60.0, quick, "abc1234", MACHINE, found, missing)


@pytest.fixture
def results() -> Results:
    return {part: result(part) for part in PARTS}


def test_the_page_has_every_part_and_its_pictures(tmp_path: Path, results: Results) -> None:
    for each in results.values():
        save(each, tmp_path / "saved")
    path = write_page(load_results(tmp_path / "saved", PARTS), tmp_path / "docs")
    text = path.read_text(encoding="utf-8")
    pictures = sorted(file.name for file in (tmp_path / "docs" / "performance").iterdir())
    assert pictures == ["peers.png", "question.png", "size.png"]
    assert all(f"(performance/{name})" in text for name in pictures)
    assert "ot measured" not in text
    assert "--quick" not in text
    assert "A Processor; 2 cores, 8 GB" in text
    assert text.count("| 0.2 | abc1234 | 1 |") == len(PARTS)
    assert "other did not run: Error: no" in text
    assert "asked in turn, 3 times each" in text
    for block in text.split("\n\n"):
        if block.startswith("|"):
            head, line, *rows = block.splitlines()
            assert set(line) == {"|", "-", " "}
            assert rows
            assert {row.count("|") for row in rows} == {head.count("|")}, block


def test_goals_are_held_against_what_was_measured(results: Results) -> None:
    assert [(goal.measured, goal.reached) for goal in goals(results)] == [
        ("4.5 times (10.0 and 45.0 ms, fast)", True),
        ("en .900 and .800, ru .900 and .800", True),
        ("3.33 times (good); by characters 3.33", True),
        ("1.40 times (14.0 and 10.0 ms)", True),
        ("0.15 s", True),
        ("1.75 s", False),
        ("340 MB", True),
    ]


def test_what_was_not_measured_or_only_tried_out_is_named(results: Results) -> None:
    del results["load"]
    results["peers"] = result("peers", missing="their environment is not there")
    results["size"] = result("size", quick=True)
    text = render(results)
    assert "Not measured yet: `python -m benchmarks.performance --only load`." in text
    assert "Not measured: their environment is not there." in text
    assert [goal.reached for goal in goals(results)][:2] == [None, None]
    assert text.count("| not measured |") == 3
    assert "| size (tried out) |" in text
    assert "meaningless" in text


def test_a_page_of_nothing_has_no_figures(tmp_path: Path) -> None:
    text = write_page({}, tmp_path).read_text(encoding="utf-8")
    assert "Nothing was measured yet." in text
    assert text.count("Not measured yet") == len(PARTS)
    assert all(goal.measured is None for goal in goals({}))


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
    monkeypatch.setattr("time.perf_counter", lambda: Program.now)
    timers, home = Timers(), f"{__name__}.Program"
    outer, inner = Program.outer, Program.inner
    with timers.around({"a": [f"{home}.outer"], "b": [f"{home}.inner"]}):
        assert Program().outer() == "done"
    assert timers.seconds == {"a": 2, "b": 3}
    assert (Program.outer, Program.inner) == (outer, inner)


def test_every_function_that_is_to_be_timed_exists() -> None:
    timed = timed_functions(OpenVinoEncoder.__new__(OpenVinoEncoder))
    assert all(timed.values())
    with Timers().around(timed):  # an unknown name raises
        pass
    assert set(OF_A_QUESTION) == set(timed)


# Passages near real ones


def test_drawn_sentences_are_near_their_passage() -> None:
    real = np.random.default_rng(2).standard_normal((50, 384)).astype(np.float32) + 2
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    encoder = DrawingEncoder(Pool(real, real))
    passages = encoder.encode_passages(["A title\nOne. Two.", "A title\nThree. Four."])
    texts = [f"A title\n{number}." for number in ("One", "Two", "Three", "Four")]
    sentences = encoder.encode_sentences(texts)
    vectors = np.stack([passage.vector for passage in passages])
    assert (sentences @ vectors.T).argmax(axis=1).tolist() == [0, 0, 1, 1]
    assert np.allclose(np.linalg.norm(sentences, axis=1), 1, atol=1e-5)
    assert encoder.encode_sentences([]).shape == (0, 384)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="read from Linux's /proc")
def test_the_memory_of_this_process() -> None:
    found = memory_of()
    assert 10 < found["own"] <= found["resident"] <= found["peak"] + 1


@pytest.mark.parametrize("given", ["", "--help", "many"])
def test_a_build_of_no_number_of_passages_says_what_it_takes(given: str) -> None:
    code = "import runpy; runpy.run_module('benchmarks.performance.build', run_name='__main__')"
    run = run_python(code, *given.split())
    assert "usage: python -m benchmarks.performance.build" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
