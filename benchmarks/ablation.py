"""Measures what each part of the search adds, in quality and in time.

    python -m benchmarks.ablation DATASET_DIR... > table.md

Each row scores the same candidates with fewer or more parts, so that only the scores differ.
Indexes are those of `python -m embeddings eval`.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from embeddings import configure_process
from embeddings.array_types import Floats
from embeddings.cli import index_of
from embeddings.index.build import build_index
from embeddings.index.late_interaction import TokenMeans
from embeddings.index.open import open_index
from embeddings.index.search_index import IndexSnapshot
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoding, Model
from embeddings.model.runtimes import find_model
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.answer import Hit
from embeddings.search.candidates import ScoredCandidates, retrieve, score_late_interaction
from embeddings.search.question_form import normalise
from embeddings.search.ranking import rank
from embeddings.text.language import detect
from embeddings.text.lemmas import lemmas

VARIANTS: dict[str, Callable[[ScoredCandidates], Floats]] = {
    "passage vector": lambda c: c.dense - c.sentence,
    "best sentence": lambda c: c.sentence,
    "passage + sentence": lambda c: c.dense,
    "words alone": lambda c: c.bm25,
    "late interaction alone": lambda c: c.late,
    "late + words": lambda c: c.late + 0.3 * c.bm25,
    "late + words + vectors": lambda c: c.late + 0.3 * c.bm25 + 0.25 * c.dense,
    "all, as shipped": lambda c: c.scores,
}
PARTS = ("language and words", "vectors", "late interaction", "all of the search")


def main() -> None:
    """Print a table for each data set and a table of times."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("datasets", metavar="DATASET_DIR", nargs="+", type=Path)
    datasets: list[Path] = parser.parse_args().datasets
    configure_process()
    model = find_model()
    for dataset in datasets:
        index = index_of(dataset, Path(os.environ.get("INDEX_DIR", "var/index")))
        build_index(dataset / "seeds", index, model)
        with closing(open_index(index)) as opened:
            opened.snapshot(partial(_print, dataset.resolve().name, load_questions(dataset), model))


def _print(name: str, questions: Sequence[Question], model: Model, index: IndexSnapshot) -> None:
    encoder = model.load()
    token_means = token_means_for(model.digest, encoder.dimension)
    asked = [question for question in questions if question.answerable]
    encodings = [encoder.encode_questions([normalise(question.text)])[0] for question in asked]
    languages = sorted({question.language for question in asked})
    ranks: dict[str, list[int]] = {variant: [] for variant in VARIANTS}
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    for question, encoding in zip(asked, encodings, strict=True):
        candidates = _timed(index, normalise(question.text), encoding, token_means, times)
        hits = _hits(index, question, candidates)
        for variant, score in VARIANTS.items():
            ranks[variant].append(_rank(hits, score(candidates)))
    print(f"\n| {name}: answer@1, answer@3 | {' | '.join(languages)} |")  # noqa: T201
    print("|---" * (len(languages) + 1) + "|")  # noqa: T201
    for variant, found in ranks.items():
        cells = [
            _cell([r for r, q in zip(found, asked, strict=True) if q.language == language])
            for language in languages
        ]
        print(f"| {variant} | {' | '.join(cells)} |")  # noqa: T201
    shown = ", ".join(f"{part} {median(values):.2f}" for part, values in times.items())
    print(f"\nMedian milliseconds: {shown}.")  # noqa: T201


def _timed(
    index: IndexSnapshot,
    text: str,
    encoding: Encoding,
    token_means: TokenMeans,
    times: dict[str, list[float]],
) -> ScoredCandidates:
    marks = [time.perf_counter()]
    language = detect(text, index.languages)
    asked = lemmas(text, language)
    marks.append(time.perf_counter())
    near = retrieve(index, encoding.vector, asked)
    marks.append(time.perf_counter())
    candidates = score_late_interaction(index, near, encoding, token_means, language)
    marks.append(time.perf_counter())
    rank(index, text, encoding, token_means)
    marks.append(time.perf_counter())
    for part, before, after in zip(PARTS, marks, marks[1:], strict=False):
        times[part].append(1000 * (after - before))
    return candidates


def _hits(index: IndexSnapshot, question: Question, candidates: ScoredCandidates) -> list[bool]:
    entries = index.passages.get(candidates.rows.tolist())
    return [question.is_answered_by(Hit(passage, source, 0.0)) for passage, source in entries]


def _rank(hits: Sequence[bool], scores: Floats) -> int:
    """Return the rank of the first passage that answers, 999 when none does."""
    order = np.argsort(-scores, kind="stable")
    return next((place for place, row in enumerate(order, 1) if hits[row]), 999)


def _cell(ranks: Sequence[int]) -> str:
    return ", ".join(f"{np.mean([rank <= depth for rank in ranks]):.3f}" for depth in (1, 3))


if __name__ == "__main__":
    main()
