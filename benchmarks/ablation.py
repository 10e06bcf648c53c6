"""Measures how much each part of the search adds to the quality of the answers.

    python -m benchmarks.ablation DATASET_DIR... > table.md

Each row scores the same candidates with fewer or more parts, so that only the scores differ.
Indexes are those of `python -m embeddings eval`.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from embeddings import configure_process
from embeddings.array_types import Floats
from embeddings.cli import index_of
from embeddings.index.build import build_index
from embeddings.index.open import open_index
from embeddings.index.search_index import IndexSnapshot
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Model
from embeddings.model.runtimes import find_model
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.answer import Hit
from embeddings.search.candidates import ScoredCandidates, retrieve, score_late_interaction
from embeddings.search.question_form import normalise
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


def main() -> None:
    """Print a table for each data set."""
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
    languages = sorted({question.language for question in asked})
    ranks: dict[str, list[int]] = {variant: [] for variant in VARIANTS}
    for question in asked:
        text = normalise(question.text)
        (encoding,) = encoder.encode_questions([text])
        language = detect(text, index.languages)
        near = retrieve(index, encoding.vector, lemmas(text, language))
        candidates = score_late_interaction(index, near, encoding, token_means, language)
        hits = _hits(index, question, candidates)
        for variant, score in VARIANTS.items():
            ranks[variant].append(_rank(hits, score(candidates)))
    print(f"\n| {name}: answer@1, answer@3 | {' | '.join(languages)} |")
    print("|---" * (len(languages) + 1) + "|")
    for variant, found in ranks.items():
        cells = [
            _cell([r for r, q in zip(found, asked, strict=True) if q.language == language])
            for language in languages
        ]
        print(f"| {variant} | {' | '.join(cells)} |")


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
