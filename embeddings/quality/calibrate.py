"""Data sets to a calibration: when is the best passage an answer?

A logistic regression learns from every question in corpora of several sizes: all articles, five
of them, one; with the article that answers, and without it, when the best passage is a miss.
Small talk is never an answer. Thresholds are taken from cross-validated scores, so that the
stated share of unanswerable questions is let through on articles that the fit has not seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.errors import DatasetError
from embeddings.index.build import build_index
from embeddings.index.local.generation import Generation, open_current
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoder, Encoding, Model
from embeddings.progress import Progress
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.confidence import Calibration
from embeddings.search.deduplicate import deduplicate
from embeddings.search.features import Features
from embeddings.search.ranking import rank
from embeddings.search.search import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

SMALL_TALK = "smalltalk.txt"
FALSE_ANSWERS = {"same": 0.05, "cross": 0.08}
"""Share of unanswerable questions let through, by whether the passage is in their language."""

_SIZES = (5, 1)
_FOLDS = 5
_LEAST_ANSWERS, _LEAST_MISSES = 50, 20
"""Questions to learn from; one in twenty can only be told from twenty."""
_PRIOR = 0.73
"""Share of questions that can be answered, which a probability needs to know."""


@dataclass(frozen=True)
class _Row:
    """One question asked of one corpus.

    Attributes:
        article: or the question, where none answers; what scores are cross-validated by.
        question: its name in the data set.
        kind: data set, size of the corpus, and what was asked; every kind weighs the same.
        whole: whether the corpus was the data set's own.
    """

    features: Features
    answers: bool
    article: str
    question: str
    kind: str
    whole: bool


def calibrate(
    datasets: Sequence[tuple[Path, Path]], model: Model, progress: Progress | None = None
) -> Calibration:
    """Fit a calibration on data sets, each given with the directory of its index.

    Raises:
        DatasetError: a data set is malformed, or they hold too little to learn from.
    """
    rows: list[_Row] = []
    for folder, index in datasets:
        questions = load_questions(folder)
        build_index(folder / "seeds", index, model, progress=progress)
        generation = open_current(index)
        try:
            corpus = _Corpus(folder.resolve().name, generation, model)
            for number, question in enumerate([*questions, *_small_talk()]):
                if progress:
                    progress("ask", number, len(questions) + len(_small_talk()))
                rows += corpus.rows(question, talk=number >= len(questions))
        finally:
            generation.close()
    names = ", ".join(folder.resolve().name for folder, _ in datasets)
    return _fit(rows, model.digest, names)


class _Corpus:
    """A data set's articles, and parts of them."""

    def __init__(self, name: str, generation: Generation, model: Model) -> None:
        self._name = name
        self._generation = generation
        self._encoder: Encoder = model.load()
        self._origins = token_means_for(model.digest, self._encoder.dimension)
        self._articles = np.array(
            [source.path for _, (_, source) in generation.passage_store.all()], dtype=object
        )
        self._chance = np.random.default_rng(0)

    def rows(self, question: Question, talk: bool) -> Iterator[_Row]:
        """Ask a question of the whole corpus and of parts, with and without its article."""
        words = normalise(question.text)
        if not words:
            return
        encoding = self._encoder.encode_questions([words])[0]
        for size, articles in self._parts(question):
            mask = None if articles is None else np.isin(self._articles, articles)
            if mask is not None and not mask.any():
                continue
            row = self._row(question, words, encoding, mask, size, talk)
            if row is not None:
                yield row

    def _parts(self, question: Question) -> Iterator[tuple[int, list[str] | None]]:
        """Give the articles of each corpus; None for all, as the data set has them."""
        others = sorted(set(self._articles) - {question.article})
        yield 0, None
        if question.article is not None and others:
            yield 0, others
        for size in _SIZES:
            if len(others) < size:
                continue
            drawn = [str(name) for name in self._chance.choice(others, size, replace=False)]
            yield size, drawn
            if question.article is not None:
                yield size, [question.article, *drawn[1:]]

    def _row(
        self,
        question: Question,
        words: str,
        encoding: Encoding,
        mask: "Mask | None",
        size: int,
        talk: bool,
    ) -> _Row | None:
        ranking = rank(self._generation, words, encoding, self._origins, mask)
        best = deduplicate(self._generation, ranking.ranked, 1)[0]
        there = question.answerable and (
            mask is None or bool(mask[self._articles == question.article].any())
        )
        answers = question.is_answered_by(best)
        if there and not answers:
            return None  # another passage may answer as well; nobody has looked
        kind = "answer" if answers else "talk" if talk else "miss"
        return _Row(
            ranking.features,
            answers,
            f"{self._name}/{question.article or question.id}",
            f"{self._name}/{question.id}",
            f"{self._name}/{size}/{kind}/{ranking.features.cross}",
            whole=size == 0 and not talk,
        )


@cache
def _small_talk() -> tuple[Question, ...]:
    text = resources.files("embeddings.data").joinpath(SMALL_TALK).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    return tuple(
        Question(f"talk-{number}", "und", line, None, (), None) for number, line in enumerate(lines)
    )


def _fit(rows: Sequence[_Row], digest: str, names: str) -> Calibration:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    labels = np.array([row.answers for row in rows])
    misses = sum(row.whole and not row.answers for row in rows)
    if labels.sum() < _LEAST_ANSWERS or misses < _LEAST_MISSES:
        raise DatasetError(
            f"There is too little to learn from: {labels.sum()} questions with their answer and "
            f"{misses} without one. At least {_LEAST_ANSWERS} and {_LEAST_MISSES} are needed."
        )
    features = list(Features.__dataclass_fields__)
    values = np.array([[getattr(row.features, name) for name in features] for row in rows])
    weights = _weights(rows, labels)
    scores = cross_val_predict(
        LogisticRegression(max_iter=1000),
        values,
        labels,
        groups=_groups(rows),
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
        params={"sample_weight": weights},
    )[:, 1]
    fitted = LogisticRegression(max_iter=1000).fit(values, labels, sample_weight=weights)
    return Calibration(
        model=digest,
        weights={
            name: round(float(weight), 4)
            for name, weight in zip(features, fitted.coef_[0], strict=True)
        },
        intercept=round(float(fitted.intercept_[0]), 4),
        thresholds=_thresholds(rows, labels, scores),
        provenance={
            "data": names,
            "rows": len(rows),
            "false_answers": FALSE_ANSWERS,
            "fit": "python -m embeddings calibrate",
        },
    )


def _groups(rows: Sequence[_Row]) -> list[str]:
    """Name what is never split between fitting and testing: articles, where there are enough."""
    articles = {row.article for row in rows if row.answers}
    return [row.article if len(articles) >= _FOLDS else row.question for row in rows]


def _weights(rows: Sequence[_Row], labels: "Mask") -> "NDArray[np.float64]":
    """Let every kind of row weigh the same, and answers as much as they are expected."""
    _, of_row, counts = np.unique(
        [row.kind for row in rows], return_inverse=True, return_counts=True
    )
    weights = 1 / counts[of_row]
    for answers, share in ((True, _PRIOR), (False, 1 - _PRIOR)):
        chosen = labels == answers
        weights[chosen] *= share / weights[chosen].sum()
    return weights * len(rows)


def _thresholds(
    rows: Sequence[_Row], labels: "Mask", scores: "NDArray[np.float64]"
) -> dict[str, float]:
    """Return the scores above which the stated share of misses lies, on whole corpora."""
    whole = np.array([row.whole for row in rows])
    cross = np.array([bool(row.features.cross) for row in rows])
    thresholds: dict[str, float] = {}
    for name, chosen in (("same", ~cross), ("cross", cross)):
        misses = scores[chosen & whole & ~labels]
        if len(misses) < _LEAST_MISSES:  # too few such questions: as for all
            misses = scores[whole & ~labels]
        thresholds[name] = round(float(np.quantile(misses, 1 - FALSE_ANSWERS[name])), 4)
    return thresholds
