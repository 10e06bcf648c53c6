"""The comparison with other programs: what is timed, and what counts as answered."""

import json
from pathlib import Path

import pytest

from benchmarks.peers.measure import K, measure
from benchmarks.peers.peer import Retrieved, article_files, article_name

LOAD, BUILD = 3.0, 10.0


class FakePeer:
    """Answers from a table; its own clock says how long everything takes."""

    def __init__(self, shown: dict[str, list[Retrieved]], slow: str) -> None:
        self.shown, self.slow = shown, slow
        self.now = 100.0
        self.asked: list[str] = []

    def load(self) -> "FakePeer":
        self.now += LOAD
        return self

    def build(self, folder: Path) -> int:
        self.now += BUILD
        return 20

    def ask(self, question: str, k: int) -> list[Retrieved]:
        assert k == K
        self.asked.append(question)
        self.now += 1.0 if question == self.slow else 0.02
        return self.shown.get(question, [])


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    seeds = tmp_path / "seeds"
    (seeds / "sub").mkdir(parents=True)
    (seeds / "a.txt").write_text("є" * 60, encoding="utf-8")
    (seeds / "sub" / "b.md").write_text("b" * 40, encoding="utf-8")
    (seeds / "c.pdf").write_bytes(b"not for everybody")
    lines = [
        {"lang": "en", "question": "first", "article": "a.txt", "answers": ["yes"]},
        {"lang": "en", "question": "third", "article": "sub/b.md", "answers": ["yes"]},
        {"lang": "ru", "question": "fourth", "article": "a.txt", "answers": ["yes"]},
        {"lang": "ru", "question": "elsewhere", "article": "a.txt", "answers": ["yes"]},
        {"lang": "ru", "question": "nowhere", "article": None},
    ]
    text = "\n".join(map(json.dumps, lines))
    (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def peer() -> FakePeer:
    yes, no = Retrieved("a.txt", "oh yes!"), Retrieved("a.txt", "no")
    shown = {
        "first": [yes, no],
        "third": [no, yes, Retrieved("sub/b.md", "yes"), yes],
        "fourth": [no, no, no, yes],
        "elsewhere": [Retrieved("sub/b.md", "yes")],
        "nowhere": [Retrieved("a.txt", "a long passage that does not count")],
    }
    return FakePeer(shown, slow="fourth")


def test_what_is_answered_and_how_long_it_takes(dataset: Path, peer: FakePeer) -> None:
    found = measure(peer.load, dataset, clock=lambda: peer.now)
    assert found.questions == 5
    assert found.answerable == {"en": 2, "ru": 2}
    assert found.answer_at_1 == {"en": 0.5, "ru": 0}
    assert found.answer_at_3 == {"en": 1, "ru": 0}
    assert found.passage_length == (7 + 2 + 2 + 3) / 4
    assert (found.load_seconds, found.build_seconds) == (LOAD, BUILD)
    assert (found.passages, found.passages_per_second) == (20, 2)
    assert found.characters_per_second == 10  # 100 characters; nobody is asked for the PDF
    assert found.milliseconds["p50"] == pytest.approx(20)
    assert 20 < found.milliseconds["p95"] < found.milliseconds["p99"] < 1000


def test_the_same_seed_draws_the_same_questions(dataset: Path) -> None:
    def asked(seed: int) -> list[str]:
        peer = FakePeer({}, "")
        measure(peer.load, dataset, 3, seed, clock=lambda: peer.now)
        return peer.asked

    assert asked(1) == asked(1)
    assert len(asked(1)) == 5 + 3  # the first ones warm up
    assert len({tuple(asked(seed)[5:]) for seed in range(5)}) > 1


def test_a_peer_that_finds_nothing_is_measured_too(dataset: Path) -> None:
    peer, seeds = FakePeer({}, ""), dataset / "seeds"
    found = measure(peer.load, dataset, clock=lambda: peer.now)
    assert (found.answer_at_3, found.passage_length) == ({"en": 0, "ru": 0}, 0)
    assert [article_name(path, seeds) for path in article_files(seeds)] == ["a.txt", "sub/b.md"]
