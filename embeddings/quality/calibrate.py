"""Fits a calibration on data sets.

Logistic regressions learn from every question asked of all articles and of a single one: with the
article that answers, without it, and, for the confidence only, with all of it but the passages that
answer. Without them the best passage is a miss, and so it is for small talk. Thresholds come from
cross-validated scores, so that the shares of false answers hold for articles that were not fitted
on.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import DatasetError
from embeddings.index.build import build_index
from embeddings.index.location import Location
from embeddings.index.open import open_index
from embeddings.index.search_index import IndexSnapshot
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoder, Model
from embeddings.progress import Progress
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.confidence import SURE, Calibration, Features, Regression
from embeddings.search.deduplicate import deduplicate
from embeddings.search.question_form import normalise
from embeddings.search.ranking import rank

SMALL_TALK = "smalltalk.txt"
WHOLE = "whole"
FALSE_ANSWERS, WORST_LANGUAGE = 0.05, 0.06
"""Share of the questions about missing articles that may be answered, within and across languages;
and of those in any one language, where there are enough of them."""
_REJECTED = 0.01
"""Share of the right answers that may be rejected so that fewer near misses are answered."""

_FOLDS = 5
_LEAST_ANSWERS, _LEAST_MISSES = 50, 20
"""Fewest questions to fit on; a share of one in twenty takes twenty misses to measure."""
_FREEDOM = 0.1
"""The inverse of the regularisation: some of the features say nearly the same."""
_SHARES = {"answer": 0.55, "near": 0.25, "miss": 0.14, "talk": 0.06}
"""Assumed shares of the kinds of questions: the prior of the confidence."""


@dataclass(frozen=True)
class _Sample:
    """One question asked of one corpus.

    Attributes:
        features: the features of the best passage.
        answers: whether the best passage answers.
        article: the article that answers, or the question where none does; samples of one article
            are never split in cross-validation.
        question: the question's id.
        language: of the question.
        kind: "answer", "near" (without the passages that answer), "miss" (without the article), or
            "talk".
        corpus: data set and size; each has the same weight.
    """

    features: Features
    answers: bool
    article: str
    question: str
    language: str
    kind: str
    corpus: str

    @property
    def is_cross(self) -> bool:
        """Whether question and passage are in different languages."""
        return bool(self.features.cross)


def calibrate(
    datasets: Sequence[tuple[Path, Location]], model: Model, progress: Progress | None = None
) -> Calibration:
    """Fit a calibration on data sets, each given with the directory of its index.

    Raises:
        DatasetError: a data set is malformed, or there are too few questions.
    """
    samples: list[_Sample] = []
    for number, (folder, index) in enumerate(datasets):
        asked = [*load_questions(folder), *(() if number else _small_talk())]
        build_index(folder / "seeds", index, model, progress=progress)
        ask_all = partial(_ask_all, folder.resolve().name, asked, model, progress)
        with closing(open_index(index)) as opened:
            samples += opened.snapshot(ask_all)
    names = ", ".join(folder.resolve().name for folder, _ in datasets)
    return _fit(samples, model.digest, names)


def _ask_all(
    name: str,
    asked: Sequence[Question],
    model: Model,
    progress: Progress | None,
    index: IndexSnapshot,
) -> list[_Sample]:
    """Ask all questions of one data set, which has this name."""
    corpus = _Corpus(name, index, model)
    samples: list[_Sample] = []
    for number, question in enumerate(asked):
        if progress:
            progress("ask", number, len(asked))
        samples += corpus.ask(question)
    return samples


class _Corpus:
    """The articles of a data set, all of them or a random part."""

    def __init__(self, name: str, index: IndexSnapshot, model: Model) -> None:
        self._name = name
        self._index = index
        self._encoder: Encoder = model.load()
        self._token_means = token_means_for(model.digest, self._encoder.dimension)
        self._rows = np.array([row for row, _ in index.passages.all()], np.int64)
        self._articles = np.array(
            [source.path for _, (_, source) in index.passages.all()], dtype=object
        )
        self._random = np.random.default_rng(0)

    def ask(self, question: Question) -> Iterator[_Sample]:
        """Ask a question of the whole corpus and of parts, with and without its article."""
        text = normalise(question.together or question.text)
        if not text:
            return
        (encoding,) = self._encoder.encode_questions([text])
        answering = question.rows_that_answer(self._index.passages)
        for is_one, articles, near in self._parts(question):
            allowed = np.isin(self._articles, articles)
            if near:
                allowed &= ~np.isin(self._rows, answering)
            if not allowed.any():
                continue
            ranking = rank(
                self._index,
                text,
                encoding,
                self._token_means,
                None if allowed.all() else self._rows[allowed],
            )
            best = deduplicate(self._index, ranking.ranked, 1)[0][0]
            answers = question.is_answered_by(best)
            if question.article in articles and not answers and not near:
                continue  # another passage of the article may answer as well; nobody has checked
            talk = question in _small_talk()
            kind = "answer" if answers else "talk" if talk else "near" if near else "miss"
            yield _Sample(
                ranking.features,
                answers,
                question.article or f"{self._name}/{question.id}",
                f"{self._name}/{question.id}",
                question.language,
                kind,
                f"{self._name}/{'one' if is_one else WHOLE}",
            )

    def _parts(self, question: Question) -> Iterator[tuple[bool, list[str], bool]]:
        """Yield whether it is one article alone, the articles, and whether answers are removed."""
        everything = sorted(set(self._articles))
        others = [name for name in everything if name != question.article]
        yield False, everything, False
        if question.article is not None:
            yield False, everything, True
            yield True, [question.article], False
            if others:
                yield False, others, False
        if others:
            yield True, [str(self._random.choice(others))], False


@cache
def _small_talk() -> tuple[Question, ...]:
    text = resources.files("embeddings.data").joinpath(SMALL_TALK).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    return tuple(
        Question(f"talk-{number}", "und", line, None, (), None) for number, line in enumerate(lines)
    )


def _fit(samples: Sequence[_Sample], digest: str, names: str) -> Calibration:
    labels = np.array([sample.answers for sample in samples])
    misses = sum(_is_missing(sample) for sample in samples)
    if labels.sum() < _LEAST_ANSWERS or misses < _LEAST_MISSES:
        raise DatasetError(
            f"There is too little to learn from: {labels.sum()} questions with their answer and "
            f"{misses} without one. At least {_LEAST_ANSWERS} and {_LEAST_MISSES} are needed."
        )
    far = [sample for sample in samples if sample.kind != "near"]
    confidence, confident = _regression(samples)
    decision, scores = _regression(far)
    return Calibration(
        model=digest,
        weights=confidence.weights,
        intercept=confidence.intercept,
        thresholds=_thresholds(far, scores),
        provenance={
            "data": names,
            "rows": len(samples),
            "false_answers": FALSE_ANSWERS,
            "sure_right": _sure_right(samples, confident),
            "fit": "python -m embeddings calibrate",
        },
        decision=decision,
    )


def _regression(samples: Sequence[_Sample]) -> tuple[Regression, NDArray[np.float64]]:
    """Fit a regression; return it, and the cross-validated score of each sample."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    labels = np.array([sample.answers for sample in samples])
    features = list(Features.__dataclass_fields__)
    values = np.array([[getattr(sample.features, name) for name in features] for sample in samples])
    weighted = {"logisticregression__sample_weight": _weights(samples)}
    regression = make_pipeline(StandardScaler(), LogisticRegression(C=_FREEDOM, max_iter=1000))
    scores = cross_val_predict(
        regression,
        values,
        labels,
        groups=_groups(samples),
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
        params=weighted,
    )[:, 1]
    scaler, fitted = regression.fit(values, labels, **weighted)
    weights = fitted.coef_[0] / scaler.scale_  # of the features as they are measured
    named = {name: round(float(weight), 4) for name, weight in zip(features, weights, strict=True)}
    intercept = fitted.intercept_[0] - scaler.mean_ @ weights
    return Regression(named, round(float(intercept), 4)), scores


def _groups(samples: Sequence[_Sample]) -> list[str]:
    """Return the group of each sample for cross-validation: its article, where there are enough."""
    articles = {sample.article for sample in samples if sample.answers}
    return [sample.article if len(articles) >= _FOLDS else sample.question for sample in samples]


def _weights(samples: Sequence[_Sample]) -> NDArray[np.float64]:
    """Return weights that are equal for all corpora, and give each kind its assumed share."""
    kinds = np.array([sample.kind for sample in samples])
    groups = [f"{sample.kind}/{sample.corpus}/{sample.is_cross}" for sample in samples]
    _, numbers, counts = np.unique(groups, return_inverse=True, return_counts=True)
    weights = 1 / counts[numbers]
    for kind, share in _SHARES.items():
        chosen = kinds == kind
        weights[chosen] *= share / max(weights[chosen].sum(), 1e-9)
    return weights * len(samples)


def _is_missing(sample: _Sample) -> bool:
    """Whether its article was missing in a corpus of all the others."""
    return sample.kind == "miss" and sample.corpus.endswith(WHOLE)


def _thresholds(samples: Sequence[_Sample], scores: NDArray[np.float64]) -> dict[str, float]:
    """Return the least scores that count as answers.

    No more than the intended shares of the misses exceed them, in all and in every language.
    """
    missing = np.array([_is_missing(sample) for sample in samples])
    answers = np.array([sample.answers for sample in samples])
    cross = np.array([sample.is_cross for sample in samples])
    languages = np.array([sample.language for sample in samples])
    thresholds: dict[str, float] = {}
    for name, chosen in (("same", ~cross), ("cross", cross)):
        misses = chosen & missing
        if misses.sum() < _LEAST_MISSES:  # too few of this kind: take all
            misses = missing
        least = [np.quantile(scores[misses], 1 - FALSE_ANSWERS)]
        least += [
            np.quantile(scores[misses & (languages == language)], 1 - WORST_LANGUAGE)
            for language in np.unique(languages)
            if (misses & (languages == language)).sum() >= _LEAST_ANSWERS
        ]
        if (chosen & answers).any():
            least.append(np.quantile(scores[chosen & answers], _REJECTED))
        thresholds[name] = round(float(max(least)), 4)
    return thresholds


def _sure_right(samples: Sequence[_Sample], scores: NDArray[np.float64]) -> float | None:
    """Return the share of right answers among the sure ones, with a quarter near misses."""
    kinds = np.array([s.kind if s.corpus.endswith(WHOLE) else "" for s in samples])
    right, wrong = ((scores[kinds == kind] >= SURE).mean() for kind in ("answer", "near"))
    return round(float(3 * right / (3 * right + wrong)), 4) if right + wrong else None
