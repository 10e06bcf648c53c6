"""Turns features into the probability that the best passage answers, and decides.

A calibration is a logistic regression over `Features`, valid for the model it was fitted with. The
shipped one was made by `python -m embeddings calibrate`; its file names the data.
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
from embeddings.search.features import Features

SHIPPED = "calibration.json"
SURE, FAIRLY_SURE = 0.9, 0.7
"""Confidence from which an answer may be called sure, and fairly sure."""


@dataclass(frozen=True)
class Calibration:
    """A logistic regression and its thresholds.

    Attributes:
        model: digest of the model that it was fitted with.
        weights: weight of each feature, by the feature's name.
        intercept: the intercept of the regression.
        thresholds: the lowest confidence that counts as an answer, for questions in the language
            of the passage ("same") and in another one ("cross").
        provenance: the data it was fitted on, and the intended shares of false answers.
    """

    model: str
    weights: Mapping[str, float]
    intercept: float
    thresholds: Mapping[str, float]
    provenance: Mapping[str, Any]

    def confidence(self, features: Features) -> float:
        """Return the probability that the best passage answers."""
        logit = self.intercept + sum(
            weight * getattr(features, name) for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))

    def answered(self, features: Features, confidence: float) -> bool:
        """Return whether the confidence reaches the threshold."""
        return confidence >= self.thresholds["cross" if features.cross else "same"]

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
    calibration = Calibration(**json.loads(text))
    numbers = [calibration.intercept, *calibration.weights.values()]
    numbers += [calibration.thresholds[name] for name in ("same", "cross")]
    if not set(calibration.weights) <= set(Features.__dataclass_fields__):
        raise ValueError("unknown features")
    if not all(map(math.isfinite, numbers)):
        raise ValueError("not a number")
    return calibration
