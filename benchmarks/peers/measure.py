"""Measures the speed and the quality of one program on one data set."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import percentiles
from benchmarks.peers.peer import Peer, Retrieved, article_files
from embeddings.quality.dataset import Question, load_questions

K = 5
"""The number of passages that each question asks for."""
_WARM_UP = 5
"""The number of questions asked before the timed ones."""


@dataclass(frozen=True)
class Measured:
    """What one run found.

    Attributes:
        load_seconds: until the libraries are imported and the model is loaded.
        build_seconds: from a folder of articles to an index that answers.
        passages: in the index.
        passages_per_second: while building.
        characters_per_second: of the articles, which overlapping passages do not make more of.
        questions: how many were timed.
        milliseconds: from a question's text to its ranked passages, by percentile.
        answerable: how many of the questions the articles answer, by language.
        answer_at_1: share of them that the first passage answers.
        answer_at_3: share of them that one of the first three answers.
        passage_length: mean of the first passages, in characters: a longer one holds an answer
            more easily, and takes longer to read.
    """

    load_seconds: float
    build_seconds: float
    passages: int
    passages_per_second: float
    characters_per_second: float
    questions: int
    milliseconds: dict[str, float]
    answerable: dict[str, int]
    answer_at_1: dict[str, float]
    answer_at_3: dict[str, float]
    passage_length: float


def measure(
    load: Callable[[], Peer],
    dataset: Path,
    count: int | None = None,
    seed: int = 1,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Measured:
    """Load a program, let it index the articles of a data set, and ask it some of the questions.

    Args:
        load: imports the program and loads its model.
        dataset: a folder with `seeds/`, of .txt and .md files, and `questions.jsonl`.
        count: how many questions; all where it is None.
        seed: the same one draws the same questions.
        clock: in seconds.
    """
    questions = load_questions(dataset)
    random.Random(seed).shuffle(questions)
    seeds = dataset / "seeds"
    characters = sum(len(path.read_text(encoding="utf-8")) for path in article_files(seeds))
    started = clock()
    peer = load()
    load_seconds = clock() - started
    started = clock()
    passages = peer.build(seeds)
    took = clock() - started
    for question in questions[-_WARM_UP:]:
        peer.ask(question.text, K)
    milliseconds, answered = [], list[tuple[Question, list[Retrieved]]]()
    for question in questions[:count]:
        started = clock()
        shown = peer.ask(question.text, K)
        milliseconds.append(1000 * (clock() - started))
        if question.answerable:
            answered.append((question, shown))
    first = [len(shown[0].text) for _, shown in answered if shown]
    return Measured(
        load_seconds=load_seconds,
        build_seconds=took,
        passages=passages,
        passages_per_second=passages / took,
        characters_per_second=characters / took,
        questions=len(milliseconds),
        milliseconds=percentiles(milliseconds),
        answerable=dict(Counter(question.language for question, _ in answered)),
        answer_at_1=_answer_at(1, answered),
        answer_at_3=_answer_at(3, answered),
        passage_length=float(np.mean(first)) if first else 0.0,
    )


def _answer_at(
    depth: int, answered: Sequence[tuple[Question, list[Retrieved]]]
) -> dict[str, float]:
    """Return the share of questions that one of the first passages answers, by language."""
    right = defaultdict(list)
    for question, shown in answered:
        found = any(question.is_answered_in(each.article, each.text) for each in shown[:depth])
        right[question.language].append(found)
    return {language: float(np.mean(right[language])) for language in sorted(right)}
