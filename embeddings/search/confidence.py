"""Features to a probability that the best passage answers, and the decision.

A logistic regression over `Features`, bound to the model it was fitted with. What ships was made
by `python -m embeddings calibrate`; the file says from which data.
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


@dataclass(frozen=True)
class Calibration:
    """A logistic regression and its thresholds.

    Attributes:
        model: digest of the model whose features it was fitted on.
        weights: of the features, by name.
        intercept: added to their sum.
        thresholds: the least confidence that counts as an answer, for questions in the language
            of the passage ("same") and in another ("cross").
        provenance: what it was fitted on, and the share of unanswerable questions let through.
    """

    model: str
    weights: Mapping[str, float]
    intercept: float
    thresholds: Mapping[str, float]
    provenance: Mapping[str, Any]

    def confidence(self, features: Features) -> float:
        """Return the probability that the best passage answers."""
        values = features.as_dict()
        total = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    def answered(self, features: Features, confidence: float) -> bool:
        """Decide whether to answer."""
        return confidence >= self.thresholds["cross" if features.cross else "same"]

    def to_json(self) -> str:
        """Return the calibration as a file holds it."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def load_calibration(path: Path) -> Calibration:
    """Read a calibration file.

    Raises:
        CalibrationError: it cannot be read, or is none.
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
    """Return the calibration in `path`, or the shipped one; None where that is another model's.

    Raises:
        CalibrationError: the file is none, or was fitted for another model.
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
