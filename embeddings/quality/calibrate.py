"""Fits a calibration on data sets.

A logistic regression learns from every question asked of corpora of several sizes (all articles,
five of them, one), with the article that answers and without it; without it the best passage is a
miss, and so it is for small talk. Thresholds come from cross-validated scores, so that the shares
of false answers hold for articles that were not fitted on.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
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
from embeddings.model.encoder import Encoder, Model
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
"""Share of the unanswerable questions that may be answered, within and across languages."""

_SIZES = (5, 1)
_FOLDS = 5
_LEAST_ANSWERS, _LEAST_MISSES = 50, 20
"""Fewest questions to fit on; a share of one in twenty takes twenty misses to measure."""
_ANSWERABLE_SHARE = 0.73
"""Assumed share of the questions that the articles answer: the prior of the confidence."""


@dataclass(frozen=True)
class _Sample:
    """One question asked of one corpus.

    Attributes:
        features: the features of the best passage.
        answers: whether the best passage answers.
        article: the article that answers, or the question where none does; samples of one article
            are never split in cross-validation.
        question: the question's id.
        kind: data set, size of the corpus, and kind of question; all kinds have the same weight.
        whole: whether the corpus held all articles of the data set, and it was no small talk.
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
        DatasetError: a data set is malformed, or there are too few questions.
    """
    samples: list[_Sample] = []
    for folder, index in datasets:
        questions = load_questions(folder)
        build_index(folder / "seeds", index, model, progress=progress)
        with closing(open_current(index)) as generation:
            corpus = _Corpus(folder.resolve().name, generation, model)
            for number, question in enumerate([*questions, *_small_talk()]):
                if progress:
                    progress("ask", number, len(questions) + len(_small_talk()))
                samples += corpus.ask(question, talk=number >= len(questions))
    names = ", ".join(folder.resolve().name for folder, _ in datasets)
    return _fit(samples, model.digest, names)


class _Corpus:
    """The articles of a data set, all of them or a random part."""

    def __init__(self, name: str, generation: Generation, model: Model) -> None:
        self._name = name
        self._generation = generation
        self._encoder: Encoder = model.load()
        self._token_means = token_means_for(model.digest, self._encoder.dimension)
        self._articles = np.array(
            [source.path for _, (_, source) in generation.passage_store.all()], dtype=object
        )
        self._random = np.random.default_rng(0)

    def ask(self, question: Question, talk: bool) -> Iterator[_Sample]:
        """Ask a question of the whole corpus and of parts, with and without its article."""
        text = normalise(question.text)
        if not text:
            return
        (encoding,) = self._encoder.encode_questions([text])
        answering = question.rows_that_answer(self._generation.passage_store)
        for size, articles, near in self._parts(question):
            allowed = np.isin(self._articles, articles)
            if near:
                allowed[answering] = False
            if not allowed.any():
                continue
            ranking = rank(
                self._generation,
                text,
                encoding,
                self._token_means,
                None if allowed.all() else allowed,
            )
            best = deduplicate(self._generation, ranking.ranked, 1)[0]
            answers = question.is_answered_by(best)
            if question.article in articles and not answers and not near:
                continue  # another passage of the article may answer as well; nobody has checked
            kind = "answer" if answers else "talk" if talk else "near" if near else "miss"
            yield _Sample(
                ranking.features,
                answers,
                f"{self._name}/{question.article or question.id}",
                f"{self._name}/{question.id}",
                f"{self._name}/{size}/{kind}/{ranking.features.cross}",
                whole=size == 0 and not talk,
            )

    def _parts(self, question: Question) -> Iterator[tuple[int, list[str], bool]]:
        """Yield the size (0 for the whole corpus) and the articles of each part.

        And whether the passages that answer are left out.
        """
        everything = sorted(set(self._articles))
        others = [name for name in everything if name != question.article]
        yield 0, everything, False
        if question.article is not None:
            yield 0, everything, True
        if question.article is not None and others:
            yield 0, others, False
        for size in _SIZES:
            if len(others) < size:
                continue
            drawn = [str(name) for name in self._random.choice(others, size, replace=False)]
            yield size, drawn, False
            if question.article is not None:
                yield size, [question.article, *drawn[1:]], False


@cache
def _small_talk() -> tuple[Question, ...]:
    text = resources.files("embeddings.data").joinpath(SMALL_TALK).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    return tuple(
        Question(f"talk-{number}", "und", line, None, (), None) for number, line in enumerate(lines)
    )


def _fit(samples: Sequence[_Sample], digest: str, names: str) -> Calibration:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    labels = np.array([sample.answers for sample in samples])
    misses = sum(sample.whole and not sample.answers for sample in samples)
    if labels.sum() < _LEAST_ANSWERS or misses < _LEAST_MISSES:
        raise DatasetError(
            f"There is too little to learn from: {labels.sum()} questions with their answer and "
            f"{misses} without one. At least {_LEAST_ANSWERS} and {_LEAST_MISSES} are needed."
        )
    features = list(Features.__dataclass_fields__)
    values = np.array([[getattr(sample.features, name) for name in features] for sample in samples])
    weights = _weights(samples, labels)
    scores = cross_val_predict(
        LogisticRegression(max_iter=1000),
        values,
        labels,
        groups=_groups(samples),
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
        thresholds=_thresholds(samples, labels, scores),
        provenance={
            "data": names,
            "rows": len(samples),
            "false_answers": FALSE_ANSWERS,
            "fit": "python -m embeddings calibrate",
        },
    )


def _groups(samples: Sequence[_Sample]) -> list[str]:
    """Return the group of each sample for cross-validation: its article, where there are enough."""
    articles = {sample.article for sample in samples if sample.answers}
    return [sample.article if len(articles) >= _FOLDS else sample.question for sample in samples]


def _weights(samples: Sequence[_Sample], labels: "Mask") -> "NDArray[np.float64]":
    """Return weights that are equal for all kinds, and give answers their assumed share."""
    _, kinds, counts = np.unique(
        [sample.kind for sample in samples], return_inverse=True, return_counts=True
    )
    weights = 1 / counts[kinds]
    for answers, share in ((True, _ANSWERABLE_SHARE), (False, 1 - _ANSWERABLE_SHARE)):
        chosen = labels == answers
        weights[chosen] *= share / weights[chosen].sum()
    return weights * len(samples)


def _thresholds(
    samples: Sequence[_Sample], labels: "Mask", scores: "NDArray[np.float64]"
) -> dict[str, float]:
    """Return the scores that the intended shares of misses in whole corpora exceed."""
    whole = np.array([sample.whole for sample in samples])
    cross = np.array([bool(sample.features.cross) for sample in samples])
    thresholds: dict[str, float] = {}
    for name, chosen in (("same", ~cross), ("cross", cross)):
        misses = scores[chosen & whole & ~labels]
        if len(misses) < _LEAST_MISSES:  # too few of this kind: take all
            misses = scores[whole & ~labels]
        thresholds[name] = round(float(np.quantile(misses, 1 - FALSE_ANSWERS[name])), 4)
    return thresholds
