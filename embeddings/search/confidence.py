"""Turns features into the probability that the best passage answers, and decides.

A calibration holds two logistic regressions over `Features`, valid for the model they were fitted
with. The confidence is fitted with near misses among the questions, so that it can be put into
words; the decision whether a question is answered at all is fitted without them, because they would
cost more right answers than the near misses that they keep out. The shipped calibration was made by
`python -m embeddings calibrate`; its file names the data.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from embeddings.errors import CalibrationError

SHIPPED = "calibration.json"
_NAMES_LACKED, _WORDS_LACKED = 0.5, 0.3
"""Shares of a question's names, and of what it is about word by word, that make it unsure."""
SURE, FAIRLY_SURE = 0.9, 0.7
"""Confidence from which an answer may be called sure, and fairly sure."""


@dataclass(frozen=True)
class Features:
    """What the confidence is computed from, of one question and its best passage.

    Every feature is bounded, and comparable between indexes of one article and of thousands.

    Attributes:
        late: score of the late interaction, at most 1.
        sentence: cosine of the question and the passage's best sentence.
        words: normalized BM25 score of the passage; 0 across languages.
        cross: 1 when question and passage are in different languages.
        lead: how far `late` is above its mean over the next nine passages.
        sentence_lead: how far the best sentence of all passages is above the mean over the best
            sentences of the next nine.
        short: from 1 for a question without information to 0 for one of usual length.
        numbers: share of the question's numbers, dates and times that the passage does not have.
        names: share of the question's names that the passage does not have, in the same script.
        kind: 1 when the question asks for a kind of answer, such as a date, that the passage lacks;
            one half when only the sentence that answers best lacks it.
        weakest: least of the best matches of the question's most informative tokens.
        lacking: share of the words that say what the question is about that the passage does not
            have; 0 across languages.
    """

    late: float
    sentence: float
    words: float
    cross: float
    lead: float
    sentence_lead: float
    short: float
    numbers: float
    names: float
    kind: float
    weakest: float
    lacking: float = 0.0

    @property
    def lacks_essentials(self) -> bool:
        """Whether the passage lacks so much of what the question names that it is never sure."""
        lacks_all = 1 in (self.kind, self.numbers)
        return lacks_all or self.names >= _NAMES_LACKED or self.lacking >= _WORDS_LACKED


@dataclass(frozen=True)
class Regression:
    """A logistic regression.

    Attributes:
        weights: weight of each feature, by the feature's name.
        intercept: the intercept.
    """

    weights: Mapping[str, float]
    intercept: float

    def probability(self, features: Features) -> float:
        """Return the probability that it gives to features."""
        logit = self.intercept + sum(
            weight * getattr(features, name) for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


@dataclass(frozen=True)
class Calibration:
    """Two regressions, and the thresholds of the second.

    Attributes:
        model: digest of the model that they were fitted with.
        weights: of the confidence.
        intercept: of the confidence.
        thresholds: the lowest score of the decision that counts as an answer, for questions in the
            language of the passage ("same") and in another one ("cross").
        provenance: the data it was fitted on, and the intended shares of false answers.
        decision: decides whether a question is answered; None where the confidence decides, as in
            the files of earlier versions.
    """

    model: str
    weights: Mapping[str, float]
    intercept: float
    thresholds: Mapping[str, float]
    provenance: Mapping[str, Any]
    decision: Regression | None = None

    def confidence(self, features: Features) -> float:
        """Return the probability that the best passage answers."""
        return Regression(self.weights, self.intercept).probability(features)

    def answered(self, features: Features) -> bool:
        """Return whether the decision, or else the confidence, reaches its threshold."""
        decision = self.decision or Regression(self.weights, self.intercept)
        return (
            decision.probability(features) >= self.thresholds["cross" if features.cross else "same"]
        )

    def to_json(self) -> str:
        """Return the content of a calibration file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def load_calibration(path: Path) -> Calibration:
    """Read a calibration file.

    Raises:
        CalibrationError: the file cannot be read, or holds no calibration.
    """
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CalibrationError(
            f"The calibration {path} (CALIBRATION) cannot be read: {error.strerror}."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CalibrationError(
            f"{path} is no calibration. Make one: python -m embeddings calibrate DATASET_DIR"
        ) from error


def calibration_for(digest: str, path: Path | None) -> Calibration | None:
    """Return the calibration for the model with this digest; None where there is none.

    Args:
        digest: the model's digest.
        path: a calibration file; None for the shipped calibration.

    Raises:
        CalibrationError: the file holds no calibration, or one for another model.
    """
    if path is None:
        shipped = _shipped()
        return shipped if shipped.model == digest else None
    calibration = load_calibration(path)
    if calibration.model != digest:
        raise CalibrationError(
            f"{path} was fitted for the model {calibration.model}, not for {digest}. "
            "Fit it again: python -m embeddings calibrate DATASET_DIR"
        )
    return calibration


@cache
def _shipped() -> Calibration:
    file = resources.files("embeddings.data").joinpath(SHIPPED)
    return _parse(file.read_text(encoding="utf-8"))


def _parse(text: str) -> Calibration:
    content = json.loads(text)
    decision = content.pop("decision", None)
    calibration = Calibration(**content, decision=Regression(**decision) if decision else None)
    numbers = [calibration.thresholds[name] for name in ("same", "cross")]
    regressions = [Regression(calibration.weights, calibration.intercept)]
    for regression in [*regressions, *filter(None, [calibration.decision])]:
        numbers += [regression.intercept, *regression.weights.values()]
        if not set(regression.weights) <= set(Features.__dataclass_fields__):
            raise ValueError("unknown features")
    if not all(map(math.isfinite, numbers)):
        raise ValueError("not a number")
    return calibration
