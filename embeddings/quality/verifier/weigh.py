"""Weighs what the verifier says against the confidence that the search has without it.

    python -m embeddings.quality.verifier.weigh DATASET_DIR... --work DIR [--output FILE]

The data sets must be others than those that the verifier was trained on. Every question is asked of
all articles; one that has an answer is asked again without the passages that hold it. A quarter of
the questions are assumed to be near misses.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
import numpy as np

from embeddings.array_types import Rows
from embeddings.index.build import build_index
from embeddings.index.open import open_index
from embeddings.model.encoder import Model
from embeddings.model.runtimes import find_model
from embeddings.quality.dataset import load_questions
from embeddings.quality.evaluate import rows_without_answers
from embeddings.quality.verifier.states import layered_encoder
from embeddings.search.confidence import calibration_for
from embeddings.search.search import Searcher
from embeddings.storage.files import sha256_of
from embeddings.verifier.verifier import (
    DESCRIPTION,
    GRAPH,
    Verdict,
    Verifier,
    Weights,
    log_odds,
)

_DATA = Path(__file__).parents[2] / "data"
_NEAR_MISSES = 0.25
_REFUSED = 0.03
"""Share of the right answers that may be refused so that fewer near misses are answered."""
_ALL_ANSWERED = Weights(confidence=1.0, logit=0.0, intercept=0.0, threshold=0.0)
_Row = tuple[float, float, bool]
"""Log odds of the confidence, the verifier's logit, and whether the passage answers."""


class _Recorder(Verifier):
    """The verifier, which remembers what it was asked last and changes no confidence."""

    _last: tuple[float, float] | None = None

    def confidence(self, before: float, verdict: Verdict) -> float:
        """Return the confidence as it was."""
        self._last = log_odds(before), verdict.logit
        return before

    def taken(self) -> tuple[float, float] | None:
        """Return what it was asked last, once; None where it was not asked again."""
        last, self._last = self._last, None
        return last


@click.command()
@click.argument("datasets", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--work", required=True, type=click.Path(path_type=Path), help="For the indexes.")
@click.option("--output", default=_DATA / DESCRIPTION, type=click.Path(path_type=Path))
def main(datasets: tuple[Path, ...], work: Path, output: Path) -> None:
    """Fit the weights, and write them beside the network."""
    model = find_model()
    found = [list(_asked(folder, work / folder.resolve().name, model)) for folder in datasets]
    weights = _fit(found)
    provenance = {
        "data": ", ".join(folder.resolve().name for folder in datasets),
        "rows": sum(map(len, found)),
        "near_misses": _NEAR_MISSES,
        "refused": _REFUSED,
    }
    content = {
        "model": model.digest,
        "network": sha256_of((_DATA / GRAPH).with_suffix(".bin")),
        "weights": asdict(weights),
        "provenance": provenance,
    }
    output.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _asked(folder: Path, location: Path, model: Model) -> Iterator[_Row]:
    """Yield a row for each question that is answered, and read."""
    encoder = layered_encoder(model)
    recorder = _Recorder(_DATA / GRAPH, _ALL_ANSWERED, encoder)
    build_index(folder / "seeds", location, model)
    calibration = calibration_for(model.digest, None)
    index = open_index(location)
    with closing(Searcher(index, encoder, calibration, verifier=recorder)) as searcher:
        for question in load_questions(folder):
            (encoded,) = searcher.encode([question.together or question.text])
            asked: list[Rows | None] = [None]
            if question.answerable:
                asked.append(index.snapshot(partial(rows_without_answers, question)))
            for among in asked:
                answer = searcher.answer(encoded, among=among)
                said = recorder.taken()
                if said is None:
                    continue
                answers = question.is_answered_by(answer.passages[0])
                if answers or among is not None or not question.answerable:
                    yield *said, answers


def _fit(sets: Sequence[Sequence[_Row]]) -> Weights:
    """Fit the weights; each data set counts the same.

    Of the right answers of a data set `_REFUSED` are below the threshold, on average of the sets.
    """
    from sklearn.linear_model import LogisticRegression

    rows = [row for found in sets for row in found]
    shares = [_share(found, answers) for found in sets for _, _, answers in found]
    values, labels = np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])
    scaled = np.array(shares) * len(rows) / sum(shares)
    regression = LogisticRegression(C=1.0).fit(values, labels, sample_weight=scaled)
    told = [regression.predict_proba([row[:2] for row in found if row[2]])[:, 1] for found in sets]
    least = np.quantile(
        np.concatenate(told),
        _REFUSED,
        weights=np.concatenate([np.full(len(one), 1 / len(one)) for one in told]),
        method="inverted_cdf",
    )
    numbers = (*regression.coef_[0], regression.intercept_[0], least)
    return Weights(*(round(float(number), 4) for number in numbers))


def _share(found: Sequence[_Row], answers: bool) -> float:
    """Return what a right answer, or a near miss, of a data set counts."""
    share = 1 - _NEAR_MISSES if answers else _NEAR_MISSES
    return share / sum(row[2] == answers for row in found)


if __name__ == "__main__":
    main()
